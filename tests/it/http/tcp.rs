//! A server on a loopback port and a client that is not ours.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::Redirect;
use axum::routing::{get, post};
use http::StatusCode;
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use reqwest::Client;
use session_runtime::{Error, RequestStore, Result, Session, SessionData, SessionLayer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

use super::support::config;

#[derive(SessionData)]
struct Account {
    /// Who is signed in.
    uid: i64,
    /// Shown once, on the next page.
    #[session(flash)]
    notice: String,
}

/// Serves the pages on a port of its own until the test ends; answers its address and the store.
async fn serve(pages: Router) -> (String, RequestStore) {
    // Served over plain http, where clients send no Secure cookie.
    let layer = SessionLayer::new(config().with_secure(false)).unwrap();
    let store = layer.requests().clone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, pages.layer(layer)).await });
    (address, store)
}

fn browser() -> Client {
    let client = Client::builder().cookie_store(true).no_proxy();
    client.timeout(Duration::from_secs(20)).build().unwrap()
}

async fn text(response: reqwest::Response) -> String {
    response.text().await.unwrap()
}

#[tokio::test]
async fn sign_in_be_greeted_once_and_sign_out() {
    async fn sign_in(account: AccountHandle) -> Result<Redirect> {
        account.renew()?;
        account.put_uid(123)?;
        account.put_notice("welcome".to_owned())?;
        Ok(Redirect::to("/me"))
    }
    async fn me(account: AccountHandle) -> Result<String> {
        let notice = account.get_notice()?.unwrap_or_default();
        Ok(format!("{}{notice}", account.require_uid()?))
    }
    async fn sign_out(session: Session) -> Result<Redirect> {
        session.destroy()?;
        Ok(Redirect::to("/me"))
    }
    let pages = Router::new()
        .route("/sign-in", post(sign_in))
        .route("/me", get(me))
        .route("/sign-out", post(sign_out));
    let (address, store) = serve(pages).await;
    let url = |path: &str| format!("http://{address}{path}");
    let (ada, bob) = (browser(), browser());

    let refused = ada.get(url("/me")).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED.as_u16());
    assert_eq!(text(refused).await, "Unauthorized");
    let greeted = ada.post(url("/sign-in")).send().await.unwrap();
    assert_eq!(text(greeted).await, "123welcome", "after the redirect");
    let again = ada.get(url("/me")).send().await.unwrap();
    assert_eq!(text(again).await, "123");
    let other = bob.get(url("/me")).send().await.unwrap();
    assert_eq!(other.status(), StatusCode::UNAUTHORIZED.as_u16());
    let left = ada.post(url("/sign-out")).send().await.unwrap();
    assert_eq!(left.status(), StatusCode::UNAUTHORIZED.as_u16());
    assert!(store.is_empty());
}

#[tokio::test]
async fn requests_of_one_connection_have_their_own_sessions() {
    async fn count(session: Session) -> Result<String> {
        session.update("n", |n: Option<u32>| n.unwrap_or(0) + 1)?;
        Ok(session.require::<u32>("n")?.to_string())
    }
    let (address, _) = serve(Router::new().route("/", get(count))).await;
    let url = format!("http://{address}/");
    let forgetful = Client::builder().no_proxy().build().unwrap();
    let keeps = browser();
    for n in 1..5 {
        let first = forgetful.get(&url).send().await.unwrap();
        assert_eq!(text(first).await, "1");
        let next = keeps.get(&url).send().await.unwrap();
        assert_eq!(text(next).await, n.to_string());
    }
}

/// Tells the test when it is dropped.
struct Dropped(mpsc::UnboundedSender<&'static str>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.send("dropped").expect("the test listens");
    }
}

#[tokio::test]
async fn a_client_that_goes_away_in_the_middle_leaves_nothing_behind() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let kept = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&kept);
    let handler = async move |session: Session| {
        let _dropped = Dropped(tell.clone());
        session.put("a", 1).unwrap();
        *keep.lock().unwrap() = Some(session);
        tell.send("begun").unwrap();
        std::future::pending::<()>().await;
    };
    let (address, store) = serve(Router::new().route("/", get(handler))).await;
    let mut client = TcpStream::connect(&address).await.unwrap();
    let request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    client.write_all(request).await.unwrap();
    assert_eq!(told.recv().await, Some("begun"));
    assert_eq!(store.len(), 1);

    drop(client);
    assert_eq!(told.recv().await, Some("dropped"));
    assert!(store.is_empty());
    let session = kept.lock().unwrap().take().unwrap();
    assert!(matches!(session.keys(), Err(Error::RequestEnded)));
}

#[tokio::test]
async fn a_stream_goes_on_after_its_session() {
    let (head_came, wait) = oneshot::channel::<()>();
    let wait = Arc::new(Mutex::new(Some(wait)));
    let handler = async move |session: Session| -> Result<Body> {
        session.put("user", "ada")?;
        let record = session.record()?;
        let (mut body, stream) = Channel::<Bytes>::new(1);
        let wait = wait.lock().unwrap().take().unwrap();
        tokio::spawn(async move {
            wait.await.unwrap();
            let ended = session.get::<String>("user");
            assert!(matches!(ended, Err(Error::RequestEnded)));
            for _ in 0..3 {
                let user: String = record.get("user").unwrap().unwrap();
                body.send_data(Bytes::from(user)).await.unwrap();
            }
        });
        Ok(Body::new(stream.boxed()))
    };
    let (address, store) = serve(Router::new().route("/", get(handler))).await;
    let response = browser().get(format!("http://{address}/")).send();
    let response = response.await.unwrap();
    assert!(response.headers().contains_key("set-cookie"));
    assert!(store.is_empty(), "while the stream goes on");
    head_came.send(()).unwrap();
    assert_eq!(text(response).await, "adaadaada");
}

#[tokio::test]
async fn a_strange_client_is_served_all_the_same() {
    async fn page(session: Session) -> Result<&'static str> {
        session.put("a", 1)?;
        Ok("served")
    }
    let (address, store) = serve(Router::new().route("/", get(page))).await;
    let cookies: [&[u8]; 5] = [
        b"session=\xff\xfe; \x80=\xe9",
        b";;;===;session",
        b"session=a\tb; session=\"; session=%00",
        b"session",
        &[b';'; 5_000],
    ];
    for cookie in cookies {
        let mut client = TcpStream::connect(&address).await.unwrap();
        let head = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: ";
        for part in [head, cookie, b"\r\n\r\n"] {
            client.write_all(part).await.unwrap();
        }
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert_eq!(answer.matches("set-cookie: session=").count(), 1);
        assert!(answer.ends_with("served"));
    }
    assert!(store.is_empty());
}
