//! Treats a real server badly for a long time and looks for what it lost.
//!
//! ```text
//! soak [--requests N]    1,000,000 unless said; exits with 1 where session-runtime keeps anything
//! ```

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, io};

use axum::Router;
use peers::child::{Server, end_with_parent};
use peers::soak::{server, traffic};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::time::sleep;

const REQUESTS: usize = 1_000_000;
/// How much more memory may be resident at the end than after the first tenth.
const MOST_GROWTH: i64 = 1 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["serve", "session-runtime"] => serve(server::ours()),
        ["serve", _] => serve(server::tower_sessions()),
        ["--requests", number] => number
            .parse()
            .map_err(|_| "--requests needs a number".to_owned())
            .and_then(compare),
        [] => compare(REQUESTS),
        _ => Err("usage: soak [--requests N]".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn runtime() -> Result<Runtime, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    runtime.map_err(|error| error.to_string())
}

fn serve(router: Router) -> Result<(), String> {
    std::panic::set_hook(Box::new(|_| {}));
    end_with_parent();
    let serving = async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        axum::serve(listener, router).await
    };
    runtime()?
        .block_on(serving)
        .map_err(|error: io::Error| error.to_string())
}

/// What a server holds once its clients are gone.
struct Held {
    live: String,
    resident: u64,
    descriptors: usize,
}

fn compare(requests: usize) -> Result<(), String> {
    println!(
        "| {requests} requests | live at the end | resident after a tenth | growth since | per request | descriptors lost |"
    );
    println!("|---|--:|--:|--:|--:|--:|");
    let ours = soak("session-runtime", requests)?;
    soak("tower-sessions, memory store", requests)?;
    if ours {
        Ok(())
    } else {
        Err("session-runtime kept something".to_owned())
    }
}

/// Prints a row; whether nothing was kept.
fn soak(name: &str, requests: usize) -> Result<bool, String> {
    let server = Server::start(&["serve", name], 1)?;
    let address: SocketAddr = server.greeting[0]
        .parse()
        .map_err(|_| "the server named no address")?;
    let runtime = runtime()?;
    let phase = |requests| {
        let sent = runtime.block_on(async {
            traffic::run(address, requests).await?;
            quiet(address).await
        });
        let live = sent.map_err(|error: io::Error| format!("{name}: {error}"))?;
        Ok::<_, String>(Held {
            live,
            resident: server.resident_bytes()?,
            descriptors: server.descriptors()?,
        })
    };
    let (early, late) = (phase(requests / 10)?, phase(requests - requests / 10)?);
    let growth = late.resident.cast_signed() - early.resident.cast_signed();
    let lost = late.descriptors.cast_signed() - early.descriptors.cast_signed();
    println!(
        "| {name} | {} | {:.1} MiB | {:.2} MiB | {:.0} B | {lost} |",
        late.live,
        early.resident as f64 / 1_048_576.0,
        growth as f64 / 1_048_576.0,
        growth as f64 / (requests - requests / 10) as f64,
    );
    Ok(late.live == "0" && growth <= MOST_GROWTH && lost <= 0)
}

/// Waits until no request is live, at most three seconds, and until tasks that were left behind have ended.
async fn quiet(address: SocketAddr) -> io::Result<String> {
    let mut live = String::new();
    for _ in 0..30 {
        sleep(Duration::from_millis(100)).await;
        live = traffic::fetch(address, "/live").await?;
        if live == "0" {
            break;
        }
    }
    sleep(Duration::from_millis(500)).await;
    Ok(live)
}
