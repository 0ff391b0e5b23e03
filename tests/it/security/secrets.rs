//! Keys, cookies and values appear nowhere but in the cookie: a whole run, with every event and every text that the
//! crate makes, is searched for them in all their spellings.

use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use http::header::SET_COOKIE;
use serde::{Deserialize, Deserializer};
use session_runtime::{
    CookieStore, CookieStoreConfig, Error, Revocation, RevocationList, SecretKeys, Session,
    SessionData,
};
use tower::Layer;

use super::support::{MAX_AGE, Visitor, config};

mod configuration;
mod transcript;

use transcript::{Secrets, Transcript};

const KEY: &str = "A42QgdrpHgfn40iQHQsNLKcNpLdyfaIMEmPwtetyuks=";
const OLD_KEY: &str = "1kDh95ZZ2Vs8XoFqcTGSrDMw6BpEuLJfVwCnYtQHPes=";
const CARD: &str = "4929-1234-5678-9012";
const NUMBER: u64 = 8_675_309_123_456;

#[derive(SessionData)]
struct Wallet {
    card: String,
    #[session(private)]
    pin: String,
    number: u64,
}

/// Its error quotes what it does not take.
#[derive(Debug)]
struct Picky;

impl<'de> Deserialize<'de> for Picky {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        let text = String::deserialize(value)?;
        Err(serde::de::Error::custom(format!("what is {text}?")))
    }
}

#[derive(Debug, Deserialize)]
enum Colour {
    Red,
}

fn settings(key: &str) -> CookieStoreConfig {
    config().with_key(format!("{key},{OLD_KEY}"))
}

async fn signed_in(config: CookieStoreConfig, secrets: &mut Secrets) -> Visitor {
    let mut visitor = Visitor::of(config);
    visitor
        .visit(|session| {
            session.put(Wallet::CARD, CARD.to_owned())?;
            session.put(Wallet::NUMBER, NUMBER)
        })
        .await;
    secrets.add_cookie(visitor.cookie.as_deref().expect("a cookie"));
    visitor
}

fn secrets() -> Secrets {
    let mut secrets = Secrets::default();
    for key in [KEY, OLD_KEY] {
        secrets.add_base64(key);
    }
    secrets.add(CARD.as_bytes());
    secrets.add(NUMBER.to_string().as_bytes());
    secrets
}

/// Every error that a wrong use of the wallet can make.
fn errors(session: &Session) -> Vec<Error> {
    let deep = (0..200).fold(serde_json::json!(CARD), |value, _| {
        serde_json::json!([value])
    });
    vec![
        session.get::<i64>("card").expect_err("a string"),
        session.get::<Picky>("card").expect_err("picky"),
        session.get::<Colour>("card").expect_err("no colour"),
        session.get::<Vec<u8>>("card").expect_err("no bytes"),
        session.get::<(u8, u8)>("number").expect_err("no pair"),
        session.get::<bool>("number").expect_err("no boolean"),
        session.get::<String>("number").expect_err("no string"),
        session
            .take::<u8>("number")
            .expect_err("too large a number"),
        session.require::<i64>("missing").expect_err("missing"),
        session
            .put("large", CARD.repeat(300))
            .expect_err("too large"),
        session.put("deep", deep).expect_err("too deep"),
        session.put("~", CARD).expect_err("reserved"),
        session
            .put(Wallet::PIN, CARD.to_owned())
            .expect_err("private"),
    ]
}

/// Requests that make every event of the log but those of a random source or a seal that fails.
async fn provoke(secrets: &mut Secrets) {
    let mut visitor = signed_in(settings(KEY), secrets).await;
    let other = signed_in(settings(KEY), secrets).await;
    let foreign = signed_in(config(), secrets).await;
    let good = visitor.cookie.clone().expect("a cookie");
    for cookie in [
        super::support::forged(&good),
        format!("{good}; {}", other.cookie.as_deref().expect("a cookie")),
        foreign.cookie.expect("a cookie"),
        "session=nonsense".to_owned(),
        good.clone(),
    ] {
        visitor.cookie = Some(cookie);
        visitor.visit(Session::keys).await;
    }
    visitor
        .answered(StatusCode::BAD_GATEWAY, |session| session.put("card", 1))
        .await;
    let put = |session: &Session| session.put("number", 1);
    let slow = visitor.begin(put, put).await;
    visitor.clone().visit(Session::destroy).await;
    slow.finish().await;
    visitor.clock.advance(MAX_AGE);
    visitor.visit(Session::keys).await;

    let mut failing = signed_in(settings(KEY), secrets).await;
    let hook = Revocation::new(|_| Err("no connection to the database".into()));
    failing.layer = failing.layer.clone().with_revocation(hook);
    failing.visit(|session| Ok(session.keys().is_err())).await;
}

async fn pages(secrets: &mut Secrets, transcript: &Transcript) {
    let mut visitor = signed_in(settings(KEY), secrets).await;
    let app = Router::new()
        .route(
            "/type",
            get(async |s: Session| s.get::<i64>("card").map(drop)),
        )
        .route(
            "/missing",
            get(async |s: Session| s.require::<i64>("x").map(drop)),
        )
        .layer(visitor.layer.clone());
    let nested = app.clone().layer(visitor.layer.clone());
    let bare = Router::new().route("/", get(async |_: Session| ()));
    for (app, path, status) in [
        (&app, "/type", StatusCode::INTERNAL_SERVER_ERROR),
        (&app, "/missing", StatusCode::UNAUTHORIZED),
        (&nested, "/missing", StatusCode::UNAUTHORIZED),
        (&bare, "/", StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        let response = visitor.page(app.clone(), path).await;
        assert_eq!(response.status(), status, "{path}");
        transcript.note(&response);
        let body = axum::body::to_bytes(response.into_body(), 1_000).await;
        transcript.note(&String::from_utf8_lossy(&body.expect("a body")));
    }
}

#[tokio::test]
async fn the_log_of_a_whole_run_has_no_secret() {
    let mut secrets = secrets();
    let transcript = Transcript::default();
    let logging = tracing::subscriber::set_default(transcript.subscriber());
    provoke(&mut secrets).await;
    pages(&mut secrets, &transcript).await;
    drop(logging);
    let text = transcript.text();
    for event in [
        "reason=\"bad_mac\"",
        "reason=\"malformed\"",
        "reason=\"unknown_key\"",
        "reason=\"expired\"",
        "several session cookies under one name",
        "reason=\"superseded\"",
        "the response is a failure",
        "no connection to the database",
        "request failed",
        "request refused",
        "two session layers of one cookie name",
        "found no session",
    ] {
        assert!(text.contains(event), "the run made no {event}:\n{text}");
    }
    secrets.assert_none_in(&text);
}

#[tokio::test]
async fn no_debug_and_no_display_text_has_one() {
    for encrypted in [false, true] {
        let (mut secrets, transcript) = (secrets(), Transcript::default());
        let config = settings(KEY).with_encrypted(encrypted);
        let mut visitor = signed_in(config.clone(), &mut secrets).await;
        let layer = visitor.layer.clone();
        transcript.note(&(
            &config,
            &config.key,
            &layer,
            layer.requests(),
            &visitor.codec,
        ));
        transcript.note(&(visitor.codec.keyring(), visitor.codec.keyring().usage()));
        transcript.note(&(RevocationList::default(), visitor.record()));
        let service = layer.layer(tower::service_fn(async |_: http::Request<()>| {
            Ok::<_, std::convert::Infallible>(http::Response::new(()))
        }));
        transcript.note(&service.clone());
        transcript.note(&tower::Service::call(
            &mut service.clone(),
            visitor.request(),
        ));
        let refused = visitor.codec.open_value(b"nonsense").expect_err("nonsense");
        transcript.note(&refused);
        transcript.note(&refused.to_string());
        visitor
            .visit(|session| {
                transcript.note(&(session, session.of::<Wallet>(), session.record()?));
                if encrypted {
                    return session.put(Wallet::PIN, CARD.to_owned());
                }
                for error in errors(session) {
                    transcript.note(&error);
                    transcript.note(&error.to_string());
                    let mut cause = std::error::Error::source(&error);
                    while let Some(error) = cause {
                        transcript.note(&(error.to_string(), error));
                        cause = error.source();
                    }
                }
                Ok(())
            })
            .await;
        secrets.assert_none_in(&transcript.text());
    }
}

#[tokio::test]
async fn no_panic_message_has_one() {
    let (mut secrets, transcript) = (secrets(), Transcript::default());
    let mut visitor = signed_in(settings(KEY), &mut secrets).await;
    visitor
        .visit(|session| {
            for error in errors(session) {
                let careless = |result: Result<(), Error>| result.unwrap();
                let text = catch_unwind(AssertUnwindSafe(|| careless(Err(error))));
                let text = text.expect_err("a panic");
                transcript.note(text.downcast_ref::<String>().expect("a text"));
            }
            Ok(())
        })
        .await;
    assert!(transcript.text().contains("called `Result::unwrap()`"));
    secrets.assert_none_in(&transcript.text());
}

#[tokio::test]
async fn every_set_cookie_is_marked_as_sensitive() {
    for config in [settings(KEY), settings(KEY).with_encrypted(true)] {
        let mut visitor = signed_in(config, &mut Secrets::default()).await;
        assert!(visitor.answer.headers[SET_COOKIE].is_sensitive());
        let text = format!("{:?}", visitor.answer.headers);
        assert!(text.contains("Sensitive") && !text.contains("session="));
        visitor.visit(Session::destroy).await;
        assert!(visitor.answer.headers[SET_COOKIE].is_sensitive());
        assert!(visitor.codec.remove().is_sensitive());
    }
}

#[test]
fn the_key_of_the_documentation_is_refused_in_every_spelling() {
    for key in [
        "dGhpcyBrZXkgaXMgcHJpbnRlZCBpbiB0aGUgZG9jcyE=",
        "dGhpcyBrZXkgaXMgcHJpbnRlZCBpbiB0aGUgZG9jcyE",
        " dGhpcyBrZXkgaXMgcHJpbnRlZCBpbiB0aGUgZG9jcyE= ",
    ] {
        let error = CookieStore::new(CookieStoreConfig::new("session", key));
        let error = error.expect_err("everybody has it").to_string();
        assert!(error.contains("printed in the documentation"), "{error}");
    }
}

/// The control: what the tests above look for is found where it is.
#[tokio::test]
async fn the_search_finds_each_spelling_of_each_secret() {
    let mut secrets = secrets();
    let visitor = signed_in(settings(KEY), &mut secrets).await;
    for spelling in secrets.spellings() {
        let transcript = Transcript::default();
        let logging = tracing::subscriber::set_default(transcript.subscriber());
        tracing::trace!(what = %spelling, "a careless line");
        drop(logging);
        let found = secrets.first_in(&transcript.text()).is_some();
        assert!(found, "{spelling} was not found");
    }
    let transcript = Transcript::default();
    transcript.note(&SecretKeys::from(KEY));
    secrets.assert_none_in(&transcript.text());
    transcript.note(&visitor.request().headers());
    let found = secrets.first_in(&transcript.text());
    assert!(found.is_some(), "the cookie of a request was not found");
}
