//! Which record a request begins with: the row that the cookie names, unless the layer's hook refuses it.

use std::sync::Arc;

use crate::codec::{Cookies, Opened};
use crate::error::Reason;
use crate::log;
use crate::record::{Record, Stamp};
use crate::request::answer::{Answer, Awaiting};
use crate::request::row::Row;
use crate::request::shared::{Shared, Stored};
use crate::revocation::{Hook, Verdict};
use crate::store::{Base, Found};
use crate::time::time;

/// Loads the session of these cookies.
pub(crate) fn load(shared: &Arc<Shared>, stored: &Stored, cookies: &Cookies) -> Awaiting {
    Box::pin(find(Arc::clone(shared), stored.clone(), cookies.clone()))
}

/// Which record the request begins with; none where that can't be known now, which operators were told.
async fn find(shared: Arc<Shared>, stored: Stored, cookies: Cookies) -> Option<Answer> {
    let codec = &shared.codec;
    let now = codec.now();
    let Opened { came, record } = codec.open(&cookies, now);
    let refused = |refusal, row| Answer {
        opened: Opened {
            came,
            record: Err(refusal),
        },
        row,
    };
    let cookie = match record {
        Ok(cookie) => cookie,
        Err(refusal) => return Some(refused(refusal, Row::default())),
    };
    let sid = cookie.stamp.sid;
    // Whatever the row is, a sign-out must reach it.
    let ended = |is_barred| Row {
        sid: Some(sid),
        is_barred,
        ..Row::default()
    };
    let row = match stored.vault.load(&sid, time(now)).await.ok()? {
        Found::Session(row) => row,
        Found::Renewed => return Some(refused(Reason::Revoked.into(), ended(true))),
        Found::Nothing => return Some(refused(Reason::Revoked.into(), ended(false))),
    };
    let Some(mut record) = read(&cookie, &row, now) else {
        stored.vault.tell_corrupt();
        return Some(refused(Reason::Payload.into(), ended(false)));
    };
    record.stamp.longest = stored.longest(&record);
    let row = Row::of(row, &record, &stored);
    Some(match judge(&shared, &record).await? {
        Verdict::Valid => Answer {
            opened: Opened {
                came,
                record: Ok(record),
            },
            row,
        },
        Verdict::Revoked => refused(Reason::Revoked.into(), ended(false)),
    })
}

/// The record of a row under the identity and times of its cookie.
fn read(cookie: &Record, row: &Base, now: u64) -> Option<Record> {
    let text = row.text().to_vec();
    let payload = 0..text.len();
    let stamp = Stamp {
        id: row.id.shown(),
        ..cookie.stamp
    };
    Record::parse(stamp, text, payload, now).ok()
}

/// What the layer's hook says; none where it can't say.
async fn judge(shared: &Shared, record: &Record) -> Option<Verdict> {
    let verdict = match shared.hook() {
        None => Ok(Verdict::Valid),
        Some(Hook::Later(hook)) => hook(record).await,
        Some(hook) => hook
            .now(record)
            .expect("only a hook that awaits has no answer"),
    };
    let told = verdict.inspect_err(|error| log::not_judged(shared.codec.name(), error.as_ref()));
    told.ok()
}
