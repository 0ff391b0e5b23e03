//! CPU time of the servers, trips, requests per second and how long a request takes.

use std::time::{Duration, Instant};

use crate::Engines;
use crate::client::Client;
use crate::process::Process;
use crate::proxy::Proxy;
use crate::subjects::Subject;

const KINDS: [&str; 3] = ["/read", "/write", "/sign-in"];
/// Of the clients, each of which has one session and one connection.
const CLIENTS: usize = 8;
/// Requests of each client in a round.
const REQUESTS: usize = 250;
const ROUNDS: usize = 15;

/// One round of one kind.
#[derive(Clone, Default)]
struct Round {
    /// Microseconds of CPU time a request.
    cpu: f64,
    seconds: f64,
    took: Vec<Duration>,
}

pub(crate) async fn run(engines: &Engines) {
    let all = Subject::all();
    let servers: Vec<Process> = all
        .iter()
        .map(|subject| Process::start(subject, engines.port(subject)))
        .collect();
    // For each subject and kind, its rounds; the subjects take turns, so that noise meets all of them.
    let mut rounds = vec![vec![Vec::new(); KINDS.len()]; all.len()];
    for round in 0..=ROUNDS {
        for (subject, server) in servers.iter().enumerate() {
            for (kind, path) in KINDS.iter().enumerate() {
                let measured = measure(server, path).await;
                // The first one warms up.
                if round > 0 {
                    rounds[subject][kind].push(measured);
                }
            }
        }
    }
    for (kind, path) in KINDS.iter().enumerate() {
        println!(
            "\n| `{path}` | µs of CPU time | of the best peer | trips | requests/s | median | p99 |"
        );
        println!("|---|--:|--:|--:|--:|--:|--:|");
        let own = |subject: usize| {
            let floor = all
                .iter()
                .position(|other| other.name == all[subject].floor);
            let floor = floor.expect("a floor");
            median(rounds[subject][kind].iter().map(|round| round.cpu))
                - median(rounds[floor][kind].iter().map(|round| round.cpu))
        };
        for (subject, it) in all.iter().enumerate().filter(|(_, it)| it.name != it.floor) {
            let peers = all.iter().enumerate().filter(|(_, peer)| {
                peer.name != peer.floor
                    && peer.is_postgres() == it.is_postgres()
                    && !peer.name.starts_with("session-runtime")
            });
            let best = peers
                .map(|(peer, _)| own(peer))
                .fold(f64::INFINITY, f64::min);
            let trips = trips(it, engines.port(it), path).await;
            let mine = &rounds[subject][kind];
            let mut took: Vec<Duration> =
                mine.iter().flat_map(|round| round.took.clone()).collect();
            took.sort_unstable();
            let per_second =
                (CLIENTS * REQUESTS) as f64 / median(mine.iter().map(|round| round.seconds));
            println!(
                "| {} | {:.1} | {:.2} | {trips:.1} | {per_second:.0} | {:.2} ms | {:.2} ms |",
                it.name,
                own(subject),
                own(subject) / best,
                millis(took[took.len() / 2]),
                millis(took[took.len() * 99 / 100]),
            );
        }
    }
}

async fn measure(server: &Process, path: &'static str) -> Round {
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let mut client = Client::connect(server.port()).await;
        assert_eq!(client.get("/sign-in").await.status, 200);
        clients.push(client);
    }
    let (cpu, begun) = (server.cpu(), Instant::now());
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|mut client| {
            tokio::spawn(async move {
                let mut took = Vec::with_capacity(REQUESTS);
                for _ in 0..REQUESTS {
                    if path == "/sign-in" {
                        client.cookie = None;
                    }
                    let begun = Instant::now();
                    assert_eq!(client.get(path).await.status, 200);
                    took.push(begun.elapsed());
                }
                took
            })
        })
        .collect();
    let mut round = Round::default();
    for task in tasks {
        round.took.extend(task.await.expect("no panic"));
    }
    round.seconds = begun.elapsed().as_secs_f64();
    round.cpu = (server.cpu() - cpu) as f64 / 1_000.0 / (CLIENTS * REQUESTS) as f64;
    round
}

/// Trips of one request, by what passes between server and engine.
async fn trips(subject: &Subject, engine: u16, path: &str) -> f64 {
    const COUNTED: usize = 50;
    let proxy = Proxy::start(engine).await;
    let server = Process::start(subject, proxy.port());
    let mut client = Client::connect(server.port()).await;
    // Connections and statements are made by the first.
    for _ in 0..5 {
        client.cookie = None;
        client.get("/sign-in").await;
        client.get(path).await;
    }
    let signed_in = client.cookie.clone();
    tokio::time::sleep(Duration::from_millis(100)).await;
    proxy.trips();
    for _ in 0..COUNTED {
        client.cookie = signed_in.clone().filter(|_| path != "/sign-in");
        client.get(path).await;
    }
    proxy.trips() as f64 / COUNTED as f64
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
