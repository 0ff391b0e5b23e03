//! The servers, all with the same routes:
//!
//! | route | |
//! | --- | --- |
//! | `/untouched` | no handler asks for the session |
//! | `/sign-in` | a new session: five values, 275 bytes as JSON |
//! | `/read` | two values |
//! | `/write` | a counter, read and put |
//! | `/slow?key=` | reads the session, waits for `/release`, puts this key |
//! | `/count` | adds one to a counter as exactly as the library can, after waiting for `/release` |
//! | `/has` | how many keys `/slow` put, and the counter |
//! | `/sign-out` | ends the session |
//! | `/waiting` | how many requests wait |

mod actix;
mod ours;
mod tower;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

pub(crate) const SECRET: &[u8; 64] =
    b"q8Zs3vT1xK9mB4nH7jL2pR6wY0cE5dFaGuViOtQyNbMxWzAoSeCrUhJkDlPf1234";
pub(crate) const COUNTER: &str = "counter";
/// So many put a key each in a race.
pub(crate) const RACERS: usize = 8;

/// What a session holds after the sign-in, beside the user's id.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) roles: Vec<String>,
    pub(crate) note: String,
}

pub(crate) fn profile() -> Profile {
    Profile {
        name: "Ada Lovelace".to_owned(),
        email: "ada.lovelace@example.com".to_owned(),
        roles: ["customer", "reviewer"].map(str::to_owned).into(),
        note: "x".repeat(100),
    }
}

pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// The one without sessions, which is subtracted.
    pub(crate) floor: &'static str,
    serve: fn(u16),
}

const ALL: [Subject; 7] = [
    Subject {
        name: "axum",
        floor: "axum",
        serve: ours::bare,
    },
    Subject {
        name: "actix-web",
        floor: "actix-web",
        serve: actix::bare,
    },
    Subject {
        name: "session-runtime, PostgreSQL",
        floor: "axum",
        serve: ours::postgres,
    },
    Subject {
        name: "tower-sessions, PostgreSQL (sqlx)",
        floor: "axum",
        serve: tower::postgres,
    },
    Subject {
        name: "session-runtime, Redis",
        floor: "axum",
        serve: ours::redis,
    },
    Subject {
        name: "tower-sessions, Redis (fred)",
        floor: "axum",
        serve: tower::redis,
    },
    Subject {
        name: "actix-session, Redis",
        floor: "actix-web",
        serve: actix::redis,
    },
];

impl Subject {
    pub(crate) fn all() -> &'static [Self] {
        &ALL
    }

    /// Those with sessions.
    pub(crate) fn with_sessions() -> impl Iterator<Item = &'static Self> {
        ALL.iter().filter(|subject| subject.name != subject.floor)
    }

    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|subject| subject.name == name)
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.name.contains("PostgreSQL")
    }

    /// Serves until the process ends; says its port first.
    pub(crate) fn serve(&self, engine: u16) {
        (self.serve)(engine);
    }
}

/// Requests that wait for `/release`.
pub(crate) struct Gate {
    released: watch::Sender<u64>,
    waiting: AtomicUsize,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self {
            released: watch::channel(0).0,
            waiting: AtomicUsize::new(0),
        }
    }

    pub(crate) async fn wait(&self) {
        let mut released = self.released.subscribe();
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _changed = released.changed().await;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }

    pub(crate) fn release(&self) {
        self.released.send_modify(|number| *number += 1);
    }

    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }
}

/// With the routes that open the gate and say who waits at it, outside of the sessions.
pub(crate) fn with_gate(app: Router<Arc<Gate>>) -> Router {
    let release = async |State(gate): State<Arc<Gate>>| gate.release();
    let waiting = async |State(gate): State<Arc<Gate>>| gate.waiting().to_string();
    let app = app.route("/release", get(release));
    app.route("/waiting", get(waiting))
        .with_state(Arc::new(Gate::new()))
}

/// On one worker.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
}

pub(crate) async fn listen(app: Router) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    println!("{}", listener.local_addr().expect("an address").port());
    axum::serve(listener, app).await.expect("it serves");
}
