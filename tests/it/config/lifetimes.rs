//! How long, and how often anew.

use std::time::Duration;

use session_runtime::{CookieStore, CookieStoreConfig};

use super::{KEY, Result, assert_says, from_env, refusal};

#[test]
fn when_a_session_is_issued_again_is_half_of_its_lifetime_or_what_is_said() -> Result {
    let config = CookieStoreConfig::new("session", KEY);
    assert_eq!(config.refresh_after, None);
    let minute = Duration::from_secs(60);
    for after in [Duration::ZERO, minute, 50 * 86_400 * Duration::from_secs(1)] {
        let config = config.clone().with_refresh_after(after);
        assert_eq!(config.refresh_after, Some(after));
        CookieStore::new(config.clone())?;
        assert_eq!(config.with_refresh_after(None).refresh_after, None);
    }
    let loaded = from_env([("APP_SESSION_REFRESH_AFTER", "60")])?;
    assert_eq!(loaded.refresh_after, Some(minute));
    Ok(())
}

#[test]
fn it_is_a_time_as_the_others() -> Result {
    for (after, part) in [
        (
            Duration::from_millis(1500),
            "no whole number of seconds: round it",
        ),
        (401 * Duration::from_secs(86_400), "over 400 days"),
    ] {
        let config = CookieStoreConfig::new("session", KEY).with_refresh_after(after);
        assert_says(
            &refusal(CookieStore::new(config))?,
            &["refresh_after", part],
        );
    }
    let message = refusal(from_env([("APP_SESSION_REFRESH_AFTER", "-1")]))?;
    assert_says(&message, &["REFRESH_AFTER", "-1", "half of the lifetime"]);
    Ok(())
}
