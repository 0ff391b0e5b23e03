//! Configuration from files, the environment and code, through the public API.

mod configor;
mod environment;
mod errors;
mod files;
mod keys;
mod lifetimes;
mod places;
mod serde;
mod template;

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use session_runtime::{ConfigError, ConfigLoader, CookieStoreConfig};

type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

const KEY: &str = "3yQd17tkWvhESh+Nf6tu82UWTmfIFJ9wsprkavnF15c=";

/// A folder of its own for each test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("session-runtime-config-{}-{next}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.0.join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A loader that lacks nothing.
fn complete() -> ConfigLoader {
    crate::listening::listen();
    CookieStoreConfig::load().defaults(CookieStoreConfig::new("session", KEY))
}

fn from_env<const N: usize>(
    variables: [(&str, &str); N],
) -> std::result::Result<CookieStoreConfig, ConfigError> {
    complete().env_from("APP_SESSION", variables).build()
}

/// What the configuration says, but for the key.
fn fields(config: &CookieStoreConfig) -> Result<serde_json::Value> {
    Ok(serde_json::to_value(config)?)
}

/// The message of the error that must be.
fn refusal<T>(result: std::result::Result<T, ConfigError>) -> Result<String> {
    match result {
        Ok(_) => Err("taken, but should not be".into()),
        Err(error) => Ok(error.to_string()),
    }
}

/// What is built, and each line that is logged meanwhile.
fn warnings(loader: ConfigLoader) -> (Result<CookieStoreConfig, ConfigError>, Vec<String>) {
    crate::listening::listen();
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    let built = tracing::subscriber::with_default(subscriber, || loader.build());
    let bytes = log.0.lock().map(|bytes| bytes.clone()).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    (built, text.lines().map(str::to_owned).collect())
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = self.0.lock().map_err(|_| io::ErrorKind::Other)?;
        log.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[track_caller]
fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{part:?} is not in {message:?}");
    }
}
