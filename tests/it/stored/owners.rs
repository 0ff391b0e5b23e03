//! Whose sessions they are: lists, labels and sign-outs elsewhere.

use session_runtime::store::StoreId;
use session_runtime::{Error, Key};

use super::server::{Account, Browser, START, UID};

/// So many browsers of ada, and one of bob; all of one server.
async fn signed_in(browsers: usize) -> (Vec<Browser>, Browser) {
    let server = Browser::with_owner();
    let mut all = Vec::new();
    for number in 0..=browsers {
        let mut browser = server.clone();
        let user = if number < browsers { "ada" } else { "bob" };
        let sign_in = browser.visit(async |session| {
            session.put(Account::USER, user.to_owned())?;
            session.set_label(&format!("browser {number}"))
        });
        sign_in.await.unwrap();
        all.push(browser);
    }
    let bob = all.pop().unwrap();
    (all, bob)
}

async fn who(browser: &mut Browser) -> Option<String> {
    let user = browser
        .visit(async |session| session.get(Account::USER))
        .await;
    user.unwrap()
}

fn ada() -> String {
    "ada".to_owned()
}

#[tokio::test]
async fn a_list_shows_the_owner_s_sessions_with_their_labels() {
    let (mut browsers, _) = signed_in(3).await;
    let sessions = browsers[0].layer.sessions();
    let listed = sessions.list(Account::USER, &ada()).await.unwrap();
    let mut labels: Vec<&str> = listed.iter().filter_map(|info| info.label()).collect();
    labels.sort_unstable();
    assert_eq!(labels, ["browser 0", "browser 1", "browser 2"]);
    let mine = browsers[1].visit(async |session| {
        let mine = listed.iter().filter(|info| info.is(&session));
        Ok(mine
            .map(|info| info.label().map(str::to_owned))
            .collect::<Vec<_>>())
    });
    assert_eq!(mine.await.unwrap(), [Some("browser 1".to_owned())]);
    let born = listed[0].born().duration_since(std::time::UNIX_EPOCH);
    assert_eq!(born.unwrap().as_secs(), START);
}

#[tokio::test]
async fn a_label_is_cut_at_200_bytes_between_characters_and_kept_over_saves() {
    let (mut browsers, _) = signed_in(1).await;
    let long = "é".repeat(150);
    browsers[0]
        .visit(async |session| session.set_label(&long))
        .await
        .unwrap();
    browsers[0]
        .visit(async |session| session.put("a", 1))
        .await
        .unwrap();
    browsers[0]
        .visit(async |session| session.renew())
        .await
        .unwrap();
    let listed = browsers[0]
        .layer
        .sessions()
        .list(Account::USER, &ada())
        .await
        .unwrap();
    assert_eq!(listed[0].label(), Some(&*"é".repeat(100)));
}

#[tokio::test]
async fn one_is_signed_out_and_only_by_its_owner() {
    let (mut browsers, mut bob) = signed_in(2).await;
    let sessions = bob.layer.sessions();
    let listed = sessions.list(Account::USER, &ada()).await.unwrap();
    let of_one = listed
        .iter()
        .find(|info| info.label() == Some("browser 1"))
        .unwrap();
    let id: StoreId = of_one.id().to_string().parse().unwrap();
    assert!(
        !sessions
            .revoke_one(Account::USER, &"bob".to_owned(), &id)
            .await
            .unwrap()
    );
    assert_eq!(who(&mut browsers[1]).await, Some(ada()));
    assert!(
        sessions
            .revoke_one(Account::USER, &ada(), &id)
            .await
            .unwrap()
    );
    assert_eq!(who(&mut browsers[1]).await, None);
    assert_eq!(who(&mut browsers[0]).await, Some(ada()));
    assert_eq!(who(&mut bob).await, Some("bob".to_owned()));
}

#[tokio::test]
async fn the_others_are_signed_out_before_or_after_a_renewal() {
    for renews_first in [false, true] {
        let (mut browsers, mut bob) = signed_in(3).await;
        let sessions = bob.layer.sessions();
        // Times of revocations reach two seconds ahead: the renewal comes from the session that is spared.
        let changed = browsers[0].visit(async |session| {
            if renews_first {
                session.renew()?;
            }
            let ended = sessions
                .revoke_others(Account::USER, &ada(), &session)
                .await?;
            if !renews_first {
                session.renew()?;
            }
            Ok(ended)
        });
        assert_eq!(changed.await.unwrap(), 2);
        assert_eq!(
            who(&mut browsers[0]).await,
            Some(ada()),
            "renews first: {renews_first}"
        );
        assert_eq!(who(&mut browsers[1]).await, None);
        assert_eq!(who(&mut browsers[2]).await, None);
        assert_eq!(who(&mut bob).await, Some("bob".to_owned()));
    }
}

/// A new password that signs in: what came had no session, or one that is gone, so that the store knows no id of before.
#[tokio::test]
async fn the_others_are_signed_out_before_the_sign_in_of_the_same_request() {
    for renews in [0, 1, 3] {
        for (is_gone, saves_now) in [(false, false), (false, true), (true, false)] {
            let (mut browsers, mut new) = signed_in(2).await;
            if is_gone {
                let mut copy = new.clone();
                copy.visit(async |session| session.destroy()).await.unwrap();
            } else {
                new.cookie = None;
            }
            let sessions = new.layer.sessions();
            let ended = new.visit(async |session| {
                let ended = sessions
                    .revoke_others(Account::USER, &ada(), &session)
                    .await?;
                for _ in 0..renews {
                    session.renew()?;
                }
                session.put(Account::USER, ada())?;
                if saves_now {
                    session.save_now().await?;
                    session.renew()?;
                }
                Ok(ended)
            });
            let name = format!("{renews} renewals, is gone: {is_gone}, saves now: {saves_now}");
            assert_eq!(ended.await.unwrap(), 2, "{name}");
            assert_eq!(new.status, http::StatusCode::OK, "{name}");
            assert_eq!(who(&mut new).await, Some(ada()), "{name}");
            assert_eq!(who(&mut browsers[0]).await, None, "{name}");
        }
    }
}

/// Another's `revoke_all` in between ends the spared one too.
#[tokio::test]
async fn a_later_sign_out_of_all_refuses_a_sign_in_that_was_spared_before() {
    let (_, mut new) = signed_in(1).await;
    new.cookie = None;
    let sessions = new.layer.sessions();
    let sign_in = new.visit(async |session| {
        sessions
            .revoke_others(Account::USER, &ada(), &session)
            .await?;
        sessions.revoke_all(Account::USER, &ada()).await?;
        session.put(Account::USER, ada())
    });
    sign_in.await.unwrap();
    assert_eq!(new.status, http::StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(new.set_cookie(), None);
}

#[tokio::test]
async fn all_are_signed_out_with_those_that_are_about_to_sign_in() {
    let (mut browsers, _) = signed_in(2).await;
    let mut late = browsers[0].clone();
    late.cookie = None;
    let sessions = late.layer.sessions();
    let sign_in = late.visit(async |session| {
        session.put(Account::USER, ada())?;
        sessions.revoke_all(Account::USER, &ada()).await
    });
    assert_eq!(sign_in.await.unwrap(), 2);
    assert_eq!(
        late.status,
        http::StatusCode::SERVICE_UNAVAILABLE,
        "it began before"
    );
    assert_eq!(
        (late.set_cookie(), who(&mut browsers[0]).await),
        (None, None)
    );
    late.clock.advance(3);
    let again = late
        .visit(async |session| session.put(Account::USER, ada()))
        .await;
    again.unwrap();
    assert_eq!(who(&mut late).await, Some(ada()), "a retry signs in");
}

#[tokio::test]
async fn another_key_is_no_owner() {
    let (browsers, _) = signed_in(1).await;
    let sessions = browsers[0].layer.sessions();
    let error = sessions.list(UID, &7).await.unwrap_err();
    assert!(
        matches!(error, Error::NotOwner { ref key } if key == "uid"),
        "{error}"
    );
    let other: Key<String> = Key::new("user2");
    assert!(sessions.revoke_all(other, &ada()).await.is_err());
}

#[tokio::test]
async fn sessions_of_nobody_live_for_a_day_at_most() {
    use session_runtime::CookieStoreConfig;
    use std::time::Duration;
    let month = Duration::from_secs(30 * 86_400);
    let key = session_runtime::SecretKeys::generate().unwrap();
    let config = CookieStoreConfig::new("session", key).with_max_age(month);
    let mut browser = Browser::of(config, |layer| layer.with_data::<Account>().unwrap());
    browser
        .visit(async |session| session.put("cart", 1))
        .await
        .unwrap();
    assert!(
        browser.set_cookie().unwrap().ends_with("Max-Age=86400"),
        "{:?}",
        browser.set_cookie()
    );
    browser.clock.advance(43_200);
    browser.visit(async |session| session.keys()).await.unwrap();
    assert!(
        browser.set_cookie().unwrap().ends_with("Max-Age=86400"),
        "rolling as ever"
    );
    browser
        .visit(async |session| session.put(Account::USER, ada()))
        .await
        .unwrap();
    assert!(browser.set_cookie().unwrap().ends_with("Max-Age=2592000"));
}
