//! A clock that was wrong for a while signs nobody out: a cookie from up to a day ahead is taken, mended and told of, and
//! outruns no revocation.

use std::time::Duration;

use session_runtime::{CookieStoreConfig, Revocation, RevocationList, Session};

use super::support::{ABSOLUTE, Clock, Events, MAX_AGE, NAME, START, Visitor, config, time};

const DAY: u64 = 86_400;
const GO_KEY: &str = "6bude5uOm9eZV280BjP6f6a5bEj7fg2PWl6GysY68CmXfOv8NFZ9O6ZIpbllQPtr";

fn formats() -> [CookieStoreConfig; 3] {
    let go = CookieStoreConfig::gorilla(NAME, GO_KEY)
        .with_max_age(Duration::from_secs(MAX_AGE))
        .with_absolute_max_age(Duration::from_secs(ABSOLUTE));
    [config(), config().with_encrypted(true), go]
}

/// Signed in at a server whose clock is this far ahead.
async fn signed_in(config: CookieStoreConfig, ahead: u64) -> Visitor {
    let mut visitor = Visitor::of(config);
    visitor.clock.set(START + ahead);
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor.clock.set(START);
    visitor
}

async fn uid(visitor: &mut Visitor) -> Option<i64> {
    visitor.visit(|session| session.get("uid")).await
}

#[tokio::test]
async fn a_cookie_from_up_to_a_day_ahead_is_good_in_every_format() {
    for config in formats() {
        for (ahead, good) in [
            (0, true),
            (60, true),
            (61, true),
            (600, true),
            (DAY, true),
            (DAY + 1, false),
        ] {
            let mut visitor = signed_in(config.clone(), ahead).await;
            assert_eq!(uid(&mut visitor).await.is_some(), good, "{ahead}");
        }
    }
}

#[tokio::test]
async fn up_to_a_minute_ahead_nothing_is_done_about_it() {
    for config in formats() {
        for ahead in [1, 60] {
            let mut visitor = signed_in(config.clone(), ahead).await;
            let events = Events::capture();
            assert_eq!(uid(&mut visitor).await, Some(7));
            assert_eq!(events.take(), [""; 0], "{ahead}");
            assert_eq!(visitor.answer.session_cookie(), None, "{ahead}");
            visitor.visit(|session| session.put("n", 1)).await;
            let record = visitor.record();
            assert_eq!(record.born(), time(START + ahead), "{ahead}");
        }
    }
}

#[tokio::test]
async fn beyond_it_the_cookie_is_mended_at_once_and_told_of_once() {
    for config in formats() {
        for ahead in [61, 600, DAY] {
            for calls in [
                |session: &Session| session.keys().map(drop),
                |session: &Session| session.put("n", 1),
            ] {
                let mut visitor = signed_in(config.clone(), ahead).await;
                let before = visitor.record();
                let mut other = visitor.clone();
                let events = Events::capture();
                visitor.visit(calls).await;
                other.visit(calls).await;
                let events = events.take();
                assert_eq!(events.len(), 1, "{events:?}");
                assert!(
                    events[0].starts_with("WARN") && events[0].contains("ahead"),
                    "{events:?}"
                );
                for visitor in [&mut visitor, &mut other] {
                    assert!(visitor.answer.saves(), "{ahead}");
                    let record = visitor.record();
                    assert_eq!(record.id(), before.id());
                    assert_eq!(record.born(), time(START));
                    assert_eq!(record.issued_at(), time(START));
                    assert_eq!(record.expires_at(), time(START + MAX_AGE));
                    visitor.clock.set(START);
                    visitor.visit(|session| session.keys().map(drop)).await;
                    assert_eq!(visitor.answer.session_cookie(), None, "it is as ever");
                }
            }
        }
    }
}

/// A birth that is right stays: only what is ahead is set back.
#[tokio::test]
async fn a_birth_in_the_past_is_kept() {
    for config in formats() {
        let mut visitor = Visitor::of(config);
        visitor.visit(|session| session.put("uid", 7)).await;
        visitor.clock.set(START + 100 + 600);
        visitor.visit(|session| session.put("n", 1)).await;
        visitor.clock.set(START + 100);
        assert_eq!(uid(&mut visitor).await, Some(7));
        let record = visitor.record();
        assert_eq!(
            (record.born(), record.issued_at()),
            (time(START), time(START + 100))
        );
    }
}

/// The session as a Go service saves it at this time: everything in it stays, under a date of its own clock.
fn saved_by_go(cookie: &str, at: u64) -> String {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE;
    use hmac::{Hmac, KeyInit, Mac};
    let (name, value) = cookie.split_once('=').expect("a pair");
    let token = BASE64_URL_SAFE.decode(value).expect("base64");
    let body = token
        .split(|byte| *byte == b'|')
        .nth(1)
        .expect("three parts");
    let mut token = [at.to_string().as_bytes(), b"|", body].concat();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(GO_KEY.as_bytes()).expect("any length");
    mac.update(&[name.as_bytes(), b"|", &token].concat());
    token.push(b'|');
    token.extend_from_slice(&mac.finalize().into_bytes());
    format!("{name}={}", BASE64_URL_SAFE.encode(token))
}

/// A Go service saves under its own clock, and takes the birth that a server of the future wrote with it as it is.
#[tokio::test]
async fn a_birth_that_is_ahead_alone_is_mended_too() {
    let [_, _, go] = formats();
    for ahead in [60, 61, 600] {
        let mut visitor = signed_in(go.clone(), ahead).await;
        let cookie = visitor.cookie.as_deref().expect("a cookie");
        visitor.cookie = Some(saved_by_go(cookie, START));
        assert_eq!(visitor.record().issued_at(), time(START));
        assert_eq!(visitor.record().born(), time(START + ahead));
        assert_eq!(uid(&mut visitor).await, Some(7));
        assert_eq!(visitor.answer.saves(), ahead > 60, "{ahead}");
        if ahead > 60 {
            assert_eq!(visitor.record().born(), time(START));
            assert_eq!(visitor.record().issued_at(), time(START));
        }
    }
}

#[tokio::test]
async fn calls_that_tell_times_tell_those_of_the_cookie_to_come() {
    let mut visitor = signed_in(config(), 600).await;
    let renewed = visitor
        .visit(|session| {
            session.renew()?;
            Ok((session.born()?, session.expires_at()?))
        })
        .await;
    assert_eq!(renewed, (time(START), time(START + MAX_AGE)));
    assert_eq!(visitor.record().born(), time(START));
}

#[tokio::test]
async fn a_session_that_was_ahead_ends_no_later_for_it() {
    let mut visitor = signed_in(config(), 600).await;
    for at in [0, 900, 1_800, 2_400] {
        visitor.clock.set(START + at);
        assert_eq!(uid(&mut visitor).await, Some(7));
    }
    visitor.clock.set(START + ABSOLUTE);
    assert_eq!(uid(&mut visitor).await, None);
}

/// "Sign out everywhere" ends also a session whose birth a wrong clock wrote into the future.
#[tokio::test]
async fn valid_after_is_not_outrun_by_a_clock_that_was_ahead() {
    for config in formats() {
        for ahead in [81, 600, DAY] {
            let mut visitor = signed_in(config.clone(), ahead).await;
            let since = time(START + 10);
            visitor = visitor.with_layer(|layer| {
                layer.with_revocation(Revocation::valid_after(move |_| Ok(Some(since))))
            });
            visitor.clock.set(START + 20);
            assert_eq!(uid(&mut visitor).await, None, "{ahead} s ahead");
        }
    }
    // A clock that is right, or nearly, changes nothing.
    for ahead in [0, 30] {
        let mut visitor = signed_in(config(), ahead).await;
        visitor = visitor.with_layer(|layer| {
            layer.with_revocation(Revocation::valid_after(|_| Ok(Some(time(START)))))
        });
        assert_eq!(uid(&mut visitor).await, Some(7), "{ahead}");
    }
}

/// What was revoked until the end that one server knew is refused also where another one's clock issued it later.
#[tokio::test]
async fn a_list_is_not_outrun_by_a_clock_that_was_ahead() {
    for config in formats() {
        let list = RevocationList::default();
        let mut visitor =
            Visitor::of(config).with_layer(|layer| layer.with_revocation(list.clone()));
        visitor.visit(|session| session.put("uid", 7)).await;
        let revoke = |session: &Session| {
            list.revoke(session.id()?, session.expires_at()?);
            Ok(())
        };
        visitor.clone().visit(revoke).await;
        // The thief had it issued again meanwhile by a server of the future.
        let mut thief = visitor.clone();
        let ahead = Clock::new();
        ahead.set(START + 900);
        let codec = visitor.codec.clone().with_clock(ahead.reader());
        let cookie = codec.seal(&visitor.record()).expect("it fits");
        thief.note([(http::header::SET_COOKIE, cookie)].into_iter().collect());
        for at in [0, MAX_AGE - 1, MAX_AGE, MAX_AGE + 899] {
            thief.clock.set(START + at);
            assert_eq!(uid(&mut thief.clone()).await, None, "at {at}");
        }
    }
}

#[tokio::test]
async fn a_slow_reader_of_a_cookie_that_is_ahead_undoes_nothing() {
    let visitor = signed_in(config(), 600).await;
    let read = |session: &Session| session.keys().map(drop);
    let slow = visitor.begin(read, read).await;
    visitor.clone().visit(|session| session.put("n", 1)).await;
    assert_eq!(slow.finish().await.answer.session_cookie(), None);
}
