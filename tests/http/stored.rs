//! Sessions in a store: what a handler sees and what the browser gets, over the store in memory.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use http::header::SET_COOKIE;
use http::{HeaderValue, Request, Response, StatusCode};
use session_runtime::store::{Loading, MemoryStore};
use session_runtime::{Error, Key, KeyInfo, Result, Session, StoredSessionLayer};
use tower::{Layer, ServiceExt, service_fn};

use crate::support::{Answer, Clock, MAX_AGE, config};

const UID: Key<i64> = Key::new("uid");
const NOTICE: Key<String> = Key::with_info(KeyInfo::new("notice").flash());

struct Browser {
    layer: StoredSessionLayer,
    cookie: Option<String>,
    answer: Answer,
    status: StatusCode,
}

impl Clone for Browser {
    fn clone(&self) -> Self {
        Self {
            layer: self.layer.clone(),
            cookie: self.cookie.clone(),
            answer: Answer::default(),
            status: StatusCode::OK,
        }
    }
}

impl Browser {
    fn new() -> (Self, Clock) {
        let clock = Clock::new();
        let store = MemoryStore::new().with_clock(clock.reader());
        let layer = session_runtime::SessionLayer::new(config()).unwrap();
        let layer = layer.with_clock(clock.reader()).with_store(store).unwrap();
        (Self::of(layer), clock)
    }

    fn of(layer: StoredSessionLayer) -> Self {
        Self {
            layer,
            cookie: None,
            answer: Answer::default(),
            status: StatusCode::OK,
        }
    }

    async fn visit<R: Send + 'static>(
        &mut self,
        calls: impl AsyncFnOnce(Session) -> Result<R>,
    ) -> Result<R> {
        self.answered(StatusCode::OK, calls).await
    }

    async fn answered<R: Send + 'static>(
        &mut self,
        status: StatusCode,
        calls: impl AsyncFnOnce(Session) -> Result<R>,
    ) -> Result<R> {
        let calls = std::cell::RefCell::new(Some(calls));
        let result = std::cell::RefCell::new(None);
        let service = self.layer.layer(service_fn(async |_: Request<()>| {
            let calls = calls.borrow_mut().take().expect("one request");
            let done = calls(Session::current().unwrap()).await;
            *result.borrow_mut() = Some(done);
            let mut response = Response::new(String::from("the page"));
            *response.status_mut() = status;
            Ok::<_, std::convert::Infallible>(response)
        }));
        let mut request = Request::new(());
        if let Some(cookie) = &self.cookie {
            let cookie = HeaderValue::try_from(cookie).unwrap();
            request.headers_mut().insert("cookie", cookie);
        }
        let response = service.oneshot(request).await.unwrap();
        self.status = response.status();
        self.answer = Answer {
            headers: response.headers().clone(),
        };
        if let Some(cookie) = self.answer.session_cookie() {
            let pair = cookie.split(';').next().map(ToOwned::to_owned);
            self.cookie = pair.filter(|_| !self.answer.removes());
        }
        result.take().expect("the handler ran")
    }
}

#[tokio::test]
async fn what_is_put_is_there_for_the_next_request_and_the_cookie_is_88_characters() {
    let (mut browser, _) = Browser::new();
    browser
        .visit(async |session| session.put(UID, 7))
        .await
        .unwrap();
    let cookie = browser.cookie.clone().unwrap();
    assert_eq!(cookie.len(), "session=".len() + 88, "{cookie}");
    let uid = browser.visit(async |session| session.get(UID)).await;
    assert_eq!(uid.unwrap(), Some(7));
    assert_eq!(browser.answer.all(SET_COOKIE), [""; 0], "nothing changed");
    browser
        .visit(async |session| session.put("big", "x".repeat(10_000)))
        .await
        .unwrap();
    assert_eq!(
        browser.answer.all(SET_COOKIE),
        [""; 0],
        "a change alone sets no cookie"
    );
    let big: String = browser
        .visit(async |session| session.require("big"))
        .await
        .unwrap();
    assert_eq!(big.len(), 10_000);
    assert!(browser.layer.requests().is_empty());
}

#[tokio::test]
async fn parallel_requests_lose_nothing() {
    let (mut browser, _) = Browser::new();
    browser
        .visit(async |session| session.put(UID, 7))
        .await
        .unwrap();
    let barrier = Arc::new(tokio::sync::Barrier::new(8));
    let requests = (0..8).map(|number| {
        let (mut browser, barrier) = (browser.clone(), Arc::clone(&barrier));
        async move {
            let name = format!("key{number}");
            let put = browser.visit(async |session| {
                session.get::<i64>("uid")?;
                barrier.wait().await;
                session.put(name, number)
            });
            put.await.unwrap();
            assert_eq!(browser.status, StatusCode::OK);
        }
    });
    let local = tokio::task::LocalSet::new();
    let tasks: Vec<_> = requests.map(|request| local.spawn_local(request)).collect();
    local.await;
    for task in tasks {
        task.await.unwrap();
    }
    let keys = browser.visit(async |session| session.keys()).await.unwrap();
    assert_eq!(keys.len(), 9, "{keys:?}");
}

#[tokio::test]
async fn signed_out_stays_signed_out_whatever_was_in_flight() {
    let (mut browser, _) = Browser::new();
    browser
        .visit(async |session| session.put(UID, 7))
        .await
        .unwrap();
    let mut other = browser.clone();
    let before = browser.clone();
    other
        .visit(async |session| {
            session.put("late", 1)?;
            let mut third = before.clone();
            third.visit(async |session| session.destroy()).await?;
            assert!(third.answer.removes());
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(other.status, StatusCode::OK);
    assert_eq!(other.answer.all(SET_COOKIE), [""; 0], "superseded");
    let uid = browser
        .visit(async |session| session.get(UID))
        .await
        .unwrap();
    assert_eq!(uid, None);
}

#[tokio::test]
async fn renew_restart_flash_and_rolling_mean_the_same() {
    let (mut browser, clock) = Browser::new();
    browser
        .visit(async |session| session.put(UID, 7))
        .await
        .unwrap();
    let old = browser.clone();
    browser
        .visit(async |session| session.renew())
        .await
        .unwrap();
    assert_ne!(browser.cookie, old.cookie);
    let uid = browser
        .visit(async |session| session.get(UID))
        .await
        .unwrap();
    assert_eq!(uid, Some(7));
    // The old id is gone, and gets no cookie that would take the place of the new one.
    let mut old = old;
    let late = old.visit(async |session| session.put(UID, 8)).await;
    assert!(matches!(late, Err(Error::Gone)), "{late:?}");
    assert_eq!(old.answer.all(SET_COOKIE), [""; 0]);
    browser
        .visit(async |session| {
            session.restart()?;
            session.put(NOTICE, "bye".to_owned())
        })
        .await
        .unwrap();
    let seen = browser
        .visit(async |session| Ok((session.get(UID)?, session.get(NOTICE)?)))
        .await;
    assert_eq!(seen.unwrap(), (None, Some("bye".to_owned())));
    let seen = browser.visit(async |session| session.get(NOTICE)).await;
    assert_eq!(seen.unwrap(), None);
    clock.advance(MAX_AGE / 2);
    browser.visit(async |session| session.keys()).await.unwrap();
    assert!(browser.answer.saves(), "due");
    clock.advance(MAX_AGE - 1);
    let is_new = browser.visit(async |session| session.is_new()).await;
    assert!(!is_new.unwrap(), "the row's end moved too");
}

#[tokio::test]
async fn exact_calls_commit_before_they_answer() {
    let (mut browser, _) = Browser::new();
    browser
        .visit(async |session| session.put(UID, 7))
        .await
        .unwrap();
    let mut other = browser.clone();
    let n = browser
        .visit(async |session| {
            session.put("pending", 1)?;
            let n: u32 = session
                .update_now("n", |n: Option<u32>| n.unwrap_or(0) + 1)
                .await?;
            let m = other
                .visit(async |session| {
                    assert!(!session.contains("pending")?);
                    session
                        .update_now("n", |n: Option<u32>| n.unwrap_or(0) + 1)
                        .await
                })
                .await?;
            assert_eq!((n, m), (1, 2));
            session
                .update_now("n", |n: Option<u32>| n.unwrap_or(0) + 1)
                .await
        })
        .await;
    assert_eq!(n.unwrap(), 3);
    let (n, pending) = browser
        .visit(async |session| Ok((session.get::<u32>("n")?, session.contains("pending")?)))
        .await
        .unwrap();
    assert_eq!((n, pending), (Some(3), true));
    let mut other = browser.clone();
    let first = browser
        .visit(async |session| session.take_now::<u32>("n").await)
        .await;
    let second = other
        .visit(async |session| session.take_now::<u32>("n").await)
        .await;
    assert_eq!((first.unwrap(), second.unwrap()), (Some(3), None));
}

#[tokio::test]
async fn on_extract_loads_where_it_is_asked_for() {
    let (browser, _) = Browser::new();
    let layer = browser.layer.with_loading(Loading::OnExtract);
    let app = Router::new()
        .route("/put", get(async |session: Session| session.put(UID, 7)))
        .route(
            "/get",
            get(async |session: Session| -> Result<String> {
                Ok(format!("{:?}", session.get(UID)?))
            }),
        )
        .route(
            "/early",
            get(async || {
                let session = Session::current().unwrap();
                let early = session.get(UID);
                assert!(matches!(early, Err(Error::NotLoaded)), "{early:?}");
                session.load().await.unwrap();
                format!("{:?}", session.get(UID).unwrap())
            }),
        )
        .layer(layer);
    let put = app.clone().oneshot(request("/put", None)).await.unwrap();
    let cookie = put.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    for path in ["/get", "/early"] {
        let got = app
            .clone()
            .oneshot(request(path, Some(&cookie)))
            .await
            .unwrap();
        assert_eq!(text(got).await, "Some(7)", "{path}");
    }
}

fn request(path: &str, cookie: Option<&str>) -> Request<axum::body::Body> {
    let request = Request::get(path);
    let pair = cookie.and_then(|cookie| cookie.split(';').next());
    let request = match pair {
        Some(pair) => request.header("cookie", pair),
        None => request,
    };
    request.body(axum::body::Body::empty()).unwrap()
}

async fn text(response: Response<axum::body::Body>) -> String {
    use http_body_util::BodyExt;
    let body = response.into_body().collect().await.unwrap();
    String::from_utf8(body.to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn a_failed_page_saves_nothing_and_a_sign_out_is_done_all_the_same() {
    let (mut browser, _) = Browser::new();
    browser
        .visit(async |session| session.put(UID, 7))
        .await
        .unwrap();
    let failed = StatusCode::INTERNAL_SERVER_ERROR;
    browser
        .answered(failed, async |session| session.put(UID, 8))
        .await
        .unwrap();
    let uid = browser
        .visit(async |session| session.get(UID))
        .await
        .unwrap();
    assert_eq!(uid, Some(7));
    browser
        .answered(failed, async |session| session.destroy())
        .await
        .unwrap();
    assert!(browser.answer.removes());
    let _ = Duration::from_secs(1);
}
