//! Many clients over real connections: of 20 requests 12 plain, 2 that panic, 2 whose client goes away, 2 over time,
//! 1 that leaves a task behind, 1 that streams. Every second request is a new visitor's.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::sleep;

/// Connections at a time.
const CLIENTS: usize = 64;

/// The path of a request by its number; `None` says that the client goes away instead of waiting.
fn path(number: usize) -> (&'static str, bool) {
    match number % 20 {
        0..12 => ("/plain", true),
        12 | 13 => ("/panic", true),
        14 | 15 => ("/slow", false),
        16 | 17 => ("/slow", true),
        18 => ("/detached", true),
        _ => ("/stream", true),
    }
}

/// Sends so many requests, and answers when all are over and all connections closed.
///
/// # Errors
/// Where the server can't be reached.
pub async fn run(address: SocketAddr, requests: usize) -> io::Result<()> {
    let share = requests.div_ceil(CLIENTS);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(visit(address, client, share)))
        .collect();
    for client in clients {
        client.await.map_err(io::Error::other)??;
    }
    Ok(())
}

async fn visit(address: SocketAddr, client: usize, requests: usize) -> io::Result<()> {
    let mut connection = connect(address).await?;
    let mut cookie = None;
    for number in 0..requests {
        let (path, waits) = path(number + client);
        let known = cookie.take().filter(|_| number % 2 == 1);
        ask(&mut connection, path, known.as_deref()).await?;
        if waits {
            cookie = answer(&mut connection).await?.cookie;
        } else {
            sleep(Duration::from_millis(1)).await;
            connection.get_ref().set_zero_linger()?;
            connection = connect(address).await?;
        }
    }
    connection.get_ref().set_zero_linger()
}

async fn connect(address: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(BufReader::new(stream))
}

/// One request on a connection of its own: the body of the answer.
///
/// # Errors
/// Where the server can't be reached.
pub async fn fetch(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut connection = connect(address).await?;
    ask(&mut connection, path, None).await?;
    Ok(answer(&mut connection).await?.body)
}

async fn ask(
    connection: &mut BufReader<TcpStream>,
    path: &str,
    cookie: Option<&str>,
) -> io::Result<()> {
    let cookie = cookie
        .map(|pair| format!("Cookie: {pair}\r\n"))
        .unwrap_or_default();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{cookie}\r\n");
    connection.get_mut().write_all(request.as_bytes()).await
}

struct Answer {
    cookie: Option<String>,
    body: String,
}

async fn answer(connection: &mut BufReader<TcpStream>) -> io::Result<Answer> {
    let (mut length, mut chunked, mut cookie) = (0, false, None);
    loop {
        let line = line(connection).await?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ").unwrap_or((&line, ""));
        match name {
            "content-length" => length = value.parse().map_err(io::Error::other)?,
            "transfer-encoding" => chunked = true,
            "set-cookie" => cookie = value.split(';').next().map(str::to_owned),
            _ => {}
        }
    }
    let body = if chunked {
        chunks(connection).await?
    } else {
        exactly(connection, length).await?
    };
    Ok(Answer { cookie, body })
}

async fn chunks(connection: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut body = String::new();
    loop {
        let length =
            usize::from_str_radix(&line(connection).await?, 16).map_err(io::Error::other)?;
        body.push_str(&exactly(connection, length).await?);
        line(connection).await?;
        if length == 0 {
            return Ok(body);
        }
    }
}

async fn exactly(connection: &mut BufReader<TcpStream>, length: usize) -> io::Result<String> {
    let mut bytes = vec![0; length];
    connection.read_exact(&mut bytes).await?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// One line without its end; a connection that ends is an error.
async fn line(connection: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    if connection.read_line(&mut line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    line.truncate(line.trim_end().len());
    Ok(line)
}
