//! `private` keys reach no cookie that its visitor can read.

use session_runtime::{CookieStore, CookieStoreConfig, Error, Session, SessionData, SessionLayer};
use tower::{Layer, ServiceExt, service_fn};

use super::support::{Answer, START, Visitor, config, time};

#[derive(SessionData)]
struct Patient {
    uid: i64,
    #[session(private, alias = "illness")]
    diagnosis: String,
}

#[derive(SessionData)]
#[session(prefix = "ward.")]
struct Ward {
    #[session(private)]
    bed: u32,
}

fn encrypted() -> CookieStoreConfig {
    config().with_encrypted(true)
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn assert_not_private(result: session_runtime::Result<()>, key: &str) {
    let error = result.expect_err("a private key");
    assert!(matches!(error, Error::NotPrivate { .. }), "{error:?}");
    assert_eq!(error.key(), Some(key));
    assert_eq!(error.status(), http::StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn a_merely_signed_cookie_refuses_them_and_stays_as_it_was() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put(Patient::UID, 7)).await;
    visitor
        .visit(|session| {
            assert_not_private(
                session.put(Patient::DIAGNOSIS, text("hay fever")),
                "diagnosis",
            );
            assert_not_private(
                session.update(Patient::DIAGNOSIS, |_| text("hay fever")),
                "diagnosis",
            );
            let patient = session.of::<Patient>();
            assert_not_private(patient.put_diagnosis(text("hay fever")), "diagnosis");
            assert_eq!(patient.get_diagnosis()?, None);
            assert_eq!(patient.get_uid()?, Some(7));
            Ok(())
        })
        .await;
    assert_eq!(visitor.answer.session_cookie(), None);
    assert_eq!(visitor.payload(), r#"{"uid":7}"#);
}

#[tokio::test]
async fn an_encrypted_cookie_takes_them() {
    let mut visitor =
        Visitor::of(encrypted()).with_layer(|layer| layer.with_data::<Patient>().expect("private"));
    let put = |session: &Session| {
        session.put(Patient::DIAGNOSIS, text("hay fever"))?;
        session.put("illness", "none")
    };
    visitor.visit(put).await;
    let read = visitor
        .visit(|session| session.get(Patient::DIAGNOSIS))
        .await;
    assert_eq!(read.as_deref(), Some("hay fever"));
}

#[test]
fn a_layer_over_a_signed_cookie_does_not_start_with_them() {
    let layer = || SessionLayer::new(config()).expect("a good configuration");
    let error = layer().with_data::<Patient>().expect_err("a private key");
    let text = error.to_string();
    for part in ["'diagnosis'", "Patient", "set `encrypted`"] {
        assert!(text.contains(part), "{text}");
    }
    let error = layer().with_data::<Ward>().expect_err("a private key");
    assert!(error.to_string().contains("'ward.bed'"), "{error}");
    let layer = SessionLayer::new(encrypted()).expect("a good configuration");
    let layer = layer
        .with_data::<Patient>()
        .and_then(SessionLayer::with_data::<Ward>);
    assert!(layer.is_ok());
}

#[test]
fn a_store_without_middleware_seals_none_into_a_signed_cookie() {
    let store = |config| {
        let store = CookieStore::new(config).expect("a good configuration");
        store.with_clock(|| time(START))
    };
    let (signed, encrypted) = (store(config()), store(encrypted()));
    let mut record = encrypted.new_record().expect("random bytes");
    record
        .put(Patient::DIAGNOSIS, text("hay fever"))
        .expect("encodes");
    assert!(encrypted.seal(&record).is_ok());
    assert_not_private(signed.seal(&record).map(drop), "diagnosis");
    record.del(Patient::DIAGNOSIS).expect("a name");
    assert!(signed.seal(&record).is_ok());
}

/// The layer outside is encrypted and knows the struct; `Session` is the signed one inside.
#[tokio::test]
async fn their_names_are_guarded_in_a_signed_session_below_the_layer_that_knows_them() {
    let clock = Visitor::new().clock;
    let outer = SessionLayer::new(encrypted().with_name("vault"))
        .and_then(SessionLayer::with_data::<Patient>)
        .expect("a good configuration")
        .with_clock(clock.reader());
    let inner = SessionLayer::new(config()).expect("a good configuration");
    let handler = service_fn(async |_: http::Request<()>| {
        let session = Session::current().expect("below the layers");
        for name in ["diagnosis", "illness"] {
            assert_not_private(session.put(name, "hay fever"), name);
            assert_not_private(session.update(name, |_: Option<i64>| 1), name);
        }
        session.put("uid", 7).expect("not private");
        let vault = Session::named("vault").expect("below the layers");
        vault.put("diagnosis", "hay fever").expect("encrypted");
        Ok::<_, std::convert::Infallible>(http::Response::new(()))
    });
    let service = outer.layer(inner.with_clock(clock.reader()).layer(handler));
    let response = service.oneshot(http::Request::new(())).await;
    let (head, ()) = response.unwrap_or_else(|never| match never {}).into_parts();
    let answer = Answer {
        headers: head.headers,
        ..Answer::default()
    };
    assert_eq!(answer.all(http::header::SET_COOKIE).len(), 2);
    let signed = answer.session_cookie().expect("the signed one");
    let pair = signed.split("; ").next().expect("a pair");
    assert_eq!(super::support::payload(pair), r#"{"uid":7}"#);
}
