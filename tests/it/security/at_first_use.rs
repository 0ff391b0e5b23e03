//! A hook that answers at once, where sessions are in their cookies: it is asked when the session is first used.

use session_runtime::Verdict;

use super::revocation::{Asked, Kind, signed_in};

#[tokio::test]
async fn one_that_answers_at_once_is_asked_at_the_first_use_and_one_that_awaits_for_each_request() {
    for (kind, untouched) in [(Kind::AtOnce, 0), (Kind::Awaited, 1)] {
        let asked = Asked::default();
        let hook = kind.hook(&asked, |_| Ok(Verdict::Revoked));
        let mut visitor = signed_in(hook).await;
        visitor.visit(|_| Ok(())).await;
        assert_eq!(asked.times(), untouched, "{kind:?}");
        assert!(visitor.answer.headers.is_empty(), "{kind:?}");
    }
}

/// A handler that catches the panic itself goes on with a session that works: no lock is left behind.
#[tokio::test]
async fn a_panic_of_the_hook_that_the_handler_catches_locks_nothing() {
    let hook = Kind::AtOnce.hook(&Asked::default(), |_| panic!("the hook has a defect"));
    let mut visitor = signed_in(hook).await;
    visitor
        .visit(|session| {
            for _ in 0..2 {
                let keys = std::panic::AssertUnwindSafe(|| session.keys());
                assert!(std::panic::catch_unwind(keys).is_err());
            }
            Ok(())
        })
        .await;
    assert_eq!(visitor.answer.session_cookie(), None);
}
