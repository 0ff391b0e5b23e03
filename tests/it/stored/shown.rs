//! What is shown of a session: never the id in its cookie, which is the credential.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use session_runtime::{Session, SessionId};

use super::server::{Account, Browser, NOTICE, Turn};
use super::support::Events;

/// The ways in which the id of a cookie may be written.
fn spellings(cookie: &str) -> [String; 4] {
    let token = cookie.split_once('=').unwrap().1;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).unwrap();
    let sid = &bytes[18..34];
    let hex = SessionId::from_bytes(sid.try_into().unwrap()).to_string();
    let list = format!("{sid:?}");
    [
        hex.to_uppercase(),
        hex,
        list.trim_matches(['[', ']']).to_owned(),
        BASE64_URL_SAFE_NO_PAD.encode(sid),
    ]
}

/// All that a program can print of a session.
fn printed(session: &Session) -> session_runtime::Result<String> {
    let (id, record) = (session.id()?, session.record()?);
    let error = session.require::<String>("nothing").unwrap_err();
    Ok(format!(
        "{session:?} {id} {id:?} {record:?} {} {error} {error:?}",
        record.id()
    ))
}

#[tokio::test]
async fn no_event_and_no_debug_text_of_a_whole_run_has_the_id_of_a_cookie() {
    let log = Events::capture_all();
    let mut browser = Browser::with_owner();
    let (mut cookies, mut texts) = (Vec::new(), Vec::new());
    let mut failures: Vec<Vec<Turn>> = vec![
        vec![],
        vec![Turn::Works, Turn::AnswerLost],
        vec![Turn::Unreached, Turn::Unreached],
        vec![Turn::Works, Turn::Unreached, Turn::Unreached],
        vec![Turn::Works, Turn::AnswerLost, Turn::AnswerLost],
        vec![Turn::Corrupt],
        vec![],
    ];
    while let Some(turns) = failures.pop() {
        cookies.extend(browser.cookie.clone());
        browser.line.next(turns);
        let calls = browser.visit(async |session| {
            texts.push(printed(&session)?);
            session.put(Account::USER, format!("user {}", failures.len()))?;
            session.put(NOTICE, "hi".to_owned())?;
            texts.push(printed(&session)?);
            session
                .update_now("n", |n: Option<u32>| n.unwrap_or(0) + 1)
                .await?;
            session.renew()?;
            session.get(NOTICE)?;
            texts.push(printed(&session)?);
            Ok(())
        });
        let failed = calls.await.err();
        texts.extend(failed.map(|error| format!("{error:?}")));
    }
    cookies.extend(browser.cookie.clone());
    let user = browser
        .visit(async |session| session.require(Account::USER))
        .await
        .unwrap();
    let sessions = browser.layer.sessions();
    texts.push(format!(
        "{sessions:?} {:?}",
        sessions.list(Account::USER, &user).await
    ));
    let failed = StatusCode::INTERNAL_SERVER_ERROR;
    browser
        .answered(failed, async |session| session.restart())
        .await
        .unwrap();
    texts.extend(log.take_all());
    assert!(texts.len() > 20, "{texts:#?}");
    assert!(cookies.len() > 3, "{cookies:?}");
    for spelling in cookies.iter().flat_map(|cookie| spellings(cookie)) {
        let shown = texts.iter().find(|text| text.contains(&spelling));
        assert_eq!(shown, None);
    }
}
