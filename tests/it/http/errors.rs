//! What errors say, and what they never say: a stored value, or anything at all to the visitor.

use std::error::Error as _;

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use session_runtime::{Error, Key, KeyInfo, Session};

use super::kind;
use super::support::{Events, MAX_AGE, Visitor, config};

const SECRET: &str = "hunter2";

#[derive(Debug, Deserialize, Serialize)]
enum Theme {
    Dark,
}

#[derive(Debug, Deserialize, Serialize)]
struct Strict {
    number: u8,
}

fn everything(error: &Error) -> String {
    let mut texts = vec![format!("{error} {error:?} {error:#?}")];
    let mut source = error.source();
    while let Some(error) = source {
        texts.push(format!("{error} {error:?}"));
        source = error.source();
    }
    texts.concat()
}

#[tokio::test]
async fn no_error_shows_a_stored_value() {
    const SHORT: Key<String> = Key::with_info(KeyInfo::new("short").with_max_len(4));
    const PRIVATE: Key<String> = Key::with_info(KeyInfo::new("private").private());
    let secret = || SECRET.to_owned();
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("text", SECRET)?;
            session.put("list", [SECRET, SECRET])?;
            session.put(
                "map",
                serde_json::json!({ SECRET: SECRET, "number": SECRET }),
            )?;
            session.put("number", 77_777)?;
            let mut errors = vec![
                session.get::<i64>("text").unwrap_err(),
                session.get::<Theme>("text").unwrap_err(),
                session.get::<std::net::IpAddr>("text").unwrap_err(),
                session.get::<char>("text").unwrap_err(),
                session.get::<bool>("list").unwrap_err(),
                session.get::<[String; 3]>("list").unwrap_err(),
                session.get::<Strict>("map").unwrap_err(),
                session.get::<Theme>("map").unwrap_err(),
                session
                    .get::<std::collections::BTreeMap<u8, String>>("map")
                    .unwrap_err(),
                session.get::<u8>("number").unwrap_err(),
                session.get::<String>("number").unwrap_err(),
                session.put("large", SECRET.repeat(kind::ROOM)).unwrap_err(),
                session.put(SHORT, secret()).unwrap_err(),
                session.put("~x", SECRET).unwrap_err(),
                session.require::<String>("absent").unwrap_err(),
                session.update("text", |_: Option<i64>| 1).unwrap_err(),
            ];
            // Nobody reads what is on the server.
            let private = session.put(PRIVATE, secret());
            assert_eq!(private.is_err(), kind::IN_COOKIE);
            errors.extend(private.err());
            for error in &errors {
                let text = everything(error);
                assert!(!text.contains(SECRET), "{text}");
                assert!(!text.contains("77777"), "{text}");
                assert!(error.key().is_some_and(|key| text.contains(key)), "{text}");
            }
            let shown = format!("{session:?} {:?}", session.record()?);
            assert!(!shown.contains(SECRET), "{shown}");
            Ok(())
        })
        .await;
    let shown = format!("{:?} {:?}", visitor.layer, visitor.codec);
    assert!(!shown.contains("Gs0kb8"), "{shown}");
    let store = format!("{:?}", visitor.codec);
    assert!(store.contains(super::support::NAME), "{store}");
}

#[test]
fn missing_says_which() {
    let error = Error::Missing {
        key: "uid".to_owned(),
        status: 401,
    };
    assert_eq!(error.to_string(), "cannot find value for: 'uid'");
    assert!(error.is_missing());
    assert_eq!(error.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(Error::Unavailable.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        Error::RequestEnded.status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
}

#[tokio::test]
async fn as_a_response_an_error_is_opaque_and_logged() {
    const TEAPOT: Key<i64> = Key::with_info(KeyInfo::new("absent").with_missing_status(418));
    let missing = get(async |session: Session| session.require::<i64>("absent").map(drop));
    let teapot = get(async |session: Session| session.require(TEAPOT).map(drop));
    let wrong = get(async |session: Session| {
        session.put("text", SECRET)?;
        session.get::<i64>("text").map(drop)
    });
    let cases = [
        (missing, StatusCode::UNAUTHORIZED, "DEBUG"),
        (teapot, StatusCode::IM_A_TEAPOT, "DEBUG"),
        (wrong, StatusCode::INTERNAL_SERVER_ERROR, "ERROR"),
    ];
    for (handler, status, level) in cases {
        let events = Events::capture();
        let mut visitor = Visitor::of(config());
        let app = Router::new()
            .route("/", handler)
            .layer(visitor.layer.clone());
        let response = visitor.page(app, "/").await;
        assert_eq!(response.status(), status);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, status.canonical_reason().unwrap());
        let events = events.take();
        assert!(events[0].starts_with(level), "{events:?}");
        assert!(!events.concat().contains(SECRET), "{events:?}");
    }
}

#[tokio::test]
async fn dropped_changes_are_one_event_without_values() {
    let events = Events::capture();
    let mut visitor = Visitor::new();
    visitor
        .answered(StatusCode::BAD_GATEWAY, |session| session.put("a", SECRET))
        .await;
    let lines = events.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("dropped") && !lines[0].contains(SECRET));
    visitor
        .answered(StatusCode::BAD_GATEWAY, |session| session.keys().map(drop))
        .await;
    assert_eq!(events.take(), [""; 0], "nothing was dropped");

    visitor.visit(|session| session.put("a", SECRET)).await;
    visitor.clock.advance(MAX_AGE / 2);
    visitor
        .answered(StatusCode::BAD_GATEWAY, |session| session.keys().map(drop))
        .await;
    assert_eq!(events.take(), [""; 0], "to be issued again is no change");
}

mod shaped {
    //! One place makes pages, redirects or JSON of every error.

    use std::sync::Arc;

    use axum::middleware::map_response;
    use axum::response::{IntoResponse, Redirect, Response};
    use axum::routing::get;
    use axum::{Json, Router};
    use http::StatusCode;
    use http::header::LOCATION;
    use http_body_util::BodyExt;
    use session_runtime::{Error, Key, KeyInfo, MissingSession, Result, Session};

    use super::super::support::Visitor;
    use super::kind;

    async fn redirect(response: Response) -> Response {
        match response.extensions().get::<Arc<Error>>() {
            Some(error) if error.is_missing() => Redirect::to("/sign-in").into_response(),
            _ => response,
        }
    }

    async fn as_json(response: Response) -> Response {
        let Some(error) = response.extensions().get::<Arc<Error>>() else {
            return response;
        };
        let body = serde_json::json!({ "key": error.key(), "status": error.status().as_u16() });
        (error.status(), Json(body)).into_response()
    }

    fn routes() -> Router {
        const NAME: Key<String> = Key::with_info(KeyInfo::new("name").with_max_len(10));
        Router::new()
            .route(
                "/me",
                get(async |session: Session| session.require::<String>("uid")),
            )
            .route(
                "/name",
                get(async |session: Session| session.put(NAME, "n".repeat(9))),
            )
            .route(
                "/big",
                get(async |session: Session| session.put("big", "b".repeat(kind::ROOM))),
            )
            .route("/fine", get(async || "fine"))
    }

    #[tokio::test]
    async fn as_a_redirect_to_the_sign_in_page() {
        let mut visitor = Visitor::new();
        let app = routes()
            .layer(map_response(redirect))
            .layer(visitor.layer.clone());
        let response = visitor.page(app.clone(), "/me").await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[LOCATION], "/sign-in");
        let response = visitor.page(app, "/fine").await;
        assert_eq!(response.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn as_json_with_the_status_that_each_has() {
        let mut visitor = Visitor::new();
        let app = routes()
            .layer(map_response(as_json))
            .layer(visitor.layer.clone());
        for (path, status, key) in [
            ("/me", StatusCode::UNAUTHORIZED, "uid"),
            ("/name", StatusCode::UNPROCESSABLE_ENTITY, "name"),
            ("/big", StatusCode::INTERNAL_SERVER_ERROR, "big"),
        ] {
            let response = visitor.page(app.clone(), path).await;
            assert_eq!(response.status(), status, "{path}");
            let body = response.into_body().collect().await.unwrap().to_bytes();
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["key"], key);
        }
    }

    #[tokio::test]
    async fn a_missing_layer_too() {
        async fn handler(session: Result<Session, MissingSession>) -> Response {
            session.map(drop).unwrap_err().into_response()
        }
        let mut visitor = Visitor::new();
        let app = Router::new().route("/", get(handler));
        let response = visitor.page(app, "/").await;
        let error = response
            .extensions()
            .get::<Arc<Error>>()
            .expect("it is carried");
        assert!(matches!(**error, Error::MissingSession(_)));
        assert!(
            error
                .to_string()
                .contains("after `.layer(your_middleware)`"),
            "{error}"
        );
    }
}
