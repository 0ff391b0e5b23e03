//! A session lives exactly as long as its request: whatever ends the request, nothing stays behind.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::routing::get;
use http::header::COOKIE;
use http::{Response, StatusCode};
use http_body_util::{BodyExt, Full};
use session_runtime::{
    CookieStore, Error, Record, Result, Revocation, Session, SessionLayer, Verdict,
};
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use super::support::{self, Visitor};

fn request() -> Request {
    Request::new(Body::empty())
}

/// Every call on a handle whose request is over.
fn assert_ended(session: &Session) {
    let ended = |result: Result<()>| {
        assert!(matches!(result, Err(Error::RequestEnded)), "{result:?}");
    };
    ended(session.get::<i64>("a").map(drop));
    ended(session.require::<i64>("a").map(drop));
    ended(session.put("a", 1));
    ended(session.take::<i64>("a").map(drop));
    ended(session.update("a", |_: Option<i64>| 1));
    ended(session.del("a").map(drop));
    ended(session.contains("a").map(drop));
    ended(session.keys().map(drop));
    ended(session.clear());
    ended(session.renew());
    ended(session.destroy());
    ended(session.id().map(drop));
    ended(session.is_new().map(drop));
    ended(session.born().map(drop));
    ended(session.expires_at().map(drop));
    ended(session.record().map(drop));
}

/// An app with a page for every way in which a handler can end.
fn app() -> Router {
    async fn put(session: Session) -> Result<()> {
        session.put("a", 1)
    }
    async fn fails(session: Session) -> Result<()> {
        session.put("a", 1)?;
        session.require::<i64>("none").map(drop)
    }
    async fn panics(session: Session) {
        session.put("a", 1).unwrap();
        yield_now().await;
        panic!("as the test wants it");
    }
    async fn hangs(session: Session) {
        session.put("a", 1).unwrap();
        std::future::pending::<()>().await;
    }
    Router::new()
        .route("/idle", get(async || "idle"))
        .route("/put", get(put))
        .route("/fails", get(fails))
        .route("/panics", get(panics))
        .route("/hangs", get(hangs))
}

async fn send(app: &Router, path: &str) -> Response<Body> {
    let mut request = request();
    *request.uri_mut() = path.parse().unwrap();
    app.clone().oneshot(request).await.unwrap()
}

#[tokio::test]
async fn the_store_counts_a_request_until_its_response_head() {
    let visitor = Visitor::new();
    let store = visitor.layer.requests().clone();
    assert!(store.is_empty());
    let within = store.clone();
    let app = app().route("/count", get(async move || within.len().to_string()));
    let app = app.layer(visitor.layer.clone());

    let body = send(&app, "/count").await.into_body();
    assert_eq!(body.collect().await.unwrap().to_bytes(), "1");
    for path in ["/idle", "/put", "/fails", "/none"] {
        send(&app, path).await;
        assert_eq!(store.len(), 0, "{path}");
    }
}

#[tokio::test]
async fn a_panic_leaves_nothing_behind() {
    let visitor = Visitor::new();
    let store = visitor.layer.requests();

    let uncaught = app().layer(visitor.layer.clone());
    let task = tokio::spawn(async move { send(&uncaught, "/panics").await });
    assert!(task.await.unwrap_err().is_panic());
    assert!(store.is_empty(), "without a catch layer");

    let outside = app()
        .layer(visitor.layer.clone())
        .layer(CatchPanicLayer::new());
    let response = send(&outside, "/panics").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!response.headers().contains_key("set-cookie"));
    assert!(store.is_empty(), "with a catch layer outside");

    let inside = app()
        .layer(CatchPanicLayer::new())
        .layer(visitor.layer.clone());
    let response = send(&inside, "/panics").await;
    assert!(!response.headers().contains_key("set-cookie"));
    assert!(store.is_empty(), "with a catch layer inside");
}

#[tokio::test(start_paused = true)]
async fn a_timeout_leaves_nothing_behind() {
    let visitor = Visitor::new();
    let timeout =
        TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(5));
    let outside = app().layer(visitor.layer.clone()).layer(timeout);
    let inside = app().layer(timeout).layer(visitor.layer.clone());
    for app in [outside, inside] {
        let response = send(&app, "/hangs").await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(!response.headers().contains_key("set-cookie"));
        assert!(visitor.layer.requests().is_empty());
    }
}

#[tokio::test]
async fn a_request_may_be_cancelled_at_every_poll() {
    const POLLS: usize = 8;
    let visitor = Visitor::new();
    let store = visitor.layer.requests();
    for cancelled_after in 0..=POLLS + 1 {
        let (tell, mut told) = mpsc::unbounded_channel();
        let service = visitor.layer.layer(service_fn(move |_: Request| {
            let tell = tell.clone();
            async move {
                let session = Session::current().unwrap();
                tell.send(session.clone()).unwrap();
                for _ in 0..POLLS {
                    session
                        .update("n", |n: Option<i64>| n.unwrap_or(0) + 1)
                        .unwrap();
                    yield_now().await;
                }
                Ok::<_, Infallible>(Response::new(()))
            }
        }));
        let mut future = Box::pin(service.oneshot(request()));
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..cancelled_after {
            let done = future.as_mut().poll(&mut context).is_ready();
            assert_eq!(store.len(), usize::from(!done));
            if done {
                break;
            }
        }
        drop(future);
        assert!(store.is_empty(), "after {cancelled_after} polls");
        if let Ok(session) = told.try_recv() {
            assert_ended(&session);
        }
    }
}

#[tokio::test]
async fn a_future_that_is_never_polled_leaves_nothing_behind() {
    let visitor = Visitor::new();
    let mut app = app().layer(visitor.layer.clone());
    drop(tower::Service::call(&mut app, request()));
    let mut service = visitor.layer.layer(service_fn(async |_: Request| {
        Ok::<_, Infallible>(Response::new(()))
    }));
    let future = tower::Service::call(&mut service, request());
    assert_eq!(visitor.layer.requests().len(), 1);
    drop(future);
    assert!(visitor.layer.requests().is_empty());
}

#[tokio::test]
async fn the_session_has_ended_before_the_response_future_is_dropped() {
    let visitor = Visitor::new();
    let service = visitor.layer.layer(service_fn(async |_: Request| {
        Ok::<_, Infallible>(Response::new(Some(Session::current().unwrap())))
    }));
    let mut future = pin!(service.oneshot(request()));
    let session = future.as_mut().await.unwrap().into_body().unwrap();
    assert_ended(&session);
    assert!(visitor.layer.requests().is_empty());
}

#[tokio::test]
async fn a_detached_task_that_keeps_a_handle_keeps_no_entry() {
    let visitor = Visitor::new();
    let (finish, finished) = oneshot::channel::<()>();
    let (keep, kept) = oneshot::channel();
    let keep = Arc::new(std::sync::Mutex::new(Some((keep, finished))));
    let handler = async move |session: Session| {
        session.put("a", 1).unwrap();
        let (keep, finished) = keep.lock().unwrap().take().unwrap();
        tokio::spawn(async move {
            finished.await.unwrap();
            assert_ended(&session);
            keep.send(()).unwrap();
        });
    };
    let app = Router::new().route("/", get(handler));
    let app = app.layer(visitor.layer.clone());
    send(&app, "/").await;
    assert!(visitor.layer.requests().is_empty(), "while the task lives");
    finish.send(()).unwrap();
    kept.await.unwrap();
}

#[tokio::test]
async fn a_late_handle_stays_ended_while_other_requests_run() {
    let mut first = Visitor::new();
    let mut late = Vec::new();
    for _ in 0..100 {
        late.push(first.visit(|session| Ok(session.clone())).await);
    }
    let mut second = Visitor {
        cookie: None,
        ..first.clone()
    };
    second
        .visit(|session| {
            session.put("a", 1)?;
            late.iter().for_each(assert_ended);
            assert_eq!(session.get("a")?, Some(1));
            Ok(())
        })
        .await;
    assert_eq!(second.payload(), r#"{"a":1}"#);
}

/// A page whose body is made after its head, from a snapshot of its session.
async fn streaming(session: Session) -> Result<Body> {
    session.put("user", "ada")?;
    let record: Record = session.record()?;
    let body = Full::<Bytes>::from("made when it is polled").map_frame(move |frame| {
        assert_ended(&session);
        assert!(Session::current().is_err());
        let user = record.get::<String>("user").unwrap().unwrap();
        frame.map_data(|_| Bytes::from(user.clone()))
    });
    Ok(Body::new(body))
}

#[tokio::test]
async fn a_streaming_body_has_its_record_and_the_store_is_empty_meanwhile() {
    let mut visitor = Visitor::new();
    let app = Router::new().route("/", get(streaming));
    let response = visitor.page(app.layer(visitor.layer.clone()), "/").await;
    assert_eq!(visitor.payload(), r#"{"user":"ada"}"#);
    assert!(visitor.layer.requests().is_empty());
    let body = response.into_body().collect().await.unwrap();
    assert_eq!(body.to_bytes(), "ada");
}

#[tokio::test]
async fn of_100_000_mixed_requests_nothing_stays() {
    const REQUESTS: usize = 100_000;
    let visitor = Visitor::new();
    let layer = &visitor.layer;
    let service = layer.layer(service_fn(async |request: http::Request<usize>| {
        let number = *request.body();
        let session = Session::current().unwrap();
        if number.is_multiple_of(3) {
            session.put("n", number).unwrap();
        }
        yield_now().await;
        match number % 5 {
            0 => Err("broken"),
            1 => {
                std::future::pending::<()>().await;
                Ok(Response::new(None))
            }
            2 => Ok(Response::new(Some(session))),
            3 => resume_unwind(Box::new("without a word on the terminal")),
            _ => Ok(Response::new(None)),
        }
    }));
    let mut handles = Vec::new();
    let mut open = std::collections::VecDeque::new();
    let mut context = Context::from_waker(Waker::noop());
    for number in 0..REQUESTS {
        let mut future = Box::pin(service.clone().oneshot(http::Request::new(number)));
        for _ in 0..number % 4 {
            let polled = AssertUnwindSafe(|| future.as_mut().poll(&mut context));
            match catch_unwind(polled) {
                Ok(Poll::Pending) => {}
                Ok(Poll::Ready(answer)) => {
                    handles.extend(answer.ok().and_then(Response::into_body));
                    break;
                }
                Err(_panic) => break,
            }
        }
        // Up to 64 requests are in flight at once; the oldest is cancelled.
        open.push_back(future);
        if open.len() > 64 {
            open.pop_front();
        }
    }
    assert!(!layer.requests().is_empty());
    drop(open);
    assert_eq!(layer.requests().len(), 0);
    assert!(handles.len() > REQUESTS / 20);
    handles.iter().for_each(assert_ended);
}

/// A second poll after a panic in the handler's `call`, which comes after the hook was awaited: it must not wait for
/// ever.
#[tokio::test]
async fn a_future_that_panicked_is_loud_when_it_is_polled_again() {
    let config = support::config();
    let hook = Revocation::with_future(async |_| Ok(Verdict::Valid));
    let layer = SessionLayer::new(config.clone())
        .unwrap()
        .with_revocation(hook);
    let store = CookieStore::new(config).unwrap();
    let cookie = store.seal(&store.new_record().unwrap()).unwrap();
    let mut request = http::Request::new(());
    request.headers_mut().insert(COOKIE, cookie);
    let panics = |_: http::Request<()>| -> std::future::Ready<Result<Response<()>, Infallible>> {
        resume_unwind(Box::new("without a word on the terminal"))
    };
    let mut future = Box::pin(layer.layer(service_fn(panics)).call(request));
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..2 {
        let polled = AssertUnwindSafe(|| future.as_mut().poll(&mut context).map(drop));
        assert!(catch_unwind(polled).is_err());
    }
    drop(future);
    assert!(layer.requests().is_empty());
}
