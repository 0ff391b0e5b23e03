//! When a session begins and ends, and when its cookie is issued again: to the second, by the server's clock.

use std::time::Duration;

use session_runtime::Session;

use super::support::{ABSOLUTE, MAX_AGE, START, Visitor, config, time};

pub(super) async fn visitor_with_a() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("a", 1)).await;
    visitor
}

async fn reads_a(visitor: &mut Visitor) -> bool {
    visitor.visit(|session| session.contains("a")).await
}

fn max_age(visitor: &Visitor) -> Option<u64> {
    let cookie = visitor.answer.session_cookie()?;
    let seconds = cookie.split_once("Max-Age=")?.1;
    Some(seconds.split(';').next()?.parse().unwrap())
}

#[tokio::test]
async fn a_cookie_is_good_until_the_second_before_its_end() {
    for (age, good) in [(0, true), (MAX_AGE - 1, true), (MAX_AGE, false)] {
        let mut visitor = visitor_with_a().await;
        visitor.clock.advance(age);
        assert_eq!(reads_a(&mut visitor).await, good, "after {age} s");
    }
}

#[tokio::test]
async fn a_cookie_from_a_clock_that_goes_a_day_ahead_is_good() {
    for (ahead, good) in [(60, true), (61, true), (86_400, true), (86_401, false)] {
        let mut visitor = visitor_with_a().await;
        visitor.clock.set(START - ahead);
        assert_eq!(reads_a(&mut visitor).await, good, "{ahead} s ahead");
    }
}

#[tokio::test]
async fn touched_at_half_of_its_lifetime_it_is_issued_again() {
    for (age, again) in [(MAX_AGE / 2 - 1, false), (MAX_AGE / 2, true)] {
        let mut visitor = visitor_with_a().await;
        let before = visitor.record();
        visitor.clock.advance(age);
        visitor.visit(|_| Ok(())).await;
        assert!(visitor.answer.headers.is_empty(), "not touched");
        reads_a(&mut visitor).await;
        assert_eq!(visitor.answer.saves(), again, "after {age} s");
        let after = visitor.record();
        assert_eq!((after.id(), after.born()), (before.id(), before.born()));
        if again {
            assert_eq!(after.issued_at(), time(START + age));
            assert_eq!(max_age(&visitor), Some(MAX_AGE));
        }
    }
}

#[tokio::test]
async fn a_new_session_that_was_only_read_is_not_issued() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.get::<i64>("a")?;
            Ok(())
        })
        .await;
    assert!(visitor.answer.is_silent());
}

#[tokio::test]
async fn what_is_left_of_absolute_max_age_bounds_every_issue() {
    let mut visitor = visitor_with_a().await;
    for (at, left) in [(900, MAX_AGE), (1_500, MAX_AGE), (2_100, 400), (2_499, 1)] {
        visitor.clock.set(START + at);
        visitor.visit(|session| session.put("a", at)).await;
        assert_eq!(max_age(&visitor), Some(left), "at {at}");
        let expires_at = visitor.visit(Session::expires_at).await;
        assert_eq!(expires_at, time(START + at + left));
        assert_eq!(visitor.visit(Session::born).await, time(START));
    }
    visitor.clock.set(START + ABSOLUTE);
    assert!(
        !reads_a(&mut visitor).await,
        "over, however often it was used"
    );
}

#[tokio::test]
async fn half_of_a_shortened_lifetime_counts_too() {
    let mut visitor = visitor_with_a().await;
    visitor.clock.set(START + 900);
    visitor.visit(|session| session.put("a", 2)).await;
    visitor.clock.set(START + 1_800);
    visitor.visit(|session| session.put("a", 3)).await;
    for (at, again) in [(2_149, None), (2_150, Some(350))] {
        visitor.clock.set(START + at);
        reads_a(&mut visitor).await;
        assert_eq!(
            max_age(&visitor),
            again,
            "at {at}, issued at 1800 for 700 s"
        );
    }
}

#[tokio::test]
async fn renew_begins_anew() {
    let mut visitor = visitor_with_a().await;
    let before = visitor.record();
    visitor.clock.advance(700);
    let (born, id) = visitor
        .visit(|session| {
            session.renew()?;
            assert_eq!(session.get("a")?, Some(1));
            Ok((session.born()?, session.id()?))
        })
        .await;
    let after = visitor.record();
    assert_ne!(after.id(), before.id());
    assert_eq!((after.id(), after.born()), (id, born));
    assert_eq!(born, time(START + 700));
    assert_eq!(max_age(&visitor), Some(MAX_AGE));
    assert_eq!(visitor.payload(), r#"{"a":1}"#);
}

#[tokio::test]
async fn without_an_absolute_end_it_rolls_for_ever() {
    let mut visitor = Visitor::of(config().with_absolute_max_age(None));
    visitor.visit(|session| session.put("a", 1)).await;
    for _ in 0..100 {
        visitor.clock.advance(MAX_AGE - 1);
        assert!(reads_a(&mut visitor).await);
        assert_eq!(max_age(&visitor), Some(MAX_AGE));
    }
}

#[tokio::test]
async fn at_max_age_zero_the_browser_forgets_and_the_server_counts_a_day() {
    let config = config()
        .with_max_age(Duration::ZERO)
        .with_absolute_max_age(None);
    for (age, good) in [(86_399, true), (86_400, false)] {
        let mut visitor = Visitor::of(config.clone());
        visitor.visit(|session| session.put("a", 1)).await;
        assert_eq!(max_age(&visitor), None);
        visitor.clock.advance(age);
        assert_eq!(reads_a(&mut visitor).await, good, "after {age} s");
    }
}

#[tokio::test]
async fn a_shorter_max_age_counts_for_cookies_that_are_out_already() {
    let visitor = visitor_with_a().await;
    for (age, good) in [(99, true), (100, false)] {
        let mut shortened = Visitor::of(config().with_max_age(Duration::from_secs(100)));
        shortened = shortened.at(&visitor);
        shortened.cookie = visitor.cookie.clone();
        shortened.clock.advance(age);
        assert_eq!(reads_a(&mut shortened).await, good, "after {age} s");
    }
}

#[tokio::test]
async fn refresh_after_issues_again_earlier_than_half_of_the_lifetime() {
    let minute = Duration::from_secs(60);
    for (after, age, again) in [
        (minute, 59, false),
        (minute, 60, true),
        (2 * Duration::from_secs(MAX_AGE), MAX_AGE / 2 - 1, false),
        (2 * Duration::from_secs(MAX_AGE), MAX_AGE / 2, true),
        (Duration::ZERO, 0, true),
    ] {
        let mut visitor = Visitor::of(config().with_refresh_after(after));
        visitor.visit(|session| session.put("a", 1)).await;
        visitor.clock.advance(age);
        assert!(reads_a(&mut visitor).await);
        assert_eq!(visitor.answer.saves(), again, "{after:?}, {age} s");
    }
}

/// "30 minutes idle" signs nobody out who was active 17 minutes ago.
#[tokio::test]
async fn with_refresh_after_a_minute_idle_time_counts_from_the_last_minute_of_activity() {
    let idle = Duration::from_secs(30 * 60);
    for (refreshes, lives) in [(true, true), (false, false)] {
        let config = config().with_max_age(idle);
        let minute = refreshes.then_some(Duration::from_secs(60));
        let mut visitor = Visitor::of(config.with_refresh_after(minute));
        visitor.visit(|session| session.put("a", 1)).await;
        visitor.clock.advance(14 * 60);
        assert!(reads_a(&mut visitor).await);
        visitor.clock.advance(17 * 60);
        assert_eq!(reads_a(&mut visitor).await, lives);
    }
}
