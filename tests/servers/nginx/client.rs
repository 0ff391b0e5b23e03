//! Just enough of an HTTP client: one GET on a connection of its own.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(super) struct Reply {
    pub(super) status: u16,
    head: Vec<(String, String)>,
    pub(super) body: String,
}

impl Reply {
    /// The only field of this lower-case name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.iter().filter(|(field, _)| field == name);
        let value = fields.next().map(|(_, value)| value.as_str());
        assert!(fields.next().is_none(), "more than one {name}");
        value
    }
}

/// Asks in HTTP/1.0, so that the body ends with the connection.
pub(super) async fn fetch(server: SocketAddr, path: &str, cookie: Option<&str>) -> Reply {
    let mut stream = TcpStream::connect(server).await.expect("a server");
    let cookie = cookie.map_or_else(String::new, |cookie| format!("Cookie: {cookie}\r\n"));
    let request = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n{cookie}\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await.expect("a reply");
    parse(&String::from_utf8(reply).expect("text"))
}

fn parse(reply: &str) -> Reply {
    let (head, body) = reply.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let field = |line: &str| {
        let (name, value) = line.split_once(": ").expect("a field");
        (name.to_ascii_lowercase(), value.to_owned())
    };
    Reply {
        status: status
            .and_then(|status| status.parse().ok())
            .expect("a status"),
        head: lines.map(field).collect(),
        body: body.to_owned(),
    }
}
