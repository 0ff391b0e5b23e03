use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use session_runtime::Error;
use shop::Cart;

use crate::browser::{ADA, Browser, Shop};

/// The stream of a browser, event by event.
struct Stream(Body);

impl Stream {
    async fn open(browser: &mut Browser) -> Self {
        let request = Request::get("/events").body(Body::empty());
        let request = request.expect("a request");
        let response = browser.visitor.send(&browser.router, request).await;
        let response = response.unwrap_or_else(|never| match never {});
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store, private");
        Self(response.into_body())
    }

    async fn next(&mut self) -> String {
        let frame = self.0.frame().await.expect("it goes on").expect("a frame");
        let data = frame.into_data().expect("no trailers");
        String::from_utf8(data.to_vec()).expect("text")
    }
}

#[tokio::test]
async fn a_stream_knows_the_session_as_it_was_and_can_t_change_it() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.submit("/cart/add", &[("id", "tea")]).await;
    let mut stream = Stream::open(&mut browser).await;
    browser.submit("/cart/add", &[("id", "tea")]).await; // after its head

    let event = stream.next().await;
    assert!(event.starts_with("event: session\n"), "{event}");
    assert!(event.contains(r#""in_cart":1,"#), "{event}");
    assert!(event.contains(&Error::RequestEnded.to_string()), "{event}");
    let counts = browser.record().await.get(Cart::COUNTS).expect("counts");
    assert_eq!(
        counts,
        Some([("tea".to_owned(), 2)].into()),
        "not emptied by it"
    );
}

#[tokio::test]
async fn every_stream_tells_of_an_order() {
    let shop = Shop::open().await;
    let mut streams = [
        Stream::open(&mut shop.browser()).await,
        Stream::open(&mut shop.signed_in(ADA).await).await,
    ];
    for stream in &mut streams {
        stream.next().await;
        let event = stream.next().await;
        assert!(event.starts_with("event: stock\n"), "{event}");
        assert!(
            event.contains(r#"{"id":"tea","text":"12 left","is_sold_out":false}"#),
            "{event}"
        );
    }
    let mut ada = shop.signed_in(ADA).await;
    for _ in 0..12 {
        ada.submit("/cart/add", &[("id", "tea")]).await;
    }
    ada.submit("/checkout", &[]).await.leads_to("/");
    for stream in &mut streams {
        let event = stream.next().await;
        assert!(
            event.contains(r#"{"id":"tea","text":"Sold out","is_sold_out":true}"#),
            "{event}"
        );
    }
    ada.open("/").await.shows(r#"value="tea" disabled"#);
}

#[tokio::test]
async fn a_stream_leaves_nothing_behind() {
    let shop = Shop::open().await;
    let stream = Stream::open(&mut shop.browser()).await;
    assert!(
        shop.layer.requests().is_empty(),
        "its request has ended with the head"
    );
    drop(stream);
}
