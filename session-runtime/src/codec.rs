//! All that a request knows of cookies.

use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};

use crate::error::{Refusal, Result};
use crate::record::{Record, Stamp};

/// Reads and writes the session cookie. Times are in seconds since 1970.
pub(crate) trait Wire: Send + Sync {
    fn name(&self) -> &str;
    fn now(&self) -> u64;
    /// Whether the clock is the user's.
    fn asks_user(&self) -> bool;
    fn open(&self, cookies: &Cookies, now: u64) -> Result<Record, Refusal>;
    /// A new id, born now.
    fn new_stamp(&self, now: u64) -> Result<Stamp>;
    /// Bytes of name and value that the record would have as a cookie.
    fn size(&self, record: &Record, now: u64) -> Result<usize>;
    fn max_size(&self) -> usize;
    fn is_encrypted(&self) -> bool;
    /// [`Error::TooLarge`](crate::Error::TooLarge) where name and value have more bytes than `limit`.
    fn seal(&self, record: &Record, now: u64, limit: usize) -> Result<HeaderValue>;
    fn remove(&self) -> HeaderValue;
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
