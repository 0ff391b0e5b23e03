//! Tests of `SQLite` only: files, several handles and processes, and rows that another program wrote.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use super::SqliteStore;
use crate::store::conformance::{CHECKS, Clock, Suite};
use crate::store::{
    Create, Created, Loaded, OwnerId, Row, Save, Saved, SessionStore, StoreError, StoreId, WriteId,
};
use crate::time::time;

/// A time-out for slow disks, in tests of other things.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder that is removed after the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("session-sqlite-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("sessions.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _left = std::fs::remove_dir_all(&self.0);
    }
}

async fn open(folder: &Folder) -> SqliteStore {
    SqliteStore::open(folder.file()).await.expect("a new file")
}

fn creation(number: u8) -> Create {
    let now = time(1_795_000_000);
    Create {
        id: StoreId::from_bytes([number; 32]),
        row: Row {
            version: WriteId::from_bytes([number; 16]),
            payload: b"\x01{}".to_vec(),
            owner: Some(OwnerId::from_bytes([number; 32])),
            label: None,
            born: now,
            seen_at: now,
            expires_at: now + Duration::from_secs(3_600),
        },
        begin: now,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sqlite_store_passes_the_suite_over_two_connections() {
    let folder = Folder::new();
    let clock = Clock::new();
    let handle = || async {
        let clock = clock.clone();
        open(&folder)
            .await
            .with_timeout(PATIENCE)
            .with_clock(move || clock.now())
    };
    let report = Suite::new(handle().await, handle().await)
        .with_clock(clock.clone())
        .run()
        .await;
    report.assert_passed();
    assert_eq!(report.passed(), CHECKS);
}

#[tokio::test]
async fn sessions_are_there_when_the_file_is_opened_again() {
    let folder = Folder::new();
    let create = creation(1);
    let store = open(&folder).await.with_clock(|| time(1_795_000_000));
    assert_eq!(store.create(&create).await.expect("created"), Created::Done);
    drop(store);
    let store = open(&folder).await.with_clock(|| time(1_795_000_000));
    assert_eq!(
        store.load(&create.id).await.expect("loaded"),
        Loaded::Row(create.row)
    );
    let mode: String = Connection::open(folder.file())
        .and_then(|connection| connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)))
        .expect("a mode");
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn owner_and_end_are_found_by_an_index() {
    let folder = Folder::new();
    drop(open(&folder).await);
    let connection = Connection::open(folder.file()).expect("the file");
    for (sql, index) in [
        (
            "SELECT id FROM session WHERE owner = x'00' AND state = 0",
            "session_owner",
        ),
        (
            "SELECT id FROM session WHERE gone_at <= 5 LIMIT 500",
            "session_gone_at",
        ),
    ] {
        let plan = connection.query_row(&format!("EXPLAIN QUERY PLAN {sql}"), [], |row| {
            row.get::<_, String>(3)
        });
        assert!(plan.expect("a plan").contains(index), "{sql}");
    }
}

#[tokio::test]
async fn what_can_t_be_opened_is_told() {
    let folder = Folder::new();
    for nowhere in ["", ":memory:", "/nowhere/at/all.db"] {
        assert!(
            matches!(
                SqliteStore::open(nowhere).await,
                Err(StoreError::Unavailable(_))
            ),
            "{nowhere}"
        );
    }
    std::fs::write(folder.file(), [7; 8_192]).expect("a file");
    assert!(matches!(
        SqliteStore::open(folder.file()).await,
        Err(StoreError::Corrupt(_))
    ));
}

#[tokio::test]
async fn tables_of_a_newer_version_are_left_alone() {
    let folder = Folder::new();
    drop(open(&folder).await);
    let connection = Connection::open(folder.file()).expect("the file");
    connection
        .execute("UPDATE session_format SET format = 2", [])
        .expect("updated");
    assert!(matches!(
        SqliteStore::open(folder.file()).await,
        Err(StoreError::Unavailable(_))
    ));
}

#[tokio::test]
async fn a_corrupt_row_is_told_stays_and_costs_nobody_else_anything() {
    let damages = [
        "version = x'01'",
        "version = NULL",
        "version = 7",
        "payload = 'text'",
        "payload = NULL",
        "owner = x'0102'",
        "label = x'ff'",
        "born = -1",
        "expires_at = NULL",
        "expires_at = 'soon'",
        "state = 9",
        "state = 1",
        "state = 3",
    ];
    for damage in damages {
        let folder = Folder::new();
        let store = open(&folder).await.with_clock(|| time(1_795_000_000));
        let (hurt, whole) = (creation(1), creation(2));
        for create in [&hurt, &whole] {
            store.create(create).await.expect("created");
        }
        let connection = Connection::open(folder.file()).expect("the file");
        let sql = format!("UPDATE session SET {damage} WHERE id = ?1");
        connection
            .execute(&sql, [hurt.id.as_bytes()])
            .expect("damaged");
        let loaded = store.load(&hurt.id).await;
        assert!(
            matches!(loaded, Err(StoreError::Corrupt(_))),
            "{damage}: {loaded:?}"
        );
        let save = Save {
            id: hurt.id,
            expected: hurt.row.version,
            filed: hurt.row.owner,
            row: Row {
                version: WriteId::from_bytes([9; 16]),
                ..hurt.row.clone()
            },
            moves_end: false,
            begin: hurt.begin,
        };
        assert!(
            matches!(store.save(&save).await, Err(StoreError::Corrupt(_))),
            "{damage}"
        );
        let count = "SELECT count(*) FROM session";
        let left: i64 = connection
            .query_row(count, [], |row| row.get(0))
            .expect("counted");
        assert_eq!(left, 2);
        assert_eq!(
            store.load(&whole.id).await.expect("loaded"),
            Loaded::Row(whole.row)
        );
        // A corrupt session ends like any other.
        store.destroy(&hurt.id).await.expect("destroyed");
        assert!(
            matches!(store.load(&hurt.id).await, Ok(Loaded::Ended(_))),
            "{damage}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_another_process_locks_is_unavailable_and_then_works() {
    let folder = Folder::new();
    let store = open(&folder).await.with_clock(|| time(1_795_000_000));
    let other = Connection::open(folder.file()).expect("the file");
    other.execute_batch("BEGIN IMMEDIATE").expect("locked");
    let create = creation(1);
    let begun = std::time::Instant::now();
    let locked = store.create(&create).await;
    let is_failure = matches!(
        locked,
        Err(StoreError::Unavailable(_) | StoreError::InDoubt(_))
    );
    assert!(is_failure, "{locked:?}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(
        store.load(&create.id).await.expect("reading goes on"),
        Loaded::Absent
    );
    other.execute_batch("COMMIT").expect("unlocked");
    assert_eq!(store.create(&create).await.expect("created"), Created::Done);
}

/// Whether the future is pending after one poll.
async fn is_pending<T>(future: &mut core::pin::Pin<Box<impl Future<Output = T>>>) -> bool {
    core::future::poll_fn(|cx| core::task::Poll::Ready(future.as_mut().poll(cx).is_pending())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_whose_caller_is_gone_before_its_turn_is_not_run() {
    let folder = Folder::new();
    let store = open(&folder)
        .await
        .with_timeout(PATIENCE)
        .with_clock(|| time(1_795_000_000));
    let other = Connection::open(folder.file()).expect("the file");
    other.execute_batch("BEGIN IMMEDIATE").expect("locked");
    let (first, second) = (creation(1), creation(2));
    // The first call waits for the lock in the thread, and the second for the first.
    let mut waiting = Box::pin(store.create(&first));
    assert!(is_pending(&mut waiting).await);
    while store.writer.waiting() > 0 {
        tokio::task::yield_now().await;
    }
    let mut dropped = Box::pin(store.create(&second));
    assert!(is_pending(&mut dropped).await);
    drop(dropped);
    other.execute_batch("COMMIT").expect("unlocked");
    let _first = waiting.await;
    assert_eq!(
        store.create(&creation(3)).await.expect("created"),
        Created::Done
    );
    assert_eq!(
        store.load(&second.id).await.expect("loaded"),
        Loaded::Absent
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_open_one_new_file_at_once() {
    let folder = Folder::new();
    let opening: Vec<_> = (0..8)
        .map(|_| tokio::spawn(SqliteStore::open(folder.file())))
        .collect();
    for open in opening {
        open.await.expect("no panic").expect("opened");
    }
}

const PROCESSES: usize = 3;
const EACH: usize = 40;

/// Adds one to the payload until it has done so the wanted number of times.
async fn count_up(store: &SqliteStore, id: StoreId) {
    for _ in 0..EACH {
        let Loaded::Row(mut present) = store.load(&id).await.expect("loaded") else {
            panic!("there is no counter");
        };
        loop {
            let text = core::str::from_utf8(&present.payload).expect("text");
            let next: usize = text.parse::<usize>().expect("a number") + 1;
            let save = Save {
                id,
                expected: present.version,
                filed: present.owner,
                row: Row {
                    version: WriteId::random().expect("random bytes"),
                    payload: next.to_string().into_bytes(),
                    ..present.clone()
                },
                moves_end: false,
                begin: SystemTime::now(),
            };
            match store.save(&save).await {
                Ok(Saved::Done) => break,
                Ok(Saved::Conflict(theirs)) => present = theirs,
                // The file was busy for too long, and nothing was written.
                Err(StoreError::Unavailable(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

const FILE: &str = "SESSION_TEST_SQLITE_FILE";

/// The other processes of the test below run this.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counting_process() {
    if let Some(file) = std::env::var_os(FILE) {
        let store = SqliteStore::open(file)
            .await
            .expect("the file")
            .with_timeout(PATIENCE);
        count_up(&store, StoreId::from_bytes([1; 32])).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_on_one_file_lose_nothing() {
    let folder = Folder::new();
    let store = open(&folder).await.with_timeout(PATIENCE);
    let now = SystemTime::now();
    let mut create = creation(1);
    create.row.payload = b"0".to_vec();
    create.row.expires_at = now + Duration::from_secs(3_600);
    store.create(&create).await.expect("created");
    let program = std::env::current_exe().expect("this program");
    let other = || {
        let mut command = Command::new(&program);
        command.args([
            "--exact",
            "store::sqlite::tests::counting_process",
            "--nocapture",
        ]);
        command
            .env(FILE, folder.file())
            .stdout(std::process::Stdio::null());
        command.spawn().expect("another process")
    };
    let others: Vec<_> = (0..PROCESSES).map(|_| other()).collect();
    count_up(&store, create.id).await;
    for mut other in others {
        assert!(other.wait().expect("it ended").success());
    }
    let Loaded::Row(row) = store.load(&create.id).await.expect("loaded") else {
        panic!("there is no counter");
    };
    let expected = (PROCESSES + 1) * EACH;
    assert_eq!(row.payload, expected.to_string().into_bytes());
}

/// Run it by `cargo test -p session-runtime --features sqlite,testing room -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "takes long; by the command above"]
async fn the_room_that_sessions_take() {
    const SESSIONS: u64 = 20_000;
    let folder = Folder::new();
    let store = open(&folder).await;
    let mut create = creation(1);
    create.row.payload = vec![b'x'; 300];
    for number in 0..SESSIONS {
        // The ids are as scattered as hashes.
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let id = core::array::from_fn(|i| {
            mixed
                .rotate_left(8 * u32::try_from(i).expect("small"))
                .to_be_bytes()[0]
        });
        create.id = StoreId::from_bytes(id);
        store.create(&create).await.expect("created");
    }
    drop(store);
    let size = std::fs::metadata(folder.file()).expect("the file").len();
    println!(
        "{SESSIONS} sessions of 300 bytes: {} bytes each",
        size / SESSIONS
    );
}
