//! What a response should not have done, as assertions that say what it did.

use core::fmt;
use core::future::ready;
use core::panic::Location;

use http::header::{HeaderMap, SET_COOKIE};

use super::Visitor;
use super::jar::{is_removal, parse};
use super::request::serve;
use crate::id::SessionId;
use crate::key::{KeyInfo, KeyName};
use crate::record::Record;
use crate::session::Session;

/// The last response, as far as it is about sessions.
#[derive(Clone)]
pub(super) struct Last {
    /// Names of the cookies that it set, and whether it removed them.
    cookies: Vec<(String, bool)>,
    before: Before,
}

/// What the store held before the request.
#[derive(Clone)]
pub(super) enum Before {
    /// Sessions are in no store.
    InTheCookie,
    Unknown,
    Stored(Option<Seen>),
}

/// A session as it was at some time.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Seen {
    id: SessionId,
    payload: Vec<u8>,
}

impl Last {
    pub(super) fn new(headers: &HeaderMap, before: Before) -> Self {
        let cookies = headers.get_all(SET_COOKIE).iter().filter_map(parse);
        Self {
            cookies: cookies
                .map(|cookie| (cookie.name().to_owned(), is_removal(&cookie)))
                .collect(),
            before,
        }
    }

    /// Whether the cookie of this name was removed, where it was touched at all.
    fn removed(&self, name: &str) -> Option<bool> {
        let found = self.cookies.iter().find(|(other, _)| other == name);
        found.map(|(_, removed)| *removed)
    }
}

impl Seen {
    fn of(record: &Record) -> Self {
        let mut payload = Vec::new();
        record.write(record.opened_at(), &mut payload);
        Self {
            id: record.id(),
            payload,
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.payload))
    }
}

impl Visitor {
    /// Asserts that the last response set and removed no session cookie and, where sessions are in a store, that the
    /// session there is as it was: a page that only reads writes nothing.
    ///
    /// # Panics
    ///
    /// With what was set, in JSON. Also without a response, and after [`Visitor::keep`] where sessions are in a store:
    /// what was there before only [`Visitor::send`] knows.
    ///
    /// ```should_panic
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use axum::{Router, body::Body, http::Request, routing::get};
    /// # use session_runtime::{Session, testing::{self, Visitor}};
    /// # let layer = testing::layer();
    /// let page = get(async |session: Session| session.put("seen", true));
    /// let app: Router = Router::new().route("/", page).layer(layer.clone());
    /// let mut ada = Visitor::from(&layer);
    /// ada.send(&app, Request::get("/").body(Body::empty())?).await?;
    /// // "nothing should have been set, but `__Host-test` was: {"seen":true}"
    /// ada.assert_nothing_set().await;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_nothing_set(&self) -> impl Future<Output = ()> + Send {
        let at = Location::caller();
        async move {
            if let Err(found) = self.nothing_set().await {
                panic!("{at}: nothing should have been set, but {found}");
            }
        }
    }

    async fn nothing_set(&self) -> Result<(), String> {
        let last = self.last()?;
        let name = self.layers.name();
        let now = self.seen().await?;
        match last.removed(name) {
            Some(true) => return Err(format!("`{name}` was removed")),
            Some(false) => return Err(format!("`{name}` was: {}", shown(now.as_ref()))),
            None => {}
        }
        match &last.before {
            Before::InTheCookie => Ok(()),
            Before::Unknown => Err(
                "what the store held before is not known: `send` the request by the visitor"
                    .to_owned(),
            ),
            Before::Stored(before) if *before == now => Ok(()),
            Before::Stored(before) => Err(format!(
                "the session in the store was {}, and is {}",
                shown(before.as_ref()),
                shown(now.as_ref())
            )),
        }
    }

    /// Asserts that the last response left a visitor in whose session there is nothing under `key`: no session any
    /// more, or one that began anew.
    ///
    /// # Panics
    ///
    /// With what the session holds, in JSON. Also without a response.
    ///
    /// ```should_panic
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use axum::{Router, body::Body, http::Request, routing::post};
    /// # use session_runtime::{Session, testing::{self, Visitor}};
    /// # let layer = testing::layer();
    /// let sign_out = post(async |session: Session| session.put("notice", "Goodbye!")); // forgets the rest
    /// let app: Router = Router::new().route("/sign-out", sign_out).layer(layer.clone());
    /// let mut ada = Visitor::with(&layer, |session| session.put("uid", 7)).await?;
    /// ada.send(&app, Request::post("/sign-out").body(Body::empty())?).await?;
    /// // "`uid` should be gone, but it is 7; the session holds {"uid":7,"notice":"Goodbye!"}"
    /// ada.assert_signed_out("uid").await;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_signed_out<K: KeyName>(
        &self,
        key: K,
    ) -> impl Future<Output = ()> + Send + use<'_, K> {
        let at = Location::caller();
        let (name, info) = (key.name().to_owned(), key.info().copied());
        async move {
            let found = self.signed_out(&name, info.as_ref()).await;
            if let Err(found) = found {
                panic!("{at}: `{name}` should be gone, but {found}");
            }
        }
    }

    async fn signed_out(&self, name: &str, info: Option<&KeyInfo>) -> Result<(), String> {
        self.last()?;
        let record = self.record().await.map_err(|error| error.to_string())?;
        match record.raw(name, info) {
            None => Ok(()),
            Some(value) => Err(format!(
                "it is {}; the session holds {}",
                String::from_utf8_lossy(value.bytes()),
                Seen::of(&record)
            )),
        }
    }

    fn last(&self) -> Result<&Last, String> {
        let none = || "the visitor has no response: `send` a request, or `keep` a response's head";
        self.last.as_ref().ok_or_else(|| none().to_owned())
    }

    /// What is in the store before a request.
    pub(super) async fn look(&self) -> Before {
        if !self.layers.is_stored() {
            return Before::InTheCookie;
        }
        self.seen().await.map_or(Before::Unknown, Before::Stored)
    }

    /// The session, where there is one.
    async fn seen(&self) -> Result<Option<Seen>, String> {
        let read = |session: Session| ready(found(&session));
        let cookies = self.jar.header();
        let answer = serve(&self.layers, cookies, false, read).await;
        let answer = answer.and_then(|(found, _head)| found);
        answer.map_err(|error| error.to_string())
    }
}

fn found(session: &Session) -> crate::Result<Option<Seen>> {
    if session.is_new()? {
        return Ok(None);
    }
    Ok(Some(Seen::of(&session.record()?)))
}

fn shown(seen: Option<&Seen>) -> String {
    seen.map_or_else(|| "no session".to_owned(), Seen::to_string)
}
