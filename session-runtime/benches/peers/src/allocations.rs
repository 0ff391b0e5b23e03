//! Allocations and bytes per request, counted in a process of its own: a counting allocator would slow the timing.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use crate::subject::Subject;
use crate::subjects;
use crate::workload::{self, Workload};

/// What one request allocates.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allocated {
    pub count: f64,
    pub bytes: f64,
}

pub type Allocations = HashMap<(&'static str, Workload), Allocated>;

/// Runs the binary `allocations` and reads what it prints; bare frameworks are subtracted.
///
/// # Errors
/// Where it can't be built or run.
pub fn measure() -> Result<Allocations, String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--release",
            "--bin",
            "allocations",
            "--manifest-path",
        ])
        .arg(manifest)
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let counted = parse(&String::from_utf8_lossy(&output.stdout));
    Ok(subtract_baselines(&subjects::all(), &counted))
}

/// One line of the binary's output: subject, column, allocations and bytes per request.
#[must_use]
pub fn line(subject: &Subject, workload: Workload, allocated: Allocated) -> String {
    format!(
        "{}\t{workload}\t{}\t{}",
        subject.name, allocated.count, allocated.bytes
    )
}

type Lines = HashMap<(String, String), Allocated>;

fn parse(output: &str) -> Lines {
    let entry = |line: &str| {
        let mut fields = line.split('\t');
        let key = (fields.next()?.to_owned(), fields.next()?.to_owned());
        let allocated = Allocated {
            count: fields.next()?.parse().ok()?,
            bytes: fields.next()?.parse().ok()?,
        };
        Some((key, allocated))
    };
    output.lines().filter_map(entry).collect()
}

fn subtract_baselines(subjects: &[Subject], counted: &Lines) -> Allocations {
    let mut own = Allocations::new();
    for subject in subjects {
        for workload in workload::all() {
            let of = |name: &str| counted.get(&(name.to_owned(), workload.to_string()));
            if let (Some(whole), Some(bare)) = (of(subject.name), of(subject.baseline())) {
                let rest = Allocated {
                    count: whole.count - bare.count,
                    bytes: whole.bytes - bare.bytes,
                };
                own.insert((subject.name, workload), rest);
            }
        }
    }
    own
}
