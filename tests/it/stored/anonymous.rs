//! How long nobody's sessions live, in a layer that knows whose sessions are: the cookie, the row and what the handler
//! is told are one.

use std::time::{Duration, UNIX_EPOCH};

use session_runtime::{Lifetime, Result, Session};

use super::server::{Account, Browser, START, config};

const MONTH: u64 = 30 * 86_400;
const DAY: u64 = 86_400;

fn browser() -> Browser {
    let config = config().with_max_age(Duration::from_secs(MONTH));
    Browser::of(config, |layer| layer.with_data::<Account>().unwrap())
}

fn ada() -> String {
    "ada".to_owned()
}

fn ends(session: &Session) -> Result<(u64, u64)> {
    let seconds =
        |time: std::time::SystemTime| time.duration_since(UNIX_EPOCH).unwrap().as_secs() - START;
    Ok((
        seconds(session.expires_at()?),
        seconds(session.record()?.expires_at()),
    ))
}

#[tokio::test]
async fn the_handler_is_told_the_end_that_the_cookie_will_have() {
    let mut browser = browser();
    let told = browser.visit(async |session| {
        let new = ends(&session)?;
        session.put("cart", 1)?;
        let put = ends(&session)?;
        session.put(Account::USER, ada())?;
        let signed_in = ends(&session)?;
        session.clear()?;
        let cleared = ends(&session)?;
        session.put(Account::USER, ada())?;
        session.del(Account::USER)?;
        let signed_out = ends(&session)?;
        session.put(Account::USER, ada())?;
        session.restart()?;
        session.put("cart", 1)?;
        Ok([new, put, signed_in, cleared, signed_out, ends(&session)?])
    });
    let [new, put, signed_in, cleared, signed_out, restarted] = told.await.unwrap();
    let (day, month) = ((DAY, DAY), (MONTH, MONTH));
    assert_eq!([new, put, signed_in], [day, day, month]);
    assert_eq!([cleared, signed_out, restarted], [day, day, day]);
    assert!(browser.set_cookie().unwrap().ends_with("Max-Age=86400"));
    let next = browser.visit(async |session| ends(&session)).await;
    assert_eq!(next.unwrap(), day);
}

#[tokio::test]
async fn a_session_that_is_cleared_is_nobody_s_from_then_on() {
    for saves_now in [false, true] {
        let mut browser = browser();
        let sign_in = browser.visit(async |session| session.put(Account::USER, ada()));
        sign_in.await.unwrap();
        assert!(browser.set_cookie().unwrap().ends_with("Max-Age=2592000"));
        let told = browser.visit(async |session| {
            assert_eq!(ends(&session)?, (MONTH, MONTH));
            session.clear()?;
            session.put("theme", "dark")?;
            if saves_now {
                session.save_now().await?;
            }
            ends(&session)
        });
        assert_eq!(told.await.unwrap(), (DAY, DAY), "saves now: {saves_now}");
        assert!(browser.set_cookie().unwrap().ends_with("Max-Age=86400"));
        let told = browser.visit(async |session| ends(&session)).await;
        assert_eq!(told.unwrap(), (DAY, DAY));
        browser.clock.advance(DAY);
        let is_new = browser.visit(async |session| session.is_new()).await;
        assert!(is_new.unwrap());
    }
}

#[tokio::test]
async fn a_chosen_lifetime_is_capped_and_counts_again_with_the_sign_in() {
    let mut browser = browser();
    let week = Lifetime::For(Duration::from_secs(7 * DAY));
    let told = browser.visit(async |session| {
        session.set_lifetime(week)?;
        let nobody = ends(&session)?;
        session.put(Account::USER, ada())?;
        Ok((nobody, ends(&session)?))
    });
    assert_eq!(told.await.unwrap(), ((DAY, DAY), (7 * DAY, 7 * DAY)));
    assert!(browser.set_cookie().unwrap().ends_with("Max-Age=604800"));
}

#[tokio::test]
async fn it_is_what_the_layer_says_and_nothing_without_an_owner_key() {
    let hour = Duration::from_secs(3_600);
    let config = || config().with_max_age(Duration::from_secs(MONTH));
    let mut capped = Browser::of(config(), |layer| {
        layer
            .with_data::<Account>()
            .unwrap()
            .with_anonymous_max_age(hour)
    });
    let told = capped.visit(async |session| {
        session.put("cart", 1)?;
        ends(&session)
    });
    assert_eq!(told.await.unwrap(), (3_600, 3_600));
    assert!(capped.set_cookie().unwrap().ends_with("Max-Age=3600"));
    let mut plain = Browser::of(config(), |layer| layer.with_anonymous_max_age(hour));
    let told = plain.visit(async |session| {
        session.put("cart", 1)?;
        ends(&session)
    });
    assert_eq!(told.await.unwrap(), (MONTH, MONTH));
}
