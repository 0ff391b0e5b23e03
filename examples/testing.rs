//! An application with its tests in the same file, by the test kit (feature `testing` of `session-runtime`, among the
//! dev-dependencies).
//!
//! `cargo test --example testing` runs the tests; `cargo run --example testing` serves it. `PORT` chooses another port.

use std::error::Error;
use std::net::Ipv4Addr;

use axum::routing::{get, post};
use axum::{Router, serve};
use session_runtime::{CookieStoreConfig, Result, SecretKeys, SessionData, SessionLayer};
use tokio::net::TcpListener;

#[derive(SessionData)]
struct Account {
    #[session(owner)]
    uid: i64,
    #[session(flash)]
    notice: String,
    #[session(ttl = "15m")]
    confirmed: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("serving http://{}", listener.local_addr()?);
    let config = CookieStoreConfig::new("__Host-testing", SecretKeys::generate()?);
    Ok(serve(listener, app(SessionLayer::new(config)?)?).await?)
}

/// Takes the layer from outside, so that tests have a clone of it.
fn app(sessions: SessionLayer) -> Result<Router, Box<dyn Error>> {
    Ok(Router::new()
        .route("/me", get(me))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .layer(sessions.with_data::<Account>()?))
}

async fn me(account: AccountHandle) -> Result<String> {
    let uid = account.require_uid()?;
    Ok(format!("user {uid}\n"))
}

/// The password is left out: the example `login` has it.
async fn sign_in(account: AccountHandle) -> Result<&'static str> {
    account.put_uid(7)?;
    account.put_notice("Welcome!".to_owned())?;
    account.put_confirmed(true)?;
    Ok("welcome\n")
}

async fn sign_out(account: AccountHandle) -> Result<&'static str> {
    account.restart()?;
    account.put_notice("Goodbye!".to_owned())?;
    Ok("goodbye\n")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;
    use axum::http::{Request, StatusCode, header::COOKIE};
    use session_runtime::testing::{self, Clock, Visitor};
    use tower::ServiceExt; // feature `util` of tower: `oneshot`

    use super::{Account, app, sign_in};

    type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

    #[tokio::test]
    async fn a_signed_in_request_in_one_line() -> Result {
        let sessions = testing::layer();
        let cookie = testing::cookie(&sessions, |session| session.put(Account::UID, 7)).await?;
        let request = Request::get("/me").header(COOKIE, cookie);
        let response = app(sessions)?.oneshot(request.body(Body::empty())?).await?;
        assert_eq!(response.status(), StatusCode::OK);
        Ok(())
    }

    #[tokio::test]
    async fn a_handler_is_called_directly() -> Result {
        let session = testing::session(&testing::layer());
        assert_eq!(sign_in(session.of::<Account>()).await?, "welcome\n");
        assert_eq!(session.get(Account::UID)?, Some(7));
        Ok(())
    }

    #[tokio::test]
    async fn a_visitor_signs_in_looks_and_signs_out() -> Result {
        let sessions = testing::layer();
        let app = app(sessions.clone())?;
        let get = |path| Request::get(path).body(Body::empty());
        let post = |path| Request::post(path).body(Body::empty());

        let mut ada = Visitor::from(&sessions);
        let response = ada.send(&app, get("/me")?).await?;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);

        ada.send(&app, post("/sign-in")?).await?;
        let record = ada.record().await?; // what is in her session now
        assert_eq!(record.get(Account::UID)?, Some(7));
        assert_eq!(record.get(Account::NOTICE)?.as_deref(), Some("Welcome!"));

        let response = ada.send(&app, get("/me")?).await?;
        assert_eq!(response.status(), StatusCode::OK);
        ada.assert_nothing_set().await; // a page that only reads

        let mut thief = ada.clone(); // with a copy of her cookie
        ada.send(&app, post("/sign-out")?).await?;
        ada.assert_signed_out(Account::UID).await;
        let response = thief.send(&app, get("/me")?).await?;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        Ok(())
    }

    #[tokio::test]
    async fn cookies_that_are_over_foreign_or_forged_sign_nobody_in() -> Result {
        let sessions = testing::layer();
        let app = app(sessions.clone())?;
        let ada = Visitor::with(&sessions, |session| session.put(Account::UID, 7)).await?;
        for mut visitor in [ada.clone().expired(), ada.clone().foreign(), ada.forged()] {
            let request = Request::get("/me").body(Body::empty())?;
            let response = visitor.send(&app, request).await?;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        }
        Ok(())
    }

    #[tokio::test]
    async fn no_test_of_a_lifetime_sleeps() -> Result {
        let clock = Clock::new();
        let sessions = testing::layer().with_clock(clock.reader());
        let mut ada = Visitor::from(&sessions);
        let request = Request::post("/sign-in").body(Body::empty())?;
        ada.send(&app(sessions)?, request).await?;
        clock.advance(Duration::from_secs(15 * 60));
        let record = ada.record().await?;
        assert_eq!(record.get(Account::UID)?, Some(7));
        assert_eq!(record.get(Account::CONFIRMED)?, None);
        Ok(())
    }
}
