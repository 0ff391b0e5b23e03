//! How often a request goes to the store.

use session_runtime::store::Loading;

use super::server::{Account, Browser, MAX_AGE, UID, config};

#[tokio::test]
async fn no_cookie_and_a_bad_one_cost_none() {
    let mut browser = Browser::signed_in().await;
    let good = browser.cookie.clone().unwrap();
    let forged = good.replace("session=A", "session=B");
    for cookie in [
        None,
        Some(forged),
        Some("session=x".to_owned()),
        Some("other=1".to_owned()),
    ] {
        browser.cookie.clone_from(&cookie);
        browser
            .visit(async |session| session.get(UID))
            .await
            .unwrap();
        assert_eq!(browser.line.trips(), 0, "{cookie:?}");
    }
    browser.cookie = Some(good);
    browser.clock.advance(MAX_AGE);
    browser
        .visit(async |session| session.get(UID))
        .await
        .unwrap();
    assert_eq!(browser.line.trips(), 0, "expired");
}

#[tokio::test]
async fn a_read_costs_one_a_write_two_and_so_does_a_refresh() {
    let mut browser = Browser::signed_in().await;
    browser.uid().await;
    assert_eq!(browser.line.trips(), 1);
    browser
        .visit(async |session| session.put("a", 1))
        .await
        .unwrap();
    assert_eq!(browser.line.trips(), 2);
    browser
        .visit(async |session| session.put("a", 1))
        .await
        .unwrap();
    assert_eq!(browser.line.trips(), 1, "an equal value is no change");
    browser
        .visit(async |session| session.destroy())
        .await
        .unwrap();
    assert_eq!(browser.line.trips(), 2);
}

#[tokio::test]
async fn an_untouched_request_costs_one_and_under_on_extract_none() {
    let mut browser = Browser::signed_in().await;
    browser.visit(async |_| Ok(())).await.unwrap();
    assert_eq!(browser.line.trips(), 1);
    let lazy = |layer: session_runtime::StoredSessionLayer| layer.with_loading(Loading::OnExtract);
    let mut browser = Browser::of(config(), lazy);
    let put = browser.visit(async |session| {
        session.load().await?;
        session.put(UID, 7)
    });
    put.await.unwrap();
    browser.line.trips();
    browser.visit(async |_| Ok(())).await.unwrap();
    assert_eq!(browser.line.trips(), 0);
    let uid = browser.visit(async |session| {
        session.load().await?;
        session.get(UID)
    });
    assert_eq!(uid.await.unwrap(), Some(7));
    assert_eq!(browser.line.trips(), 1);
}

#[tokio::test]
async fn a_sign_in_costs_at_most_two() {
    let mut browser = Browser::with_owner();
    let sign_in =
        async |session: session_runtime::Session| session.put(Account::USER, "ada".to_owned());
    browser.visit(sign_in).await.unwrap();
    assert_eq!(browser.line.trips(), 1, "without a session before");
    let mut browser = Browser::with_owner();
    browser
        .visit(async |session| session.put("cart", 1))
        .await
        .unwrap();
    browser.line.trips();
    browser.visit(sign_in).await.unwrap();
    assert_eq!(browser.line.trips(), 2, "over an anonymous one");
}
