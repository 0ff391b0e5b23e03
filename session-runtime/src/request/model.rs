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
use crate::stripe::{Counted, Stripe};
use crate::time::time;

/// Tries every interleaving, first where the cookie is read under the lock, then where a clock of the user is asked
/// meanwhile without it.
fn model(run: fn(&Arc<Shared>)) {
    let key = SecretKeys::generate().expect("random bytes");
    for has_clock in [false, true] {
        let config = CookieStoreConfig::new("sid", key.clone());
        loom::model(move || {
            let mut store = CookieStore::new(config.clone()).expect("a good configuration");
            if has_clock {
                store = store.with_clock(|| time(1_795_000_000));
            }
            run(&Arc::new(Shared::new(Arc::new(store))));
        });
    }
}

fn open(shared: &Arc<Shared>) -> (Open, Session) {
    open_on(Stripe::numbered(0), shared)
}

fn open_on(stripe: Stripe, shared: &Arc<Shared>) -> (Open, Session) {
    let shared = Counted::new(stripe, Arc::clone(shared));
    let open = Open::new(&shared, Incoming::default(), None);
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
        let (mut second, session) = open_on(Stripe::numbered(1), shared);
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
        let (second, _) = open_on(Stripe::numbered(1), shared);
        let thread = thread::spawn(move || drop(second));
        let _ended = session.destroy();
        first.finish(None);
        drop(first);
        thread.join().expect("no panic");
        assert_eq!(shared.requests.len(), 0);
    });
}

/// The step from not loaded to loaded, of a session in a store.
#[cfg(feature = "store")]
mod stored {
    use std::sync::Arc;

    use loom::thread;

    use super::super::answer::Answer;
    use super::super::{Shared, Stored};
    use super::open;
    use crate::codec::{Came, Opened};
    use crate::config::{CookieStoreConfig, SecretKeys};
    use crate::cookie::CookieStore;
    use crate::error::Error;
    use crate::session::Session;
    use crate::store::{Loading, MemoryStore, Mode, Vault};

    fn model(run: fn(&Arc<Shared>, Box<Answer>)) {
        let key = SecretKeys::generate().expect("random bytes");
        let config = CookieStoreConfig::new("sid", key);
        loom::model(move || {
            let store = CookieStore::new(config.clone()).expect("a good configuration");
            let vault = Vault::new(MemoryStore::new(), "sid", "", Mode::Plain);
            let mut shared = Shared::new(Arc::new(store.clone()));
            shared.stored = Some(Stored {
                vault: Arc::new(vault.expect("a short name")),
                loading: Loading::OnExtract,
                anonymous_max_age: 86_400,
            });
            let mut record = store.new_record().expect("random bytes");
            record.put("n", 1).expect("a number");
            let answer = Answer::of(Opened {
                came: Came::own(),
                record: Ok(record),
            });
            run(&Arc::new(shared), answer);
        });
    }

    fn read(session: &Session) -> Result<Option<u32>, Error> {
        session.get("n")
    }

    #[test]
    fn a_call_that_races_with_the_load_is_not_loaded_or_sees_all() {
        model(|shared, answer| {
            let (open, session) = open(shared);
            let other = session.clone();
            let thread = thread::spawn(move || match read(&other) {
                Err(Error::NotLoaded) => false,
                Ok(Some(1)) => true,
                found => panic!("{found:?}"),
            });
            open.loaded(Some(answer));
            thread.join().expect("no panic");
            assert_eq!(read(&session).expect("loaded"), Some(1));
        });
    }

    #[test]
    fn a_load_that_comes_after_the_end_opens_nothing_again() {
        model(|shared, answer| {
            let (mut open, session) = open(shared);
            let entry = open.key().expect("an entry").0;
            let thread = thread::spawn(move || entry.loaded(Some(answer)));
            drop(open.end(None));
            drop(open);
            thread.join().expect("no panic");
            assert!(matches!(read(&session), Err(Error::RequestEnded)));
            assert!(shared.requests.is_empty());
        });
    }

    #[test]
    fn of_two_loads_one_counts_and_no_change_is_lost() {
        model(|shared, answer| {
            let (open, session) = open(shared);
            let entry = open.key().expect("an entry").0;
            let again = answer.clone();
            open.loaded(Some(answer));
            let thread = thread::spawn(move || entry.loaded(Some(again)));
            session.put("n", 2).expect("loaded");
            thread.join().expect("no panic");
            assert_eq!(read(&session).expect("loaded"), Some(2));
        });
    }
}
