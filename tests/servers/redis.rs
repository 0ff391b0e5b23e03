//! A Redis server of our own.

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::servers::{Folder, Process, free_port};

const USER: &str = "redis";
/// How often a server is asked whether it is there.
const TRIES: usize = 600;

fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join("redis-server"))
        .find(|program| program.is_file());
    found.expect("`redis-server` is not installed (Debian: redis-server)")
}

pub(crate) struct Server {
    process: Process,
    port: u16,
    folder: Folder,
}

impl Server {
    /// A new server; each write is on its disk before it is acknowledged.
    pub(crate) async fn start() -> Self {
        let (folder, port) = (Folder::new(USER), free_port());
        let server = Self {
            process: launch(&folder, port),
            port,
            folder,
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
        self.process = launch(&self.folder, self.port);
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

fn launch(folder: &Folder, port: u16) -> Process {
    let data = folder.path().to_str().expect("text").to_owned();
    let port = port.to_string();
    let arguments = [
        "--bind",
        "127.0.0.1",
        "--port",
        &port,
        "--dir",
        &data,
        "--save",
        "",
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
    ];
    Process::start(USER, &program(), &arguments, &folder.path().join("log"))
}
