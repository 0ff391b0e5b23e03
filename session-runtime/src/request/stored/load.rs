//! Which record a request begins with: the row that the cookie names, unless the layer's hook refuses it.

use crate::codec::{Came, Cookies, Opened};
use crate::error::{Reason, Refusal};
use crate::log;
use crate::record::{Record, Stamp};
use crate::request::answer::{Answer, Awaiting};
use crate::request::row::{Known, Row};
use crate::request::shared::{Shared, Stored};
use crate::revocation::{Hook, Verdict};
use crate::store::{Base, Found};
use crate::stripe::Counted;
use crate::time::time;

/// Loads the session of these cookies.
pub(crate) fn load(shared: &Counted<Shared>, stored: &Stored, cookies: &Cookies) -> Awaiting {
    Box::pin(find(shared.clone(), stored.clone(), cookies.clone()))
}

/// Which record the request begins with; none where that can't be known now, which operators were told.
async fn find(shared: Counted<Shared>, stored: Stored, cookies: Cookies) -> Option<Box<Answer>> {
    let now = shared.codec.now();
    let (came, stamp) = identity(&shared, &cookies, now);
    let stamp = match stamp {
        Ok(stamp) => stamp,
        Err(refusal) => return Some(refused(came, refusal, Row::default())),
    };
    // Whatever the row is, a sign-out must reach it.
    let ended = |is_barred| {
        Row::from(Known {
            sid: Some(stamp.sid),
            is_barred,
            ..Known::NOTHING
        })
    };
    let revoked = |is_barred| Some(refused(came, Reason::Revoked.into(), ended(is_barred)));
    let base = match stored.vault.load(&stamp.sid, time(now)).await.ok()? {
        Found::Session(base) => base,
        Found::Renewed => return revoked(true),
        Found::Nothing => return revoked(false),
    };
    let Some(answer) = answer(came, stamp, base, &stored, now) else {
        stored.vault.tell_corrupt();
        return Some(refused(came, Reason::Payload.into(), ended(false)));
    };
    let record = answer.opened.record.as_ref();
    match judge(&shared, record.expect("an answer from a row has a record")).await? {
        Verdict::Valid => Some(answer),
        Verdict::Revoked => revoked(false),
    }
}

/// Which session the cookie names.
fn identity(shared: &Shared, cookies: &Cookies, now: u64) -> (Came, Result<Stamp, Refusal>) {
    let Opened { came, record } = shared.codec.open(cookies, now);
    (came, record.map(|record| record.stamp))
}

fn refused(came: Came, refusal: Refusal, row: Row) -> Box<Answer> {
    let record = Err(refusal);
    Box::new(Answer {
        opened: Opened { came, record },
        row,
    })
}

/// The row's session under the identity and times of its cookie; none where its payload makes no sense.
fn answer(
    came: Came,
    stamp: Stamp,
    base: Box<Base>,
    stored: &Stored,
    now: u64,
) -> Option<Box<Answer>> {
    let text = base.text().to_vec();
    let payload = 0..text.len();
    let stamp = Stamp {
        id: base.id.shown(),
        ..stamp
    };
    let mut record = Record::parse(stamp, text, payload, now).ok()?;
    record.stamp.longest = stored.longest(&record);
    let row = Row::of(base, &record, stored);
    let record = Ok(record);
    Some(Box::new(Answer {
        opened: Opened { came, record },
        row,
    }))
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
