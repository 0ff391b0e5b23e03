//! What a store tells of Go's cookies.

use core::sync::atomic::Ordering;

use super::format::Format;
use super::store::CookieStore;

impl CookieStore {
    /// How many of Go's cookies were opened where
    /// [`accept_gorilla`](crate::CookieStoreConfig::accept_gorilla) says to: when it stays at zero, none are left.
    #[must_use]
    pub fn gorilla_opened(&self) -> u64 {
        let accepted = self.formats().accepted.iter();
        let gorilla = accepted.filter(|accepted| matches!(accepted.format, Format::Gorilla(_)));
        let opened = gorilla.map(|accepted| accepted.opened.load(Ordering::Relaxed));
        opened.sum()
    }
}
