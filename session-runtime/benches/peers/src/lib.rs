//! session-runtime beside its peers: the same session, the same requests, one run.
//!
//! `subjects/` holds one application per crate, `workload` what each is asked to do, `client` calls them in process.
//! `timing` measures them, `table`, `goals` and `chart` say what came out.
//! Binaries: `peers` (the tables and charts), `allocations` (counts them for it), `scaling`, `soak`, `load`.

pub mod account;
pub mod allocations;
pub mod chart;
pub mod child;
pub mod client;
pub mod goals;
pub mod instructions;
pub mod soak;
pub mod subject;
pub mod subjects;
pub mod table;
pub mod timing;
pub mod workload;
