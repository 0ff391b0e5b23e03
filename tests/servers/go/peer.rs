//! The Go service of this directory as a process, and plain HTTP to it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

pub(crate) const KEY: &str = "6bude5uOm9eZV280BjP6f6a5bEj7fg2PWl6GysY68CmXfOv8NFZ9O6ZIpbllQPtr";
pub(crate) const OLD: &str = "Zm9yIHRlc3RzIG9ubHksIGFuIG9sZGVyIGtleSBvZiB0aGUgR28gc2VydmljZQ==";
pub(crate) const AES: [&str; 3] = [
    "0123456789abcdef",
    "0123456789abcdef01234567",
    "0123456789abcdef0123456789abcdef",
];

/// What the service sees in a session, by key.
pub(crate) type Shown = BTreeMap<String, Seen>;

#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Seen {
    pub(crate) r#type: String,
    pub(crate) go: String,
    #[serde(rename = "JSON")]
    pub(crate) json: Value,
}

/// The Go service: built, started, and stopped when dropped.
pub(crate) struct Go {
    process: Child,
    connection: BufReader<TcpStream>,
}

impl Go {
    fn arguments() -> Vec<String> {
        let [aes128, aes192, aes256] = AES;
        vec![
            format!("plain:plain={KEY}"),
            format!("aes128:aes128={KEY}:{aes128}"),
            format!("aes192:aes192={KEY}:{aes192}"),
            format!("aes256:aes256={KEY}:{aes256}"),
            format!("rotated-old:rotated={OLD}"),
            format!("rotated:rotated={KEY},{OLD}"),
            format!("secret-old:secret={OLD}:{aes128}"),
            format!("secret:secret={KEY}:{aes256},{OLD}:{aes128}"),
        ]
    }

    pub(crate) fn start() -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let peer = target.join("go-peer");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/go/main.go");
        let built = Command::new("go")
            .args(["build", "-o"])
            .args([&peer, &source])
            .envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode")])
            .env("GOCACHE", target.join("go-cache"))
            .status()
            .expect("SESSION_TEST_GO is set, so Go must be there: apt-get install golang-go");
        assert!(built.success(), "the Go service does not build");
        let mut process = Command::new(peer)
            .args(Self::arguments())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it was built");
        let mut address = String::new();
        let mut output = BufReader::new(process.stdout.take().expect("it is piped"));
        output
            .read_line(&mut address)
            .expect("the service says its address");
        let connection = TcpStream::connect(address.trim()).expect("the service listens");
        connection
            .set_nodelay(true)
            .expect("a TCP connection can do that");
        Self {
            process,
            connection: BufReader::new(connection),
        }
    }

    /// Puts `entries` into the session of the cookie; the cookie that comes back and what the service sees in it.
    pub(crate) fn ask(
        &mut self,
        path: &str,
        cookie: Option<&str>,
        entries: &Value,
    ) -> (Option<String>, Shown) {
        let body = entries.to_string();
        let cookie = cookie
            .map(|cookie| format!("Cookie: {cookie}\r\n"))
            .unwrap_or_default();
        let length = body.len();
        let request = format!(
            "POST /{path} HTTP/1.1\r\nHost: go\r\n{cookie}Content-Length: {length}\r\n\r\n{body}"
        );
        self.connection
            .get_mut()
            .write_all(request.as_bytes())
            .expect("the service is there");
        let (status, fields) = self.head();
        let field = |name: &str| fields.iter().find_map(|line| line.strip_prefix(name));
        let length = field("Content-Length: ")
            .expect("a short answer has a length")
            .parse()
            .expect("a number");
        let mut answer = vec![0; length];
        self.connection
            .read_exact(&mut answer)
            .expect("the answer is whole");
        assert!(
            status.contains(" 200 "),
            "{status}: {} {entries}",
            String::from_utf8_lossy(&answer)
        );
        // One a put: the last one counts.
        let last = fields
            .iter()
            .rev()
            .find_map(|line| line.strip_prefix("Set-Cookie: "));
        let cookie = last.map(|cookie| {
            let pair = cookie.split(';').next().unwrap_or_default();
            pair.split_once('=')
                .expect("a cookie has a value")
                .1
                .to_owned()
        });
        (
            cookie,
            serde_json::from_slice(&answer).expect("the answer is JSON"),
        )
    }

    fn head(&mut self) -> (String, Vec<String>) {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            self.connection
                .read_line(&mut line)
                .expect("the service answers");
            let line = line.trim_end();
            if line.is_empty() {
                let status = lines.remove(0);
                return (status, lines);
            }
            lines.push(line.to_owned());
        }
    }
}

impl Drop for Go {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
