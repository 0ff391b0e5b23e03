//! The shop, visited over HTTP: by browsers of the test kit through the router, and as a program.

mod account;
mod browser;
mod cart;
mod devices;
mod errors;
mod events;
mod pages;
mod program;
mod sign_in;
mod theme;
