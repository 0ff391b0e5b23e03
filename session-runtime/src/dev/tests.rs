//! Tests that need private items: a release build is simulated.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::net::SocketAddr;
use std::sync::Arc;

use http::{Request, StatusCode};
use tower_service::Service;

use super::DevPage;
use super::guard::Guard;

fn in_release() -> DevPage {
    let peer = |_: &http::Extensions| Some(SocketAddr::from(([127, 0, 0, 1], 4_000)));
    DevPage {
        guard: Guard::new(Arc::new(peer), false),
    }
}

fn status(mut page: DevPage) -> (StatusCode, String) {
    let request = Request::get("/_session").header("host", "localhost:3000");
    let answer = page.call(request.body(()).expect("a request"));
    let mut answer = pin!(answer);
    let Poll::Ready(Ok(response)) = answer
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("it is ready at once");
    };
    (response.status(), response.into_body())
}

#[test]
fn a_release_build_says_nothing_unless_it_is_told_to() {
    let (refused, text) = status(in_release());
    assert_eq!(
        (refused, text.as_str()),
        (StatusCode::NOT_FOUND, "Not found.\n")
    );
    assert_eq!(status(in_release().allow_in_release()).0, StatusCode::OK);
}
