//! A clock that stands until it is moved.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::time::{seconds, time};

/// A clock that stands, and moves on when it is told to. A clone is the same clock.
///
/// Where sessions are in a store, give the store the same clock.
///
/// ```
/// use std::time::Duration;
///
/// use session_runtime::testing::{self, Clock, Visitor};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clock = Clock::new();
/// let layer = testing::layer().with_clock(clock.reader());
/// let ada = Visitor::with(&layer, |session| session.put("uid", 7)).await?;
/// assert_eq!(ada.record().await?.get("uid")?, Some(7));
///
/// clock.advance(Duration::from_secs(400 * 86_400)); // no session lives so long
/// assert_eq!(ada.record().await?.get::<i64>("uid")?, None);
/// # Ok(())
/// # }
/// ```
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

    /// What `with_clock` of layers and stores takes.
    pub fn reader(&self) -> impl Fn() -> SystemTime + Send + Sync + 'static + use<> {
        let clock = self.clone();
        move || clock.now()
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
