//! Every interleaving of threads that share requests, tried by loom:
//! `RUSTFLAGS='--cfg session_loom' cargo test --release -p session-runtime --lib model`.

use std::sync::Arc;

use loom::thread;

use super::{Open, Shared};
use crate::codec::Incoming;
use crate::config::{CookieStoreConfig, SecretKeys};
use crate::cookie::CookieStore;
use crate::error::Error;
use crate::session::Session;
use crate::time::time;

/// Tries every interleaving, first where the cookie is read under the lock, then where a clock of the user is asked
/// meanwhile without it.
fn model(run: fn(&Arc<Shared>)) {
    let key = SecretKeys::generate().expect("random bytes");
    let store = CookieStore::new(CookieStoreConfig::new("sid", key)).expect("a good configuration");
    let with_clock = store.clone().with_clock(|| time(1_795_000_000));
    for store in [store, with_clock] {
        loom::model(move || run(&Arc::new(Shared::new(Arc::new(store.clone())))));
    }
}

fn open(shared: &Arc<Shared>) -> (Open, Session) {
    let open = Open::new(shared, Incoming::default(), None);
    let key = open.key().expect("an entry");
    (open, Session::new(key.0))
}

fn increment(session: &Session) -> Result<(), Error> {
    session.update("n", |n: Option<u32>| n.unwrap_or(0) + 1)
}

#[test]
fn two_threads_lose_no_increment() {
    model(|shared| {
        let (mut open, session) = open(shared);
        let other = session.clone();
        let thread = thread::spawn(move || increment(&other).expect("the request is open"));
        increment(&session).expect("the request is open");
        thread.join().expect("no panic");
        assert_eq!(session.get("n").expect("the request is open"), Some(2));
        assert!(open.finish(None).set_cookies.is_some());
        assert!(shared.requests.is_empty());
    });
}

#[test]
fn a_handle_that_races_with_the_response_head_is_either_in_time_or_told_so() {
    model(|shared| {
        let (mut open, session) = open(shared);
        let thread = thread::spawn(move || {
            let put = session.put("n", 1);
            // Once it is over, it stays over.
            if matches!(put, Err(Error::RequestEnded)) {
                assert!(matches!(session.keys(), Err(Error::RequestEnded)));
            }
            put.is_ok()
        });
        let saved = open.finish(None).set_cookies.is_some();
        let was_in_time = thread.join().expect("no panic");
        assert_eq!(saved, was_in_time);
        assert!(shared.requests.is_empty());
    });
}

#[test]
fn a_stale_handle_never_reaches_the_session_of_another_request() {
    model(|shared| {
        let (first, stale) = open(shared);
        let thread = thread::spawn(move || {
            let _late = stale.put("who", "first");
            stale.get::<String>("who").ok().flatten()
        });
        drop(first);
        let (mut second, session) = open(shared);
        session.put("who", "second").expect("the request is open");
        let seen = thread.join().expect("no panic");
        assert_ne!(seen.as_deref(), Some("second"));
        assert_eq!(
            session.get::<String>("who").expect("open").as_deref(),
            Some("second")
        );
        second.finish(None);
        assert!(shared.requests.is_empty());
    });
}

#[test]
fn an_entry_is_counted_once_however_it_ends() {
    model(|shared| {
        let (mut first, session) = open(shared);
        let (second, _) = open(shared);
        let thread = thread::spawn(move || drop(second));
        let _ended = session.destroy();
        first.finish(None);
        drop(first);
        thread.join().expect("no panic");
        assert_eq!(shared.requests.len(), 0);
    });
}
