//! Visitors without a pause, something that happens to their servers, and a checker over what they were told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http::StatusCode;
use session_runtime::{Error, Key};
use tokio::task::LocalSet;

use super::claims::{Account, Server as App};

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

/// What was told, and what of it is there.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) sessions: usize,
    pub(crate) signed_out: usize,
    pub(crate) acknowledged: u64,
    pub(crate) refused: u64,
    pub(crate) longest: Duration,
    /// From what happened to the first write after it.
    pub(crate) recovered: Duration,
    pub(crate) lost: u64,
    pub(crate) came_back: u64,
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

/// Lets the visitors go on while this happens, and for a while after a write is taken again; then checks.
pub(crate) async fn run(apps: [App; 3], happens: impl Future<Output = ()>) -> Counts {
    LocalSet::new().run_until(traffic(apps, happens)).await
}

async fn traffic(apps: [App; 3], happens: impl Future<Output = ()>) -> Counts {
    let all = &apps;
    let ends = Arc::new(AtomicBool::new(false));
    let visitors: Vec<_> = (0..VISITORS)
        .map(|number| {
            tokio::task::spawn_local(visits(number, all[number % 3].clone(), Arc::clone(&ends)))
        })
        .collect();
    tokio::time::sleep(BEFORE).await;
    happens.await;
    let happened = Instant::now();
    while !is_writable(&apps).await {}
    let recovered = happened.elapsed();
    tokio::time::sleep(AFTER).await;
    ends.store(true, Ordering::SeqCst);
    let mut told = Vec::new();
    for visitor in visitors {
        told.push(visitor.await.expect("no panic"));
    }
    let mut counts = check(&apps[1], &told).await;
    let longest = told.iter().map(|told| told.longest).max();
    counts.longest = longest.unwrap_or_default();
    counts.recovered = recovered;
    counts
}

/// Whether sessions can be begun, some of which belong to each node of a cluster.
async fn is_writable(apps: &[App; 3]) -> bool {
    for app in apps.iter().cycle().take(48) {
        let put = async |session: session_runtime::Session| session.put(COUNTER, 1);
        if app.request("", put).await.status != StatusCode::OK {
            return false;
        }
    }
    true
}
