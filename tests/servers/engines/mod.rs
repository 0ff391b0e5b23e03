//! Real servers for tests: on loopback, unprivileged, with data in a temporary folder, ended by their process ids.

pub(crate) mod postgres;
pub(crate) mod redis;
pub(crate) mod redis_cluster;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder of this test, removed at its end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(user: &str) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("session-server-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        give_to(user, &folder);
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _removed = std::fs::remove_dir_all(&self.0);
    }
}

/// Lets this user write it, where the tests are root's.
pub(crate) fn give_to(user: &str, path: &Path) {
    if is_root() {
        run(Command::new("chown").arg(user).arg(path));
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}

/// The program, as this user where the tests are root's.
pub(crate) fn as_user(user: &str, program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    let [uid, gid] = [format!("--reuid={user}"), format!("--regid={user}")];
    command.args([&uid, &gid, "--clear-groups"]).arg(program);
    command
}

/// Runs it to its end, which must be a good one.
pub(crate) fn run(command: &mut Command) {
    let output = command.output().expect("the program");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}");
}

/// A server that runs. `timeout` ends it also where this process can't.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(user: &str, program: &Path, arguments: &[&str], log: &Path) -> Self {
        let server = as_user(user, program);
        let file = || std::fs::File::options().create(true).append(true).open(log);
        let mut command = Command::new("timeout");
        command
            .args(["--kill-after=5", "300"])
            .arg(server.get_program())
            .args(server.get_args())
            .args(arguments)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(file().expect("a log"))
            .stderr(file().expect("a log"));
        Self(command.spawn().expect("the server"))
    }

    /// The server's own id.
    pub(crate) fn id(&self) -> Option<u32> {
        children(self.0.id()).first().copied()
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("a child of ours").is_some()
    }

    /// Sends the signal to the server and to the processes that it started.
    pub(crate) fn signal_all(&self, signal: &str) {
        let Some(id) = self.id() else { return };
        let mut all = vec![id];
        all.extend(children(id));
        signal_to(signal, &all);
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        self.signal_all("CONT");
        self.signal_all("KILL");
        let _ended = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) fn signal_to(signal: &str, ids: &[u32]) {
    let mut command = Command::new("kill");
    command.arg(format!("-{signal}"));
    command.args(ids.iter().map(ToString::to_string));
    let _sent = command.stderr(Stdio::null()).status();
}

fn children(id: u32) -> Vec<u32> {
    let file = format!("/proc/{id}/task/{id}/children");
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.split_whitespace()
        .filter_map(|id| id.parse().ok())
        .collect()
}
