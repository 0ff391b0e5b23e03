//! What `put` must say of the size of the cookie to come, in every format.

use session_runtime::{Error, Result};

/// Whether the put fitted: then a cookie of the true size was sent, else the error tells that size.
pub(crate) fn fitted(
    put: Result<()>,
    sent: impl FnOnce() -> usize,
    truth: usize,
    limit: usize,
) -> bool {
    match put {
        Ok(()) => {
            assert_eq!(sent(), truth);
            assert!(truth <= limit);
            true
        }
        Err(Error::TooLarge {
            size, limit: told, ..
        }) => {
            assert_eq!((size, told), (truth, limit));
            assert!(truth > limit);
            false
        }
        Err(error) => panic!("{error}"),
    }
}
