//! Sites for the tests: each test asks for the ones it needs, with the cookie that it is about.
//!
//! `POST /sites` with a [`Wanted`] starts a site and answers its port. `GET /sites/{port}/seen` are the requests that it
//! got; `POST /sites/{port}/clock` with a number of seconds moves its clock ahead.

mod pages;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::COOKIE;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router, serve as serve_axum};
use serde::{Deserialize, Serialize};
use session_runtime::store::MemoryStore;
use session_runtime::{ConfigError, CookieStoreConfig, SessionLayer};
use tokio::net::TcpListener;

/// A site to be started.
#[derive(Deserialize)]
struct Wanted {
    cookie: CookieStoreConfig,
    /// A second layer around the first.
    outer: Option<CookieStoreConfig>,
    /// Sessions are in a store of the server.
    #[serde(default)]
    is_stored: bool,
    /// The layer clears the browser's cache at a sign-out.
    #[serde(default)]
    clears_cache: bool,
    #[serde(default)]
    pages: pages::Options,
    /// The address to listen at; 127.0.0.1 unless said.
    at: Option<IpAddr>,
}

/// A request that a site got: its method, its path, and the names of its cookies.
#[derive(Clone, Serialize)]
struct Seen {
    method: String,
    path: String,
    cookies: Vec<String>,
}

/// What a site shares with its tests.
#[derive(Clone, Default)]
struct Site {
    seen: Arc<Mutex<Vec<Seen>>>,
    ahead: Arc<AtomicU64>,
}

type Sites = Arc<Mutex<HashMap<u16, Site>>>;

/// Where sites are asked for.
pub(crate) async fn serve() -> String {
    let app = Router::new()
        .route("/sites", post(start))
        .route("/sites/{port}/seen", get(seen))
        .route("/sites/{port}/clock", post(ahead))
        .with_state(Sites::default());
    let port = listen(app, Ipv4Addr::LOCALHOST.into()).await;
    format!("http://127.0.0.1:{port}")
}

async fn listen(app: Router, at: IpAddr) -> u16 {
    let listener = TcpListener::bind((at, 0)).await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { serve_axum(listener, app).await.expect("it serves") });
    port
}

async fn start(
    State(sites): State<Sites>,
    Json(wanted): Json<Wanted>,
) -> Result<Json<u16>, (StatusCode, String)> {
    let site = Site::default();
    let at = wanted.at.unwrap_or(Ipv4Addr::LOCALHOST.into());
    let refused = |error: ConfigError| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string());
    let app = site.app(wanted).map_err(refused)?;
    let port = listen(app, at).await;
    lock(&sites).insert(port, site);
    Ok(Json(port))
}

async fn seen(State(sites): State<Sites>, Path(port): Path<u16>) -> Json<Vec<Seen>> {
    let site = lock(&sites)[&port].clone();
    let seen = lock(&site.seen).clone();
    Json(seen)
}

async fn ahead(State(sites): State<Sites>, Path(port): Path<u16>, Json(seconds): Json<u64>) {
    let site = lock(&sites)[&port].clone();
    site.ahead.fetch_add(seconds, Ordering::Relaxed);
}

fn lock<T>(it: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Site {
    fn app(&self, wanted: Wanted) -> Result<Router, ConfigError> {
        let pages = pages::routes(wanted.pages);
        let mut layer = self.layer(wanted.cookie)?.with_data::<pages::Visitor>()?;
        if wanted.clears_cache {
            layer = layer.with_clear_site_data();
        }
        let mut app = if wanted.is_stored {
            let clock = self.clock();
            pages.layer(layer.with_store(MemoryStore::new().with_clock(clock))?)
        } else {
            pages.layer(layer)
        };
        if let Some(outer) = wanted.outer {
            app = app.layer(self.layer(outer)?);
        }
        Ok(app.layer(from_fn_with_state(self.clone(), note)))
    }

    fn layer(&self, cookie: CookieStoreConfig) -> Result<SessionLayer, ConfigError> {
        Ok(SessionLayer::new(cookie)?.with_clock(self.clock()))
    }

    fn clock(&self) -> impl Fn() -> SystemTime + Send + Sync + 'static {
        let ahead = Arc::clone(&self.ahead);
        move || SystemTime::now() + Duration::from_secs(ahead.load(Ordering::Relaxed))
    }
}

async fn note(State(site): State<Site>, request: Request, next: Next) -> Response {
    let fields = request.headers().get_all(COOKIE).iter();
    let fields = fields.filter_map(|field| field.to_str().ok());
    let pairs = fields.flat_map(|field| field.split("; "));
    let names = pairs.filter_map(|pair| pair.split_once('='));
    lock(&site.seen).push(Seen {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        cookies: names.map(|(name, _)| name.to_owned()).collect(),
    });
    next.run(request).await
}
