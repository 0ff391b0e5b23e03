//! The conformance suite over two stores of a real engine, each with connections of its own.

use session_runtime::store::SessionStore;
use session_runtime::store::conformance::{CHECKS, Clock, Suite};

/// By the suite's clock, which `timed` gives to a store, and then by the engine's own.
pub(crate) async fn passes<S: SessionStore + Clone>(
    one: S,
    other: S,
    timed: impl Fn(S, &Clock) -> S,
) {
    let clock = Clock::new();
    let report = Suite::new(timed(one.clone(), &clock), timed(other.clone(), &clock))
        .with_clock(clock)
        .run()
        .await;
    report.assert_passed();
    assert_eq!(report.passed(), CHECKS);
    Suite::new(one, other).run().await.assert_passed();
}
