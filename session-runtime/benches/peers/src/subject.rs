//! Whom to measure. A subject is a name and a way to build its application; adding one is one file in `subjects/`.

use axum::Router;
use axum::routing::MethodRouter;

use crate::account::Account;
use crate::workload::Operation;

/// The frameworks alone.
pub const BARE_AXUM: &str = "bare axum";
pub const BARE_ACTIX: &str = "bare actix-web";

/// What a subject is to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The framework alone; subtracted from all others.
    Baseline,
    /// A layer without a session: what being a layer costs.
    Layer,
    /// The primitives without a session layer: what nobody can beat by much.
    Floor,
    /// The same job by hand.
    Ideal,
    /// A session that people use.
    Peer,
    /// session-runtime.
    Ours,
}

/// What keeps the cookie from being forged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    None,
    Signed,
    Encrypted,
}

/// Makes the layered routes for one operation.
pub type BuildRouter = Box<dyn Fn(Operation, &Account) -> Router>;

/// An actix application; actix's types have no common one that could be held instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActixPeer {
    /// Without a session.
    Bare,
    Signed,
    Private,
}

impl ActixPeer {
    /// Whether the session's middleware belongs around the application.
    #[must_use]
    pub fn has_session(self) -> bool {
        self != Self::Bare
    }
}

/// How an application is built for one operation. The account is what [`Operation::Seed`] stores.
pub enum Build {
    Axum(BuildRouter),
    Actix(ActixPeer),
}

/// One row of the tables.
pub struct Subject {
    pub name: &'static str,
    pub role: Role,
    pub protection: Protection,
    /// Whether the session stays in the server's memory.
    pub server_side: bool,
    pub build: Build,
}

impl Subject {
    /// A subject in axum, from its layered routes.
    pub fn axum(
        name: &'static str,
        role: Role,
        protection: Protection,
        router: impl Fn(Operation, &Account) -> Router + 'static,
    ) -> Self {
        Self {
            name,
            role,
            protection,
            server_side: false,
            build: Build::Axum(Box::new(router)),
        }
    }

    /// A subject in actix.
    #[must_use]
    pub fn actix(name: &'static str, role: Role, protection: Protection, peer: ActixPeer) -> Self {
        Self {
            name,
            role,
            protection,
            server_side: false,
            build: Build::Actix(peer),
        }
    }

    /// Says that the session stays in the server's memory.
    #[must_use]
    pub fn server_side(mut self) -> Self {
        self.server_side = true;
        self
    }

    /// The name of the subject that is subtracted from this one.
    #[must_use]
    pub fn baseline(&self) -> &'static str {
        match self.build {
            Build::Axum(_) => BARE_AXUM,
            Build::Actix(_) => BARE_ACTIX,
        }
    }

    /// Whether this subject's answer to the operation has a `Set-Cookie`.
    #[must_use]
    pub fn sets_cookie(&self, operation: Operation) -> bool {
        match self.role {
            Role::Baseline | Role::Layer => false,
            // A change of what is in the store changes no cookie.
            Role::Ours if self.server_side => operation.saves() && operation != Operation::Write,
            _ => operation.saves(),
        }
    }
}

/// One route, the same for all: what routing costs is in every figure and subtracted from it.
pub fn at_root<S: Clone + Send + Sync + 'static>(handler: MethodRouter<S>) -> Router<S> {
    Router::new().route("/", handler)
}
