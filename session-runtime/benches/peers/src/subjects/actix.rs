//! actix-session with its cookie store, in actix-web; bare actix-web is subtracted from it.

use std::rc::Rc;

use actix_session::config::CookieContentSecurity;
use actix_session::{Session, SessionMiddleware, storage::CookieSessionStore};
use actix_web::cookie::Key;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, Route, web};

use super::{COOKIE, SECRET};
use crate::account::{self, Account, UID};
use crate::subject::{ActixPeer, Protection, Role, Subject};
use crate::workload::Operation;

#[must_use]
pub fn signed() -> Subject {
    Subject::actix(
        "actix-session cookie, signed",
        Role::Peer,
        Protection::Signed,
        ActixPeer::Signed,
    )
}

#[must_use]
pub fn private() -> Subject {
    Subject::actix(
        "actix-session cookie, private",
        Role::Peer,
        Protection::Encrypted,
        ActixPeer::Private,
    )
}

/// The session's middleware.
#[must_use]
pub fn middleware(peer: ActixPeer) -> SessionMiddleware<CookieSessionStore> {
    let security = match peer {
        ActixPeer::Private => CookieContentSecurity::Private,
        ActixPeer::Bare | ActixPeer::Signed => CookieContentSecurity::Signed,
    };
    let builder = SessionMiddleware::builder(CookieSessionStore::default(), Key::from(&SECRET));
    builder
        .cookie_name(COOKIE.to_owned())
        .cookie_content_security(security)
        .build()
}

/// The handler of one operation.
#[must_use]
pub fn route(peer: ActixPeer, operation: Operation, account: &Account) -> Route {
    let account = Rc::new(account.clone());
    match operation {
        _ if !peer.has_session() => web::get().to(untouched),
        Operation::Untouched => web::get().to(untouched),
        Operation::Read => web::get().to(read),
        Operation::Write => web::get().to(write),
        Operation::New => web::get().to(create),
        Operation::Seed => {
            web::get().to(move |session: Session| std::future::ready(seed(&session, &account)))
        }
    }
}

async fn untouched() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn both(session: &Session) -> Option<(i64, String)> {
    Some((session.get("uid").ok()??, session.get("email").ok()??))
}

fn answer(uid: i64, email: &str) -> HttpResponse {
    let status = account::answer(Some(uid), Some(email));
    HttpResponse::new(
        StatusCode::from_u16(status.as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    )
}

async fn read(session: Session) -> HttpResponse {
    match both(&session) {
        Some((uid, email)) => answer(uid, &email),
        None => HttpResponse::Unauthorized().finish(),
    }
}

async fn write(session: Session) -> HttpResponse {
    let Some((uid, email)) = both(&session) else {
        return HttpResponse::Unauthorized().finish();
    };
    match session.insert("uid", uid + 1) {
        Ok(()) => answer(uid, &email),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

async fn create(session: Session) -> HttpResponse {
    match session.insert("uid", UID) {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

fn seed(session: &Session, account: &Account) -> HttpResponse {
    let stored = session
        .insert("uid", account.uid)
        .and_then(|()| session.insert("email", &account.email))
        .and_then(|()| session.insert("recent", &account.recent))
        .and_then(|()| session.insert("locale", &account.locale))
        .and_then(|()| session.insert("message", &account.message));
    match stored {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
