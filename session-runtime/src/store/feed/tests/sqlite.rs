//! Two processes of one machine, each with the file open.

use core::time::Duration;
use std::path::PathBuf;

use crate::cookie::CookieStore;
use crate::key::{Key, KeyInfo};
use crate::revocation::Verdict;
use crate::store::feed::{Asking, FeedCookie};
use crate::store::{RevocationFeed, SqliteStore, StoreId, Subject};
use crate::{CookieStoreConfig, Record};

const KEY: &str = "Gs0kb8vQ3xJ5mT7yR1wZ9pL2nH4cF6dA8eK0iU3oV5s=";
const OWNER: KeyInfo = KeyInfo::new("uid").owner();
const UID: Key<i64> = Key::with_info(OWNER);
const MAX_AGE: u64 = 1_000;

/// A folder that is removed after the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("session-feed-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _left = std::fs::remove_dir_all(&self.0);
    }
}

/// A process, and the feed of its layer.
struct Process {
    feed: RevocationFeed,
    asking: Asking,
    cookie: FeedCookie,
}

impl Process {
    async fn new(folder: &Folder) -> Self {
        let store = SqliteStore::open(folder.0.join("feed.db")).await;
        let store = store
            .expect("the file")
            .with_timeout(Duration::from_secs(60));
        let feed = RevocationFeed::new(store);
        let cookie = FeedCookie::new(("session", ""), Some(&OWNER), MAX_AGE);
        let cookie = cookie.expect("short names");
        let mut asking = Asking::new(feed.clone());
        asking.set_cookie(cookie.clone());
        Self {
            feed,
            asking,
            cookie,
        }
    }

    async fn read(&self) {
        self.feed.feed.read().await.expect("the file is there");
    }

    fn id(&self, record: &Record) -> StoreId {
        self.cookie.ids(&[record.stamp.sid])[0]
    }

    fn is_refused(&self, record: &Record) -> bool {
        self.asking.judge(record).expect("it was read") == Verdict::Revoked
    }
}

fn of(uid: i64) -> Record {
    let cookies = CookieStore::new(CookieStoreConfig::new("session", KEY));
    let record = cookies.and_then(|cookies| cookies.new_record().map_err(|_| unreachable!()));
    let mut record = record.expect("a good configuration");
    record.put(UID, uid).expect("a number");
    record
}

#[tokio::test]
async fn what_one_process_revokes_another_refuses() {
    let folder = Folder::new();
    let (one, other) = (Process::new(&folder).await, Process::new(&folder).await);
    let (single, stays, spared, ended, another) = (of(1), of(1), of(2), of(2), of(3));
    assert!(other.asking.judge(&single).is_err(), "not read yet");
    other.read().await;
    let id = Subject::Id(one.id(&single));
    one.feed.publish(id, MAX_AGE).await.expect("the file");
    let except = |_: &FeedCookie| Ok(vec![one.id(&spared)]);
    one.feed
        .revoke_owner(&UID, &2, except)
        .await
        .expect("the file");
    other.read().await;
    let late = Process::new(&folder).await;
    late.read().await;
    for process in [&one, &other, &late] {
        let refused = [&single, &stays, &spared, &ended, &another];
        let refused = refused.map(|record| process.is_refused(record));
        assert_eq!(refused, [true, false, false, true, false]);
    }
}
