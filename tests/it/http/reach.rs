//! However a request is re-wrapped or rebuilt on its way, it reaches its own session.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request};
use axum::middleware::{Next, from_fn};
use axum::routing::{any, get};
use http::{Extensions, Response};
use session_runtime::{Error, Result, Session, SessionData};
use tokio::sync::oneshot;
use tower::buffer::BufferLayer;
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};

use super::support::Visitor;

#[derive(SessionData)]
struct Account {
    /// Who is signed in.
    uid: i64,
}

/// The cookie's payload after a request to this app below the layer.
async fn payload_after(visitor: &mut Visitor, app: Router) -> String {
    visitor.page(app.layer(visitor.layer.clone()), "/").await;
    visitor.payload()
}

async fn put_two(session: Session) -> Result<()> {
    session.put("inner", 2)
}

#[tokio::test]
async fn the_extractors_and_the_free_functions_reach_one_session() {
    async fn handler(
        account: AccountHandle,
        session: Session,
        optional: Option<Session>,
        optional_handle: Option<AccountHandle>,
        request: Request,
    ) -> Result<()> {
        account.put_uid(1)?;
        assert_eq!(session.get(Account::UID)?, Some(1));
        assert_eq!(session.of::<Account>().get_uid()?, Some(1));
        assert_eq!(optional.unwrap().get::<i64>("uid")?, Some(1));
        assert!(optional_handle.unwrap().get_uid()?.is_some());
        assert_eq!(Session::current()?.require(Account::UID)?, 1);
        session_runtime::put(&request, "a", "x")?;
        session_runtime::put(request.extensions(), "b", "y")?;
        let (parts, _) = request.into_parts();
        assert_eq!(session_runtime::get(&parts, "a")?, Some("x".to_owned()));
        assert!(session_runtime::del(&parts, "a")?);
        session_runtime::put(&session, "c", [1, 2])
    }
    let mut visitor = Visitor::new();
    let payload = payload_after(&mut visitor, Router::new().route("/", get(handler))).await;
    assert_eq!(payload, r#"{"uid":1,"b":"y","c":[1,2]}"#);
}

#[tokio::test]
async fn a_request_rebuilt_from_nothing_by_inner_middleware() {
    async fn rebuild(request: Request, next: Next) -> axum::response::Response {
        session_runtime::put(&request, "outer", 1).unwrap();
        next.run(Request::new(request.into_body())).await
    }
    let app = Router::new()
        .route("/", get(put_two))
        .layer(from_fn(rebuild));
    let payload = payload_after(&mut Visitor::new(), app).await;
    assert_eq!(payload, r#"{"outer":1,"inner":2}"#);
}

#[tokio::test]
async fn a_request_whose_extensions_were_cleared() {
    async fn handler(mut request: Request) -> Result<()> {
        request.extensions_mut().clear();
        session_runtime::put(&request, "inner", 2)?;
        session_runtime::put(&Extensions::new(), "none", 3)
    }
    let app = Router::new().route("/", get(handler));
    let payload = payload_after(&mut Visitor::new(), app).await;
    assert_eq!(payload, r#"{"inner":2,"none":3}"#);
}

#[tokio::test]
async fn extensions_that_were_cloned_and_moved_to_another_task() {
    async fn handler(request: Request) -> Result<()> {
        let extensions = request.extensions().clone();
        let task = tokio::spawn(async move {
            assert!(Session::current().is_err(), "another task");
            session_runtime::put(&extensions, "inner", 2)
        });
        task.await.unwrap()
    }
    let app = Router::new().route("/", get(handler));
    let payload = payload_after(&mut Visitor::new(), app).await;
    assert_eq!(payload, r#"{"inner":2}"#);
}

#[tokio::test]
async fn a_request_kept_in_another_wrapper() {
    struct Wrapped(Request);
    let below = service_fn(async |wrapped: Wrapped| {
        session_runtime::put(&wrapped.0, "inner", 2).unwrap();
        Ok::<_, Infallible>(Response::new(()))
    });
    let visitor = Visitor::new();
    let service = visitor.layer.layer(below.map_request(Wrapped));
    let response = service.oneshot(Request::new(Body::empty())).await.unwrap();
    assert!(response.headers().contains_key("set-cookie"));
}

#[tokio::test]
async fn a_handle_moved_into_a_task_works_until_the_response_head() {
    let (started, start) = oneshot::channel::<()>();
    let (told, tell) = oneshot::channel();
    let mut visitor = Visitor::new();
    let mut late = None;
    visitor
        .visit(|session| {
            let moved = session.clone();
            late = Some(tokio::spawn(async move {
                start.await.unwrap();
                told.send(moved.put("late", 1)).unwrap();
            }));
            session.put("a", 1)
        })
        .await;
    started.send(()).unwrap();
    assert!(matches!(tell.await.unwrap(), Err(Error::RequestEnded)));
    late.unwrap().await.unwrap();

    async fn handler(session: Session) -> Result<()> {
        let moved = session.clone();
        let put = move || moved.put("thread", 2);
        tokio::task::spawn_blocking(put).await.unwrap()
    }
    let app = Router::new().route("/", get(handler));
    let payload = payload_after(&mut visitor, app).await;
    assert_eq!(payload, r#"{"a":1,"thread":2}"#);
}

#[tokio::test]
async fn behind_a_buffer_the_request_still_leads_to_its_session() {
    async fn handler(request: Request) -> Result<()> {
        session_runtime::put(&request, "inner", 2)
    }
    let mut visitor = Visitor::new();
    let mut service = ServiceBuilder::new()
        .layer(visitor.layer.clone())
        .map_err(|error: tower::BoxError| -> Infallible { panic!("{error}") })
        .layer(BufferLayer::<Request>::new(4))
        .service(Router::new().route("/", any(handler)));
    let ready = service.ready().await.unwrap();
    let response = ready.call(Request::new(Body::empty())).await.unwrap();
    visitor.note(response.headers().clone());
    assert_eq!(visitor.payload(), r#"{"inner":2}"#);
}

#[tokio::test]
async fn nothing_is_current_between_polls_nor_after_a_panic() {
    let visitor = Visitor::new();
    let service = visitor.layer.layer(service_fn(async |_: Request| {
        Session::current().unwrap().put("a", 1).unwrap();
        tokio::task::yield_now().await;
        Session::current().unwrap().put("b", 1).unwrap();
        assert!(Session::current().is_err(), "a panic in the second poll");
        Ok::<_, Infallible>(Response::new(()))
    }));
    let mut request = Box::pin(service.oneshot(Request::new(Body::empty())));
    let first = futures_poll(&mut request);
    assert!(first.is_pending());
    assert!(Session::current().is_err(), "between polls");
    let second = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        futures_poll(&mut request).is_ready()
    }));
    assert!(second.is_err());
    assert!(Session::current().is_err(), "after the panic");
    drop(request);
    assert!(visitor.layer.requests().is_empty());
}

fn futures_poll<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    std::pin::Pin::new(future).poll(&mut context)
}

#[tokio::test]
async fn a_panic_in_the_call_itself_leaves_nothing_current() {
    #[derive(Clone)]
    struct Panics;
    impl Service<Request> for Panics {
        type Response = Response<()>;
        type Error = Infallible;
        type Future = std::future::Ready<Result<Response<()>, Infallible>>;
        fn poll_ready(
            &mut self,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Result<(), Infallible>> {
            std::task::Poll::Ready(Ok(()))
        }
        fn call(&mut self, _: Request) -> Self::Future {
            Session::current().unwrap().put("a", 1).unwrap();
            panic!("in the call");
        }
    }
    let visitor = Visitor::new();
    let mut service = visitor.layer.layer(Panics);
    let called = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut future = Box::pin(service.call(Request::new(Body::empty())));
        drop(futures_poll(&mut future));
    }));
    assert!(called.is_err());
    assert!(Session::current().is_err());
    assert!(visitor.layer.requests().is_empty());
}

#[tokio::test]
async fn requests_on_one_thread_do_not_see_each_other() {
    let visitor = Visitor::new();
    let app = Router::new()
        .route(
            "/",
            get(async |session: Session| {
                let keys = session.keys().unwrap();
                session.put("mine", 1).unwrap();
                tokio::task::yield_now().await;
                let current = Session::current().unwrap();
                assert_eq!(current.id().unwrap(), session.id().unwrap());
                assert!(keys.is_empty());
            }),
        )
        .layer(visitor.layer.clone());
    let requests = (0..100).map(|_| tokio::spawn(app.clone().oneshot(Request::new(Body::empty()))));
    for request in requests.collect::<Vec<_>>() {
        assert!(request.await.unwrap().unwrap().status().is_success());
    }
    assert!(visitor.layer.requests().is_empty());
}

#[tokio::test]
async fn a_handler_that_calls_another_app_keeps_its_own_session() {
    async fn outer(session: Session, Extension(app): Extension<Router>) -> Result<()> {
        session.put("outer", 1)?;
        let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert!(response.headers().contains_key("set-cookie"));
        assert!(Session::current()?.contains("outer")?);
        assert!(!session.contains("inner")?);
        Ok(())
    }
    let mut visitor = Visitor::new();
    let other = Visitor::new();
    let inner: Router = Router::new()
        .route("/", get(put_two))
        .layer(other.layer.clone());
    let app = Router::new().route("/", get(outer)).layer(Extension(inner));
    let payload = payload_after(&mut visitor, app).await;
    assert_eq!(payload, r#"{"outer":1}"#);
}
