//! The entry of the request whose code runs on this thread right now.

use core::cell::Cell;
use std::sync::Arc;

use super::entry::Entry;

std::thread_local! {
    static CURRENT: Cell<Option<Arc<Entry>>> = const { Cell::new(None) };
}

/// The innermost entry around the code that runs.
pub(crate) fn current() -> Option<Arc<Entry>> {
    CURRENT
        .try_with(|slot| {
            let entry = slot.take();
            slot.set(entry.clone());
            entry
        })
        .ok()
        .flatten()
}

/// Makes an entry the current one until the guard is dropped, also by a panic. The entry changes places with the
/// one before, so that no counter is touched.
pub(crate) struct Enter<'a> {
    entry: &'a mut Option<Arc<Entry>>,
}

impl<'a> Enter<'a> {
    pub(crate) fn new(entry: &'a mut Option<Arc<Entry>>) -> Self {
        swap(entry);
        Self { entry }
    }
}

impl Drop for Enter<'_> {
    fn drop(&mut self) {
        swap(self.entry);
    }
}

fn swap(entry: &mut Option<Arc<Entry>>) {
    // A thread that is ending has no slot any more; then nothing is current.
    let _ended = CURRENT.try_with(|slot| *entry = slot.replace(entry.take()));
}
