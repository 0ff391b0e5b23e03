//! The tower middleware: from a layer's options to what a response head carries.

mod layer;
mod policy;
mod response;
mod service;

pub use layer::SessionLayer;
pub use policy::SavePolicy;
pub use service::{ResponseFuture, SessionService};
