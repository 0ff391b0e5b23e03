//! What a response did with its session: a closed set, one word each, for the log.

/// What became of a touched session at the response head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Read, and left as it was.
    Unchanged,
    /// Saved for the first time.
    New,
    Changed,
    /// Issued again since it was due.
    Refreshed,
    /// Issued again under the present key or in the present format.
    Rekeyed,
    Destroyed,
    Restarted,
    /// Not saved: it was signed out, renewed or saved while this request was in flight.
    Superseded,
    /// Not saved: the response is a failure.
    Skipped5xx,
    /// Not saved: the handler was dropped half-way.
    Skipped408,
}

impl Outcome {
    pub(crate) const ALL: [Self; 10] = [
        Self::Unchanged,
        Self::New,
        Self::Changed,
        Self::Refreshed,
        Self::Rekeyed,
        Self::Destroyed,
        Self::Restarted,
        Self::Superseded,
        Self::Skipped5xx,
        Self::Skipped408,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::New => "new",
            Self::Changed => "changed",
            Self::Refreshed => "refreshed",
            Self::Rekeyed => "rekeyed",
            Self::Destroyed => "destroyed",
            Self::Restarted => "restarted",
            Self::Superseded => "superseded",
            Self::Skipped5xx => "skipped_5xx",
            Self::Skipped408 => "skipped_408",
        }
    }
}
