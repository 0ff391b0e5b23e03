//! What takes long, by one command:
//! `SESSION_TEST_POSTGRES=1 cargo test --test postgres -- --ignored --nocapture --test-threads=1`. Its counts are in
//! docs/faults.md.
//!
//! A primary that dies in the middle of traffic, and whose synchronous standby takes over: a checker over what was
//! acknowledged decides.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http::StatusCode;
use session_runtime::store::{Create, OwnerId, PostgresStore, SessionStore, StoreId, WriteId};
use session_runtime::{Error, Key};

use crate::claims::{Account, Server as App};
use crate::engine::Server;
use crate::faults::creation;
use crate::{is_asked_for, server_and_store};

const COUNTER: Key<u64> = Key::new("counter");
/// Visitors, each of whom makes one request after the other.
const VISITORS: usize = 12;
const BEFORE: Duration = Duration::from_secs(3);
const AFTER: Duration = Duration::from_secs(5);

/// What one visitor was told.
#[derive(Debug, Default)]
struct Told {
    /// Sessions that were signed in, and what was acknowledged in each.
    sessions: Vec<Session>,
    refused: u64,
    longest: Duration,
}

#[derive(Debug)]
struct Session {
    cookie: String,
    user: String,
    counted: u64,
    /// Calls without an answer: each may have been done.
    in_doubt: u64,
    keys: Vec<String>,
    signed_out: Option<bool>,
}

/// Signs in, counts, puts keys, and signs out of every second session; anew and anew.
async fn visits(number: usize, app: App, ends: Arc<AtomicBool>) -> Told {
    let mut told = Told::default();
    let mut step = 0;
    while !ends.load(Ordering::SeqCst) {
        let user = format!("visitor {number} {step}");
        step += 1;
        let begun = Instant::now();
        let reply = app
            .request("", async |session| session.put(Account::USER, user.clone()))
            .await;
        told.longest = told.longest.max(begun.elapsed());
        let Some(cookie) = reply.cookie().filter(|_| reply.status == StatusCode::OK) else {
            told.refused += 1;
            continue;
        };
        let mut session = Session {
            cookie,
            user,
            counted: 0,
            in_doubt: 0,
            keys: Vec::new(),
            signed_out: None,
        };
        for call in 0..10 {
            one_call(&app, &mut session, &mut told, call).await;
        }
        if step % 2 == 0 {
            let destroy = async |session: session_runtime::Session| session.destroy();
            let reply = app.request(&session.cookie, destroy).await;
            let done = reply.result.is_ok() && reply.status == StatusCode::OK;
            session.signed_out = Some(done);
        }
        told.sessions.push(session);
    }
    told
}

async fn one_call(app: &App, session: &mut Session, told: &mut Told, call: usize) {
    let begun = Instant::now();
    if call.is_multiple_of(2) {
        let add = |n: Option<u64>| n.unwrap_or(0) + 1;
        let count =
            async |session: session_runtime::Session| session.update_now(COUNTER, add).await;
        match app.request(&session.cookie, count).await.result {
            Ok(_) => session.counted += 1,
            Err(Error::Unavailable) => {
                session.in_doubt += 1;
                told.refused += 1;
            }
            Err(error) => panic!("a count: {error:?}"),
        }
    } else {
        let key = format!("key{call}");
        let put = async |session: session_runtime::Session| session.put(key.clone(), call);
        let reply = app.request(&session.cookie, put).await;
        if reply.result.is_ok() && reply.status == StatusCode::OK {
            session.keys.push(key);
        } else {
            told.refused += 1;
        }
    }
    told.longest = told.longest.max(begun.elapsed());
}

#[derive(Debug, Default)]
struct Counts {
    sessions: usize,
    signed_out: usize,
    acknowledged: u64,
    refused: u64,
    lost: u64,
    came_back: u64,
}

async fn check(app: &App, all: &[Told]) -> Counts {
    let mut counts = Counts::default();
    for told in all {
        counts.refused += told.refused;
        for session in &told.sessions {
            counts.sessions += 1;
            judge(app, session, &mut counts).await;
        }
    }
    counts
}

async fn judge(app: &App, session: &Session, counts: &mut Counts) {
    let keys = session.keys.clone();
    let reply = app
        .request(&session.cookie, async |session| {
            let user = session.get(Account::USER)?;
            let counted = session.get(COUNTER)?.unwrap_or(0);
            let has = |key: &&String| !session.contains(key.as_str()).unwrap_or(false);
            Ok((user, counted, keys.iter().filter(has).count()))
        })
        .await;
    let (user, counted, missing) = reply.result.expect("loaded after the failover");
    match (session.signed_out, user) {
        (Some(true), user) => {
            counts.signed_out += 1;
            counts.came_back += u64::from(user.is_some());
        }
        // A sign-out without an answer: done or not.
        (Some(false), None) => {}
        (_, user) => {
            let made = u64::try_from(session.keys.len()).expect("few");
            counts.acknowledged += 1 + session.counted + made;
            counts.lost += u64::from(user.as_ref() != Some(&session.user));
            counts.lost += u64::try_from(missing).expect("few");
            let most = session.counted + session.in_doubt;
            counts.lost += u64::from(!(session.counted..=most).contains(&counted));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; by the command above"]
async fn a_primary_that_dies_in_traffic_loses_nothing_that_was_acknowledged() {
    assert!(is_asked_for());
    tokio::task::LocalSet::new().run_until(fails_over()).await;
}

async fn fails_over() {
    let mut primary = Server::start().await;
    let standby = primary.standby().await;
    let url = format!(
        "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/postgres?target_session_attrs=read-write",
        primary.port(),
        standby.port()
    );
    let mut apps = Vec::new();
    for _ in 0..3 {
        let store = PostgresStore::connect(&url).await.expect("a good URL");
        let store = store.with_timeout(Duration::from_secs(1));
        store.migrate().await.expect("migrated");
        apps.push(App::new(store));
    }
    let ends = Arc::new(AtomicBool::new(false));
    let visitors: Vec<_> = (0..VISITORS)
        .map(|number| {
            tokio::task::spawn_local(visits(number, apps[number % 3].clone(), Arc::clone(&ends)))
        })
        .collect();
    tokio::time::sleep(BEFORE).await;
    primary.kill();
    standby.ask("SELECT pg_promote()").await.expect("promoted");
    let promoted = Instant::now();
    while apps[0]
        .request("", async |session| session.put(COUNTER, 1))
        .await
        .status
        != StatusCode::OK
    {}
    let recovered = promoted.elapsed();
    tokio::time::sleep(AFTER).await;
    ends.store(true, Ordering::SeqCst);
    let mut all = Vec::new();
    for visitor in visitors {
        all.push(visitor.await.expect("no panic"));
    }
    let longest = all.iter().map(|told| told.longest).max();
    let counts = check(&apps[1], &all).await;
    println!(
        "{counts:?}; longest request {longest:?}; first write {recovered:?} after the promotion"
    );
    assert_eq!((counts.lost, counts.came_back), (0, 0));
    assert!(counts.refused > 0, "the primary died in traffic");
    assert!(recovered < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; by the command above"]
async fn ten_thousand_sessions_of_one_owner_end_in_one_call() {
    assert!(is_asked_for());
    let (server, store) = server_and_store().await;
    let owner = OwnerId::from_bytes([7; 32]);
    let mut create = Create {
        begin: std::time::SystemTime::now(),
        ..creation(1)
    };
    create.row.owner = Some(owner);
    for number in 0..10_000_u32 {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&number.to_be_bytes());
        create.id = StoreId::from_bytes(id);
        create.row.version = WriteId::from_bytes([9; 16]);
        store.create(&create).await.expect("created");
    }
    let store = PostgresStore::connect(&server.url())
        .await
        .expect("a good URL");
    let begun = Instant::now();
    let ended = store.destroy_owner(&owner, &[]).await.expect("ended");
    println!(
        "{ended} sessions ended in {:?}, each trip within 500 ms",
        begun.elapsed()
    );
    assert_eq!(ended, 10_000);
}
