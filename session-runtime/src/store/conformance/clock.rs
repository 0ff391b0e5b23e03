//! A clock that stands until it is moved.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::time::{seconds, time};

/// A clock for stores under test: it stands, and moves on when it is told to. A clone is the same clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<SystemTime>>);

impl Clock {
    /// A clock at the present second.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(time(seconds(SystemTime::now())))))
    }

    /// Its time.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves it on.
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add(by).unwrap_or(*now);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}
