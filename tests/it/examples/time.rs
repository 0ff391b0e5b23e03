//! The example whose values expire, by a clock of the test's own.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use http::{Request, StatusCode};
use session_runtime::testing::{self, Clock, Visitor};

use super::program::Program;

#[path = "../../../examples/ttl.rs"]
#[expect(dead_code, reason = "main: the test serves the application itself")]
mod ttl;

#[tokio::test]
async fn a_confirmation_counts_for_five_minutes_and_the_session_for_longer() {
    let clock = Clock::new();
    let layer = testing::layer().with_clock(clock.reader());
    let app = ttl::app(layer.clone()).expect("a good configuration");
    let mut ann = Visitor::from(&layer);
    let mut post = async |path: &str, body: &'static str| {
        let request = Request::post(path).body(Body::from(body));
        let response = ann.send(&app, request.expect("a request")).await;
        let response = response.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        (head.status, to_bytes(body, 1_000).await.expect("a body"))
    };

    assert_eq!(post("/delete", "").await.0, StatusCode::FORBIDDEN);
    assert_eq!(post("/confirm", "wrong").await.0, StatusCode::FORBIDDEN);
    assert_eq!(post("/confirm", "correct horse").await.0, StatusCode::OK);
    clock.advance(Duration::from_secs(299));
    assert_eq!(post("/delete", "").await.0, StatusCode::OK);
    clock.advance(Duration::from_secs(1));
    assert_eq!(post("/delete", "").await.0, StatusCode::FORBIDDEN);
    let (_, text) = post("/confirm", "correct horse").await;
    assert_eq!(text, "confirmed 2 times\n", "the session goes on");
}

#[tokio::test]
async fn it_serves() {
    let program = Program::start("ttl");
    let mut browser = program.browser();
    let page = browser.post("/delete", "").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    browser.post("/confirm", "correct horse").await;
    browser.post("/delete", "").await.shows("deleted");
}
