//! A PostgreSQL of our own, and a pgbouncer in front of it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Folder, Process, as_user, free_port, run};

const USER: &str = "postgres";
/// How often a server is asked whether it is there.
const TRIES: usize = 600;

/// The program of the newest version that is installed.
pub(crate) fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut found: Vec<PathBuf> = versions
        .flatten()
        .map(|version| version.path().join("bin").join(name))
        .collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let others = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    let mut found: Vec<_> = found.into_iter().rev().collect();
    found.extend(others.map(|folder| folder.join(name)));
    let program = found.into_iter().find(|program| program.is_file());
    program.unwrap_or_else(|| panic!("`{name}` is not installed (Debian: postgresql, pgbouncer)"))
}

pub(crate) struct Server {
    process: Process,
    port: u16,
    folder: Folder,
}

impl Server {
    /// A new server with an empty database.
    pub(crate) async fn start() -> Self {
        Self::start_prepared("", |_| ()).await
    }

    /// With these lines at the end of its configuration, and its data folder prepared so.
    pub(crate) async fn start_prepared(settings: &str, prepare: impl FnOnce(&Path)) -> Self {
        let folder = Folder::new(USER);
        let data = folder.path().join("data");
        let mut init = as_user(USER, &program("initdb"));
        init.args([
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ]);
        run(init.arg(&data).current_dir("/"));
        let common = "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nshared_buffers = 16MB\n\
            max_connections = 60\nmax_wal_senders = 4\nfsync = off\n";
        append(
            &data.join("postgresql.conf"),
            &format!("{common}{settings}\n"),
        );
        prepare(&data);
        Self::run(folder, free_port()).await
    }

    async fn run(folder: Folder, port: u16) -> Self {
        let process = process(folder.path(), port);
        let mut server = Self {
            process,
            port,
            folder,
        };
        server.wait().await;
        server
    }

    async fn wait(&mut self) {
        for _ in 0..TRIES {
            assert!(
                !self.process.has_ended(),
                "PostgreSQL ended: {}",
                self.log()
            );
            if self.ask("SELECT 1").await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("PostgreSQL does not answer: {}", self.log());
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// psql with these statements: no client of the crate's.
    pub(crate) fn psql(&self, sql: &str) -> tokio::process::Command {
        let mut command = tokio::process::Command::new(program("psql"));
        command.args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]);
        command.args(["-h", "127.0.0.1", "-U", USER, "-d", "postgres"]);
        command.args(["-p", &self.port.to_string(), "-c", sql]);
        command.env("PGCONNECT_TIMEOUT", "5").kill_on_drop(true);
        command
    }

    /// The first column of the first row.
    pub(crate) async fn ask(&self, sql: &str) -> Result<String, String> {
        let output = self.psql(sql).output().await;
        let output = output.map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    /// A standby of this server, which from now on waits for it at each commit.
    pub(crate) async fn standby(&self) -> Self {
        let folder = Folder::new(USER);
        let mut copy = as_user(USER, &program("pg_basebackup"));
        copy.args([
            "-h",
            "127.0.0.1",
            "-U",
            USER,
            "-R",
            "--checkpoint=fast",
            "--no-sync",
        ]);
        copy.args(["-p", &self.port.to_string(), "-D"]);
        run(copy.arg(folder.path().join("data")).current_dir("/"));
        let standby = Self::run(folder, free_port()).await;
        self.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
            .await
            .expect("set");
        self.ask("SELECT pg_reload_conf()").await.expect("reloaded");
        for _ in 0..TRIES {
            let state = self.ask("SELECT sync_state FROM pg_stat_replication").await;
            if state.as_deref() == Ok("sync") {
                return standby;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the standby does not follow: {}", standby.log());
    }

    /// All its processes stand still, and the connections stay.
    pub(crate) fn freeze(&self) {
        self.process.signal_all("STOP");
    }

    pub(crate) fn thaw(&self) {
        self.process.signal_all("CONT");
    }

    /// All its processes are gone at once.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.has_ended()
    }

    /// On the same port, after [`Server::kill`].
    pub(crate) async fn restart(&mut self) {
        self.process = process(self.folder.path(), self.port);
        self.wait().await;
    }
}

fn process(folder: &Path, port: u16) -> Process {
    let data = folder.join("data");
    let data = data.to_str().expect("a path in UTF-8");
    let _old = std::fs::remove_file(folder.join("data/postmaster.pid"));
    let arguments = ["-D", data, "-p", &port.to_string()];
    Process::start(USER, &program("postgres"), &arguments, &folder.join("log"))
}

fn append(file: &Path, text: &str) {
    use std::io::Write as _;
    let mut file = std::fs::File::options()
        .append(true)
        .open(file)
        .expect("a file");
    file.write_all(text.as_bytes()).expect("written");
}

/// In transaction mode, with few connections of its own.
pub(crate) struct PgBouncer {
    _process: Process,
    port: u16,
    _folder: Folder,
}

impl PgBouncer {
    pub(crate) async fn start(server: &Server) -> Self {
        let (folder, port) = (Folder::new(USER), free_port());
        let config = format!(
            "[databases]\npostgres = host=127.0.0.1 port={} user={USER}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 3\n\
             unix_socket_dir =\n",
            server.port
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, config).expect("a file");
        if super::is_root() {
            run(Command::new("chown").arg(USER).arg(&file));
        }
        let file = file.to_str().expect("a path in UTF-8");
        let log = folder.path().join("log");
        let process = Process::start(USER, &program("pgbouncer"), &[file], &log);
        let bouncer = Self {
            _process: process,
            port,
            _folder: folder,
        };
        for _ in 0..TRIES {
            if tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .is_ok()
            {
                return bouncer;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("pgbouncer does not listen");
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }
}
