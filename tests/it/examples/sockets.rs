//! The example of a WebSocket, whose other end writes its frames itself (RFC 6455, 5.2).

use http::StatusCode;
use http::header::{CONNECTION, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use reqwest::{RequestBuilder, Upgraded};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::program::Program;
use crate::browser::Browser;

struct Socket(Upgraded);

fn handshake(browser: &Browser) -> RequestBuilder {
    let request = browser.client().get(browser.url("/chat"));
    request
        .header(CONNECTION, "upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==")
}

impl Socket {
    async fn open(browser: &mut Browser) -> Self {
        let response = browser.answer(handshake(browser)).await;
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        Self(response.upgrade().await.expect("an open socket"))
    }

    /// A short text in one frame under a mask of zeros, which changes nothing.
    async fn say(&mut self, text: &str) {
        let len = u8::try_from(text.len()).expect("short");
        let mut frame = vec![0x81, 0x80 | len, 0, 0, 0, 0];
        frame.extend_from_slice(text.as_bytes());
        self.0.write_all(&frame).await.expect("an open socket");
    }

    /// The next short text; none where the socket was closed.
    async fn hear(&mut self) -> Option<String> {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).await.ok()?;
        if head[0] != 0x81 {
            return None;
        }
        let mut text = vec![0; usize::from(head[1])];
        self.0.read_exact(&mut text).await.ok()?;
        String::from_utf8(text).ok()
    }
}

#[tokio::test]
async fn websocket_knows_who_opened_it_until_they_sign_out() {
    let program = Program::start("websocket");
    let (mut ann, mut bob) = (program.browser(), program.browser());
    let page = ann.send(handshake(&ann)).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    ann.get("/").await.shows("new WebSocket(\"/chat\")");

    ann.submit("/sign-in", "name=Ann").await.leads_to("/");
    bob.submit("/sign-in", "name=Bob").await.leads_to("/");
    let mut of_ann = Socket::open(&mut ann).await;
    let mut of_bob = Socket::open(&mut bob).await;
    of_ann.say("hello").await;
    assert_eq!(of_ann.hear().await.as_deref(), Some("Ann: hello"));

    ann.submit("/sign-out", "").await.leads_to("/");
    assert_eq!(of_ann.hear().await, None, "it is closed");
    of_bob.say("still here").await;
    assert_eq!(of_bob.hear().await.as_deref(), Some("Bob: still here"));
}
