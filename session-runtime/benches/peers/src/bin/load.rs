//! wrk against a server of each kind: requests per second, the 99th percentile, the server's CPU time per request.
//!
//! ```text
//! load [--seconds N]    each subject three times, interleaved, a read and a write; 3 seconds each unless said
//! ```

use std::collections::BTreeMap;
use std::env;
use std::process::{Command, ExitCode};

use actix_web::middleware::Condition;
use peers::account::Account;
use peers::child::{Server, end_with_parent};
use peers::client::request_cookie;
use peers::subject::{ActixPeer, BARE_ACTIX, BARE_AXUM, Build, Subject};
use peers::subjects::{self, actix, ours, primitives};
use peers::timing::{median, single_thread};
use peers::workload::{READ, WRITE, Workload};
use tokio::net::TcpListener;

const ROUNDS: usize = 3;
const SUBJECTS: [&str; 9] = [
    BARE_AXUM,
    primitives::SIGNED,
    ours::SIGNED,
    "tower-sessions, memory store, signed",
    "tower-cookies signed",
    "axum-extra SignedCookieJar",
    "seshcookie",
    BARE_ACTIX,
    "actix-session cookie, signed",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["serve", name, column] => serve(name, column),
        ["--seconds", seconds] => seconds
            .parse()
            .map_err(|_| "--seconds needs a number".to_owned())
            .and_then(compare),
        [] => compare(3),
        _ => Err("usage: load [--seconds N]".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(name: &str, column: &str) -> Result<(), String> {
    end_with_parent();
    let subjects = subjects::all();
    let subject = subjects
        .iter()
        .find(|subject| subject.name == name)
        .ok_or("no such subject")?;
    let workload = [READ, WRITE]
        .into_iter()
        .find(|known| known.to_string() == column)
        .ok_or("no such workload")?;
    let runtime = single_thread()?;
    let cookie = request_cookie(&runtime, subject, workload)?.ok_or("the workload has a cookie")?;
    println!("{}", cookie.to_str().map_err(|error| error.to_string())?);
    drop(runtime);
    listen(subject, workload)
}

/// One thread, whatever the framework.
fn listen(subject: &Subject, workload: Workload) -> Result<(), String> {
    let account = Account::with_json_len(workload.json_len);
    let served = match &subject.build {
        Build::Actix(peer) => {
            actix_web::rt::System::new().block_on(listen_actix(*peer, workload, account))
        }
        Build::Axum(router) => {
            let router = router(workload.operation, &account);
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.and_then(|runtime| runtime.block_on(listen_axum(router)))
        }
    };
    served.map_err(|error| error.to_string())
}

async fn listen_axum(router: axum::Router) -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    axum::serve(listener, router).await
}

async fn listen_actix(
    peer: ActixPeer,
    workload: Workload,
    account: Account,
) -> std::io::Result<()> {
    let server = actix_web::HttpServer::new(move || {
        let app =
            actix_web::App::new().route("/", actix::route(peer, workload.operation, &account));
        app.wrap(Condition::new(peer.has_session(), actix::middleware(peer)))
    });
    let server = server.workers(1).bind("127.0.0.1:0")?;
    if let Some(address) = server.addrs().first() {
        println!("{address}");
    }
    server.run().await
}

/// What one run of wrk showed.
#[derive(Clone, Copy)]
struct Load {
    per_second: f64,
    p99_ms: f64,
    cpu_us: f64,
}

fn compare(seconds: u32) -> Result<(), String> {
    let mut loads: BTreeMap<(usize, bool), Vec<Load>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for (at, name) in SUBJECTS.iter().enumerate() {
            for workload in [READ, WRITE] {
                let load = run(name, workload, seconds)?;
                loads.entry((at, workload == WRITE)).or_default().push(load);
            }
        }
    }
    println!(
        "| read / write | requests per second | of bare axum | p99, ms | server CPU per request, µs |"
    );
    println!("|---|--:|--:|--:|--:|");
    let of = |at, part: fn(&Load) -> f64| {
        [false, true].map(|write| median(loads[&(at, write)].iter().map(part).collect()))
    };
    let [bare_read, bare_write] = of(0, |load| load.per_second);
    for (at, name) in SUBJECTS.iter().enumerate() {
        let [read, write] = of(at, |load| load.per_second);
        let ([p99_read, p99_write], [cpu_read, cpu_write]) =
            (of(at, |load| load.p99_ms), of(at, |load| load.cpu_us));
        println!(
            "| {name} | {read:.0} / {write:.0} | {:.2} / {:.2} | {p99_read:.2} / {p99_write:.2} | {cpu_read:.2} / {cpu_write:.2} |",
            read / bare_read,
            write / bare_write,
        );
    }
    Ok(())
}

fn run(name: &str, workload: Workload, seconds: u32) -> Result<Load, String> {
    let server = Server::start(&["serve", name, &workload.to_string()], 2)?;
    let [cookie, address] = server.greeting.as_slice() else {
        return Err("a server says two lines".to_owned());
    };
    let before = server.cpu_nanoseconds()?;
    let output = Command::new("wrk")
        .args([
            "--threads",
            "1",
            "--connections",
            "32",
            "--latency",
            "--duration",
            &format!("{seconds}s"),
        ])
        .args([
            "--header",
            &format!("Cookie: {cookie}"),
            &format!("http://{address}/"),
        ])
        .output()
        .map_err(|error| format!("wrk (Debian package wrk): {error}"))?;
    let spent = server.cpu_nanoseconds()? - before;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let requests = word_before(&text, "requests in").ok_or_else(|| format!("wrk said: {text}"))?;
    if text.contains("Non-2xx") {
        return Err(format!("{name}: {text}"));
    }
    Ok(Load {
        per_second: word_after(&text, "Requests/sec:")
            .and_then(|word| word.parse().ok())
            .unwrap_or(f64::NAN),
        p99_ms: word_after(&text, "99%")
            .and_then(milliseconds)
            .unwrap_or(f64::NAN),
        cpu_us: spent as f64 / 1000.0 / requests,
    })
}

fn word_before(text: &str, mark: &str) -> Option<f64> {
    text.split(mark)
        .next()?
        .split_whitespace()
        .last()?
        .parse()
        .ok()
}

fn word_after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.split(mark).nth(1)?.split_whitespace().next()
}

/// As wrk writes durations: `385.00us`, `1.20ms`, `1.02s`.
fn milliseconds(word: &str) -> Option<f64> {
    let digits = word.trim_end_matches(char::is_alphabetic);
    let scale = match &word[digits.len()..] {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1000.0,
        _ => return None,
    };
    digits.parse::<f64>().ok().map(|number| number * scale)
}
