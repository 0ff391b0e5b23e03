//! Real clients that write cookies in their own way: three visits of each are three visits of one session.
//!
//! `SESSION_TEST_JDK=1` and `SESSION_TEST_AIOHTTP=1` run them; a missing JDK, or Python without aiohttp, is a failure
//! then.

use std::process::Command;

use axum::Router;
use axum::routing::get;
use session_runtime::{CookieStoreConfig, Result, SecretKeys, Session, SessionLayer};

use crate::support::{browser, is_asked_for};

async fn visit(session: Session) -> Result<String> {
    session.update("visits", |visits: Option<u32>| visits.unwrap_or(0) + 1)?;
    Ok(session.require::<u32>("visits")?.to_string())
}

async fn serve() -> String {
    let key = SecretKeys::generate().expect("random bytes");
    let config = CookieStoreConfig::new("session", key).with_secure(false);
    let layer = SessionLayer::new(config).expect("a good configuration");
    browser::serve(Router::new().route("/visit", get(visit)).layer(layer)).await
}

/// What the client prints: the number that each of its visits was told.
async fn visits(mut client: Command) -> String {
    let site = serve().await;
    client.arg(format!("{site}/visit"));
    let client = tokio::task::spawn_blocking(move || client.output());
    let output = client.await.expect("no panic");
    let output = output.expect("the client is installed");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).expect("text")
}

/// `java.net.http.HttpClient` with its `CookieManager` puts values in quotes, and says so with `$Version`.
#[tokio::test]
async fn three_visits_of_a_jdk_client_are_of_one_session() {
    if is_asked_for("SESSION_TEST_JDK", "a client of the JDK") {
        let mut java = Command::new("java");
        java.arg("tests/servers/clients/Visits.java");
        assert_eq!(visits(java).await, "1\n2\n3\n");
    }
}

#[tokio::test]
async fn three_visits_of_an_aiohttp_client_are_of_one_session() {
    if is_asked_for("SESSION_TEST_AIOHTTP", "a client of aiohttp") {
        let mut python = Command::new("python3");
        python.arg("tests/servers/clients/visits.py");
        assert_eq!(visits(python).await, "1\n2\n3\n");
    }
}
