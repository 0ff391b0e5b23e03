//! A page for developers that shows the session of the browser that opens it (feature `dev`).
//!
//! It shows the values of this request's session. It shows whether each cookie of its name is valid, and what the
//! browser will do with the next cookie, each with the reason. It lists the keys, the layers, and what the last
//! responses did. It changes no session: it consumes no flash and issues no cookie.
//!
//! It takes one line in the router, below the layer:
//!
//! ```
//! # #[cfg(feature = "axum")]
//! # fn app() -> Result<axum::Router, Box<dyn std::error::Error>> {
//! use std::net::SocketAddr;
//!
//! use axum::Router;
//! use axum::extract::ConnectInfo;
//! use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer, dev};
//!
//! let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
//! let app: Router = Router::new()
//!     .route_service("/_session", dev::page(|it| it.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0)))
//!     .layer(SessionLayer::new(config)?);
//! # Ok(app)
//! # }
//! ```
//!
//! It takes one more line where the router is served, so that axum knows the peer's address:
//!
//! ```
//! # #[cfg(feature = "axum")]
//! # async fn serve(listener: tokio::net::TcpListener, app: axum::Router) -> std::io::Result<()> {
//! # use std::net::SocketAddr;
//! axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
//! # }
//! ```
//!
//! # Who sees it
//!
//! The page shows what sessions hold, so it refuses
//! - in release builds, unless [`allow_in_release`](DevPage::allow_in_release) was called,
//! - peers that are not this machine, and unknown peers,
//! - requests through a proxy, since behind a proxy every peer is this machine: requests with `Forwarded`,
//!   `X-Forwarded-*`, `Via` or `X-Real-IP`, and requests in HTTP/1.0, which nginx uses unless it is configured
//!   otherwise,
//! - requests for a host that is no loopback name, unless [`allow_host`](DevPage::allow_host) names it: any site can
//!   point its own name at this machine, and would then have the same origin as the page.
//!
//! The page can't tell a browser from a proxy on this machine that adds none of these headers. Do not deploy the
//! feature.
//!
//! Values of `private` keys are hidden. The layer keeps the last 32 responses, with the request's method and path,
//! without queries, ids and values.

mod guard;
mod html;
mod moment;
mod view;
mod words;

use core::convert::Infallible;
use core::fmt;
use core::future::{Ready, ready};
use core::task::{Context, Poll};
use std::net::SocketAddr;
use std::sync::Arc;

use http::{Extensions, Method, Request, Response};
use tower_service::Service;

use guard::Guard;
use html::{CSP, page as html};
use view::View;

use crate::request::Shown;

/// The development page, which [`page`] makes: a tower service for a route below the session layer.
#[derive(Clone)]
pub struct DevPage {
    guard: Guard,
}

/// The development page. `peer` reads the peer's address from the request's extensions. With axum it is in
/// `ConnectInfo<SocketAddr>`; with other servers you put it there. If `peer` returns `None`, the page refuses.
///
/// The [module](self) has a full example.
pub fn page(peer: impl Fn(&Extensions) -> Option<SocketAddr> + Send + Sync + 'static) -> DevPage {
    DevPage {
        guard: Guard::new(Arc::new(peer), cfg!(debug_assertions)),
    }
}

impl DevPage {
    /// Shows the page in release builds too. Use it for a service on your own machine, never for a service that others
    /// can reach.
    #[must_use]
    pub fn allow_in_release(mut self) -> Self {
        self.guard.is_allowed = true;
        self
    }

    /// Shows the page under another host name of this machine too, such as `myapp.test` in `/etc/hosts`. Loopback names
    /// are always allowed.
    ///
    /// ```
    /// use session_runtime::dev;
    ///
    /// let page = dev::page(|it| it.get().copied()).allow_host("myapp.test");
    /// ```
    #[must_use]
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.guard.hosts.push(host.into().to_ascii_lowercase());
        self
    }

    fn answer<B>(&self, request: &Request<B>) -> Response<String> {
        let refused = self.guard.check(request);
        let mut response = match refused {
            Ok(()) => {
                let mut response = Response::new(html(&View::of(request)));
                for (name, value) in [
                    ("content-type", "text/html; charset=utf-8"),
                    ("content-security-policy", &*CSP),
                ] {
                    set(&mut response, name, value);
                }
                response
            }
            Err(refused) => refused.response(),
        };
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            set(&mut response, name, value);
        }
        if request.method() == Method::HEAD {
            response.body_mut().clear();
        }
        response.extensions_mut().insert(Shown);
        response
    }
}

fn set(response: &mut Response<String>, name: &'static str, value: &str) {
    let value = value.parse().expect("these are headers");
    response.headers_mut().insert(name, value);
}

impl<B> Service<Request<B>> for DevPage {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        ready(Ok(self.answer(&request)))
    }
}

impl fmt::Debug for DevPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DevPage")
            .field("is_allowed", &self.guard.is_allowed)
            .field("hosts", &self.guard.hosts)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
