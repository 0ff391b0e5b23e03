//! What the tests of several engines have in common.

#[path = "../../support/browser.rs"]
#[expect(dead_code, reason = "the tests of the examples use the rest")]
pub(crate) mod browser;
#[cfg(feature = "tls")]
pub(crate) mod certificates;
#[path = "../../support/claims.rs"]
pub(crate) mod claims;
pub(crate) mod conformance;
pub(crate) mod faults;
pub(crate) mod feed;
pub(crate) mod proxy;
pub(crate) mod rows;
pub(crate) mod sizes;
pub(crate) mod traffic;
pub(crate) mod trips;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Mutex;
use std::time::Duration;

/// For tests that are not about time: two busy cores may take their time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Whether the switch is set; else it says once what is left out.
pub(crate) fn is_asked_for(switch: &'static str, what: &str) -> bool {
    static SAID: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    let asked = std::env::var_os(switch).is_some_and(|value| value == "1");
    if !asked && SAID.lock().expect("no panic").insert(switch) {
        // Past the capture of the test harness.
        let line = format!("left out: {what}; {switch}=1 runs it\n");
        let _closed = std::io::stderr().write_all(line.as_bytes());
    }
    asked
}
