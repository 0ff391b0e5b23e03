//! Replays the seeds of the fuzz targets, so that no nightly compiler is needed to hold their promises.

#[path = "../../../session-runtime/fuzz/targets/mod.rs"]
mod targets;

use std::fs;
use std::path::Path;

fn replay(name: &str, at_least: usize, target: fn(&[u8])) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("session-runtime/fuzz/seeds")
        .join(name);
    let mut run = 0;
    for seed in fs::read_dir(seeds).expect("the seeds are in the repository") {
        target(&fs::read(seed.expect("a seed").path()).expect("a seed"));
        run += 1;
    }
    assert!(run >= at_least, "only {run} seeds of {name} are left");
}

#[test]
fn the_header_scanner_agrees_with_a_plain_one() {
    replay("header", 15, targets::header);
}

#[test]
fn no_forged_value_is_opened() {
    replay("open", 6, targets::open);
}

#[test]
fn a_payload_is_read_as_by_serde_json() {
    replay("payload", 29, targets::payload);
}

#[test]
fn what_is_put_comes_back() {
    replay("round_trip", 4, targets::round_trip);
}

#[test]
fn a_browser_reads_what_was_configured() {
    replay("set_cookie", 6, targets::set_cookie);
}

#[test]
fn whatever_a_go_service_signs_is_read_or_refused() {
    replay("gob", 60, targets::gob);
}
