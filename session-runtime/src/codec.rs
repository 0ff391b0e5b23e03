//! All that a request knows of cookies: the trait by which it reads and writes them, and the fields that came.

use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};

use crate::error::{Refusal, Result};
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
    fn is_encrypted(&self) -> bool;
    /// [`Error::TooLarge`](crate::Error::TooLarge) where name and value have more bytes than `limit`.
    fn seal(&self, record: &Record, came: Came, now: u64, limit: usize) -> Result<SetCookies>;
    fn remove(&self, came: Came) -> SetCookies;
}

/// What the cookies of a request are worth.
#[derive(Clone)]
pub(crate) struct Opened {
    pub(crate) came: Came,
    pub(crate) record: Result<Record, Refusal>,
}

/// Under which of a store's names cookies came, readable or not; its own name is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Came(u64);

impl Came {
    /// A cookie of the store's own name, and no other.
    pub(crate) fn own() -> Self {
        Self::default().with(0)
    }

    /// With the name in this place too.
    pub(crate) fn with(self, name: usize) -> Self {
        Self(self.0 | 1 << name)
    }

    pub(crate) fn has(self, name: usize) -> bool {
        self.0 & 1 << name != 0
    }

    pub(crate) fn any(self) -> bool {
        self.0 != 0
    }
}

/// What a response says of our cookies.
pub(crate) struct SetCookies {
    /// For cookies of other names, whose place ours takes; they go first.
    pub(crate) removals: Vec<HeaderValue>,
    pub(crate) own: HeaderValue,
}

/// The `Cookie` fields of a request, kept until its session is touched.
#[derive(Clone)]
pub(crate) enum Cookies {
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
