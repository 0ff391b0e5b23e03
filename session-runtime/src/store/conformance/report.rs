//! What a run of the suite found.

use core::fmt;

use super::check::{Check, Failure};

/// What passed, what failed and why, and what was left out.
#[derive(Debug, Default)]
#[must_use]
pub struct Report {
    passed: Vec<&'static str>,
    failed: Vec<(&'static str, Failure)>,
    skipped: Vec<&'static str>,
}

impl Report {
    pub(super) fn note(&mut self, name: &'static str, outcome: Check) {
        match outcome {
            Ok(()) => self.passed.push(name),
            Err(failure) => self.failed.push((name, failure)),
        }
    }

    pub(super) fn skip(&mut self, names: &[&'static str]) {
        self.skipped.extend(names);
    }

    /// The names of the checks that passed.
    #[must_use]
    pub fn passed(&self) -> &[&'static str] {
        &self.passed
    }

    /// The names of the checks that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<&'static str> {
        self.failed.iter().map(|(name, _)| *name).collect()
    }

    /// The names of the checks that were left out, for want of a clock.
    #[must_use]
    pub fn skipped(&self) -> &[&'static str] {
        &self.skipped
    }

    /// Says what failed and why.
    ///
    /// # Panics
    ///
    /// Where a check failed.
    #[track_caller]
    pub fn assert_passed(&self) {
        assert!(self.failed.is_empty(), "{self}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (passed, failed, skipped) = (self.passed.len(), self.failed.len(), self.skipped.len());
        write!(
            f,
            "{passed} checks passed, {failed} failed, {skipped} left out"
        )?;
        self.failed
            .iter()
            .try_for_each(|(name, failure)| write!(f, "\n{name}: {failure}"))
    }
}
