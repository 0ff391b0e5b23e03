//! How a store fails.

use core::fmt;

use crate::error::BoxError;

/// Why a store has no answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// The engine was not reached, or can't serve now. Nothing was written.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
    /// A write was sent and its answer was lost: it may have been done.
    InDoubt(Box<dyn std::error::Error + Send + Sync>),
    /// The row is there and can't be read. It stays, for the operator.
    Corrupt(Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// [`StoreError::Unavailable`] for this reason.
    ///
    /// ```
    /// use session_runtime::store::StoreError;
    ///
    /// let error = StoreError::unavailable("no connection within 500 ms");
    /// assert_eq!(error.to_string(), "the session store is unavailable: no connection within 500 ms");
    /// ```
    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }

    /// [`StoreError::InDoubt`] for this reason.
    pub fn in_doubt(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::InDoubt(source.into())
    }

    /// [`StoreError::Corrupt`] for this reason, which must not quote what is stored.
    pub fn corrupt(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Corrupt(source.into())
    }

    fn reason(&self) -> &BoxError {
        match self {
            Self::Unavailable(source) | Self::InDoubt(source) | Self::Corrupt(source) => source,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::Unavailable(_) => "the session store is unavailable",
            Self::InDoubt(_) => "a write to the session store is in doubt",
            Self::Corrupt(_) => "a row of the session store can't be read",
        };
        write!(f, "{what}: {}", self.reason())
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.reason().as_ref())
    }
}
