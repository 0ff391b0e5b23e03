//! The suite passes what is right and catches what is wrong.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use super::{CHECKS, Clock, Report, Suite};
use crate::store::{
    Create, Created, Destroyed, List, Listed, Loaded, MemoryStore, Notice, Notices, OwnerId,
    Replace, Row, Save, Saved, SessionStore, StoreError, StoreId, Touch, Touched,
};

fn memory(clock: &Clock) -> MemoryStore {
    let clock = clock.clone();
    MemoryStore::new().with_clock(move || clock.now())
}

#[tokio::test]
async fn the_memory_store_passes() {
    let clock = Clock::new();
    let store = memory(&clock);
    let report = Suite::new(store.clone(), store)
        .with_clock(clock)
        .run()
        .await;
    report.assert_passed();
    assert_eq!(report.passed(), CHECKS);
}

#[tokio::test]
async fn without_a_clock_the_checks_that_let_time_pass_are_left_out() {
    let store = MemoryStore::new();
    let report = Suite::new(store.clone(), store).run().await;
    report.assert_passed();
    assert_eq!(report.passed().len() + report.skipped().len(), CHECKS.len());
    assert_eq!(report.skipped().len(), 7);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// A save of what is gone makes the row again.
    Upserts,
    /// A save asks for no version.
    LosesTheVersion,
    /// The index is not told of renewals.
    ForgetsInListing,
    /// A touch of what is gone makes the row again.
    RevivesByTouch,
    /// A write that came before is done once more, whatever is there.
    RepeatsLostWrites,
}

/// A memory store with one fault, whose wrong rows lie over the right ones.
#[derive(Clone)]
struct Wrong {
    right: MemoryStore,
    fault: Fault,
    /// The latest row of each id that was ever there.
    rows: Arc<Mutex<HashMap<StoreId, Row>>>,
    /// Rows that should not be there.
    revived: Arc<Mutex<HashMap<StoreId, Row>>>,
    /// The versions that were ever written.
    written: Arc<Mutex<Vec<crate::store::WriteId>>>,
    hidden: Arc<Mutex<Vec<StoreId>>>,
}

impl Wrong {
    fn revive(&self, id: StoreId, row: Row) {
        self.revived.lock().unwrap().insert(id, row);
    }

    fn note(&self, id: StoreId, row: &Row) {
        self.rows.lock().unwrap().insert(id, row.clone());
        self.written.lock().unwrap().push(row.version);
    }

    /// Saves on top of whatever is there.
    async fn save_anyhow(&self, save: &Save) -> Result<Saved, StoreError> {
        let mut save = save.clone();
        loop {
            match self.right.save(&save).await? {
                Saved::Conflict(row) => save.expected = row.version,
                saved => return Ok(saved),
            }
        }
    }
}

impl SessionStore for Wrong {
    async fn load(&self, id: &StoreId) -> Result<Loaded, StoreError> {
        let revived = self.revived.lock().unwrap().get(id).cloned();
        match revived {
            Some(row) => Ok(Loaded::Row(row)),
            None => self.right.load(id).await,
        }
    }

    async fn create(&self, create: &Create) -> Result<Created, StoreError> {
        let created = self.right.create(create).await?;
        if created == Created::Done {
            self.note(create.id, &create.row);
        }
        Ok(created)
    }

    async fn save(&self, save: &Save) -> Result<Saved, StoreError> {
        let was_written = self.written.lock().unwrap().contains(&save.row.version);
        let saved = match self.fault {
            Fault::LosesTheVersion => self.save_anyhow(save).await?,
            Fault::RepeatsLostWrites if was_written => self.save_anyhow(save).await?,
            _ => self.right.save(save).await?,
        };
        match (&saved, self.fault) {
            (Saved::Done, _) => self.note(save.id, &save.row),
            (Saved::Gone, Fault::Upserts) => {
                self.revive(save.id, save.row.clone());
                return Ok(Saved::Done);
            }
            _ => {}
        }
        Ok(saved)
    }

    async fn replace(&self, replace: &Replace) -> Result<Saved, StoreError> {
        let saved = self.right.replace(replace).await?;
        if saved == Saved::Done {
            self.note(replace.new, &replace.row);
            self.hidden.lock().unwrap().push(replace.new);
        }
        Ok(saved)
    }

    async fn touch(&self, touch: &Touch) -> Result<Touched, StoreError> {
        let touched = self.right.touch(touch).await?;
        let row = self.rows.lock().unwrap().get(&touch.id).cloned();
        if let (Touched::Gone, Fault::RevivesByTouch, Some(row)) = (touched, self.fault, row) {
            self.revive(touch.id, row);
            return Ok(Touched::Done);
        }
        Ok(touched)
    }

    async fn destroy(&self, id: &StoreId) -> Result<Destroyed, StoreError> {
        self.right.destroy(id).await
    }

    async fn list(&self, list: &List) -> Result<Vec<Listed>, StoreError> {
        let mut listed = self.right.list(list).await?;
        if self.fault == Fault::ForgetsInListing {
            let hidden = self.hidden.lock().unwrap();
            listed.retain(|listed| !hidden.contains(&listed.id));
        }
        Ok(listed)
    }

    async fn destroy_owner(&self, owner: &OwnerId, except: &[StoreId]) -> Result<u64, StoreError> {
        self.right.destroy_owner(owner, except).await
    }

    async fn publish(&self, notice: &Notice) -> Result<(), StoreError> {
        self.right.publish(notice).await
    }

    async fn published(&self, since: Option<SystemTime>) -> Result<Notices, StoreError> {
        self.right.published(since).await
    }

    async fn sweep(&self) -> Result<u64, StoreError> {
        self.right.sweep().await
    }
}

async fn report_on(fault: Fault) -> Report {
    let clock = Clock::new();
    let store = Wrong {
        right: memory(&clock),
        fault,
        rows: Arc::default(),
        revived: Arc::default(),
        written: Arc::default(),
        hidden: Arc::default(),
    };
    Suite::new(store.clone(), store)
        .with_clock(clock)
        .run()
        .await
}

#[track_caller]
fn assert_caught(report: &Report, by: &[&str]) {
    assert_eq!(report.failed(), by, "{report}");
    assert_eq!(report.passed().len() + by.len(), CHECKS.len());
}

#[tokio::test]
async fn a_store_that_upserts_is_caught() {
    let report = report_on(Fault::Upserts).await;
    assert_caught(
        &report,
        &[
            "a_save_makes_no_row",
            "nothing_revives_what_ended",
            "a_renewed_session_has_its_new_id_alone",
            "a_retired_row_is_read_and_never_written",
            "all_of_an_owner_end_but_the_spared",
            "an_ending_wins_over_writes_at_once",
            "an_ending_is_known_for_two_minutes",
        ],
    );
}

#[tokio::test]
async fn a_store_that_loses_the_version_is_caught() {
    let report = report_on(Fault::LosesTheVersion).await;
    assert_caught(
        &report,
        &[
            "a_stale_save_is_a_conflict_with_the_whole_row",
            "a_repeated_write_is_not_done_over_another",
            "of_writes_at_once_one_is_done",
            "a_counter_counts_every_write",
        ],
    );
}

#[tokio::test]
async fn a_store_that_forgets_in_listing_is_caught() {
    let report = report_on(Fault::ForgetsInListing).await;
    assert_caught(
        &report,
        &[
            "a_list_follows_every_write",
            "a_list_has_neither_retired_nor_ended_sessions",
            "a_sign_in_that_begins_after_the_end_of_all_is_let_in",
            "spared_sessions_may_be_renewed",
        ],
    );
}

#[tokio::test]
async fn a_store_that_revives_by_touch_is_caught() {
    let report = report_on(Fault::RevivesByTouch).await;
    assert_caught(
        &report,
        &[
            "nothing_revives_what_ended",
            "a_renewed_session_has_its_new_id_alone",
            "a_retired_row_is_read_and_never_written",
        ],
    );
}

#[tokio::test]
async fn a_store_that_repeats_lost_writes_is_caught() {
    let report = report_on(Fault::RepeatsLostWrites).await;
    assert_caught(&report, &["a_repeated_write_is_not_done_over_another"]);
}
