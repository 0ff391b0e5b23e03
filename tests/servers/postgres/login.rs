//! A login with a password, as every server outside of a test asks for one (SCRAM-SHA-256, PostgreSQL's default).

use session_runtime::store::{PostgresStore, StoreError};

use super::{is_asked_for, used};
use crate::engines::postgres::Server;

/// It has characters that a URL can't hold as they are.
const PASSWORD: &str = "p@ss/w:rd?ü%";
const ENCODED: &str = "p%40ss%2Fw%3Ard%3F%C3%BC%25";

/// A server where only psql's own user needs no password.
async fn server() -> Server {
    let rules = "host postgres postgres all trust\nhost all all all scram-sha-256\n";
    let server = Server::start_prepared("", |data| {
        std::fs::write(data.join("pg_hba.conf"), rules).expect("rules");
    });
    let server = server.await;
    let role = format!("CREATE ROLE app LOGIN PASSWORD '{PASSWORD}'");
    server.ask(&role).await.expect("made");
    server
        .ask("CREATE DATABASE app OWNER app")
        .await
        .expect("made");
    server
}

async fn logged_in(login: &str, at: &str) -> Result<(), StoreError> {
    let url = format!("postgres://{login}@{at}");
    used(PostgresStore::connect(&url).await?).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_in_the_url_logs_in_and_a_wrong_one_is_told_without_it() {
    if !is_asked_for() {
        return;
    }
    let server = server().await;
    let at = format!("127.0.0.1:{}/app", server.port());
    let answer = logged_in(&format!("app:{ENCODED}"), &at).await;
    assert!(answer.is_ok(), "{answer:?}");
    for login in ["app:wr0ng-one", "app"] {
        let answer = logged_in(login, &at).await;
        let error = answer.expect_err("a login without the password");
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        let told = format!("{error} {error:?}");
        assert!(told.contains("password"), "{told}");
        assert!(!told.contains("wr0ng-one"), "{told}");
    }
}
