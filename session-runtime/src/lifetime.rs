//! How long a session lives, where that was chosen for the session itself.

use core::time::Duration;

use crate::error::{Error, Result};

/// How long a session lives after its cookie was last issued; chosen by
/// [`Session::set_lifetime`](crate::Session::set_lifetime), usually at sign-in ("remember me").
///
/// ```
/// use std::time::Duration;
/// use session_runtime::{Lifetime, Result, Session};
///
/// fn sign_in(session: &Session, uid: i64, remember_me: bool) -> Result<()> {
///     session.renew()?;
///     session.put("uid", uid)?;
///     session.set_lifetime(if remember_me {
///         Lifetime::For(Duration::from_secs(30 * 86_400))
///     } else {
///         Lifetime::Browser(Duration::from_secs(2 * 3_600))
///     })
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lifetime {
    /// As configured: [`max_age`](crate::CookieStoreConfig::max_age).
    #[default]
    Configured,
    /// Until the browser closes: the cookie has no `Max-Age`. It is refused after this time without a request that
    /// issues it again, in whole seconds.
    Browser(Duration),
    /// This long, also when the browser closes meanwhile, in whole seconds.
    For(Duration),
}

impl Lifetime {
    /// The time in seconds, where one was chosen.
    pub(crate) fn seconds(self) -> Option<u64> {
        match self {
            Self::Configured => None,
            Self::Browser(time) | Self::For(time) => Some(time.as_secs()),
        }
    }

    /// Whether it is one second or more, a whole number of them, and no longer than `limit` seconds.
    pub(crate) fn check(self, limit: u64) -> Result<()> {
        let (Self::Browser(asked) | Self::For(asked)) = self else {
            return Ok(());
        };
        if asked.subsec_nanos() > 0 || !(1..=limit).contains(&asked.as_secs()) {
            return Err(Error::Lifetime {
                asked,
                limit: Duration::from_secs(limit),
            });
        }
        Ok(())
    }

    /// What stands for it in a payload: seconds, negative for [`Lifetime::Browser`].
    pub(crate) fn to_entry(self) -> Option<i64> {
        let seconds = i64::try_from(self.seconds()?).unwrap_or(i64::MAX);
        Some(match self {
            Self::Browser(_) => -seconds,
            _ => seconds,
        })
    }

    pub(crate) fn from_entry(entry: i64) -> Self {
        let time = Duration::from_secs(entry.unsigned_abs());
        match entry {
            0 => Self::Configured,
            ..0 => Self::Browser(time),
            1.. => Self::For(time),
        }
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::Lifetime;

    #[test]
    fn what_stands_in_a_payload_is_what_was_chosen() {
        for seconds in [1, 7_200, 34_560_000] {
            let time = Duration::from_secs(seconds);
            for lifetime in [Lifetime::Browser(time), Lifetime::For(time)] {
                let entry = lifetime.to_entry().expect("chosen");
                assert_eq!(Lifetime::from_entry(entry), lifetime);
            }
        }
        assert_eq!(Lifetime::Configured.to_entry(), None);
        assert_eq!(Lifetime::from_entry(0), Lifetime::Configured);
        let longest = Lifetime::from_entry(i64::MIN);
        assert_eq!(longest.seconds(), Some(1 << 63));
    }

    #[test]
    fn whole_seconds_from_one_to_the_limit_are_taken() {
        let check = |time| Lifetime::For(time).check(100).is_ok();
        assert!(check(Duration::from_secs(1)) && check(Duration::from_secs(100)));
        for bad in [0, 500, 1_500, 101_000] {
            assert!(!check(Duration::from_millis(bad)), "{bad} ms");
        }
        assert!(Lifetime::Configured.check(0).is_ok());
    }
}
