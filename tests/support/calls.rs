//! The calls of a session.

use std::time::Duration;

use session_runtime::{Lifetime, Result, Session};

pub(crate) type Call = fn(&Session) -> Result<()>;

/// Every call that needs the session.
pub(crate) const EVERY_CALL: [(&str, Call); 19] = [
    ("get", |session| session.get::<i64>("uid").map(drop)),
    ("require", |session| session.require::<i64>("uid").map(drop)),
    ("put", |session| session.put("uid", 8)),
    ("take", |session| session.take::<i64>("uid").map(drop)),
    ("update", |session| {
        session.update("uid", |_: Option<i64>| 8)
    }),
    ("del", |session| session.del("uid").map(drop)),
    ("contains", |session| session.contains("uid").map(drop)),
    ("keys", |session| session.keys().map(drop)),
    ("clear", Session::clear),
    ("renew", Session::renew),
    ("destroy", Session::destroy),
    ("restart", Session::restart),
    ("set_lifetime", |session| {
        session.set_lifetime(Lifetime::For(Duration::from_secs(10)))
    }),
    ("lifetime", |session| session.lifetime().map(drop)),
    ("id", |session| session.id().map(drop)),
    ("is_new", |session| session.is_new().map(drop)),
    ("born", |session| session.born().map(drop)),
    ("expires_at", |session| session.expires_at().map(drop)),
    ("record", |session| session.record().map(drop)),
];
