//! The tower middleware: from a layer's options to what a response head carries.

mod declared;
mod layer;
mod policy;
mod response;
mod service;
#[cfg(feature = "store")]
mod stored;

pub use layer::SessionLayer;
pub use policy::SavePolicy;
pub use service::{ResponseFuture, SessionService};
#[cfg(feature = "store")]
pub use stored::{StoredResponseFuture, StoredSessionLayer, StoredSessionService};
