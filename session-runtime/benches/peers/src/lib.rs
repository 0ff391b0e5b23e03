//! session-runtime beside its peers: the same session, the same requests, one run.
//!
//! `subjects/` holds one application per crate, `workload` what each is asked to do, `client` calls them in process.
//! The binaries measure: `peers` (time, with the tables and charts), `allocations`, `scaling`, `soak`, `load`.

pub mod account;
pub mod client;
pub mod subject;
pub mod subjects;
pub mod workload;
