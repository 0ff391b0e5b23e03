//! What the docs say.

mod derived;
mod guide;
