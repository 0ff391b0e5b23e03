//! A lifetime that was chosen, within the cookie: its bytes count, and formats hand it on.

use session_runtime::{CookieStore, Error, Lifetime, Session};

use super::remember::{BROWSER, FOR, GO_KEY, assert_ends_at, chosen, formats, seconds, signed_in};
use super::support::{START, Visitor, config, time};
use crate::put_size;

#[tokio::test]
async fn a_cookie_that_would_be_too_large_leaves_the_choice_as_it_was() {
    for config in formats() {
        let mut visitor = Visitor::of(config.with_max_size(400));
        let mut last = visitor.clone();
        for len in 0..400 {
            let pad = "x".repeat(len);
            let fits = visitor
                .visit(|session| Ok(session.put("pad", pad).is_ok()))
                .await;
            if !fits {
                break;
            }
            last = visitor.clone();
        }
        let expires_at = last.record().expires_at();
        let (error, lifetime, end) = last
            .visit(|session| {
                let error = session.set_lifetime(BROWSER).expect_err("no room");
                Ok((error, session.lifetime()?, session.expires_at()?))
            })
            .await;
        assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
        assert_eq!((lifetime, end), (Lifetime::Configured, expires_at));
        assert_eq!(last.answer.session_cookie(), None);
    }
}

#[tokio::test]
async fn put_knows_the_size_of_a_cookie_with_a_choice() {
    const LIMIT: usize = 400;
    for config in formats() {
        for lifetime in [FOR, BROWSER, Lifetime::Browser(seconds(1))] {
            let (mut fitted, mut refused) = (0, 0);
            for len in (0..300).step_by(3) {
                let put = |session: &Session| {
                    session.set_lifetime(lifetime)?;
                    Ok(session.put("k", "x".repeat(len)))
                };
                let size =
                    |visitor: &Visitor| visitor.cookie.as_ref().map_or(0, String::len) - "=".len();
                let mut free = Visitor::of(config.clone());
                free.visit(put).await.expect("it fits");
                let mut limited = Visitor::of(config.clone().with_max_size(LIMIT));
                let result = limited.visit(put).await;
                if put_size::fitted(result, || size(&limited), size(&free), LIMIT) {
                    fitted += 1;
                } else {
                    refused += 1;
                }
            }
            assert!(fitted > 5 && refused > 5, "{fitted} {refused}");
        }
    }
}

#[tokio::test]
async fn a_store_alone_shows_it_and_writes_it_back() {
    for config in formats() {
        for lifetime in [FOR, BROWSER] {
            let visitor = signed_in(config.clone(), lifetime).await;
            visitor.clock.advance(10);
            let mut record = visitor.record();
            assert_eq!(record.lifetime(), lifetime);
            assert_eq!(record.keys(), ["uid"], "no key of the user");
            record.put("n", 1).expect("a number");
            let cookie = visitor.codec.seal(&record).expect("it fits");
            let mut other = visitor.clone();
            let headers = [("set-cookie".parse().expect("a name"), cookie)];
            other.note(headers.into_iter().collect());
            assert_eq!(
                other.max_age(),
                matches!(lifetime, Lifetime::For(_)).then_some(600)
            );
            assert_eq!(chosen(&other).await, lifetime);
        }
    }
    let store = CookieStore::new(config()).expect("a good configuration");
    let record = store.new_record().expect("random bytes");
    assert_eq!(record.lifetime(), Lifetime::Configured);
}

#[tokio::test]
async fn a_cookie_of_gos_format_keeps_it_when_it_becomes_one_of_ours() {
    let go = formats().remove(2);
    let visitor = signed_in(go, BROWSER).await;
    let keys = session_runtime::GorillaKeys::new(GO_KEY);
    let accepting = config().accept_gorilla(keys, time(START + 10_000));
    let mut ours = Visitor::of(accepting);
    ours.cookie.clone_from(&visitor.cookie);
    ours.clock.advance(100);
    assert_eq!(ours.visit(Session::lifetime).await, BROWSER);
    assert!(ours.answer.saves(), "in our format");
    assert_eq!(ours.max_age(), None);
    assert_eq!(ours.payload(), r#"{"uid":7,"~":{"~life":-400}}"#);
    assert_ends_at(&ours, START + 500).await;

    let mut late = Visitor::of(config().accept_gorilla(
        session_runtime::GorillaKeys::new(GO_KEY),
        time(START + 10_000),
    ));
    late.cookie.clone_from(&visitor.cookie);
    late.clock.advance(400);
    assert!(late.visit(Session::is_new).await, "over in Go's format too");
}
