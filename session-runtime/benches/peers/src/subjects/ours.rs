//! session-runtime: a derived handle over one cookie, signed or encrypted, or over a session in the server's memory.

use std::sync::LazyLock;

use axum::routing::{MethodRouter, get};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use session_runtime::store::MemoryStore;
use session_runtime::{CookieStoreConfig, Result, SessionData, SessionLayer};

use super::{COOKIE, SECRET};
use crate::account::{Account, UID, answer};
use crate::subject::{Protection, Role, Subject, at_root};
use crate::workload::Operation;

pub const SIGNED: &str = "session-runtime";
pub const ENCRYPTED: &str = "session-runtime, encrypted";
pub const IN_MEMORY: &str = "session-runtime, memory store, signed";
pub const SIXTEEN_KEYS: &str = "session-runtime, 16 keys";

/// The account's keys.
#[derive(SessionData)]
pub struct Visit {
    pub uid: i64,
    pub email: String,
    recent: Vec<u32>,
    locale: String,
    message: String,
}

static KEY: LazyLock<String> = LazyLock::new(|| STANDARD.encode(SECRET));

#[must_use]
pub fn signed() -> Subject {
    subject(SIGNED, Protection::Signed, &KEY)
}

#[must_use]
pub fn encrypted() -> Subject {
    subject(ENCRYPTED, Protection::Encrypted, &KEY)
}

/// The key that signs is the first of sixteen, as in a service that rotates them.
#[must_use]
pub fn signed_with_keyring() -> Subject {
    let keys: Vec<String> = (0..16)
        .map(|n| STANDARD.encode(SECRET.map(|byte| byte.wrapping_add(n))))
        .collect();
    subject(SIXTEEN_KEYS, Protection::Signed, &keys.join(","))
}

/// A signed cookie holds an id, the session stays in the server.
///
/// # Panics
/// Never: the configuration is valid.
#[must_use]
pub fn in_memory() -> Subject {
    let layer = layer().with_store(MemoryStore::new());
    let layer = layer.expect("the cookie is of the layer's own format");
    Subject::axum(
        IN_MEMORY,
        Role::Ours,
        Protection::Signed,
        move |operation, account| at_root(route(operation, account)).layer(layer.clone()),
    )
    .server_side()
}

/// A layer with one key and a signed cookie.
#[must_use]
pub fn layer() -> SessionLayer {
    layer_of(Protection::Signed, &KEY)
}

/// # Panics
/// Never: the configuration is valid.
fn layer_of(protection: Protection, keys: &str) -> SessionLayer {
    let config =
        CookieStoreConfig::new(COOKIE, keys).with_encrypted(protection == Protection::Encrypted);
    SessionLayer::new(config).expect("the configuration is valid")
}

fn subject(name: &'static str, protection: Protection, keys: &str) -> Subject {
    let layer = layer_of(protection, keys);
    Subject::axum(name, Role::Ours, protection, move |operation, account| {
        at_root(route(operation, account)).layer(layer.clone())
    })
}

fn route(operation: Operation, account: &Account) -> MethodRouter {
    let account = account.clone();
    match operation {
        Operation::Untouched => get(super::bare::handler),
        Operation::Read => get(read),
        Operation::Write => get(write),
        Operation::New => get(async |visit: VisitHandle| visit.put_uid(UID)),
        Operation::Seed => get(async move |visit: VisitHandle| seed(&visit, account.clone())),
    }
}

async fn read(visit: VisitHandle) -> Result<StatusCode> {
    let email = visit.get_email()?;
    Ok(answer(visit.get_uid()?, email.as_deref()))
}

async fn write(visit: VisitHandle) -> Result<StatusCode> {
    let (uid, email) = (visit.require_uid()?, visit.get_email()?);
    visit.put_uid(uid + 1)?;
    Ok(answer(Some(uid), email.as_deref()))
}

fn seed(visit: &VisitHandle, account: Account) -> Result<()> {
    visit.put_uid(account.uid)?;
    visit.put_email(account.email)?;
    visit.put_recent(account.recent)?;
    visit.put_locale(account.locale)?;
    visit.put_message(account.message)
}
