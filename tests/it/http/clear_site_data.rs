//! Where it is asked for, a sign-out makes the browser empty its HTTP cache.

use http::{HeaderValue, Response, StatusCode};
use session_runtime::{Result, Session};

use super::support::Visitor;

const HEADER: &str = "clear-site-data";

async fn signed_in() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor
}

async fn asked_for() -> Visitor {
    signed_in()
        .await
        .with_layer(session_runtime::SessionLayer::with_clear_site_data)
}

type Calls = fn(&Session) -> Result<()>;

const ENDS: [Calls; 3] = [Session::destroy, Session::restart, |session| {
    session.restart()?;
    session.put("notice", "bye")
}];

#[tokio::test]
async fn it_goes_with_every_end_of_a_session() {
    for end in ENDS {
        for status in [
            StatusCode::OK,
            StatusCode::SEE_OTHER,
            StatusCode::BAD_GATEWAY,
        ] {
            let mut visitor = asked_for().await;
            visitor.answered(status, end).await;
            assert_eq!(visitor.answer.all(HEADER), ["\"cache\""], "{status}");
        }
    }
}

#[tokio::test]
async fn it_goes_with_nothing_else() {
    let others: [Calls; 5] = [
        |_| Ok(()),
        |session| session.keys().map(drop),
        |session| session.put("n", 1),
        Session::renew,
        Session::clear,
    ];
    for calls in others {
        let mut visitor = asked_for().await;
        visitor.visit(calls).await;
        assert!(visitor.answer.all(HEADER).is_empty());
    }
}

#[tokio::test]
async fn it_is_off_unless_it_is_asked_for() {
    for end in ENDS {
        let mut visitor = signed_in().await;
        visitor.visit(end).await;
        assert!(visitor.answer.all(HEADER).is_empty());
    }
}

#[tokio::test]
async fn it_is_added_to_what_the_handler_says() {
    for (theirs, expected) in [
        ("\"storage\"", &["\"storage\"", "\"cache\""][..]),
        ("\"cache\", \"cookies\"", &["\"cache\", \"cookies\""]),
        ("\"*\"", &["\"*\""]),
    ] {
        let mut visitor = asked_for().await;
        let mut response = Response::new(());
        let value = HeaderValue::from_static(theirs);
        response.headers_mut().insert(HEADER, value);
        visitor.respond(response, Session::destroy).await;
        assert_eq!(visitor.answer.all(HEADER), expected);
    }
}
