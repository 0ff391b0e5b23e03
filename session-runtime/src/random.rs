//! Random bytes for ids, nonces and keys.

use core::cell::RefCell;

use chacha20::ChaCha12Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use getrandom::SysRng;

use crate::error::{Error, Result};

std::thread_local! {
    static GENERATOR: RefCell<Option<ChaCha12Rng>> = const { RefCell::new(None) };
}

/// Random bytes from a generator of this thread, seeded once by the operating system (asking it for every id costs
/// sixty times as much).
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<()> {
    GENERATOR
        .try_with(|slot| {
            let mut slot = slot.borrow_mut();
            let generator = match slot.as_mut() {
                Some(generator) => generator,
                None => {
                    slot.insert(ChaCha12Rng::try_from_rng(&mut SysRng).map_err(|_| Error::Random)?)
                }
            };
            generator.fill_bytes(bytes);
            Ok(())
        })
        .map_err(|_| Error::Random)?
}
