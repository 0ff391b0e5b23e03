//! All that a request knows of cookies: the trait by which it reads and writes them, and the fields that came.

use http::header::{COOKIE, HeaderMap, HeaderValue, ORIGIN, REFERER};
use http::{Method, Request};

use crate::error::{Refusal, Result};
use crate::log::Warning;
use crate::record::{Record, Stamp};

/// Reads and writes the session cookie. Times are in seconds since 1970.
pub(crate) trait SessionCodec: Send + Sync {
    fn name(&self) -> &str;
    fn now(&self) -> u64;
    /// Whether the clock is the user's.
    fn runs_user_code(&self) -> bool;
    fn open(&self, cookies: &Cookies, now: u64) -> Opened;
    /// A new id, born now.
    fn new_stamp(&self, now: u64) -> Result<Stamp>;
    /// Bytes of name and value that the record would have as a cookie.
    fn size(&self, record: &Record, now: u64) -> Result<usize>;
    fn max_size(&self) -> usize;
    /// The longest lifetime of a session, in seconds.
    fn max_age(&self) -> u64;
    /// When a cookie of the record that is made now will be refused.
    fn expires_at(&self, record: &Record, now: u64) -> u64;
    fn is_encrypted(&self) -> bool;
    /// [`Error::TooLarge`](crate::Error::TooLarge) where name and value have more bytes than `limit`.
    fn seal(&self, record: &Record, came: Came, now: u64, limit: usize) -> Result<SetCookies>;
    /// The cookie of a record whose keys are kept elsewhere: id and times alone.
    #[cfg(feature = "store")]
    fn issue(&self, record: &Record, came: Came, now: u64) -> Result<SetCookies>;
    fn remove(&self, came: Came) -> SetCookies;
    /// Why the page that the browser shows will not send the cookie back, where it says where that is.
    fn misplaced(&self, page: &Page) -> Option<Warning>;
    /// Whether the cookies that came must be put in order, though nothing changed: there are twins of ours, and the
    /// configuration names the other places.
    fn mends(&self, came: Came) -> bool;
    /// What puts them in order where there is nothing to save.
    fn mend(&self, came: Came) -> SetCookies;
    /// Each value that came under the name, on its own, in the order in which they came.
    #[cfg(feature = "dev")]
    fn examine(&self, cookies: &Cookies, now: u64) -> Result<Vec<Examined>, Refusal>;
    /// The ids of the keys, with how many cookies each opened.
    #[cfg(feature = "dev")]
    fn keys(&self) -> Vec<(String, u64)>;
    /// What `Set-Cookie` says besides name and value, without `Max-Age`.
    #[cfg(feature = "dev")]
    fn attributes(&self) -> &str;
}

/// One value that came, for the development page.
#[cfg(feature = "dev")]
pub(crate) struct Examined {
    /// Bytes of name and value.
    pub(crate) size: usize,
    pub(crate) format: Option<String>,
    pub(crate) key_id: Option<String>,
    /// When it says that it was made.
    pub(crate) issued_at: Option<u64>,
    pub(crate) verdict: Result<(), Refusal>,
}

/// What the cookies of a request are worth.
#[derive(Clone)]
pub(crate) struct Opened {
    pub(crate) came: Came,
    pub(crate) record: Result<Record, Refusal>,
}

/// Under which of a store's names cookies came, readable or not; its own name is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Came {
    names: u64,
    /// Several values came under the store's own name.
    twins: bool,
}

impl Came {
    /// A cookie of the store's own name, and no other.
    pub(crate) fn own() -> Self {
        Self::default().with(0)
    }

    /// With the name in this place too.
    pub(crate) fn with(self, name: usize) -> Self {
        Self {
            names: self.names | 1 << name,
            ..self
        }
    }

    /// With several values under the store's own name, or not.
    pub(crate) fn with_twins(self, twins: bool) -> Self {
        Self { twins, ..self }
    }

    pub(crate) fn has_twins(self) -> bool {
        self.twins
    }

    pub(crate) fn has(self, name: usize) -> bool {
        self.names & 1 << name != 0
    }

    pub(crate) fn any(self) -> bool {
        self.names != 0
    }
}

/// What a response says of our cookies.
pub(crate) struct SetCookies {
    /// For cookies of other names or at other places, which ours replaces; they go first.
    pub(crate) removals: Vec<HeaderValue>,
    pub(crate) own: Option<HeaderValue>,
}

/// What is kept of a request.
#[derive(Default)]
pub(crate) struct Incoming {
    pub(crate) cookies: Cookies,
    pub(crate) page: Page,
    /// Method and path.
    #[cfg(feature = "dev")]
    pub(crate) asked: String,
}

/// What a request says of the page that it is for.
#[derive(Clone, Default)]
pub(crate) struct Page {
    /// The response has no body, so that it shows nothing.
    pub(crate) is_head: bool,
    /// What the browser says of the page that made the request, if it is one of ours: `Origin`, else `Referer`.
    pub(crate) origin: Option<HeaderValue>,
    pub(crate) referer: Option<HeaderValue>,
}

impl Incoming {
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        Self {
            cookies: Cookies::of(request.headers()),
            page: Page::of(request.method(), request.headers()),
            #[cfg(feature = "dev")]
            asked: format!("{} {}", request.method(), request.uri().path()),
        }
    }
}

impl Page {
    pub(crate) fn of(method: &Method, headers: &HeaderMap) -> Self {
        let is_head = *method == Method::HEAD;
        let page = Self {
            is_head,
            origin: headers.get(ORIGIN).cloned(),
            referer: headers.get(REFERER).cloned(),
        };
        let is_silent = page.origin.is_none() && page.referer.is_none();
        // A page of another site, or of another host of ours, says nothing of where the one to come will be.
        let is_foreign = || {
            let site = headers.get("sec-fetch-site");
            site.is_some_and(|site| site == "cross-site" || site == "same-site")
        };
        if is_silent || is_foreign() {
            return Self {
                is_head,
                ..Self::default()
            };
        }
        page
    }
}

/// The `Cookie` fields of a request, kept until its session is touched.
#[derive(Clone, Default)]
pub(crate) enum Cookies {
    #[default]
    None,
    One(HeaderValue),
    Many(Vec<HeaderValue>),
}

impl Cookies {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut fields = headers.get_all(COOKIE).iter();
        match (fields.next(), fields.next()) {
            (None, _) => Self::None,
            (Some(one), None) => Self::One(one.clone()),
            (Some(one), Some(two)) => {
                Self::Many([one, two].into_iter().chain(fields).cloned().collect())
            }
        }
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let fields = match self {
            Self::None => &[],
            Self::One(one) => core::slice::from_ref(one),
            Self::Many(many) => many,
        };
        fields.iter().map(HeaderValue::as_bytes)
    }
}
