//! Where the sessions of this program are: in a store of the server.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use session_runtime::store::{Loaded, SessionStore, StoreId};
use session_runtime::{Record, Session, SessionLayer, StoredSessionLayer};
use sha2::{Digest, Sha256};

use super::server::Line;
use super::support::{Clock, NAME, Visitor};
use crate::exchange::{self, exchange};

pub(crate) type Layer = StoredSessionLayer;

/// Whether the cookie holds the whole session, so that each change is sent.
pub(crate) const IN_COOKIE: bool = false;

/// The most bytes that a session may have.
pub(crate) const ROOM: usize = 65_536;

/// A store with the server's clock.
#[derive(Clone)]
pub(crate) struct Place(Line);

impl Place {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self(Line::new(clock))
    }

    pub(crate) fn layer(&self, layer: SessionLayer) -> Layer {
        let layer = layer.with_store(self.0.clone());
        layer.expect("a good configuration")
    }

    pub(crate) fn line(&self) -> &Line {
        &self.0
    }

    /// Rows that were written since the last call.
    pub(crate) fn writes(&self) -> usize {
        self.0.writes()
    }

    /// As a handler sees it, whose response saves nothing.
    #[expect(clippy::unused_self, reason = "another program has no store to ask")]
    pub(crate) fn record(&self, visitor: &Visitor) -> Record {
        let (request, head) = (
            visitor.request(),
            exchange::head(StatusCode::INTERNAL_SERVER_ERROR),
        );
        let record = async |session: Session| session.record();
        let reply = at_once(exchange(&visitor.layer, request, head, record));
        reply.result.expect("a record")
    }

    /// What the row of the cookie holds.
    pub(crate) fn payload(&self, cookie: &str) -> String {
        let token = cookie.split_once('=').expect("a pair").1;
        let token = BASE64_URL_SAFE_NO_PAD.decode(token).expect("base64");
        let Loaded::Row(row) = at_once(self.0.load(&store_id(&token[18..34]))).expect("a store")
        else {
            panic!("no row");
        };
        let (mode, text) = row.payload.split_first().expect("a mode");
        assert_eq!(*mode, 1, "plain");
        String::from_utf8(text.to_vec()).expect("JSON")
    }
}

/// `SHA-256("session-runtime/v1/store\0" || u16 len(name) || name || u16 len(context) || context || sid)`
fn store_id(sid: &[u8]) -> StoreId {
    let len = u16::try_from(NAME.len()).unwrap();
    let hash = Sha256::new_with_prefix(b"session-runtime/v1/store\0")
        .chain_update(len.to_be_bytes())
        .chain_update(NAME)
        .chain_update([0, 0])
        .chain_update(sid);
    StoreId::from_bytes(hash.finalize().into())
}

/// The store in memory keeps nobody waiting, and the hooks of the tests not for long.
fn at_once<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10 {
        if let Poll::Ready(answer) = work.as_mut().poll(&mut context) {
            return answer;
        }
    }
    panic!("it waits")
}
