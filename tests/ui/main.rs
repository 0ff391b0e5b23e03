//! What only one toolchain says word by word: the answers to mistakes, and the list of all that is public.

mod mistakes;
mod public_api;

use std::env;

/// Whether this is the toolchain that CI pins.
fn is_exact() -> bool {
    env::var("SESSION_UI_EXACT").is_ok_and(|exact| exact == "1")
}
