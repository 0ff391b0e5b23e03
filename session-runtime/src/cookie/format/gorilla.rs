//! The cookies of Go's `gorilla/sessions`, read and written as that package does.

mod gob;
mod securecookie;
mod session;

#[cfg(test)]
mod tests;

pub(in crate::cookie) use securecookie::outside;
pub(in crate::cookie) use session::Gorilla;
