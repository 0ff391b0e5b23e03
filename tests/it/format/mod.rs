//! The cookie's format, beside what others make of it.

mod corpus;
mod fuzz;
mod size;
