//! The locks and counters of the request store; under `--cfg session_loom` those of the model checker.

#[cfg(not(session_loom))]
pub(super) use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
#[cfg(not(session_loom))]
pub(super) use std::sync::{Mutex, MutexGuard};

#[cfg(session_loom)]
pub(super) use loom::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
#[cfg(session_loom)]
pub(super) use loom::sync::{Mutex, MutexGuard};
