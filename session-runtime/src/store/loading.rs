//! When sessions are loaded.

/// When the sessions of a layer are loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Loading {
    /// Before the handler, for every request that brings a good cookie: then every call of the session is sync.
    #[default]
    Eager,
    /// When an extractor asks for the session, or [`Session::load`](crate::Session::load) is awaited; a call before
    /// that is [`Error::NotLoaded`](crate::Error::NotLoaded). For routers with files below the layer: these cost no
    /// trip then.
    OnExtract,
}
