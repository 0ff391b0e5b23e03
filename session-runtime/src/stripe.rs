//! Shared counters and locks that every request writes to, one of each for a stripe of threads. Two cores that write to
//! the same cache line wait for each other. Two cores with a line each do not.

use core::cell::Cell;
use core::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use crate::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A process usually serves with fewer threads than this. Further threads share the stripes.
const STRIPES: usize = if cfg!(session_loom) { 2 } else { 16 };

/// A stripe, by its number.
#[derive(Clone, Copy)]
pub(crate) struct Stripe(usize);

impl Stripe {
    /// The stripe of this thread.
    pub(crate) fn mine() -> Self {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        std::thread_local! {
            static MINE: Cell<Option<Stripe>> = const { Cell::new(None) };
        }
        MINE.get().unwrap_or_else(|| {
            let stripe = Self(THREADS.fetch_add(1, Ordering::Relaxed) % STRIPES);
            MINE.set(Some(stripe));
            stripe
        })
    }

    #[cfg(all(test, session_loom))]
    pub(crate) fn numbered(number: usize) -> Self {
        Self(number % STRIPES)
    }
}

/// One value for each stripe.
pub(crate) struct Striped<T>([Line<T>; STRIPES]);

/// On cache lines of its own: two of 64 bytes, since processors fetch them in pairs.
#[repr(align(128))]
struct Line<T>(T);

impl<T> Deref for Line<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Striped<T> {
    pub(crate) fn new(mut value: impl FnMut() -> T) -> Self {
        Self(core::array::from_fn(|_| Line(value())))
    }

    pub(crate) fn of(&self, Stripe(number): Stripe) -> &T {
        &self.0[number]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(Deref::deref)
    }
}

impl<T: Default> Default for Striped<T> {
    fn default() -> Self {
        Self::new(T::default)
    }
}

/// A value that can be replaced while threads read it.
pub(crate) struct StripedLock<T>(Striped<RwLock<Arc<T>>>);

impl<T> StripedLock<T> {
    pub(crate) fn new(value: T) -> Self {
        let value = Arc::new(value);
        Self(Striped::new(|| RwLock::new(Arc::clone(&value))))
    }

    pub(crate) fn read(&self, stripe: Stripe) -> RwLockReadGuard<'_, Arc<T>> {
        let lock = self.0.of(stripe);
        lock.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the value under the locks of all stripes at once. After any thread has read the new value, no thread
    /// reads the old one.
    pub(crate) fn replace(&self, next: impl FnOnce(&T) -> T) {
        let locks = self.0.iter();
        let mut stripes: Vec<RwLockWriteGuard<'_, Arc<T>>> = locks
            .map(|lock| lock.write().unwrap_or_else(PoisonError::into_inner))
            .collect();
        let next = Arc::new(next(stripes.first().expect("a stripe")));
        for stripe in &mut stripes {
            **stripe = Arc::clone(&next);
        }
    }
}

/// A counted reference whose count lies on a cache line of one stripe.
pub(crate) struct Counted<T>(Arc<Line<Reference<T>>>);

struct Reference<T> {
    stripe: Stripe,
    value: Arc<T>,
}

impl<T> Counted<T> {
    pub(crate) fn new(stripe: Stripe, value: Arc<T>) -> Self {
        Self(Arc::new(Line(Reference { stripe, value })))
    }

    /// The stripe of its count.
    pub(crate) fn stripe(&self) -> Stripe {
        self.0.stripe
    }

    /// Whether both refer to one value.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0.value, &other.0.value)
    }
}

impl<T> Clone for Counted<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Counted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

/// The reference that a service holds. axum clones the service for every request. A clone counts on the stripe of the
/// thread that makes it. The clone of a clone counts on the stripe of the first clone.
pub(crate) struct StripedArc<T> {
    mine: Counted<T>,
    /// One reference for each stripe on which a clone was made. A clone has none: this list has one count for all
    /// threads.
    stripes: Option<Arc<[OnceLock<Counted<T>>; STRIPES]>>,
}

impl<T> StripedArc<T> {
    pub(crate) fn new(value: Arc<T>) -> Self {
        Self {
            mine: Counted::new(Stripe::mine(), value),
            stripes: Some(Arc::new([const { OnceLock::new() }; STRIPES])),
        }
    }

    pub(crate) fn counted(&self) -> &Counted<T> {
        &self.mine
    }
}

impl<T> Clone for StripedArc<T> {
    fn clone(&self) -> Self {
        let of_stripe = |stripes: &[OnceLock<Counted<T>>; STRIPES]| {
            let stripe = Stripe::mine();
            let made = || Counted::new(stripe, Arc::clone(&self.mine.0.value));
            stripes[stripe.0].get_or_init(made).clone()
        };
        let mine = self.stripes.as_deref().map(of_stripe);
        Self {
            mine: mine.unwrap_or_else(|| self.mine.clone()),
            stripes: None,
        }
    }
}

#[cfg(all(test, session_loom))]
mod model;
#[cfg(all(test, not(session_loom)))]
mod tests;
