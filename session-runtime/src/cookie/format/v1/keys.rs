//! The keys of format v1: the subkeys of one cookie are derived from a master key. They can be replaced while requests
//! are served.

use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::stripe::{Stripe, Striped, StripedLock};
use crate::sync::RwLockReadGuard;

pub(super) type HmacSha256 = Hmac<Sha256>;

/// The keys of one cookie; the first seals, all open.
pub(in crate::cookie) struct Keys {
    name: String,
    context: String,
    ring: StripedLock<Vec<TokenKey>>,
}

/// One key's state for one cookie name.
pub(in crate::cookie) struct TokenKey {
    pub(in crate::cookie) id: [u8; 4],
    pub(super) signer: HmacSha256,
    #[cfg(feature = "encrypted")]
    pub(super) encryptor: HmacSha256,
    /// How many tokens were opened under it.
    opened: Arc<Striped<AtomicU64>>,
}

impl Keys {
    /// An empty key ring for the cookie of this name in this context. `set` adds the keys.
    pub(in crate::cookie) fn new(name: &str, context: &str) -> Self {
        Self {
            name: name.to_owned(),
            context: context.to_owned(),
            ring: StripedLock::new(Vec::new()),
        }
    }

    /// Replaces all keys. A key that stays keeps its count. If two keys have one id, no key is replaced, and the error
    /// holds the positions of the two.
    pub(in crate::cookie) fn set(
        &self,
        masters: &[Zeroizing<Vec<u8>>],
    ) -> Result<(), (usize, usize)> {
        let key = |master| TokenKey::new(&MasterKey(master), &self.name, &self.context);
        let mut keys: Vec<TokenKey> = masters.iter().map(|master| key(master)).collect();
        for (at, key) in keys.iter().enumerate() {
            if let Some(other) = keys[..at].iter().position(|other| other.id == key.id) {
                return Err((other, at));
            }
        }
        self.ring.replace(|present| {
            for key in &mut keys {
                if let Some(same) = present.iter().find(|other| other.id == key.id) {
                    key.opened = Arc::clone(&same.opened);
                }
            }
            keys
        });
        Ok(())
    }

    pub(in crate::cookie) fn read(&self) -> RwLockReadGuard<'_, Arc<Vec<TokenKey>>> {
        self.ring.read(Stripe::mine())
    }
}

impl TokenKey {
    fn new(master: &MasterKey<'_>, name: &str, context: &str) -> Self {
        Self {
            id: master.id(),
            signer: master.signer(name, context),
            #[cfg(feature = "encrypted")]
            encryptor: master.encryptor(name, context),
            opened: Arc::default(),
        }
    }

    pub(in crate::cookie) fn opened(&self) -> u64 {
        let opened = self.opened.iter();
        opened.map(|opened| opened.load(Ordering::Relaxed)).sum()
    }

    pub(in crate::cookie) fn count_opened(&self) {
        let opened = self.opened.of(Stripe::mine());
        opened.fetch_add(1, Ordering::Relaxed);
    }
}

/// The bytes of one master key. Every cookie derives its own subkeys from it.
struct MasterKey<'a>(&'a [u8]);

impl MasterKey<'_> {
    /// prk = HMAC-SHA256(key = 32 zero bytes, master); subkey = HMAC-SHA256(prk, info || 0x01).
    fn subkey(&self, info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        let prk = Zeroizing::new(mac(&[0; 32], &[self.0]));
        let mut parts: Vec<&[u8]> = vec![b"session-runtime/v1/"];
        parts.extend_from_slice(info);
        parts.push(&[1]);
        Zeroizing::new(mac(&*prk, &parts))
    }

    /// The key's id, the same for every cookie.
    fn id(&self) -> [u8; 4] {
        let long = self.subkey(&[b"kid\0"]);
        [long[0], long[1], long[2], long[3]]
    }

    /// The HMAC state that signs cookies of this name in this context.
    fn signer(&self, name: &str, context: &str) -> HmacSha256 {
        keyed(&*self.cookie_key(b"sig\0", name, context))
    }

    /// The HMAC state that derives each session's encryption key.
    #[cfg(feature = "encrypted")]
    fn encryptor(&self, name: &str, context: &str) -> HmacSha256 {
        keyed(&*self.cookie_key(b"enc\0", name, context))
    }

    fn cookie_key(&self, label: &[u8], name: &str, context: &str) -> Zeroizing<[u8; 32]> {
        let length = |text: &str| {
            let len = u16::try_from(text.len());
            len.expect("a configuration's check refuses names and contexts over 65,535 bytes")
                .to_be_bytes()
        };
        self.subkey(&[
            label,
            &length(name),
            name.as_bytes(),
            &length(context),
            context.as_bytes(),
        ])
    }
}

fn keyed(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key).expect("an HMAC takes a key of any length (RFC 2104, 3)")
}

fn mac(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    let mut mac = keyed(key);
    for part in message {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests;
