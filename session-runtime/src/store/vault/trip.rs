//! One trip to the store and its repetition: what is done where no answer came.

use core::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::Vault;
use crate::store::erased::Answer;
use crate::store::{Loaded, StoreError, StoreId};

/// Within which time a load is tried once more.
const TRIP: Duration = Duration::from_millis(500);

/// The answer to a write.
pub(super) struct Written<T> {
    pub(super) answer: T,
    /// Whether the answer to the first attempt was lost.
    pub(super) was_repeated: bool,
}

impl Vault {
    /// Loads, and where no answer comes once more within the time of one trip.
    pub(super) async fn read(&self, id: &StoreId) -> Result<Loaded, StoreError> {
        let begun = Instant::now();
        self.counts.trips.one();
        let error = match self.store.load(id).await {
            Err(error @ (StoreError::Unavailable(_) | StoreError::InDoubt(_))) => error,
            answer => return answer,
        };
        let left = TRIP.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(error);
        }
        self.counts.trips.one();
        timeout(left, self.store.load(id))
            .await
            .unwrap_or(Err(error))
    }

    /// Writes, and where the answer is lost once more: the same write, so that the store knows it again.
    pub(super) async fn write<'a, T>(
        &'a self,
        until: Instant,
        attempt: impl Fn() -> Answer<'a, T>,
    ) -> Result<Written<T>, StoreError> {
        let mut was_repeated = false;
        loop {
            self.counts.trips.one();
            let answer = match timeout_at(until, attempt()).await {
                Ok(answer) => answer,
                Err(_) => Err(StoreError::in_doubt(
                    "the time for the write and its repetition is over",
                )),
            };
            match answer {
                Ok(answer) => {
                    return Ok(Written {
                        answer,
                        was_repeated,
                    });
                }
                Err(StoreError::InDoubt(_)) if !was_repeated && Instant::now() < until => {
                    self.counts.in_doubt.one();
                    was_repeated = true;
                }
                Err(error) if was_repeated => return Err(StoreError::in_doubt(error)),
                Err(error) => return Err(error),
            }
        }
    }
}
