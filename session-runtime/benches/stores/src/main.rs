//! Sessions in PostgreSQL and Redis over HTTP, beside the peers. Each server is a process of its own with one worker,
//! and asks its store at every request.
//!
//! `cargo run --release --manifest-path session-runtime/benches/stores/Cargo.toml` measures all of it; the programs of
//! the engines must be installed. The tables are in docs/benchmarks/stores.md.

mod client;
#[path = "../../../../tests/servers/engines/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod engines;
mod measure;
mod process;
mod proxy;
mod races;
mod subjects;

use std::env;

use subjects::Subject;

/// The engines, and where each is reached.
pub(crate) struct Engines {
    postgres: engines::postgres::Server,
    redis: engines::redis::Server,
}

impl Engines {
    async fn start() -> Self {
        Self {
            postgres: engines::postgres::Server::start().await,
            redis: engines::redis::Server::start_with(&[]).await,
        }
    }

    /// The port of the engine that this subject asks.
    fn port(&self, subject: &Subject) -> u16 {
        if subject.is_postgres() {
            self.postgres.port()
        } else {
            self.redis.port()
        }
    }
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [serve, name, port] = arguments.as_slice()
        && serve == "serve"
    {
        let subject = Subject::named(name).expect("a subject");
        return subject.serve(port.parse().expect("a port"));
    }
    // The proxy goes on while a server is started.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let engines = Engines::start().await;
        races::run(&engines).await;
        measure::run(&engines).await;
    });
}
