//! Visitors: what they send, what they keep, and what is in their session.

use std::future::ready;
use std::net::Ipv4Addr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode};
use session_runtime::store::{Loading, MemoryStore};
use session_runtime::testing::{self, Clock, Visitor};
use session_runtime::{
    BoxError, CookieStore, CookieStoreConfig, Error, Revocation, SecretKeys, Session, SessionLayer,
    Verdict,
};
use tower::ServiceExt;

use super::{Account, Site, routes};

type Result<T = (), E = BoxError> = std::result::Result<T, E>;

#[tokio::test]
async fn a_signed_in_request_is_one_line() -> Result {
    let layer = testing::layer();
    let cookie = testing::cookie(&layer, |session| session.put(Account::UID, 7)).await?;
    assert!(cookie.is_sensitive());
    let request = Request::get("/me").header(COOKIE, cookie);
    let app = routes().layer(layer);
    let response = app.oneshot(request.body(Body::empty())?).await?;
    assert_eq!(response.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn a_store_of_cookies_is_enough_where_the_application_makes_its_layer() -> Result {
    let config = CookieStoreConfig::new("__Host-app", SecretKeys::generate()?);
    let app = routes().layer(SessionLayer::new(config.clone())?);
    let store = CookieStore::new(config)?;
    let mut ada = Visitor::with(&store, |session| session.put(Account::UID, 7)).await?;
    let response = ada
        .send(&app, Request::get("/me").body(Body::empty())?)
        .await?;
    assert_eq!(response.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn what_a_response_left_is_read_by_its_type() -> Result {
    for site in Site::both() {
        let mut ada = site.nobody.clone();
        assert_eq!(site.get(&mut ada, "/me").await, StatusCode::UNAUTHORIZED);
        assert_eq!(site.post(&mut ada, "/sign-in").await, StatusCode::OK);
        assert_eq!(site.post(&mut ada, "/greet").await, StatusCode::OK);
        assert_eq!(site.get(&mut ada, "/me").await, StatusCode::OK);
        for _ in 0..2 {
            let record = ada.record().await?;
            assert_eq!(record.get(Account::UID)?, Some(7));
            let notice = record.get(Account::NOTICE)?;
            assert_eq!(notice.as_deref(), Some("Hello!"), "not used up");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_clone_is_another_browser() -> Result {
    for site in Site::both() {
        let mut ada = site.signed_in().await;
        let mut thief = ada.clone();
        site.post(&mut ada, "/sign-out").await;
        assert_eq!(ada.record().await?.get(Account::UID)?, None);
        let status = site.get(&mut thief, "/me").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "the layer is the same");
    }
    Ok(())
}

#[tokio::test]
async fn a_visit_saves_what_its_handler_puts_unless_it_fails() -> Result {
    for site in Site::both() {
        let mut ada = site.nobody.clone();
        let by_current = async |_| Session::current()?.put("page", 1);
        ada.visit(by_current).await?;
        let failed = async |session: Session| {
            session.put("page", 2)?;
            session.require::<i64>("uid")
        };
        let error = ada.visit(failed).await.err();
        assert!(error.is_some_and(|error| error.is_missing()));
        assert_eq!(ada.record().await?.get("page")?, Some(1));
    }
    Ok(())
}

/// As of handlers with an error type of their own.
#[tokio::test]
async fn a_visit_answers_the_error_of_its_handler() {
    let mut ada = Visitor::from(&testing::layer());
    let fails = async |_| Err::<(), BoxError>("no bread today".into());
    let error = ada.visit(fails).await.expect_err("it fails");
    assert_eq!(error.to_string(), "no bread today");
}

#[tokio::test]
async fn a_store_that_takes_nothing_is_an_error() -> Result {
    let store = MemoryStore::new().with_max_sessions(1);
    let layer = testing::layer().with_data::<Account>()?.with_store(store)?;
    let signed_in = |uid| Visitor::with(&layer, move |session| session.put(Account::UID, uid));
    signed_in(7).await?;
    let error = signed_in(8).await.expect_err("there is no room");
    assert!(matches!(error, Error::Unavailable), "{error}");
    Ok(())
}

#[tokio::test]
async fn sessions_are_loaded_for_visits_where_handlers_load_them() -> Result {
    let layer = testing::layer().with_store(MemoryStore::new())?;
    let layer = layer.with_loading(Loading::OnExtract);
    let mut ada = Visitor::with(&layer, |session| session.put(Account::UID, 7)).await?;
    assert_eq!(ada.record().await?.get(Account::UID)?, Some(7));
    let site = Site::stored(&layer);
    assert_eq!(site.get(&mut ada, "/me").await, StatusCode::OK);
    ada.assert_nothing_set().await;
    Ok(())
}

#[tokio::test]
async fn a_session_that_a_hook_refuses_is_none() -> Result {
    let hook = Revocation::with_future(|_| ready(Ok(Verdict::Revoked)));
    let layer = testing::layer().with_revocation(hook);
    let ada = Visitor::with(&layer, |session| session.put(Account::UID, 7)).await?;
    assert!(ada.record().await?.keys().is_empty());
    Ok(())
}

#[tokio::test]
async fn time_passes_by_the_clock_alone() -> Result {
    let clock = Clock::new();
    let hour = Duration::from_secs(3_600);
    let config = CookieStoreConfig::new("__Host-app", SecretKeys::generate()?);
    let layer = || {
        let layer = SessionLayer::new(config.clone().with_max_age(hour));
        layer.map(|layer| layer.with_clock(clock.reader()))
    };
    let store = MemoryStore::new().with_clock(clock.reader());
    for site in [
        Site::of_cookies(&layer()?),
        Site::stored(&layer()?.with_store(store)?),
    ] {
        let mut ada = site.signed_in().await;
        clock.advance(Duration::from_secs(3_599));
        assert_eq!(ada.record().await?.get(Account::UID)?, Some(7));
        clock.advance(Duration::from_secs(1));
        assert_eq!(ada.record().await?.get(Account::UID)?, None);
        assert_eq!(site.get(&mut ada, "/me").await, StatusCode::UNAUTHORIZED);
    }
    Ok(())
}

#[tokio::test]
async fn looking_at_a_session_that_is_due_renews_nothing() -> Result {
    let clock = Clock::new();
    let hour = Duration::from_secs(3_600);
    let config = CookieStoreConfig::new("__Host-app", SecretKeys::generate()?);
    let layer = SessionLayer::new(config.with_max_age(hour))?
        .with_data::<Account>()?
        .with_clock(clock.reader())
        .with_store(MemoryStore::new().with_clock(clock.reader()))?;
    let ada = Visitor::with(&layer, |session| session.put(Account::UID, 7)).await?;
    let end = async || -> Result<_> {
        let sessions = layer.sessions().list(Account::UID, &7).await?;
        Ok(sessions.first().ok_or("no session")?.expires_at())
    };
    let before = end().await?;
    clock.advance(hour * 3 / 4);
    assert_eq!(ada.record().await?.get(Account::UID)?, Some(7));
    assert_eq!(end().await?, before);
    Ok(())
}

#[tokio::test]
async fn every_cookie_is_kept_until_it_is_removed() -> Result {
    let mut ada = Visitor::with(&testing::layer(), |session| session.put("uid", 7)).await?;
    let mut keep = |fields: &[&str]| -> Result<String> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(SET_COOKIE, field.parse()?);
        }
        ada.keep(&headers);
        Ok(ada.cookie().to_str()?.to_owned())
    };
    let cookies = keep(&["theme=dark; Path=/", "lang=en"])?;
    assert!(cookies.starts_with("__Host-test=") && cookies.ends_with("; theme=dark; lang=en"));
    assert!(keep(&["theme=light"])?.ends_with("; lang=en; theme=light"));
    assert!(keep(&["theme=; Max-Age=0"])?.ends_with("; lang=en"));
    assert!(keep(&["lang=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"])?.starts_with("__Host-test="));
    assert_eq!(keep(&["__Host-test=; Max-Age=-1"])?, "");
    Ok(())
}

/// The request's own cookies go with the visitor's.
#[tokio::test]
async fn a_request_keeps_the_cookies_that_it_has() -> Result {
    let page = get(async |headers: HeaderMap| {
        let cookies = headers.get_all(COOKIE).iter();
        let cookies: Vec<&str> = cookies.filter_map(|field| field.to_str().ok()).collect();
        cookies.join("; ")
    });
    let layer = testing::layer();
    let app: Router = Router::new().route("/", page).layer(layer.clone());
    let mut ada = Visitor::with(&layer, |session| session.put("uid", 7)).await?;
    let request = Request::get("/").header(COOKIE, "theme=dark");
    let response = ada.send(&app, request.body(Body::empty())?).await?;
    let body = axum::body::to_bytes(response.into_body(), 10_000).await?;
    let sent = String::from_utf8(body.to_vec())?;
    assert!(sent.starts_with("theme=dark; __Host-test="), "{sent}");
    Ok(())
}

#[tokio::test]
async fn a_client_over_the_network_sends_and_keeps_the_cookies() -> Result {
    let layer = testing::layer();
    let app = routes().layer(layer.clone());
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let base = format!("http://{}", listener.local_addr()?);
    let server = tokio::spawn(axum::serve(listener, app).into_future());
    let client = reqwest::Client::builder().no_proxy().build()?;

    let mut ada = Visitor::with(&layer, |session| session.put(Account::UID, 7)).await?;
    let request = client.get(format!("{base}/me"));
    let response = request.header(COOKIE, ada.cookie()).send().await?;
    assert_eq!(response.status(), StatusCode::OK);
    ada.keep(response.headers());
    ada.assert_nothing_set().await;

    let request = client.post(format!("{base}/sign-out"));
    let response = request.header(COOKIE, ada.cookie()).send().await?;
    ada.keep(response.headers());
    ada.assert_signed_out(Account::UID).await;
    server.abort();
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visitors_run_in_tasks_of_their_own() {
    for site in Site::both() {
        let tasks = (0..4).map(|_| {
            let site = site.clone();
            tokio::spawn(async move {
                let mut ada = site.signed_in().await;
                site.post(&mut ada, "/sign-out").await;
                ada.assert_signed_out(Account::UID).await;
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.expect("the visitor's task ends well");
        }
    }
}
