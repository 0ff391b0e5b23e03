//! "Remember me": the lifetime that is chosen for a session travels with it, in every format, until the session ends.

use std::time::Duration;

use http::StatusCode;
use session_runtime::{CookieStoreConfig, Error, Lifetime, Result, Session, SessionLayer};

use super::kind;
use super::support::{ABSOLUTE, MAX_AGE, NAME, START, Visitor, config, time};

pub(super) const GO_KEY: &str = "6bude5uOm9eZV280BjP6f6a5bEj7fg2PWl6GysY68CmXfOv8NFZ9O6ZIpbllQPtr";
pub(super) const FOR: Lifetime = Lifetime::For(Duration::from_secs(600));
pub(super) const BROWSER: Lifetime = Lifetime::Browser(Duration::from_secs(400));

pub(super) fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

/// Those in which sessions can be there.
pub(super) fn formats() -> Vec<CookieStoreConfig> {
    let go = CookieStoreConfig::gorilla(NAME, GO_KEY)
        .with_max_age(seconds(MAX_AGE))
        .with_absolute_max_age(seconds(ABSOLUTE));
    let mut formats = vec![config(), config().with_encrypted(true)];
    if kind::IN_COOKIE {
        formats.extend([go.clone(), go.with_block_key(b"0123456789abcdef")]);
    }
    formats
}

pub(super) fn sign_in(lifetime: Lifetime) -> impl Fn(&Session) -> Result<()> {
    move |session| {
        session.renew()?;
        session.put("uid", 7)?;
        session.set_lifetime(lifetime)
    }
}

pub(super) async fn signed_in(config: CookieStoreConfig, lifetime: Lifetime) -> Visitor {
    let mut visitor = Visitor::of(config);
    visitor.visit(sign_in(lifetime)).await;
    visitor
}

pub(super) async fn chosen(visitor: &Visitor) -> Lifetime {
    visitor.clone().visit(Session::lifetime).await
}

pub(super) async fn lives(visitor: &Visitor, second: u64) -> bool {
    visitor.clock.set(second);
    visitor
        .clone()
        .visit(|session| Ok(!session.is_new()?))
        .await
}

/// Alive in the second before, and not in this one; the session and a reader without a request say so.
pub(super) async fn assert_ends_at(visitor: &Visitor, second: u64) {
    assert!(lives(visitor, second - 1).await, "over before {second}");
    assert!(!lives(visitor, second).await, "still alive at {second}");
    let refusal = visitor
        .codec
        .open(visitor.request().headers())
        .expect_err("over");
    assert_eq!(refusal.as_str(), "expired");
    visitor.clock.set(second - 1);
    let expires_at = visitor.clone().visit(Session::expires_at).await;
    assert_eq!(expires_at, time(second));
    assert_eq!(visitor.record().expires_at(), time(second));
}

#[tokio::test]
async fn what_is_chosen_at_the_sign_in_is_what_browser_and_server_are_told() {
    for config in formats() {
        for (lifetime, max_age, end) in [
            (FOR, Some(600), 600),
            (BROWSER, None, 400),
            (Lifetime::For(seconds(1)), Some(1), 1),
            (Lifetime::For(seconds(MAX_AGE)), Some(MAX_AGE), MAX_AGE),
            (Lifetime::Browser(seconds(1)), None, 1),
        ] {
            let visitor = signed_in(config.clone(), lifetime).await;
            assert_eq!(visitor.max_age(), max_age, "{lifetime:?}");
            let cookie = visitor.answer.session_cookie().expect("a cookie");
            assert!(!cookie.contains("Expires"), "{cookie}");
            assert_eq!(chosen(&visitor).await, lifetime);
            if end < MAX_AGE {
                assert_ends_at(&visitor, START + end).await;
            }
        }
    }
}

#[tokio::test]
async fn without_a_choice_it_is_as_configured() {
    for config in formats() {
        let visitor = signed_in(config, Lifetime::Configured).await;
        assert_eq!(visitor.max_age(), Some(MAX_AGE));
        assert_eq!(chosen(&visitor).await, Lifetime::Configured);
        assert_eq!(visitor.record().lifetime(), Lifetime::Configured);
    }
}

#[tokio::test]
async fn it_rolls_at_half_of_what_was_chosen_and_is_kept() {
    for config in formats() {
        for (lifetime, length) in [(FOR, 600), (BROWSER, 400)] {
            let mut visitor = signed_in(config.clone(), lifetime).await;
            let mut issued = START;
            for _ in 0..3 {
                visitor.clock.set(issued + length / 2 - 1);
                visitor.visit(Session::keys).await;
                assert_eq!(visitor.answer.session_cookie(), None, "{lifetime:?}");
                issued += length / 2;
                visitor.clock.set(issued);
                visitor.visit(Session::keys).await;
                assert!(visitor.answer.saves(), "{lifetime:?}");
                let expected = matches!(lifetime, Lifetime::For(_)).then_some(length);
                assert_eq!(visitor.max_age(), expected);
                assert_eq!(chosen(&visitor).await, lifetime);
            }
            assert_ends_at(&visitor, issued + length).await;
        }
    }
}

#[tokio::test]
async fn puts_clear_and_renew_keep_it() {
    let calls: [Calls; 4] = [
        |session| session.put("n", 1),
        Session::clear,
        Session::renew,
        |session| {
            session.clear()?;
            session.renew()?;
            session.put("uid", 8)
        },
    ];
    for config in formats() {
        for call in calls {
            let mut visitor = signed_in(config.clone(), FOR).await;
            visitor.clock.advance(300); // it is due
            visitor.visit(call).await;
            assert_eq!(visitor.max_age(), Some(600));
            assert_eq!(chosen(&visitor).await, FOR);
            assert_ends_at(&visitor, START + 900).await;
        }
    }
}

#[tokio::test]
async fn it_ends_with_restart_and_destroy() {
    for config in formats() {
        let mut visitor = signed_in(config.clone(), BROWSER).await;
        visitor
            .visit(|session| {
                session.restart()?;
                assert_eq!(session.lifetime()?, Lifetime::Configured);
                assert_eq!(session.expires_at()?, time(START + MAX_AGE));
                session.put("notice", "bye")
            })
            .await;
        assert_eq!(visitor.max_age(), Some(MAX_AGE));
        assert_eq!(chosen(&visitor).await, Lifetime::Configured);

        let mut visitor = signed_in(config, BROWSER).await;
        visitor
            .visit(|session| {
                session.destroy()?;
                assert_eq!(session.lifetime()?, Lifetime::Configured);
                let late = session.set_lifetime(FOR);
                assert!(matches!(late, Err(Error::Destroyed)), "{late:?}");
                Ok(())
            })
            .await;
        visitor.visit(|session| session.put("a", 1)).await;
        assert_eq!(chosen(&visitor).await, Lifetime::Configured);
    }
}

type Calls = fn(&Session) -> Result<()>;

/// Calls, and how long the cookie lives that is sent after them.
const CHOICES: [(Calls, u64); 7] = [
    (|session| session.set_lifetime(FOR), 600),
    (|session| sign_in(FOR)(session), 600),
    (
        |session| {
            session.set_lifetime(FOR)?;
            session.renew()
        },
        600,
    ),
    (
        |session| {
            session.set_lifetime(BROWSER)?;
            session.renew()?;
            session.set_lifetime(FOR)
        },
        600,
    ),
    (
        |session| {
            session.set_lifetime(FOR)?;
            session.restart()?;
            session.put("notice", "bye")
        },
        MAX_AGE,
    ),
    (
        |session| {
            session.restart()?;
            session.set_lifetime(BROWSER)
        },
        400,
    ),
    (
        |session| {
            session.renew()?;
            session.set_lifetime(BROWSER)?;
            session.set_lifetime(Lifetime::Configured)
        },
        MAX_AGE,
    ),
];

#[tokio::test]
async fn expires_at_says_what_the_response_will_say() {
    for config in formats() {
        for (number, (calls, length)) in CHOICES.into_iter().enumerate() {
            for is_new in [true, false] {
                let mut visitor = Visitor::of(config.clone());
                if !is_new {
                    visitor.visit(|session| session.put("a", 1)).await;
                }
                visitor.clock.advance(10);
                let calls = |session: &Session| {
                    calls(session)?;
                    session.expires_at()
                };
                let expires_at = visitor.visit(calls).await;
                assert!(visitor.answer.saves(), "{number}");
                assert_eq!(expires_at, time(START + 10 + length), "{number}");
                assert_eq!(visitor.record().expires_at(), expires_at, "{number}");
            }
        }
    }
}

#[tokio::test]
async fn choosing_what_it_is_changes_nothing() {
    for config in formats() {
        let mut visitor = signed_in(config, FOR).await;
        visitor.clock.advance(100);
        let calls = |session: &Session| {
            session.set_lifetime(FOR)?;
            let once = session.expires_at()?;
            session.set_lifetime(BROWSER)?;
            session.set_lifetime(FOR)?;
            Ok((once, session.expires_at()?))
        };
        let expires_at = visitor.visit(calls).await;
        assert_eq!(visitor.answer.session_cookie(), None);
        let end = time(START + 600);
        assert_eq!(expires_at, (end, end), "no cookie moves it");
    }
}

#[tokio::test]
async fn the_choice_alone_begins_a_session_and_none_does_not() {
    for config in formats() {
        let mut visitor = Visitor::of(config);
        let configured = |session: &Session| session.set_lifetime(Lifetime::Configured);
        visitor.visit(configured).await;
        assert_eq!(visitor.answer.session_cookie(), None);
        visitor.visit(|session| session.set_lifetime(BROWSER)).await;
        assert!(visitor.answer.saves());
        assert_eq!(chosen(&visitor).await, BROWSER);
        visitor.visit(configured).await;
        assert!(visitor.answer.saves(), "taken back");
        assert_eq!(visitor.max_age(), Some(MAX_AGE));
        assert_eq!(chosen(&visitor).await, Lifetime::Configured);
    }
}

#[tokio::test]
async fn only_whole_seconds_up_to_max_age_can_be_chosen() {
    let mut visitor = signed_in(config(), FOR).await;
    let bad = [
        Duration::ZERO,
        Duration::from_millis(500),
        Duration::from_nanos(600_000_000_001),
        seconds(MAX_AGE + 1),
        Duration::MAX,
    ];
    for make in [Lifetime::For, Lifetime::Browser] {
        for asked in bad {
            let error = visitor
                .visit(|session| Ok(session.set_lifetime(make(asked))))
                .await;
            let error = error.expect_err("out of bounds");
            let told = matches!(&error, Error::Lifetime { asked: told, limit }
                if *told == asked && *limit == seconds(MAX_AGE));
            assert!(told, "{error:?}");
            assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(error.key(), None);
            assert_eq!(visitor.answer.session_cookie(), None);
        }
    }
    assert_eq!(chosen(&visitor).await, FOR);
}

#[tokio::test]
async fn absolute_max_age_ends_it_all_the_same() {
    for config in formats() {
        let config = config.with_absolute_max_age(seconds(1_500));
        for lifetime in [FOR, BROWSER] {
            let mut visitor = signed_in(config.clone(), lifetime).await;
            for at in [350, 700, 1_050, 1_400] {
                visitor.clock.set(START + at);
                visitor.visit(Session::keys).await;
                assert!(visitor.answer.saves(), "{at}");
            }
            let expected = matches!(lifetime, Lifetime::For(_)).then_some(100);
            assert_eq!(visitor.max_age(), expected);
            assert_eq!(chosen(&visitor).await, lifetime);
            assert_ends_at(&visitor, START + 1_500).await;
        }
    }
}

#[tokio::test]
async fn a_max_age_that_is_lowered_later_bounds_it() {
    // Go itself takes a cookie in the very second of its `MaxAge`; so the last second is that of our format.
    for (config, last) in formats().into_iter().zip([599, 599, 600, 600]) {
        for lifetime in [FOR, BROWSER] {
            let visitor = signed_in(config.clone(), lifetime).await;
            let mut lowered = Visitor::of(config.clone().with_max_age(seconds(300)));
            lowered = lowered.at(&visitor);
            lowered.cookie.clone_from(&visitor.cookie);
            lowered.clock.set(START + 299);
            lowered.visit(Session::keys).await;
            assert!(lowered.answer.saves(), "it is past half of 300 s");
            let expected = matches!(lifetime, Lifetime::For(_)).then_some(300);
            assert_eq!(lowered.max_age(), expected);
            assert_eq!(chosen(&lowered).await, lifetime);
            assert!(lives(&lowered, START + last - 1).await);
            assert!(!lives(&lowered, START + last).await);
        }
    }
}

#[tokio::test]
async fn a_failed_page_chooses_nothing() {
    let mut visitor = signed_in(config(), FOR).await;
    let choose = |session: &Session| session.set_lifetime(BROWSER);
    visitor.answered(StatusCode::BAD_GATEWAY, choose).await;
    assert_eq!(visitor.answer.session_cookie(), None);
    assert_eq!(chosen(&visitor).await, FOR);
}

/// Where cookies end with the browser, a chosen time makes one stay.
#[tokio::test]
async fn with_max_age_zero_a_chosen_time_sends_max_age() {
    for config in formats() {
        let config = config.with_max_age(Duration::ZERO);
        let mut visitor = signed_in(config.clone(), Lifetime::Configured).await;
        assert_eq!(visitor.max_age(), None);
        visitor.visit(|session| session.set_lifetime(FOR)).await;
        assert_eq!(visitor.max_age(), Some(600));
        visitor
            .visit(|session| {
                session.renew()?;
                session.put("n", 1)
            })
            .await;
        assert_eq!(visitor.max_age(), Some(600));
        let day = Lifetime::For(seconds(86_400));
        visitor.visit(|session| session.set_lifetime(day)).await;
        let over = Lifetime::For(seconds(86_401));
        let error = visitor
            .visit(|session| Ok(session.set_lifetime(over)))
            .await;
        assert!(matches!(error, Err(Error::Lifetime { limit, .. }) if limit == seconds(86_400)));
    }
}

#[tokio::test]
async fn the_choice_stands_beside_the_deadlines_and_hurts_none() {
    use session_runtime::{Key, KeyInfo};
    const CODE: Key<i64> = Key::with_info(KeyInfo::new("code").with_ttl(Duration::from_secs(50)));
    for config in formats() {
        let mut visitor = Visitor::of(config);
        visitor
            .visit(|session| {
                session.set_lifetime(FOR)?;
                session.put(CODE, 1)
            })
            .await;
        visitor.clock.advance(49);
        assert_eq!(visitor.visit(|session| session.get(CODE)).await, Some(1));
        visitor.clock.advance(1);
        assert_eq!(visitor.visit(|session| session.get(CODE)).await, None);
        visitor.visit(|session| session.put("n", 1)).await;
        assert_eq!(chosen(&visitor).await, FOR);
        assert_eq!(visitor.record().keys(), ["n"]);
    }
}

#[tokio::test]
async fn in_a_layer_with_a_longer_max_age_the_choice_goes_on() {
    let mut visitor = signed_in(config(), FOR).await;
    let longer = config().with_max_age(seconds(10 * MAX_AGE));
    let layer = SessionLayer::new(longer).expect("a good configuration");
    visitor.deploy(layer);
    visitor.clock.advance(300);
    visitor.visit(Session::keys).await;
    assert_eq!(visitor.max_age(), Some(600));
    assert_ends_at(&visitor, START + 900).await;
}
