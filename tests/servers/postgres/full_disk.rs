//! A disk that is full, by one command, as root, since it mounts a small file system in memory:
//! `SESSION_TEST_POSTGRES=1 cargo test --test servers postgres::full_disk -- --ignored --nocapture`. Its counts are in
//! docs/faults.md.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use http::StatusCode;

use super::{is_asked_for, store};
use crate::engines::postgres::Server;
use crate::engines::run;
use crate::support::claims::Server as App;

/// Beyond what a new server takes.
const ROOM: &str = "size=160m";
/// How long the server may take to go on.
const BOUND: Duration = Duration::from_secs(60);

/// A file system in memory, unmounted at the end.
struct Small(PathBuf);

impl Small {
    /// Takes the place of this folder, with what is in it.
    fn in_place_of(folder: &Path) -> Self {
        let old = folder.with_extension("old");
        std::fs::rename(folder, &old).expect("moved");
        std::fs::create_dir(folder).expect("made");
        run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", ROOM, "tmpfs"])
            .arg(folder));
        run(Command::new("cp").arg("-aT").arg(&old).arg(folder));
        Self(folder.to_owned())
    }

    fn fill(&self) {
        // Ends where there is no room.
        let mut fill = Command::new("dd");
        fill.args(["if=/dev/zero", "bs=64k", "status=none"]);
        fill.arg(format!("of={}", self.ballast().display()));
        let _full = fill.output().expect("dd");
    }

    fn free(&self) {
        std::fs::remove_file(self.ballast()).expect("it was made");
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _unmounted = Command::new("umount").arg("-l").arg(&self.0).status();
        let folder = self.0.parent().expect("a folder of the test");
        let _removed = std::fs::remove_dir_all(folder);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "mounts a file system; by the command above"]
async fn a_full_disk_signs_nobody_out_and_loses_nothing() {
    assert!(is_asked_for());
    // Unmounted after the server has ended.
    let mut small = None;
    let settings = "max_wal_size = 32MB\nmin_wal_size = 32MB\nautovacuum = off";
    let server = Server::start_prepared(settings, |data| small = Some(Small::in_place_of(data)));
    let mut server = server.await;
    let small = small.expect("it was prepared");
    let app = App::new(
        store(&server.url())
            .await
            .with_timeout(Duration::from_secs(1)),
    );
    let mut cookies = vec![app.sign_in("full 0").await];

    small.fill();
    let (mut refused, begun) = (0, Instant::now());
    let large = "x".repeat(40_000);
    while refused < 20 {
        assert!(
            begun.elapsed() < BOUND,
            "the disk is not full after {} sessions",
            cookies.len()
        );
        let user = format!("full {}", cookies.len());
        let put = async |session: session_runtime::Session| {
            session.put(crate::support::claims::Account::USER, user.clone())?;
            session.put("large", large.clone())
        };
        let reply = app.request("", put).await;
        match reply.status {
            StatusCode::OK => cookies.push(reply.cookie().expect("a session")),
            status => {
                assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
                assert!(reply.cookie().is_none(), "no cookie for what is not stored");
                refused += 1;
            }
        }
    }

    small.free();
    if server.has_ended() {
        server.restart().await;
    }
    let freed = Instant::now();
    while app
        .request("", async |session| session.put("n", 1))
        .await
        .status
        != StatusCode::OK
    {
        assert!(freed.elapsed() < BOUND, "the server does not go on");
    }
    let mut lost = 0;
    for (number, cookie) in cookies.iter().enumerate() {
        let user = app.user(cookie).await;
        lost += u32::from(user.as_deref() != Some(&format!("full {number}")));
    }
    println!(
        "{} sessions acknowledged before and on the full disk, {refused} refused, {lost} lost; first write {:?} after there was room",
        cookies.len(),
        freed.elapsed()
    );
    assert_eq!(lost, 0);
    drop(server);
    drop(small);
}
