//! What the derive writes, as programs use it.

mod accessors;
mod evolution;
pub mod forbid;
pub mod hygiene;
mod names;
