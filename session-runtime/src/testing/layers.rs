//! The layers that visitors are made of.

use std::sync::Arc;

use super::Visitor;
use crate::codec::SessionCodec;
use crate::cookie::CookieStore;
use crate::middleware::SessionLayer;
#[cfg(feature = "store")]
use crate::middleware::StoredSessionLayer;
use crate::request::Shared;

#[derive(Clone, Debug)]
pub(super) enum Layers {
    Cookies(SessionLayer),
    #[cfg(feature = "store")]
    Stored(StoredSessionLayer),
}

impl Layers {
    fn layer(&self) -> &SessionLayer {
        match self {
            Self::Cookies(layer) => layer,
            #[cfg(feature = "store")]
            Self::Stored(layer) => layer.layer_of_cookies(),
        }
    }

    pub(super) fn cookie(&self) -> &CookieStore {
        self.layer().cookie()
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        self.layer().shared()
    }

    /// The name of the session cookie.
    pub(super) fn name(&self) -> &str {
        self.cookie().name()
    }

    pub(super) fn is_stored(&self) -> bool {
        match self {
            Self::Cookies(_) => false,
            #[cfg(feature = "store")]
            Self::Stored(_) => true,
        }
    }
}

impl From<&SessionLayer> for Visitor {
    fn from(layer: &SessionLayer) -> Self {
        Self::new(Layers::Cookies(layer.clone()))
    }
}

#[cfg(feature = "store")]
impl From<&StoredSessionLayer> for Visitor {
    fn from(layer: &StoredSessionLayer) -> Self {
        Self::new(Layers::Stored(layer.clone()))
    }
}

/// For an application that makes the layer itself. What it signs out then is still good for the visitor's own calls
/// ([`Visitor::record`], [`Visitor::visit`]), since another layer notes it.
impl From<&CookieStore> for Visitor {
    fn from(store: &CookieStore) -> Self {
        let layer = SessionLayer::new(store.clone());
        Self::new(Layers::Cookies(layer.expect("a store that was made")))
    }
}
