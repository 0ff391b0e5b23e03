//! A client of HTTP/1.1 with one connection that stays open, and one cookie.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;

pub(crate) struct Client {
    stream: BufStream<TcpStream>,
    pub(crate) cookie: Option<String>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Client {
    pub(crate) async fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port))
            .await
            .expect("a server");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream: BufStream::new(stream),
            cookie: None,
        }
    }

    /// Another connection of the same browser.
    pub(crate) async fn again(&self, port: u16) -> Self {
        let mut client = Self::connect(port).await;
        client.cookie.clone_from(&self.cookie);
        client
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let cookie = self
            .cookie
            .as_deref()
            .map_or_else(String::new, |cookie| format!("cookie: {cookie}\r\n"));
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{cookie}\r\n");
        self.stream
            .write_all(request.as_bytes())
            .await
            .expect("sent");
        self.stream.flush().await.expect("sent");
        self.answer().await
    }

    /// Keeps the cookie that is set as a browser does.
    async fn answer(&mut self) -> Answer {
        let (mut status, mut length) = (0, 0);
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.stream.read_line(&mut line).await.expect("an answer");
            assert!(read > 0, "the server hung up");
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            if status == 0 {
                status = text
                    .split(' ')
                    .nth(1)
                    .expect("a status")
                    .parse()
                    .expect("a number");
                continue;
            }
            let (name, value) = text.split_once(':').expect("a header");
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().expect("a length"),
                "set-cookie" => self.keep(value),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.expect("a body");
        let body = String::from_utf8(body).expect("text");
        Answer { status, body }
    }

    fn keep(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default().to_owned();
        let is_removed = pair.ends_with('=') || cookie.contains("Max-Age=0");
        self.cookie = Some(pair).filter(|_| !is_removed);
    }
}
