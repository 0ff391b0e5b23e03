//! A TCP proxy that cuts a connection after so many bytes of replies: the write was done, and its answer is lost.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// No cut is ordered.
const NEVER: i64 = i64::MAX;

pub(crate) struct Proxy {
    address: SocketAddr,
    left: Arc<AtomicI64>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// To a server on this port of the loopback interface.
    pub(crate) async fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let left = Arc::new(AtomicI64::new(NEVER));
        let shared = Arc::clone(&left);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let left = Arc::clone(&shared);
                tokio::spawn(async move {
                    if let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await {
                        pass(client, server, &left).await;
                    }
                });
            }
        });
        Self {
            address,
            left,
            task,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The connection that brings the byte after the next so many of replies is cut before it. Once.
    pub(crate) fn cut_after(&self, bytes: i64) {
        self.left.store(bytes, Ordering::SeqCst);
    }

    /// Takes the order back; whether it was carried out.
    pub(crate) fn has_cut(&self) -> bool {
        self.left.swap(NEVER, Ordering::SeqCst) == NEVER
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(client: TcpStream, server: TcpStream, left: &AtomicI64) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let requests = async {
        tokio::io::copy(&mut from_client, &mut to_server)
            .await
            .map(|_| ())
    };
    let replies = async {
        let mut bytes = vec![0; 16_384];
        loop {
            let read = from_server.read(&mut bytes).await?;
            if read == 0 {
                return Ok(());
            }
            let (passed, is_cut) = allowed(left, read);
            to_client.write_all(&bytes[..passed]).await?;
            if is_cut {
                return Ok::<_, std::io::Error>(());
            }
        }
    };
    tokio::select! {
        _ = requests => {}
        _ = replies => {}
    }
}

/// How many of the bytes are passed on, and whether the connection is cut behind them.
fn allowed(left: &AtomicI64, read: usize) -> (usize, bool) {
    let before = left.load(Ordering::SeqCst);
    if before == NEVER {
        return (read, false);
    }
    let rest = usize::try_from(before).unwrap_or(0);
    if rest >= read {
        left.store(i64::try_from(rest - read).unwrap_or(0), Ordering::SeqCst);
        return (read, false);
    }
    left.store(NEVER, Ordering::SeqCst);
    (rest, true)
}
