//! The test kit (feature `testing`): what it says of sessions in cookies and in a store is what an application meets.

mod assertions;
mod outside;
mod refused;
mod visitors;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http::{Request, StatusCode};
use session_runtime::StoredSessionLayer;
use session_runtime::store::MemoryStore;
use session_runtime::testing::{self, Visitor};
use session_runtime::{Result, Session, SessionData, SessionLayer};

/// Who is signed in.
#[derive(SessionData)]
pub(crate) struct Account {
    #[session(owner)]
    pub(crate) uid: i64,
    #[session(flash)]
    pub(crate) notice: String,
}

async fn me(account: AccountHandle) -> Result<String> {
    Ok(format!("user {}", account.require_uid()?))
}

async fn sign_in(account: AccountHandle) -> Result<()> {
    account.put_uid(7)
}

async fn sign_out(account: AccountHandle) -> Result<()> {
    account.restart()?;
    account.put_notice("Goodbye!".to_owned())
}

async fn leave(session: Session) -> Result<()> {
    session.destroy()
}

async fn greet(account: AccountHandle) -> Result<()> {
    account.put_notice("Hello!".to_owned())
}

fn routes() -> Router {
    Router::new()
        .route("/me", get(me))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/leave", post(leave))
        .route("/greet", post(greet))
}

/// An application and the visitors of its layer; each test that takes a kind runs with sessions in cookies and in a
/// store.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) app: Router,
    pub(crate) nobody: Visitor,
}

impl Site {
    pub(crate) fn of_cookies(layer: &SessionLayer) -> Self {
        Self {
            app: routes().layer(layer.clone()),
            nobody: Visitor::from(layer),
        }
    }

    pub(crate) fn stored(layer: &StoredSessionLayer) -> Self {
        Self {
            app: routes().layer(layer.clone()),
            nobody: Visitor::from(layer),
        }
    }

    pub(crate) fn both() -> [Self; 2] {
        let layer = || testing::layer().with_data::<Account>().expect("good keys");
        let stored = layer().with_store(MemoryStore::new());
        [
            Self::of_cookies(&layer()),
            Self::stored(&stored.expect("a good configuration")),
        ]
    }

    /// User 7.
    pub(crate) async fn signed_in(&self) -> Visitor {
        let mut visitor = self.nobody.clone();
        let put = async |session: Session| session.put(Account::UID, 7);
        visitor.visit(put).await.expect("a session");
        visitor
    }

    pub(crate) async fn get(&self, visitor: &mut Visitor, path: &str) -> StatusCode {
        self.send(visitor, Request::get(path)).await
    }

    pub(crate) async fn post(&self, visitor: &mut Visitor, path: &str) -> StatusCode {
        self.send(visitor, Request::post(path)).await
    }

    async fn send(&self, visitor: &mut Visitor, request: http::request::Builder) -> StatusCode {
        let request = request.body(Body::empty()).expect("a request");
        let response = visitor.send(&self.app, request).await;
        response.unwrap_or_else(|never| match never {}).status()
    }
}
