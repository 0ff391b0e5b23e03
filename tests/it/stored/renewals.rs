//! Renewals, restarts and sign-outs, on every server at once.

use http::StatusCode;
use session_runtime::{Error, SessionId};

use super::server::{Account, Browser, UID};

#[tokio::test]
async fn requests_in_flight_under_the_old_id_save_nothing_and_set_no_cookie() {
    let browser = Browser::signed_in().await;
    let (mut slow, mut fast) = (browser.clone(), browser.clone());
    let late = slow.visit(async |session| {
        session.put("late", 1)?;
        fast.visit(async |session| session.renew()).await
    });
    late.await.unwrap();
    assert_eq!(
        (slow.status, slow.set_cookie()),
        (StatusCode::OK, None),
        "superseded"
    );
    let keys = fast.visit(async |session| session.keys()).await.unwrap();
    assert_eq!(keys, ["uid"]);
}

#[tokio::test]
async fn a_later_request_under_the_old_id_is_told_and_may_begin_anew() {
    let browser = Browser::signed_in().await;
    let mut new = browser.clone();
    new.visit(async |session| session.renew()).await.unwrap();
    let mut old = browser.clone();
    let put = old.visit(async |session| session.put("a", 1)).await;
    assert!(matches!(put, Err(Error::Gone)), "{put:?}");
    assert_eq!(old.set_cookie(), None);
    old.visit(async |session| session.restart()).await.unwrap();
    assert!(old.set_cookie().is_some());
    assert_eq!(
        new.uid().await,
        None,
        "the restart ended the renewed session too"
    );
}

/// Two clicks on "sign in": both are signed in, with what was there before.
#[tokio::test]
async fn a_second_sign_in_from_the_same_page_works() {
    let mut browser = Browser::with_owner();
    browser
        .visit(async |session| session.put("cart", 3))
        .await
        .unwrap();
    let (mut one, mut two) = (browser.clone(), browser.clone());
    for click in [&mut one, &mut two] {
        let sign_in = click.visit(async |session| session.put(Account::USER, "ada".to_owned()));
        sign_in.await.unwrap();
        let seen =
            click.visit(async |session| Ok((session.get(Account::USER)?, session.get("cart")?)));
        assert_eq!(seen.await.unwrap(), (Some("ada".to_owned()), Some(3)));
    }
    // The old row is read by whoever is slow, and takes nothing.
    let cart = browser.visit(async |session| session.get("cart")).await;
    assert_eq!(cart.unwrap(), Some(3));
    let put = browser.visit(async |session| session.put("cart", 4)).await;
    assert!(matches!(put, Err(Error::Gone)), "{put:?}");
    browser.clock.advance(61);
    let is_new = browser.visit(async |session| session.is_new()).await;
    assert!(is_new.unwrap(), "for a minute");
}

#[tokio::test]
async fn a_sign_out_under_the_old_id_ends_the_new_one_too() {
    let browser = Browser::signed_in().await;
    let (mut old, mut new) = (browser.clone(), browser.clone());
    new.visit(async |session| session.renew()).await.unwrap();
    old.visit(async |session| session.destroy()).await.unwrap();
    assert!(old.removes());
    assert_eq!(new.uid().await, None);
}

#[tokio::test]
async fn a_renewal_of_a_session_that_is_gone_is_401() {
    let browser = Browser::signed_in().await;
    let (mut slow, mut fast) = (browser.clone(), browser.clone());
    let renewed = slow.visit(async |session| {
        session.renew()?;
        fast.visit(async |session| session.destroy()).await
    });
    renewed.await.unwrap();
    assert_eq!(
        (slow.status, slow.is_page),
        (StatusCode::UNAUTHORIZED, false)
    );
    assert_eq!(slow.set_cookie(), None);
    let (mut slow, mut fast) = (Browser::signed_in().await, Browser::new());
    fast.clone_from(&slow);
    let restarted = slow.visit(async |session| {
        session.restart()?;
        session.put("notice", "bye")?;
        fast.visit(async |session| session.destroy()).await
    });
    restarted.await.unwrap();
    let notice = slow
        .visit(async |session| session.get::<String>("notice"))
        .await;
    assert_eq!(notice.unwrap().as_deref(), Some("bye"), "a restart goes on");
}

/// The id in the cookie is a credential: what is shown is the first half of the row's id.
#[tokio::test]
async fn the_id_in_the_cookie_is_never_shown() {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    let mut browser = Browser::with_owner();
    browser
        .visit(async |session| session.put(Account::USER, "ada".to_owned()))
        .await
        .unwrap();
    let cookie = browser.cookie.clone().unwrap();
    let token = BASE64_URL_SAFE_NO_PAD
        .decode(cookie.split_once('=').unwrap().1)
        .unwrap();
    let sid = SessionId::from_bytes(*token[18..].first_chunk().unwrap()).to_string();
    let listed = browser
        .layer
        .sessions()
        .list(Account::USER, &"ada".to_owned())
        .await
        .unwrap();
    let row = listed[0].id().to_string();
    let shown = browser.visit(async |session| {
        Ok((
            session.id()?.to_string(),
            session.record()?.id().to_string(),
        ))
    });
    let (id, record) = shown.await.unwrap();
    assert_eq!(id, row[..32]);
    assert_eq!(record, id);
    assert_ne!(id, sid);
    let new = browser.visit(async |session| {
        session.renew()?;
        session.id()
    });
    let new = new.await.unwrap().to_string();
    assert_ne!(new, id);
    let listed = browser
        .layer
        .sessions()
        .list(Account::USER, &"ada".to_owned())
        .await
        .unwrap();
    assert_eq!(new, listed[0].id().to_string()[..32]);
}

#[tokio::test]
async fn an_ended_session_is_ended_for_every_copy_of_its_cookie() {
    let mut browser = Browser::signed_in().await;
    let copies: Vec<Browser> = (0..3).map(|_| browser.clone()).collect();
    browser
        .visit(async |session| session.destroy())
        .await
        .unwrap();
    for mut copy in copies {
        assert_eq!(copy.uid().await, None);
        let put = copy.visit(async |session| session.put(UID, 8)).await;
        put.unwrap();
        assert_eq!(copy.uid().await, Some(8), "a session of its own");
    }
    assert_eq!(browser.uid().await, None);
}
