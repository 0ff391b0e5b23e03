//! actix-session with its store in Redis, its cookie signed, and actix-web without it.

use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_session::storage::RedisSessionStore;
use actix_session::{Session, SessionGetError, SessionInsertError, SessionMiddleware};
use actix_web::cookie::{Key, time::Duration};
use actix_web::error::ErrorUnauthorized;
use actix_web::{App, HttpServer, web};

use super::ours::Slow;
use super::{COUNTER, Gate, Profile, RACERS, SECRET, profile};

type Answer<T> = actix_web::Result<T>;

pub(super) fn bare(_engine: u16) {
    let text = || async { "Ada Lovelace 7" };
    let app = move || {
        App::new()
            .route("/untouched", web::get().to(text))
            .route("/sign-in", web::get().to(text))
            .route("/read", web::get().to(text))
            .route("/write", web::get().to(text))
    };
    actix_web::rt::System::new().block_on(async {
        let server = HttpServer::new(app)
            .workers(1)
            .bind(("127.0.0.1", 0))
            .expect("a port");
        println!("{}", server.addrs()[0].port());
        server.run().await.expect("it serves");
    });
}

pub(super) fn redis(engine: u16) {
    actix_web::rt::System::new().block_on(async {
        let store = RedisSessionStore::new(format!("redis://127.0.0.1:{engine}")).await;
        let (store, key) = (store.expect("a server"), Key::from(SECRET));
        let gate = web::Data::new(Gate::new());
        let app = move || {
            let lifetime = PersistentSession::default().session_ttl(Duration::days(30));
            let sessions = SessionMiddleware::builder(store.clone(), key.clone())
                .cookie_name("session".to_owned())
                .cookie_content_security(CookieContentSecurity::Signed)
                .session_lifecycle(lifetime)
                .build();
            App::new()
                .wrap(sessions)
                .app_data(gate.clone())
                .route("/untouched", web::get().to(|| async { "Ada Lovelace 7" }))
                .route("/sign-in", web::get().to(sign_in))
                .route("/read", web::get().to(read))
                .route("/write", web::get().to(write))
                .route("/slow", web::get().to(slow))
                .route("/count", web::get().to(count))
                .route("/has", web::get().to(has))
                .route("/sign-out", web::get().to(sign_out))
                .route("/release", web::get().to(release))
                .route("/waiting", web::get().to(waiting))
        };
        let server = HttpServer::new(app)
            .workers(1)
            .bind(("127.0.0.1", 0))
            .expect("a port");
        println!("{}", server.addrs()[0].port());
        server.run().await.expect("it serves");
    });
}

async fn sign_in(session: Session) -> Result<&'static str, SessionInsertError> {
    session.insert("uid", 7_i64)?;
    session.insert("profile", profile())?;
    session.insert(COUNTER, 0_u64)?;
    Ok("Ada Lovelace 7")
}

async fn read(session: Session) -> Answer<String> {
    let (uid, profile) = (
        session.get::<i64>("uid")?,
        session.get::<Profile>("profile")?,
    );
    let (uid, profile) = uid.zip(profile).ok_or_else(|| ErrorUnauthorized(""))?;
    Ok(format!("{} {uid}", profile.name))
}

async fn write(session: Session) -> Answer<String> {
    let counter = session
        .get::<u64>(COUNTER)?
        .ok_or_else(|| ErrorUnauthorized(""))?
        + 1;
    session.insert(COUNTER, counter)?;
    Ok(format!("Ada Lovelace {counter}"))
}

async fn slow(gate: web::Data<Gate>, session: Session, slow: web::Query<Slow>) -> Answer<String> {
    session.get::<i64>("uid")?;
    gate.wait().await;
    session.insert(slow.key.as_str(), true)?;
    Ok(String::new())
}

/// It has no call that counts exactly.
async fn count(gate: web::Data<Gate>, session: Session) -> Answer<String> {
    session.get::<u64>(COUNTER)?;
    gate.wait().await;
    let counter = session.get::<u64>(COUNTER)?.unwrap_or(0);
    session.insert(COUNTER, counter + 1)?;
    Ok(String::new())
}

async fn has(session: Session) -> Result<String, SessionGetError> {
    let mut keys = 0;
    for racer in 0..RACERS {
        keys += u64::from(session.get::<bool>(&format!("key{racer}"))?.is_some());
    }
    let counter = session.get::<u64>(COUNTER)?.unwrap_or(0);
    let uid = session.get::<i64>("uid")?.unwrap_or(0);
    Ok(format!("{keys} {counter} {uid}"))
}

async fn sign_out(session: Session) -> String {
    session.purge();
    String::new()
}

async fn release(gate: web::Data<Gate>) -> String {
    gate.release();
    String::new()
}

async fn waiting(gate: web::Data<Gate>) -> String {
    gate.waiting().to_string()
}
