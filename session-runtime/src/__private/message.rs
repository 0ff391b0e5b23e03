//! Messages of compile errors, composed in const evaluation, where nothing can be formatted.

use crate::key::KeyInfo;

/// Room for a message; what goes over it is left out.
const CAPACITY: usize = 2048;

/// A message that grows in const evaluation.
pub struct Message {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Message {
    const fn new() -> Self {
        Self {
            bytes: [0; CAPACITY],
            len: 0,
        }
    }

    /// The text, cut at the last part that fits.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    const fn with(mut self, part: &str) -> Self {
        let part = part.as_bytes();
        if part.len() <= CAPACITY - self.len {
            let mut i = 0;
            while i < part.len() {
                self.bytes[self.len] = part[i];
                self.len += 1;
                i += 1;
            }
        }
        self
    }

    const fn with_number(self, number: usize) -> Self {
        let text = if number >= 10 {
            self.with_number(number / 10)
        } else {
            self
        };
        text.with(digit(number % 10))
    }

    /// `0x0123_4567_89ab_cdef`, as clippy likes it.
    const fn with_hex(self, number: u64) -> Self {
        let mut text = self.with("0x");
        let mut shift = 64;
        while shift > 0 {
            if shift < 64 && shift % 16 == 0 {
                text = text.with("_");
            }
            shift -= 4;
            text = text.with(digit((number >> shift & 0xf) as usize));
        }
        text
    }
}

const fn digit(value: usize) -> &'static str {
    "0123456789abcdef".split_at(value).1.split_at(1).0
}

/// Every key that two of the structs share; `None` if there is none.
#[must_use]
pub const fn shared_keys(structs: &[(&str, &[KeyInfo])]) -> Option<Message> {
    let mut found = false;
    let mut text = Message::new().with("two structs of one session have a key in common:");
    let mut b = 1;
    while b < structs.len() {
        let mut a = 0;
        while a < b {
            let ((first, keys), (second, others)) = (structs[a], structs[b]);
            let mut i = 0;
            while i < keys.len() {
                if let Some(name) = shared_name(&keys[i], others) {
                    found = true;
                    text = text
                        .with("\n  `")
                        .with(name)
                        .with("` is a key of `")
                        .with(first);
                    text = text.with("` and of `").with(second).with("`");
                }
                i += 1;
            }
            a += 1;
        }
        b += 1;
    }
    let text = text.with("\ngive one of them another name with `#[session(rename = \"..\")]`, or its struct a `prefix`");
    if found { Some(text) } else { None }
}

/// A name or alias of the key that is also one of the others.
const fn shared_name(key: &KeyInfo, others: &[KeyInfo]) -> Option<&'static str> {
    let mut i = 0;
    while i <= key.aliases().len() {
        let name = name_at(key, i);
        let mut other = 0;
        while other < others.len() {
            let mut j = 0;
            while j <= others[other].aliases().len() {
                if same(name, name_at(&others[other], j)) {
                    return Some(name);
                }
                j += 1;
            }
            other += 1;
        }
        i += 1;
    }
    None
}

/// The key's name, then its aliases.
const fn name_at(key: &KeyInfo, index: usize) -> &'static str {
    if index == 0 {
        key.name()
    } else {
        key.aliases()[index - 1]
    }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Why the structs may not fit a budget; `None` if they do.
#[must_use]
pub const fn too_large(structs: &[(&str, Option<usize>)], budget: usize) -> Option<Message> {
    let mut sum = 0;
    let mut text = Message::new();
    let mut i = 0;
    while i < structs.len() {
        let (name, bytes) = structs[i];
        let Some(bytes) = bytes else {
            return Some(unbounded(name));
        };
        sum += bytes;
        text = text.with("\n  `").with(name).with("`: ").with_number(bytes);
        i += 1;
    }
    if sum <= budget {
        return None;
    }
    let mut all = Message::new()
        .with("the session's data may take ")
        .with_number(sum)
        .with(" bytes, over the budget of ");
    all = all.with_number(budget).with(":").with(text.as_str());
    Some(all.with("\nlower a `#[session(max_len = N)]`, or keep less in the session"))
}

const fn unbounded(name: &str) -> Message {
    let text = Message::new()
        .with("`")
        .with(name)
        .with("` has a field without a bound (`MAX_ENCODED` is `None`): ");
    text.with("give each field that is no number, bool, char or array of these a `#[session(max_len = N)]`")
}

/// What to do about a struct whose fingerprint is not the pinned one; `None` if it is.
#[must_use]
pub const fn changed_fingerprint(name: &str, pinned: u64, actual: u64) -> Option<Message> {
    if pinned == actual {
        return None;
    }
    let text = Message::new().with("the session data of `").with(name);
    let text = text.with(
        "` changed: cookies written by other versions of the program may read differently.\n",
    );
    let text = text.with("  - a key renamed: deploy `alias = \"new\"` first, then the rename with `alias = \"old\"`\n");
    let text = text.with(
        "  - a type changed: both versions must read what the other writes, or use a new key\n",
    );
    let text = text.with("  - a key added or removed: nothing to do\n");
    Some(
        text.with("then pin the new value: `assert_fingerprint!(")
            .with(name)
            .with(", ")
            .with_hex(actual)
            .with(");`"),
    )
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, Message, changed_fingerprint, shared_keys, too_large};
    use crate::key::KeyInfo;

    #[test]
    fn keys_in_common_are_named_with_both_structs() {
        const A: &[KeyInfo] = &[
            KeyInfo::new("uid"),
            KeyInfo::new("mail").with_aliases(&["email"]),
        ];
        const B: &[KeyInfo] = &[KeyInfo::new("items")];
        const C: &[KeyInfo] = &[
            KeyInfo::new("x").with_aliases(&["y", "email"]),
            KeyInfo::new("items"),
        ];
        assert!(shared_keys(&[("A", A), ("B", B)]).is_none());
        let text = shared_keys(&[("A", A), ("B", B), ("C", C)]).expect("two keys in common");
        assert!(text.as_str().contains(
            "`email` is a key of `A` and of `C`\n  `items` is a key of `B` and of `C`\n"
        ));
    }

    #[test]
    fn a_budget_that_is_met_exactly_fits() {
        let structs = [("A", Some(1000)), ("B", Some(7))];
        assert!(too_large(&structs, 1007).is_none());
        let text = too_large(&structs, 1006).expect("one byte over");
        assert!(text.as_str().starts_with("the session's data may take 1007 bytes, over the budget of 1006:\n  `A`: 1000\n  `B`: 7\n"));
        let text = too_large(&[("A", Some(1)), ("B", None)], 1006).expect("no bound");
        assert!(text.as_str().starts_with("`B` has a field without a bound"));
    }

    #[test]
    fn a_changed_fingerprint_says_the_new_one() {
        assert!(changed_fingerprint("A", 7, 7).is_none());
        let text = changed_fingerprint("A", 7, 0x0123_4567_89ab_cdef).expect("changed");
        assert!(
            text.as_str()
                .ends_with("`assert_fingerprint!(A, 0x0123_4567_89ab_cdef);`")
        );
    }

    #[test]
    fn what_does_not_fit_is_left_out_whole() {
        let mut text = Message::new();
        for _ in 0..CAPACITY {
            text = text.with("äöü");
        }
        assert_eq!(text.as_str(), "äöü".repeat(CAPACITY / 6));
    }
}
