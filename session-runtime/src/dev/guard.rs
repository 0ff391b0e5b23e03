//! Who may see the page: only a browser on this machine, without a proxy.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use http::header::{ALLOW, CONTENT_TYPE, HOST};
use http::{Extensions, HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version};

type Peer = Arc<dyn Fn(&Extensions) -> Option<SocketAddr> + Send + Sync>;

/// Headers in which proxies name their client, besides `X-Forwarded-*`.
const FORWARDING: [&str; 6] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
];

#[derive(Clone)]
pub(super) struct Guard {
    peer: Peer,
    /// Whether the page is allowed in this build.
    pub(super) is_allowed: bool,
    /// The allowed host names, in lower case.
    pub(super) hosts: Vec<String>,
}

/// Why the page is not shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Release,
    Method,
    UnknownPeer,
    Remote,
    Proxy,
    Host,
}

impl Guard {
    pub(super) fn new(peer: Peer, is_allowed: bool) -> Self {
        Self {
            peer,
            is_allowed,
            hosts: Vec::new(),
        }
    }

    pub(super) fn check<B>(&self, request: &Request<B>) -> Result<(), Refused> {
        if !self.is_allowed {
            return Err(Refused::Release);
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(Refused::Method);
        }
        if is_forwarded(request.headers()) || request.version() < Version::HTTP_11 {
            return Err(Refused::Proxy);
        }
        let peer = (self.peer)(request.extensions()).ok_or(Refused::UnknownPeer)?;
        if !peer.ip().to_canonical().is_loopback() {
            return Err(Refused::Remote);
        }
        let is_known = host(request).is_some_and(|host| self.knows(&host));
        is_known.then_some(()).ok_or(Refused::Host)
    }

    fn knows(&self, host: &str) -> bool {
        is_loopback(host) || self.hosts.iter().any(|known| known == host)
    }
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    let mut names = headers.keys().map(http::HeaderName::as_str);
    names.any(|name| FORWARDING.contains(&name) || name.starts_with("x-forwarded-"))
}

/// The requested host, without its port, in lower case.
fn host<B>(request: &Request<B>) -> Option<String> {
    let mut fields = request.headers().get_all(HOST).iter();
    let field = fields.next().map(HeaderValue::to_str).transpose().ok()?;
    let authority = match (field, request.uri().authority()) {
        (Some(field), None) => field.parse().ok()?,
        (None, Some(authority)) => authority.clone(),
        (Some(field), Some(authority)) if field == authority.as_str() => authority.clone(),
        _ => return None,
    };
    let host = authority.host().trim_matches(['[', ']']);
    fields.next().is_none().then(|| host.to_ascii_lowercase())
}

fn is_loopback(host: &str) -> bool {
    let address = || {
        host.parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
    };
    host == "localhost" || host.ends_with(".localhost") || address()
}

impl Refused {
    fn text(&self) -> &'static str {
        match self {
            Self::Release => "Not found.",
            Self::Method => "The development page is only read: GET.",
            Self::UnknownPeer => {
                "The development page is shown to this machine only, and nobody knows who asks: serve the application with \
                 `into_make_service_with_connect_info::<SocketAddr>()`, and let the closure of `dev::page` answer the \
                 peer's address."
            }
            Self::Remote => {
                "The development page is shown to this machine only: open it where the application runs."
            }
            Self::Proxy => {
                "The development page is not shown through a proxy, behind which every visitor would be this machine: open \
                 the application's own port where it runs."
            }
            Self::Host => {
                "The development page is shown under loopback names only, since any site can give its name the address of \
                 this machine: open it on localhost, or name your host by `dev::page(..).allow_host(..)`."
            }
        }
    }

    pub(super) fn response(&self) -> Response<String> {
        let mut response = Response::new(format!("{}\n", self.text()));
        *response.status_mut() = match self {
            Self::Release => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            _ => StatusCode::FORBIDDEN,
        };
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        );
        if *self == Self::Method {
            headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        response
    }
}
