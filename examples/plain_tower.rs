//! The layer without axum: any tower service over `http` types, here served by hyper.
//!
//! `cargo run --example plain_tower`, then `curl -c jar -b jar http://127.0.0.1:3000/`, some times. `PORT` chooses another
//! port. In an application: `session-runtime` with `default-features = false, features = ["derive", "tracing"]`.

use std::convert::Infallible;
use std::error::Error;
use std::net::Ipv4Addr;

use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use session_runtime::{
    CookieStoreConfig, RequestContext, Result, SecretKeys, SessionData, SessionLayer,
};
use tokio::net::TcpListener;
use tower::{ServiceBuilder, service_fn};

#[derive(SessionData)]
struct Visitor {
    #[session(default)]
    visits: u32,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let config = CookieStoreConfig::new("__Host-tower", SecretKeys::generate()?);
    let service = ServiceBuilder::new()
        .layer(SessionLayer::new(config)?.with_data::<Visitor>()?)
        .service(service_fn(respond));
    let service = TowerToHyperService::new(service);

    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("serving http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let connection = http1::Builder::new()
            .timer(TokioTimer::new()) // clients that send no request don't stay for ever
            .serve_connection(TokioIo::new(stream), service.clone());
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
        });
    }
}

/// Without axum nobody makes a response of an error: its status is for the visitor, the rest for the log.
async fn respond<B>(request: Request<B>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, text) = match greet(&request) {
        Ok(text) => (StatusCode::OK, text),
        Err(error) => {
            tracing::error!(%error, "request failed");
            (error.status(), "that did not work\n".to_owned())
        }
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    Ok(response)
}

/// Whatever leads to a request's session: the request, its parts, its extensions, or a session.
fn greet(cx: &impl RequestContext) -> Result<String> {
    let visitor = cx.session()?.of::<Visitor>();
    visitor.update(Visitor::VISITS, |n| n.unwrap_or(0) + 1)?;
    Ok(format!("visit {}\n", visitor.get_visits()?))
}
