//! Who does not see the page.

use axum::Router;
use axum::body::Body;
use http::header::{ALLOW, HOST};
use http::{Request, StatusCode, Version};
use session_runtime::dev;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::server::{app, ask, config, from, from_here, is_silent, layer, page, routes, says};

#[track_caller]
fn is_refused(answer: &crate::server::Answer, text: &str) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    says(&answer.text, text);
    is_silent(&answer.text, "__Host-app");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn a_peer_elsewhere_is_refused_and_one_here_is_not() {
    let app = app();
    for peer in [
        "192.168.1.7:5000",
        "10.0.0.1:5000",
        "0.0.0.0:5000",
        "[2001:db8::1]:5000",
        "[::ffff:192.168.1.7]:5000",
        "[fe80::1]:5000",
    ] {
        let request = from(peer.parse().expect("an address"), "/_session", &[]);
        is_refused(&ask(&app, request).await, "shown to this machine only");
    }
    for peer in [
        "127.0.0.1:5000",
        "127.8.8.8:5000",
        "[::1]:5000",
        "[::ffff:127.0.0.1]:5000",
    ] {
        let request = from(peer.parse().expect("an address"), "/_session", &[]);
        assert_eq!(ask(&app, request).await.status, StatusCode::OK, "{peer}");
    }
}

#[tokio::test]
async fn a_peer_that_nobody_knows_is_refused_with_what_to_do() {
    let mut request = from_here("/_session", &[]);
    request.extensions_mut().clear();
    let answer = ask(&app(), request).await;
    is_refused(
        &answer,
        "into_make_service_with_connect_info::<SocketAddr>()",
    );
}

#[tokio::test]
async fn every_sign_of_a_proxy_is_a_refusal() {
    let app = app();
    for (name, value) in [
        ("forwarded", "for=192.0.2.60;proto=http"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "localhost"),
        ("x-forwarded-whatever", ""),
        ("via", "1.1 proxy"),
        ("x-real-ip", "127.0.0.1"),
        ("x-client-ip", "127.0.0.1"),
        ("true-client-ip", "127.0.0.1"),
        ("cf-connecting-ip", "127.0.0.1"),
    ] {
        let request = from_here("/_session", &[(name, value)]);
        is_refused(&ask(&app, request).await, "not shown through a proxy");
    }
    let mut old = from_here("/_session", &[]);
    *old.version_mut() = Version::HTTP_10;
    is_refused(&ask(&app, old).await, "not shown through a proxy");
}

#[tokio::test]
async fn a_name_that_any_site_could_point_here_is_refused_unless_it_is_named() {
    let app = app();
    for host in [
        "evil.example",
        "evil.example:3000",
        "localhost.evil.example",
        "myapp.test",
        "192.168.1.7:3000",
        "a b",
        "",
    ] {
        let request = from_here("/_session", &[("host", host)]);
        is_refused(&ask(&app, request).await, "under loopback names only");
    }
    let twice = from_here("/_session", &[("host", "localhost")]);
    let mut twice = twice;
    twice
        .headers_mut()
        .append(HOST, "localhost".parse().expect("a host"));
    is_refused(&ask(&app, twice).await, "under loopback names only");
    let mut none = from_here("/_session", &[]);
    none.headers_mut().remove(HOST);
    is_refused(&ask(&app, none).await, "under loopback names only");

    let named = routes(page().allow_host("MyApp.test")).layer(layer(config()));
    for (app, host) in [
        (&app, "localhost:3000"),
        (&app, "LOCALHOST"),
        (&app, "app.localhost:3000"),
        (&app, "127.0.0.1:3000"),
        (&app, "[::1]:3000"),
        (&named, "myapp.TEST:3000"),
    ] {
        let request = from_here("/_session", &[("host", host)]);
        assert_eq!(ask(app, request).await.status, StatusCode::OK, "{host}");
    }
}

#[tokio::test]
async fn it_is_only_read() {
    let app = app();
    let answer = ask(&app, from_here("POST /_session", &[])).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers[ALLOW], "GET, HEAD");
    let answer = ask(&app, from_here("HEAD /_session", &[])).await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::OK, ""));
}

#[tokio::test]
async fn no_page_of_another_frames_it_or_runs_anything_in_it() {
    let answer = ask(&app(), from_here("/_session", &[])).await;
    let csp = answer.headers["content-security-policy"]
        .to_str()
        .expect("text");
    for directive in [
        "default-src 'none'",
        "style-src 'sha256-",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ] {
        says(csp, directive);
    }
    is_silent(csp, "unsafe");
    assert_eq!(answer.headers["x-frame-options"], "DENY");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    for markup in [
        "<script", " style=", "onclick", "http://", "https://", "src=",
    ] {
        is_silent(&answer.text, markup);
    }
}

#[tokio::test]
async fn over_a_real_connection_axum_knows_the_peer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let service = app().into_make_service_with_connect_info::<std::net::SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    let ask = async |fields: &str| {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        let request = format!(
            "GET /_session HTTP/1.1\r\nhost: {address}\r\n{fields}connection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("text");
        answer
    };
    let answer = ask("").await;
    says(&answer, "HTTP/1.1 200 OK");
    says(&answer, "No cookie of this name came with this request.");
    says(
        &ask("x-forwarded-for: 127.0.0.1\r\n").await,
        "HTTP/1.1 403 Forbidden",
    );
    server.abort();
}

#[tokio::test]
async fn without_a_layer_around_it_the_page_says_so() {
    let bare: Router = Router::new().route_service("/_session", page());
    let answer = ask(&bare, from_here("/_session", &[])).await;
    says(&answer.text, "No session layer is around this page");
}

#[test]
fn what_it_shows_by_debug_is_what_it_allows() {
    let page = dev::page(|_| None).allow_host("myapp.test");
    assert_eq!(
        format!("{page:?}"),
        "DevPage { is_allowed: true, hosts: [\"myapp.test\"], .. }"
    );
    let _request: Request<Body> = Request::default();
}
