//! Markdown tables of a run.

use std::fmt::Write as _;

use crate::allocations::Allocations;
use crate::goals::{Goal, Run};
use crate::instructions::Instructions;
use crate::subject::{Role, Subject};
use crate::subjects::primitives;
use crate::workload::{MAIN, Workload};

/// A table with a row per subject and a column per workload.
fn grid(
    subjects: &[Subject],
    workloads: &[Workload],
    cell: impl Fn(&Subject, Workload) -> String,
) -> String {
    let mut text = String::from("| |");
    for workload in workloads {
        let _ = write!(text, " {workload} |");
    }
    text.push_str("\n|---|");
    text.push_str(&"--:|".repeat(workloads.len()));
    text.push('\n');
    for subject in subjects
        .iter()
        .filter(|subject| subject.role != Role::Baseline)
    {
        let name = if subject.role == Role::Ours {
            format!("**{}**", subject.name)
        } else {
            subject.name.to_owned()
        };
        let _ = write!(text, "| {name} |");
        for &workload in workloads {
            let _ = write!(text, " {} |", cell(subject, workload));
        }
        text.push('\n');
    }
    text
}

/// The subjects' own nanoseconds.
#[must_use]
pub fn times(run: &Run, workloads: &[Workload]) -> String {
    grid(run.subjects, workloads, |subject, workload| {
        format!("{:.0}", run.own(subject.name, workload))
    })
}

/// The same as multiples of the floor and of the best peer.
#[must_use]
pub fn ratios(run: &Run) -> String {
    grid(run.subjects, &MAIN[1..], |subject, workload| {
        let own = run.own(subject.name, workload);
        let floor = own / run.own(primitives::SIGNED, workload);
        let best = own / run.best_peer(workload, |_| true);
        format!("{floor:.2} / {best:.2}")
    })
}

/// Allocations and bytes.
#[must_use]
pub fn allocations(subjects: &[Subject], allocations: &Allocations) -> String {
    grid(subjects, &MAIN, |subject, workload| {
        match allocations.get(&(subject.name, workload)) {
            Some(allocated) => format!("{:.1} / {:.0}", allocated.count, allocated.bytes),
            None => "-".to_owned(),
        }
    })
}

/// Instructions beyond the bare framework.
#[must_use]
pub fn instructions(subjects: &[Subject], counts: &Instructions) -> String {
    grid(subjects, &MAIN, |subject, workload| {
        let of = |name: &str| counts.get(&(name.to_owned(), workload.to_string()));
        match (of(subject.name), of(subject.baseline())) {
            (Some(whole), Some(bare)) => format!("{:.0}", whole - bare),
            _ => "-".to_owned(),
        }
    })
}

/// What was promised beside what was measured.
#[must_use]
pub fn goals(goals: &[Goal]) -> String {
    let mut text = String::from("| goal | measured | at most | |\n|---|--:|--:|---|\n");
    for goal in goals {
        let verdict = if goal.is_met() { "met" } else { "missed" };
        let _ = writeln!(
            text,
            "| {} | {:.2} | {:.2} | {verdict} |",
            goal.what, goal.measured, goal.limit
        );
    }
    text
}
