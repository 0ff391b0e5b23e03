//! tower-cookies: the session is a struct, its JSON the value of a cookie in the signed or private jar.

use std::sync::LazyLock;

use axum::routing::{MethodRouter, get};
use http::StatusCode;
use tower_cookies::{Cookie, CookieManagerLayer, Cookies, Key, PrivateCookies, SignedCookies};

use super::{COOKIE, SECRET};
use crate::account::{Account, answer};
use crate::subject::{Protection, Role, Subject, at_root};
use crate::workload::Operation;

pub const SIGNED: &str = "tower-cookies signed";

static KEY: LazyLock<Key> = LazyLock::new(|| Key::from(&SECRET));

#[must_use]
pub fn signed() -> Subject {
    Subject::axum(
        SIGNED,
        Role::Peer,
        Protection::Signed,
        |operation, account| {
            at_root(route::<Signed>(operation, account)).layer(CookieManagerLayer::new())
        },
    )
}

#[must_use]
pub fn private() -> Subject {
    Subject::axum(
        "tower-cookies private",
        Role::Peer,
        Protection::Encrypted,
        |operation, account| {
            at_root(route::<Private>(operation, account)).layer(CookieManagerLayer::new())
        },
    )
}

/// Signed and private jars have the same calls, but no trait for them.
trait Jar: 'static {
    fn load(cookies: &Cookies) -> Option<Account>;
    fn save(cookies: &Cookies, account: &Account);
}

struct Signed;
struct Private;

impl Jar for Signed {
    fn load(cookies: &Cookies) -> Option<Account> {
        let jar: SignedCookies = cookies.signed(&KEY);
        serde_json::from_str(jar.get(COOKIE)?.value()).ok()
    }

    fn save(cookies: &Cookies, account: &Account) {
        cookies.signed(&KEY).add(cookie(account));
    }
}

impl Jar for Private {
    fn load(cookies: &Cookies) -> Option<Account> {
        let jar: PrivateCookies = cookies.private(&KEY);
        serde_json::from_str(jar.get(COOKIE)?.value()).ok()
    }

    fn save(cookies: &Cookies, account: &Account) {
        cookies.private(&KEY).add(cookie(account));
    }
}

fn cookie(account: &Account) -> Cookie<'static> {
    Cookie::build((COOKIE, account.to_json()))
        .path("/")
        .http_only(true)
        .secure(true)
        .build()
}

fn route<J: Jar>(operation: Operation, account: &Account) -> MethodRouter {
    let account = account.clone();
    match operation {
        Operation::Untouched => get(super::bare::handler),
        Operation::Read => get(read::<J>),
        Operation::Write => get(write::<J>),
        Operation::New => get(create::<J>),
        Operation::Seed => get(async move |cookies: Cookies| J::save(&cookies, &account)),
    }
}

async fn read<J: Jar>(cookies: Cookies) -> StatusCode {
    match J::load(&cookies) {
        Some(account) => answer(Some(account.uid), Some(&account.email)),
        None => StatusCode::UNAUTHORIZED,
    }
}

async fn write<J: Jar>(cookies: Cookies) -> StatusCode {
    let Some(mut account) = J::load(&cookies) else {
        return StatusCode::UNAUTHORIZED;
    };
    account.uid += 1;
    J::save(&cookies, &account);
    answer(Some(account.uid), Some(&account.email))
}

async fn create<J: Jar>(cookies: Cookies) {
    J::save(&cookies, &Account::newcomer());
}
