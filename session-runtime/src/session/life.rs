//! How a session begins anew, how long it lives, and how it ends.

use std::time::SystemTime;

use super::Session;
use crate::error::Result;
use crate::id::SessionId;
use crate::lifetime::Lifetime;

impl Session {
    /// Gives the session a new id and birth; its values stay. Call it after every authentication. Then an id that an
    /// attacker planted before is useless (session fixation).
    ///
    /// Requests that still run under the old id can save nothing from now on.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// // The password was right. No call is needed where `uid` is an `owner` key.
    /// session.renew()?;
    /// session.put("uid", 7)?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "cycle_id")]
    #[doc(alias = "regenerate")]
    #[doc(alias = "rotate")]
    pub fn renew(&self) -> Result<()> {
        let stamp = self.entry.shared().stamp_now()?;
        self.with(|shared, loaded| loaded.renew(shared, stamp))
    }

    /// Ends the session: the response removes the cookie. Later reads in this request see nothing, and [`Session::put`]
    /// and [`Session::renew`] return [`Error::Destroyed`](crate::Error::Destroyed). [`Session::restart`] is the
    /// sign-out that can still leave a message.
    ///
    /// The browser's Back button may show an earlier page from the browser's cache, without a request. To prevent this,
    /// set `Cache-Control: no-store` on the pages of a signed-in visitor.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// session.destroy()?;
    /// assert!(session.put("notice", "bye").is_err()); // `restart` can say goodbye
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "flush")]
    #[doc(alias = "invalidate")]
    #[doc(alias = "logout")]
    pub fn destroy(&self) -> Result<()> {
        let now = self.entry.shared().codec.now();
        self.with(|shared, loaded| {
            loaded.destroy(shared, now);
            Ok(())
        })
    }

    /// Ends the session as [`Session::destroy`] does, and begins an empty one at once: a sign-out with a message. It
    /// also works after a `destroy`.
    ///
    /// The old id is refused as after [`Session::destroy`], and the chosen [`Lifetime`] ends with it. On a 5xx
    /// response the browser's cookie is removed and the new session is dropped.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// async fn sign_out(session: Session) -> Result<&'static str> {
    ///     session.restart()?;
    ///     session.put("notice", "You are signed out.")?;
    ///     Ok("bye")
    /// }
    /// ```
    #[doc(alias = "flush")]
    #[doc(alias = "invalidate")]
    #[doc(alias = "logout")]
    pub fn restart(&self) -> Result<()> {
        let stamp = self.entry.shared().stamp_now()?;
        self.with(|shared, loaded| {
            loaded.restart(shared, stamp);
            Ok(())
        })
    }

    /// Chooses how long this session lives after each issue of its cookie, instead of the configured
    /// [`max_age`](crate::CookieStoreConfig::max_age): "remember me". The cookie stores the choice, which is valid
    /// until [`Session::restart`] or [`Session::destroy`].
    ///
    /// It must be a whole number of seconds from 1 to `max_age`, else the error is
    /// [`Error::Lifetime`](crate::Error::Lifetime). [`absolute_max_age`](crate::CookieStoreConfig::absolute_max_age)
    /// still ends the session.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use session_runtime::{Lifetime, Result, Session};
    ///
    /// fn remember(session: &Session, is_ticked: bool) -> Result<()> {
    ///     session.set_lifetime(if is_ticked {
    ///         Lifetime::Configured
    ///     } else {
    ///         Lifetime::Browser(Duration::from_secs(2 * 3600)) // or when the browser is closed
    ///     })
    /// }
    /// ```
    #[doc(alias = "remember")]
    #[doc(alias = "set_expiry")]
    pub fn set_lifetime(&self, lifetime: Lifetime) -> Result<()> {
        self.with(|shared, loaded| loaded.set_lifetime(shared, lifetime))
    }

    /// The choice of [`Session::set_lifetime`].
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// let is_remembered = session.lifetime()? == session_runtime::Lifetime::Configured;
    /// # Ok(())
    /// # }
    /// ```
    pub fn lifetime(&self) -> Result<Lifetime> {
        self.with(|_, loaded| Ok(loaded.record().lifetime()))
    }

    /// The session's id. This call causes a new session to be saved, so that the id stays.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// println!("order placed in session {}", session.id()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn id(&self) -> Result<SessionId> {
        self.with(|shared, loaded| {
            loaded.check_not_destroyed()?;
            loaded.keep_id(shared)
        })
    }

    /// Whether the session began with this request: the request had no usable cookie.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// let greeting = if session.is_new()? { "Welcome" } else { "Welcome back" };
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_new(&self) -> Result<bool> {
        self.with(|_, loaded| Ok(loaded.is_new()))
    }

    /// When the session began, or was last renewed.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// use std::time::Duration;
    ///
    /// // Ask for the password again before something that can't be undone.
    /// let age = session.born()?.elapsed();
    /// let is_fresh = age.is_ok_and(|age| age < Duration::from_secs(600));
    /// # Ok(())
    /// # }
    /// ```
    pub fn born(&self) -> Result<SystemTime> {
        self.with(|_, loaded| Ok(loaded.record().born()))
    }

    /// When the session ends, unless its cookie is issued again before. Every change issues the cookie again.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// let left = session.expires_at()?.duration_since(std::time::SystemTime::now());
    /// let minutes = left.map_or(0, |left| left.as_secs() / 60);
    /// # Ok(())
    /// # }
    /// ```
    pub fn expires_at(&self) -> Result<SystemTime> {
        self.with(|_, loaded| Ok(loaded.record().expires_at()))
    }
}
