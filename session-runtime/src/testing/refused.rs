//! Visitors whose cookie would sign them in, if the server did not refuse it.

use super::Visitor;
use crate::codec::{Came, SessionCodec};
use crate::config::{CookieStoreConfig, SecretKeys};
use crate::cookie::CookieStore;

impl Visitor {
    /// The visitor with a session cookie of the same content that is over: refused as `expired`.
    ///
    /// # Panics
    ///
    /// Where the visitor has no session cookie that is good.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> session_runtime::Result<()> {
    /// use session_runtime::testing::{self, Visitor};
    ///
    /// let ada = Visitor::with(&testing::layer(), |session| session.put("uid", 7)).await?;
    /// let late = ada.expired();
    /// assert_eq!(late.record().await?.get::<i64>("uid")?, None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    #[track_caller]
    pub fn expired(self) -> Self {
        let codec = self.layers.cookie();
        let before = codec.now().saturating_sub(codec.max_age() + 1);
        let value = self.sealed(codec, before);
        self.with_cookie(value)
    }

    /// The visitor with a session cookie of the same name and content under another key, as of another application on
    /// the same host: refused as `unknown_key`.
    ///
    /// # Panics
    ///
    /// Where the visitor has no session cookie that is good.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> session_runtime::Result<()> {
    /// use session_runtime::testing::{self, Visitor};
    ///
    /// let ada = Visitor::with(&testing::layer(), |session| session.put("uid", 7)).await?;
    /// let stranger = ada.clone().foreign();
    /// assert_eq!(stranger.record().await?.get::<i64>("uid")?, None);
    /// assert_eq!(ada.record().await?.get("uid")?, Some(7));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    #[track_caller]
    pub fn foreign(self) -> Self {
        let codec = self.layers.cookie();
        let key = SecretKeys::generate().expect("random bytes of the operating system");
        let config = CookieStoreConfig::new(codec.name(), key).with_encrypted(codec.is_encrypted());
        let other = CookieStore::new(config).expect("a name that is configured");
        let value = self.sealed(&other, codec.now());
        self.with_cookie(value)
    }

    /// The visitor with a session cookie in which one character was changed, by somebody without the key: refused as
    /// `bad_mac`.
    ///
    /// # Panics
    ///
    /// Where the visitor has no session cookie.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> session_runtime::Result<()> {
    /// use session_runtime::testing::{self, Visitor};
    ///
    /// let ada = Visitor::with(&testing::layer(), |session| session.put("uid", 7)).await?;
    /// let mallory = ada.forged();
    /// assert_eq!(mallory.record().await?.get::<i64>("uid")?, None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    #[track_caller]
    pub fn forged(self) -> Self {
        let mut value = self.value().to_owned();
        // In the middle: behind the key's id, and where any character of base64 may stand.
        let at = value.len() / 2;
        let other = if value[at..].starts_with('A') {
            "B"
        } else {
            "A"
        };
        value.replace_range(at..=at, other);
        self.with_cookie(value)
    }

    /// The value of a cookie of the session as this store makes it at this time.
    #[track_caller]
    fn sealed(&self, codec: &CookieStore, at: u64) -> String {
        let opened = self.layers.cookie().open_value(self.value().as_bytes());
        let mut record = opened
            .unwrap_or_else(|refusal| panic!("the visitor's cookie is no good now: {refusal}"));
        record.stamp.born = record.stamp.born.min(at);
        let came = Came::own();
        let cookies = match self.layers.is_stored() {
            #[cfg(feature = "store")]
            true => codec.issue(&record, came, at),
            _ => SessionCodec::seal(codec, &record, came, at, usize::MAX),
        };
        let field = cookies.expect("what came in a cookie goes into one").own;
        let cookie = field.as_ref().and_then(super::jar::parse);
        let cookie = cookie.expect("a session has a cookie");
        cookie.value().to_owned()
    }

    /// The value of the session cookie.
    #[track_caller]
    fn value(&self) -> &str {
        let name = self.layers.name();
        let value = self.jar.get(name);
        value.unwrap_or_else(|| panic!("the visitor has no cookie `{name}`"))
    }

    fn with_cookie(mut self, value: String) -> Self {
        let name = self.layers.name().to_owned();
        self.jar.set(&name, value);
        self
    }
}
