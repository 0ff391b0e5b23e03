//! axum-extra: the session is a struct, its JSON the value of a cookie in a jar that the handler takes and returns.

use axum::routing::{MethodRouter, get};
use axum_extra::extract::cookie::{Cookie, Key, PrivateCookieJar, SignedCookieJar};
use http::StatusCode;

use super::{COOKIE, SECRET};
use crate::account::{Account, answer};
use crate::subject::{Protection, Role, Subject, at_root};
use crate::workload::Operation;

#[must_use]
pub fn signed() -> Subject {
    Subject::axum(
        "axum-extra SignedCookieJar",
        Role::Peer,
        Protection::Signed,
        |operation, account| {
            at_root(signed_route(operation, account)).with_state(Key::from(&SECRET))
        },
    )
}

#[must_use]
pub fn private() -> Subject {
    Subject::axum(
        "axum-extra PrivateCookieJar",
        Role::Peer,
        Protection::Encrypted,
        |operation, account| {
            at_root(private_route(operation, account)).with_state(Key::from(&SECRET))
        },
    )
}

fn cookie(account: &Account) -> Cookie<'static> {
    Cookie::build((COOKIE, account.to_json()))
        .path("/")
        .http_only(true)
        .secure(true)
        .build()
}

fn load(cookie: Option<Cookie<'static>>) -> Option<Account> {
    serde_json::from_str(cookie?.value()).ok()
}

/// The two jars have the same calls, but no trait for them.
macro_rules! routes {
    ($name:ident, $jar:ty) => {
        fn $name(operation: Operation, account: &Account) -> MethodRouter<Key> {
            let account = account.clone();
            match operation {
                Operation::Untouched => get(super::bare::handler),
                Operation::Read => get(async |jar: $jar| match load(jar.get(COOKIE)) {
                    Some(account) => answer(Some(account.uid), Some(&account.email)),
                    None => StatusCode::UNAUTHORIZED,
                }),
                Operation::Write => get(async |jar: $jar| {
                    let Some(mut account) = load(jar.get(COOKIE)) else {
                        return (jar, StatusCode::UNAUTHORIZED);
                    };
                    account.uid += 1;
                    (
                        jar.add(cookie(&account)),
                        answer(Some(account.uid), Some(&account.email)),
                    )
                }),
                Operation::New => {
                    get(async |jar: $jar| (jar.add(cookie(&Account::newcomer())), StatusCode::OK))
                }
                Operation::Seed => {
                    get(async move |jar: $jar| (jar.add(cookie(&account)), StatusCode::OK))
                }
            }
        }
    };
}

routes!(signed_route, SignedCookieJar);
routes!(private_route, PrivateCookieJar);
