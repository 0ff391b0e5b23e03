//! At most one `Set-Cookie` of our name, and only when there is something to save.

use std::convert::Infallible;

use http::header::{HeaderValue, SET_COOKIE};
use http::{Request, Response, StatusCode};
use session_runtime::{Error, SavePolicy, Session};
use tower::{Layer, ServiceExt, service_fn};

use super::support::{Answer, Visitor, config};

#[tokio::test]
async fn a_request_that_leaves_the_session_alone_gets_no_header_of_ours() {
    let mut visitor = Visitor::new();
    visitor.visit(|_| Ok(())).await;
    assert!(visitor.answer.headers.is_empty());
}

#[tokio::test]
async fn reading_an_empty_session_sets_no_cookie() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            assert_eq!(session.get::<i64>("uid")?, None);
            assert!(session.keys()?.is_empty());
            assert!(session.is_new()?);
            assert!(!session.contains("uid")?);
            assert!(!session.del("uid")?);
            session.clear()
        })
        .await;
    assert!(visitor.answer.is_silent());
}

#[tokio::test]
async fn many_changes_make_one_cookie() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("a", 1)?;
            session.put("b", 2)?;
            session.put("a", 3)?;
            session.del("b")?;
            session.put("c", "x")
        })
        .await;
    assert_eq!(visitor.answer.all(SET_COOKIE).len(), 1);
    assert_eq!(visitor.payload(), r#"{"a":3,"c":"x"}"#);
}

#[tokio::test]
async fn the_cookie_has_the_configured_attributes() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("a", 1)).await;
    let cookie = visitor.answer.session_cookie().unwrap();
    let (_, attributes) = cookie.split_once("; ").unwrap();
    let mut attributes: Vec<&str> = attributes.split("; ").collect();
    attributes.sort_unstable();
    assert_eq!(
        attributes,
        [
            "HttpOnly",
            "Max-Age=1000",
            "Path=/",
            "SameSite=Lax",
            "Secure"
        ]
    );
}

#[tokio::test]
async fn what_changes_no_byte_of_the_payload_sets_no_cookie() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("a", 1)).await;

    visitor.visit(|session| session.put("a", 1)).await;
    assert!(!visitor.answer.saves(), "the same value");
    visitor
        .visit(|session| {
            session.put("a", 2)?;
            session.put("b", 2)?;
            session.put("a", 1)?;
            session.del("b").map(drop)
        })
        .await;
    assert!(!visitor.answer.saves(), "changed and changed back");
    visitor
        .visit(|session| session.update("a", |old: Option<i64>| old.unwrap_or(0)))
        .await;
    assert!(!visitor.answer.saves(), "updated to the same value");
}

#[tokio::test]
async fn values_come_back_in_the_next_request() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("uid", 123)).await;
    let (uid, new) = visitor
        .visit(|session| Ok((session.require::<i64>("uid")?, session.is_new()?)))
        .await;
    assert_eq!((uid, new), (123, false));
    assert!(visitor.visit(|session| session.del("uid")).await);
    assert_eq!(visitor.payload(), "{}");
    assert!(!visitor.visit(|session| session.contains("uid")).await);
}

#[tokio::test]
async fn take_removes_what_it_answers() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("a", 1)).await;
    assert_eq!(visitor.visit(|session| session.take("a")).await, Some(1));
    assert_eq!(
        visitor.visit(|session| session.take::<i64>("a")).await,
        None
    );
}

#[tokio::test]
async fn clear_keeps_the_id_and_birth_and_saves_an_empty_session() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("a", 1)).await;
    let before = visitor.record();
    visitor.clock.advance(10);
    visitor
        .visit(|session| {
            session.clear()?;
            assert!(!session.contains("a")?);
            Ok(())
        })
        .await;
    let after = visitor.record();
    assert_eq!(visitor.payload(), "{}");
    assert_eq!(
        (after.id(), after.born()),
        (before.id(), before.born()),
        "the same session"
    );
}

#[tokio::test]
async fn clear_and_the_same_values_again_are_no_change() {
    let mut visitor = Visitor::new();
    let values = |session: &Session| {
        session.clear()?;
        session.put("a", 1)?;
        session.put("b", 2)
    };
    visitor.visit(values).await;
    assert!(visitor.answer.saves());
    visitor.visit(values).await;
    assert!(!visitor.answer.saves());
    visitor.visit(Session::clear).await;
    assert!(visitor.answer.saves());
    visitor.visit(Session::clear).await;
    assert!(!visitor.answer.saves(), "there was nothing");
}

#[tokio::test]
async fn asking_for_the_id_makes_a_new_session_stay() {
    let mut visitor = Visitor::new();
    let id = visitor.visit(Session::id).await;
    assert!(visitor.answer.saves());
    assert_eq!(visitor.visit(Session::id).await, id);
    assert!(!visitor.answer.saves(), "it is in the cookie already");
}

#[tokio::test]
async fn changes_are_saved_for_every_status_below_500() {
    for code in [
        200, 201, 204, 301, 303, 304, 400, 401, 404, 422, 499, 599, 500, 503,
    ] {
        let status = StatusCode::from_u16(code).unwrap();
        let mut visitor = Visitor::new();
        visitor
            .answered(status, |session| session.put("a", 1))
            .await;
        assert_eq!(visitor.answer.saves(), code < 500, "{code}");

        let mut visitor =
            Visitor::new().with_layer(|layer| layer.with_save_policy(SavePolicy::Always));
        visitor
            .answered(status, |session| session.put("a", 1))
            .await;
        assert!(visitor.answer.saves(), "{code} under SavePolicy::Always");
    }
}

#[tokio::test]
async fn a_failed_page_changes_nothing_for_the_next_request() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("a", 1)).await;
    visitor
        .answered(StatusCode::BAD_GATEWAY, |session| {
            session.put("a", 2)?;
            session.renew()
        })
        .await;
    assert!(visitor.answer.is_silent());
    assert_eq!(visitor.visit(|session| session.get("a")).await, Some(1));
}

#[tokio::test]
async fn destroy_is_sent_whatever_the_status() {
    for code in [200, 303, 404, 500, 503] {
        let mut visitor = Visitor::new();
        visitor.visit(|session| session.put("a", 1)).await;
        let status = StatusCode::from_u16(code).unwrap();
        visitor.answered(status, Session::destroy).await;
        assert!(visitor.answer.removes(), "{code}");
    }
}

#[tokio::test]
async fn the_removal_repeats_the_attributes_in_the_past() {
    let config = config().with_domain("example.org").with_path("/shop");
    let mut visitor = Visitor::of(config);
    visitor.cookie = Some("session=unreadable".to_owned());
    visitor.visit(Session::destroy).await;
    let cookie = visitor.answer.session_cookie().unwrap();
    let mut parts: Vec<&str> = cookie.split("; ").collect();
    assert_eq!(parts.remove(0), "session=");
    parts.sort_unstable();
    assert_eq!(
        parts,
        [
            "Domain=example.org",
            "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "HttpOnly",
            "Max-Age=0",
            "Path=/shop",
            "SameSite=Lax",
            "Secure"
        ]
    );
}

#[tokio::test]
async fn destroy_without_any_cookie_of_our_name_sends_none() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("a", 1)?;
            session.destroy()
        })
        .await;
    assert!(visitor.answer.is_silent());
}

#[tokio::test]
async fn after_destroy_reads_see_nothing_and_writes_are_refused() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("a", 1)).await;
    visitor
        .visit(|session| {
            session.destroy()?;
            assert_eq!(session.get::<i64>("a")?, None);
            assert!(session.keys()?.is_empty());
            assert!(session.record()?.keys().is_empty());
            assert!(!session.del("a")?);
            assert!(matches!(session.put("a", 2), Err(Error::Destroyed)));
            assert!(matches!(session.renew(), Err(Error::Destroyed)));
            let update = session.update("a", |_: Option<i64>| 2);
            assert!(matches!(update, Err(Error::Destroyed)));
            session.clear()?;
            session.destroy()
        })
        .await;
    assert!(visitor.answer.removes());
    assert!(visitor.cookie.is_none());
}

#[tokio::test]
async fn an_error_of_the_inner_service_passes_through() {
    let visitor = Visitor::new();
    let service = visitor.layer.layer(service_fn(|_: Request<()>| async {
        Session::current().unwrap().put("a", 1).unwrap();
        Err::<Response<()>, _>("broken")
    }));
    assert_eq!(
        service.oneshot(Request::new(())).await.unwrap_err(),
        "broken"
    );
    assert!(visitor.layer.requests().is_empty());
}

#[tokio::test]
async fn cookies_of_the_handler_stay_untouched() {
    let theirs = [
        "theme=dark; Path=/",
        "session2=x",
        "Session=y; Path=/",
        "sessio=z",
    ];
    let mut response = Response::new(());
    for cookie in theirs {
        let cookie = HeaderValue::from_static(cookie);
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    let mut visitor = Visitor::new();
    visitor
        .respond(response, |session| session.put("a", 1))
        .await;
    let all = visitor.answer.all(SET_COOKIE);
    assert_eq!(all[..4], theirs);
    assert_eq!(all.len(), 5);
}

#[tokio::test]
async fn a_cookie_of_our_name_from_the_handler_gives_way_to_ours() {
    let visitor = Visitor::new();
    let service = visitor.layer.layer(service_fn(|_: Request<()>| async {
        Session::current().unwrap().put("a", 1).unwrap();
        let response = Response::builder()
            .header(SET_COOKIE, "session=forged")
            .header(SET_COOKIE, "other=1");
        Ok::<_, Infallible>(response.body(()).unwrap())
    }));
    let response = service.oneshot(Request::new(())).await.unwrap();
    let answer = Answer {
        headers: response.headers().clone(),
        ..Answer::default()
    };
    assert_ne!(answer.session_cookie(), Some("session=forged"));
    assert!(answer.all(SET_COOKIE).contains(&"other=1"));
}
