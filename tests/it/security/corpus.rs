//! The times of cookies that another implementation made.

use super::lifetimes::lives;
use super::support::{NAME, Visitor};
use crate::corpus::{bytes, corpus};

/// The edge cases of the independent implementation, as requests.
#[tokio::test]
async fn the_times_of_the_corpus() {
    let times = [
        "expiry",
        "future",
        "ttl",
        "configured_max_age",
        "configured_absolute_max_age",
        "issue_time_overflow",
    ];
    let mut run = 0;
    for vector in &corpus().vectors {
        if !times.contains(&vector.cls.as_str()) {
            continue;
        }
        let mut visitor = Visitor::of(vector.config());
        let value = String::from_utf8(bytes(&vector.value_hex)).expect("base64url");
        visitor.cookie = Some(format!("{}={value}", vector.name));
        let accepted = lives(&visitor, vector.now).await;
        assert_eq!(accepted, vector.expect == "accept", "{}", vector.id);
        run += 1;
    }
    assert!(run >= 36, "only {run} vectors of {NAME} are left");
}
