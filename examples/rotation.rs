//! Keys that are replaced while the service runs, without signing anybody out.
//!
//! The keys stand in a file; the first one signs, all of them verify. The service reads it again on SIGHUP.
//!
//! ```sh
//! openssl rand -base64 32 > keys
//! SESSION_KEYS=keys cargo run --example rotation
//! curl -c jar -b jar http://127.0.0.1:3000/             # visit 1, and the id of the key
//!
//! # A new key in front of the old one. Several servers? First behind it, on all of them; then in front.
//! (openssl rand -base64 32; echo ,; cat keys) > new && mv new keys
//! kill -HUP ..                                          # the process, as the program says
//! curl -c jar -b jar http://127.0.0.1:3000/             # visit 2: the cookie is under the new key now
//! ```
//!
//! The old key can go when `/keys` shows that nobody brings cookies of it, at the latest after `max_age`. `PORT` chooses
//! another port.

use std::error::Error;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use axum::extract::State;
use axum::routing::get;
use axum::{Router, serve};
use session_runtime::{
    CookieStore, CookieStoreConfig, Key, Keyring, Result, SecretKeys, Session, SessionLayer,
};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

const VISITS: Key<u32> = Key::new("visits");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let path = std::env::var("SESSION_KEYS").map_err(|_| "SESSION_KEYS is the path of a file")?;
    let config = CookieStoreConfig::new("__Host-rotation", read(Path::new(&path))?);
    let store = CookieStore::new(config)?;
    let signals = signal(SignalKind::hangup())?;
    tokio::spawn(reload(store.keyring(), PathBuf::from(path), signals));

    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("process {}, reads its keys on SIGHUP", std::process::id());
    println!("serving http://{}", listener.local_addr()?);
    Ok(serve(listener, app(store)?).await?)
}

fn read(path: &Path) -> Result<SecretKeys, Box<dyn Error>> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(SecretKeys::from(text))
}

/// Requests that run go on with the keys that they began with. What can't be read changes nothing.
async fn reload(keyring: Keyring, path: PathBuf, mut signals: Signal) {
    while signals.recv().await.is_some() {
        let replaced = read(&path).and_then(|keys| Ok(keyring.replace(keys)?));
        match replaced {
            Ok(()) => println!("the keys were replaced"),
            Err(error) => println!("the keys stay as they were: {error}"),
        }
    }
}

fn app(store: CookieStore) -> Result<Router, Box<dyn Error>> {
    Ok(Router::new()
        .route("/", get(visit))
        .route("/keys", get(keys))
        .with_state(store.keyring())
        .layer(SessionLayer::new(store)?))
}

async fn visit(session: Session) -> Result<String> {
    session.update(VISITS, |n| n.unwrap_or(0) + 1)?;
    Ok(format!("visit {}\n", session.require(VISITS)?))
}

/// For operators: how many cookies came under each key. The ids are public, they stand in every cookie.
async fn keys(State(keyring): State<Keyring>) -> String {
    let keys = keyring.usage();
    let lines = keys.iter().map(|key| {
        let (id, opened) = (key.id(), key.opened());
        format!("{id} opened {opened} cookies\n")
    });
    lines.collect::<Vec<_>>().concat()
}
