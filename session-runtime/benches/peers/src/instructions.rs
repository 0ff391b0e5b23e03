//! Instructions per request, counted by callgrind: they do not depend on the machine's noise.
//!
//! Valgrind shows programs a processor without SHA instructions, so that hashing counts more here than it costs.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::client::connect;
use crate::subject::Subject;
use crate::subjects;
use crate::timing::single_thread;
use crate::workload::{self, Workload};

/// Subject and column to instructions per request.
pub type Instructions = BTreeMap<(String, String), f64>;

const REQUESTS: usize = 300;
/// How much more than the baseline a count may be.
const TOLERANCE: f64 = 1.05;

/// The code between which callgrind counts; found by this name.
#[inline(never)]
fn counted_requests(client: &mut dyn crate::client::Client) {
    client.send(REQUESTS);
}

/// Runs the requests that are counted, in the process that callgrind (or, with many `times`, a profiler) watches.
///
/// # Errors
/// Where there is no such subject or workload, or the subject does not answer as expected.
pub fn drive(subject: &str, workload: &str, times: usize) -> Result<(), String> {
    let subjects = subjects::all();
    let subject = subjects
        .iter()
        .find(|known| known.name == subject)
        .ok_or("no such subject")?;
    let workload = workload::all()
        .find(|known| known.to_string() == workload)
        .ok_or("no such workload")?;
    let mut client = connect(&single_thread()?, subject, workload)?;
    client.send(REQUESTS);
    for _ in 0..times {
        counted_requests(client.as_mut());
    }
    Ok(())
}

/// Whether valgrind is there.
#[must_use]
pub fn available() -> bool {
    Command::new("valgrind")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}

/// Counts these subjects under these workloads, whole requests.
///
/// # Errors
/// Where valgrind fails.
pub fn measure(subjects: &[&Subject], workloads: &[Workload]) -> Result<Instructions, String> {
    let mut counts = Instructions::new();
    for subject in subjects {
        for workload in workloads {
            let column = workload.to_string();
            let count = count(subject.name, &column)?;
            counts.insert((subject.name.to_owned(), column), count);
        }
    }
    Ok(counts)
}

fn count(subject: &str, workload: &str) -> Result<f64, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--collect-atstart=no",
        ])
        .arg("--toggle-collect=*counted_requests*")
        .arg(program)
        .args(["drive", subject, workload])
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let log = String::from_utf8_lossy(&output.stderr);
    let total = log
        .lines()
        .find_map(|line| line.split("Collected : ").nth(1))
        .and_then(|n| n.trim().parse::<f64>().ok());
    match total {
        Some(total) if output.status.success() && total > 0.0 => Ok(total / REQUESTS as f64),
        _ => Err(format!(
            "callgrind counted nothing for {subject}, {workload}:\n{log}"
        )),
    }
}

/// Writes the counts, one line each.
///
/// # Errors
/// Where the file can't be written.
pub fn save(counts: &Instructions, path: &Path) -> Result<(), String> {
    let lines = counts
        .iter()
        .map(|((subject, column), count)| format!("{subject}\t{column}\t{count:.0}\n"));
    fs::write(path, lines.collect::<String>())
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads what [`save`] wrote.
///
/// # Errors
/// Where the file can't be read.
pub fn load(path: &Path) -> Result<Instructions, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let entry = |line: &str| {
        let mut fields = line.split('\t');
        let key = (fields.next()?.to_owned(), fields.next()?.to_owned());
        Some((key, fields.next()?.parse().ok()?))
    };
    Ok(text.lines().filter_map(entry).collect())
}

/// Every count that is more than 5 % over the baseline.
#[must_use]
pub fn regressions(counts: &Instructions, baseline: &Instructions) -> Vec<String> {
    let worse = |(key, count): (&(String, String), &f64)| {
        let before = baseline.get(key)?;
        let (subject, column) = key;
        (*count > before * TOLERANCE).then(|| {
            format!(
                "{subject}, {column}: {count:.0} instructions, {before:.0} in the baseline ({:.3})",
                count / before
            )
        })
    };
    counts.iter().filter_map(worse).collect()
}
