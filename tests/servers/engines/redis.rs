//! A Redis server of our own.

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Folder, Process, free_port, give_to};

const USER: &str = "redis";
/// How often a server is asked whether it is there.
const TRIES: usize = 1_200;

/// Of Debian's package redis-server, or redis-sentinel.
pub(crate) fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("`{name}` is not installed (Debian: {name})"))
}

pub(crate) struct Server {
    process: Process,
    port: u16,
    folder: Folder,
    /// Beyond those of every server.
    arguments: Vec<String>,
}

/// Each write is on the disk before it is acknowledged.
pub(crate) const DURABLE: [&str; 4] = ["--appendonly", "yes", "--appendfsync", "always"];

impl Server {
    /// A new server.
    pub(crate) async fn start() -> Self {
        Self::start_with(&DURABLE).await
    }

    pub(crate) async fn start_with(arguments: &[&str]) -> Self {
        let (folder, port) = (Folder::new(USER), free_port());
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let server = Self {
            process: launch(&folder, port, &arguments),
            port,
            folder,
            arguments,
        };
        server.is_there().await;
        server
    }

    /// A Sentinel that watches what these lines of its configuration say.
    pub(crate) async fn start_sentinel(lines: &str) -> Self {
        let (folder, port) = (Folder::new(USER), free_port());
        let data = folder.path().to_str().expect("text");
        let file = folder.path().join("sentinel.conf");
        let lines = format!("bind 127.0.0.1\nport {port}\ndir {data}\n{lines}");
        std::fs::write(&file, lines).expect("a file");
        give_to(USER, &file);
        let file = file.to_str().expect("text");
        let log = folder.path().join("log");
        let arguments = [file, "--sentinel"];
        let server = Self {
            process: Process::start(USER, &program("redis-server"), &arguments, &log),
            port,
            folder,
            arguments: Vec::new(),
        };
        server.is_there().await;
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn signal(&self, signal: &str) {
        self.process.signal_all(signal);
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    pub(crate) async fn restart(&mut self) {
        self.process = launch(&self.folder, self.port, &self.arguments);
        self.is_there().await;
    }

    /// Sends a command of plain words; the first bytes of its answer.
    pub(crate) async fn command(&self, words: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.write_all(format!("{words}\r\n").as_bytes()).await?;
        let mut answer = vec![0; 4_096];
        let len = stream.read(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer[..len]).into_owned())
    }

    async fn is_there(&self) {
        for _ in 0..TRIES {
            let answer = self.command("PING").await;
            if answer.is_ok_and(|answer| answer.starts_with("+PONG")) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not answer");
    }
}

fn launch(folder: &Folder, port: u16, more: &[String]) -> Process {
    let data = folder.path().to_str().expect("text");
    let port = port.to_string();
    let mut arguments = vec!["--bind", "127.0.0.1", "--port", &port];
    arguments.extend(["--dir", data, "--save", ""]);
    arguments.extend(more.iter().map(String::as_str));
    let log = folder.path().join("log");
    Process::start(USER, &program("redis-server"), &arguments, &log)
}
