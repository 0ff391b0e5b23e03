//! What was found for a request before its handler runs.

use core::pin::Pin;

#[cfg(feature = "store")]
use super::row::Row;
use crate::codec::Opened;

/// What was found for a request.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(super) opened: Opened,
    #[cfg(feature = "store")]
    pub(super) row: Row,
}

/// Ends with the answer, or with none where it can't be known now, which operators were told.
pub(crate) type Awaiting = Pin<Box<dyn Future<Output = Option<Box<Answer>>> + Send>>;

impl Answer {
    pub(super) fn of(opened: Opened) -> Box<Self> {
        Box::new(Self {
            opened,
            #[cfg(feature = "store")]
            row: Row::default(),
        })
    }
}
