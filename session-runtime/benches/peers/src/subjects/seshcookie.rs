//! seshcookie: one typed value in an encrypted cookie.

use axum::routing::{MethodRouter, get};
use http::StatusCode;
use seshcookie::{Session, SessionConfig, SessionKeys, SessionLayer};

use super::{COOKIE, SECRET};
use crate::account::{Account, answer};
use crate::subject::{Protection, Role, Subject, at_root};
use crate::workload::Operation;

/// # Panics
/// Never: the secret is long enough and the configuration the default one.
#[must_use]
pub fn encrypted() -> Subject {
    let keys = SessionKeys::new(&SECRET).expect("the secret is long enough");
    let config = SessionConfig::default().cookie_name(COOKIE);
    let layer = SessionLayer::<Account>::new(keys, config).expect("the configuration is valid");
    Subject::axum(
        "seshcookie",
        Role::Peer,
        Protection::Encrypted,
        move |operation, account| at_root(route(operation, account)).layer(layer.clone()),
    )
}

fn route(operation: Operation, account: &Account) -> MethodRouter {
    let account = account.clone();
    match operation {
        Operation::Untouched => get(super::bare::handler),
        Operation::Read => get(read),
        Operation::Write => get(write),
        Operation::New => {
            get(async |session: Session<Account>| session.insert(Account::newcomer()).await)
        }
        Operation::Seed => {
            get(async move |session: Session<Account>| session.insert(account.clone()).await)
        }
    }
}

async fn read(session: Session<Account>) -> StatusCode {
    match session.get().await {
        Some(account) => answer(Some(account.uid), Some(&account.email)),
        None => StatusCode::UNAUTHORIZED,
    }
}

async fn write(session: Session<Account>) -> StatusCode {
    session
        .modify(|stored| match stored {
            Some(account) => {
                account.uid += 1;
                answer(Some(account.uid), Some(&account.email))
            }
            None => StatusCode::UNAUTHORIZED,
        })
        .await
}
