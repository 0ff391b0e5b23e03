//! Serves the shop: configuration from the environment, the database, the port.
//!
//! | variable | what | else |
//! | --- | --- | --- |
//! | `PORT` | where it listens; 0 lets the system choose | 3000 |
//! | `SESSION_KEY` | `openssl rand -base64 32` makes one | a new key, so that all sessions end with the process |
//! | `SHOP_DB` | the file of the sessions | one in a new temporary folder, which Ctrl-C removes |
//!
//! The cookie is `Secure`. Chromium and Firefox take such a cookie on 127.0.0.1 without TLS too; for Safari, which does
//! not, name it without `__Host-` and add `.with_secure(false)`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs};

use axum::serve;
use session_runtime::store::SqliteStore;
use session_runtime::{BoxError, CookieStoreConfig, Result, SecretKeys, SessionLayer};
use shop::Users;
use tokio::net::TcpListener;
use tokio::signal::ctrl_c;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let database = Database::from_env()?;
    let layer = SessionLayer::new(CookieStoreConfig::new("__Host-shop", key()?))?;
    let store = SqliteStore::open(&database.file).await?;
    let store = store.with_timeout(Duration::from_secs(2)); // the disk may be slow
    let layer = shop::sessions(layer, store)?;
    tokio::spawn(layer.sessions().sweeper()); // removes what is over
    let shop = shop::router(layer, Users::demo()?);

    let listener = listen().await?;
    for (name, password) in Users::DEMO {
        println!("Sign in as {name:?} with {password:?}");
    }
    println!("Listening on http://{}", listener.local_addr()?);
    // The development page asks who asks.
    let shop = shop.into_make_service_with_connect_info::<SocketAddr>();
    tokio::select! {
        served = async { serve(listener, shop).await } => served?,
        stopped = ctrl_c() => stopped?,
    }
    Ok(())
}

async fn listen() -> Result<TcpListener, BoxError> {
    let port = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let port: u16 = port
        .parse()
        .map_err(|_| format!("PORT={port} is no port number"))?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    Ok(listener.map_err(|error| {
        format!("can't listen on port {port}: {error}. PORT=3001 chooses another port")
    })?)
}

fn key() -> Result<SecretKeys> {
    env::var("SESSION_KEY").map(SecretKeys::from).or_else(|_| {
        println!("SESSION_KEY is not set: made a key, and all sessions end with this process");
        SecretKeys::generate()
    })
}

/// The file of the sessions.
struct Database {
    file: PathBuf,
    /// Removed at the end.
    folder: Option<PathBuf>,
}

impl Database {
    fn from_env() -> Result<Self, BoxError> {
        if let Some(file) = env::var_os("SHOP_DB") {
            return Ok(Self {
                file: file.into(),
                folder: None,
            });
        }
        let folder = env::temp_dir().join(format!("shop-{:016x}", getrandom::u64()?));
        fs::create_dir(&folder)?; // fails where somebody else made it
        Ok(Self {
            file: folder.join("sessions.db"),
            folder: Some(folder),
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _left_to_the_system = fs::remove_dir_all(folder);
        }
    }
}
