//! One subject under one workload, called in process: no socket, no server, the same thread.

use std::rc::Rc;

use actix_web::dev::{Service as ActixService, ServiceResponse};
use axum::body::Body;
use axum::routing::RouterIntoService;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use tokio::runtime::Runtime;
use tower::Service;

use crate::account::Account;
use crate::subject::{ActixPeer, Build, Subject};
use crate::subjects::{self, actix};
use crate::workload::{Operation, Workload};

/// What comes before the session's cookie where a workload has neighbours.
const NEIGHBOURS: &str = "_ga=GA1.2.1234567890.1700000000; theme=dark; csrf=b7c2a4f09e31d85c6a7f; ";

/// Sends the same request again and again.
pub trait Client {
    /// Sends this many requests, dropping the answers.
    fn send(&mut self, requests: usize);
    /// Sends one request and shows its answer.
    fn inspect(&mut self) -> (StatusCode, HeaderMap);
}

/// Makes the client of a subject for a workload, or says why that subject can't serve it.
///
/// # Errors
/// Where the subject's answer is not the expected one.
pub fn connect(
    runtime: &Rc<Runtime>,
    subject: &Subject,
    workload: Workload,
) -> Result<Box<dyn Client>, String> {
    let account = Account::with_json_len(workload.json_len);
    let cookie = request_cookie(runtime, subject, workload)?;
    let mut client = build(runtime, subject, workload.operation, &account, cookie);
    let (status, headers) = client.inspect();
    if status != StatusCode::OK {
        return Err(format!("{}, {workload}: answered {status}", subject.name));
    }
    if headers.contains_key(SET_COOKIE) != subject.sets_cookie(workload.operation) {
        return Err(format!(
            "{}, {workload}: unexpected headers {headers:?}",
            subject.name
        ));
    }
    Ok(client)
}

/// The `Cookie` field of a workload's requests: what a browser would send after an account was stored.
///
/// # Errors
/// Where the subject does not store it.
pub fn request_cookie(
    runtime: &Rc<Runtime>,
    subject: &Subject,
    workload: Workload,
) -> Result<Option<HeaderValue>, String> {
    let account = Account::with_json_len(workload.json_len);
    if !workload.operation.has_cookie() {
        return Ok(None);
    }
    if !subject.sets_cookie(Operation::Seed) {
        return unread_cookie(&account, workload.neighbours).map(Some);
    }
    let mut seeding = build(runtime, subject, Operation::Seed, &account, None);
    cookie_header(&seeding.inspect().1, workload.neighbours).map(Some)
}

/// The `Cookie` field that a browser would send after this answer.
fn cookie_header(answer: &HeaderMap, neighbours: bool) -> Result<HeaderValue, String> {
    let set_cookie = answer
        .get(SET_COOKIE)
        .ok_or("no Set-Cookie after storing the account")?;
    let text = set_cookie.to_str().map_err(|error| error.to_string())?;
    field_of(text.split(';').next().unwrap_or_default(), neighbours)
}

/// For subjects without a session: a cookie as long as others get, so that carrying it is subtracted too.
fn unread_cookie(account: &Account, neighbours: bool) -> Result<HeaderValue, String> {
    field_of(
        &format!(
            "{}={}",
            subjects::COOKIE,
            URL_SAFE_NO_PAD.encode(account.to_json())
        ),
        neighbours,
    )
}

fn field_of(pair: &str, neighbours: bool) -> Result<HeaderValue, String> {
    let before = if neighbours { NEIGHBOURS } else { "" };
    HeaderValue::try_from(format!("{before}{pair}")).map_err(|error| error.to_string())
}

fn build(
    runtime: &Rc<Runtime>,
    subject: &Subject,
    operation: Operation,
    account: &Account,
    cookie: Option<HeaderValue>,
) -> Box<dyn Client> {
    let runtime = Rc::clone(runtime);
    match &subject.build {
        Build::Axum(router) => {
            // As `axum::serve` does: makes the layers once, not for every request.
            let service = router(operation, account).with_state(()).into_service();
            Box::new(AxumClient {
                runtime,
                service,
                cookie,
            })
        }
        Build::Actix(peer) => actix_client(runtime, *peer, operation, account, cookie),
    }
}

struct AxumClient {
    runtime: Rc<Runtime>,
    service: RouterIntoService<Body>,
    cookie: Option<HeaderValue>,
}

impl AxumClient {
    fn request(cookie: Option<&HeaderValue>) -> Request<Body> {
        let mut request = Request::new(Body::empty());
        if let Some(cookie) = cookie {
            request.headers_mut().insert(COOKIE, cookie.clone());
        }
        request
    }
}

impl Client for AxumClient {
    fn send(&mut self, requests: usize) {
        let Self {
            runtime,
            service,
            cookie,
        } = self;
        runtime.block_on(async {
            for _ in 0..requests {
                let answer = service.call(Self::request(cookie.as_ref())).await;
                drop(answer);
            }
        });
    }

    fn inspect(&mut self) -> (StatusCode, HeaderMap) {
        let Ok(answer) = self
            .runtime
            .block_on(self.service.call(Self::request(self.cookie.as_ref())));
        (answer.status(), answer.headers().clone())
    }
}

fn actix_client(
    runtime: Rc<Runtime>,
    peer: ActixPeer,
    operation: Operation,
    account: &Account,
    cookie: Option<HeaderValue>,
) -> Box<dyn Client> {
    let cookie = cookie.map(|value| {
        actix_web::http::header::HeaderValue::from_bytes(value.as_bytes())
            .expect("one kind of header fits the other")
    });
    let app = actix_web::App::new().route("/", actix::route(peer, operation, account));
    if peer.has_session() {
        let service = runtime.block_on(actix_web::test::init_service(
            app.wrap(actix::middleware(peer)),
        ));
        Box::new(ActixClient {
            runtime,
            service,
            cookie,
        })
    } else {
        let service = runtime.block_on(actix_web::test::init_service(app));
        Box::new(ActixClient {
            runtime,
            service,
            cookie,
        })
    }
}

struct ActixClient<S> {
    runtime: Rc<Runtime>,
    service: S,
    cookie: Option<actix_web::http::header::HeaderValue>,
}

fn actix_request(cookie: Option<&actix_web::http::header::HeaderValue>) -> actix_http::Request {
    let mut request = actix_http::Request::new();
    if let Some(cookie) = cookie {
        request
            .head_mut()
            .headers_mut()
            .insert(actix_web::http::header::COOKIE, cookie.clone());
    }
    request
}

impl<S, B> Client for ActixClient<S>
where
    S: ActixService<actix_http::Request, Response = ServiceResponse<B>, Error = actix_web::Error>,
{
    fn send(&mut self, requests: usize) {
        let Self {
            runtime,
            service,
            cookie,
        } = self;
        runtime.block_on(async {
            for _ in 0..requests {
                let answer = service.call(actix_request(cookie.as_ref())).await;
                drop(answer);
            }
        });
    }

    fn inspect(&mut self) -> (StatusCode, HeaderMap) {
        let answer = self
            .runtime
            .block_on(self.service.call(actix_request(self.cookie.as_ref())));
        let Ok(answer) = answer else {
            return (StatusCode::INTERNAL_SERVER_ERROR, HeaderMap::new());
        };
        let status = StatusCode::from_u16(answer.status().as_u16())
            .expect("one kind of status fits the other");
        let set_cookie = answer.headers().get(actix_web::http::header::SET_COOKIE);
        let headers = set_cookie
            .and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok())
            .map(|value| (SET_COOKIE, value));
        (status, headers.into_iter().collect())
    }
}
