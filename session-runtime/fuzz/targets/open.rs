//! One value: forged, edited, or well signed with anything in it.

use std::sync::LazyLock;
use std::time::Duration;

use session_runtime::CookieStore;

use super::format::{ENCRYPTED, Head, Rules, SIGNED};
use super::{NOW, browser, config, now, store};

static STORES: LazyLock<[(CookieStore, Rules); 5]> = LazyLock::new(|| {
    let encrypted = config().with_encrypted(true);
    let moving = encrypted
        .clone()
        .accept_signed_until(now() + Duration::from_secs(1));
    let moved = encrypted.clone().accept_signed_until(now());
    let brief = config()
        .with_max_age(Duration::from_secs(500))
        .with_absolute_max_age(None);
    let or_signed = Rules {
        or_signed: true,
        ..Rules::new(ENCRYPTED)
    };
    let short = Rules {
        max_age: 500,
        absolute_max_age: None,
        ..Rules::new(SIGNED)
    };
    [
        (store(config()), Rules::new(SIGNED)),
        (store(encrypted), Rules::new(ENCRYPTED)),
        (store(moving), or_signed),
        (store(moved), Rules::new(ENCRYPTED)),
        (store(brief), short),
    ]
});

/// Every value is judged as by the independent reader, in either mode. The data are the value, edits of a good one, or
/// what a token of any times, key and payload is made of.
pub fn open(data: &[u8]) {
    judge(data);
    for (store, rules) in &STORES[..2] {
        let mut record = store.new_record().expect("random bytes");
        record.put("uid", 123).expect("it fits");
        let sealed = store.seal(&record).expect("it fits");
        let good = browser::parse(sealed.as_bytes()).expect("a cookie").value;
        assert!(store.open_value(&good).is_ok());
        assert_eq!(rules.verdict(&good), "accept");
        let edited = edit(good.clone(), data);
        let found = judge(&edited);
        let is_accepted = found[usize::from(rules.mode == ENCRYPTED)] == "accept";
        assert_eq!(is_accepted, edited == good, "a forgery");
    }
    if let Some((edits, value)) = token(data) {
        judge(&edit(value.into_bytes(), edits));
    }
}

fn judge(value: &[u8]) -> [&'static str; 5] {
    STORES.each_ref().map(|(store, rules)| {
        let found = match store.open_value(value) {
            Err(refusal) => refusal.as_str(),
            Ok(record) => {
                let (head, _) = rules.open(value).expect("accepted, so well signed");
                assert_eq!(*record.id().as_bytes(), head.id);
                let age = |time| now().duration_since(time).map_or(0, |age| age.as_secs());
                assert_eq!(age(record.born()), NOW.saturating_sub(head.born));
                assert_eq!(
                    age(record.issued_at()),
                    NOW.saturating_sub(head.issued_at())
                );
                assert!(record.expires_at() > now());
                "accept"
            }
        };
        assert_eq!(found, rules.verdict(value));
        found
    })
}

/// One edit for every three bytes: insert, remove or replace.
fn edit(mut value: Vec<u8>, edits: &[u8]) -> Vec<u8> {
    for edit in edits.chunks_exact(3).take(64) {
        let at = usize::from(u16::from_be_bytes([edit[0], edit[1]]) >> 2);
        match edit[1] & 3 {
            0 => value.insert(at % (value.len() + 1), edit[2]),
            1 if !value.is_empty() => drop(value.remove(at % value.len())),
            _ => {
                let at = at % value.len().max(1);
                value
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte = edit[2]);
            }
        }
    }
    value
}

/// From 16 bytes or more: edits to make, and a token whose key, mode and times the bytes choose.
fn token(data: &[u8]) -> Option<(&[u8], String)> {
    let (kind, rest) = data.split_first_chunk::<4>()?;
    let (born, rest) = rest.split_first_chunk::<4>()?;
    let (delta, rest) = rest.split_first_chunk::<4>()?;
    let (ttl, rest) = rest.split_first_chunk::<4>()?;
    let born = u64::from(u32::from_be_bytes(*born));
    let head = Head {
        mode: kind[0] & 3,
        key: usize::from(kind[1]) % 3,
        born: match kind[2] & 3 {
            0 => NOW - born % NOW,
            1 => NOW + born % 128,
            2 => born << 8,
            _ => NOW,
        },
        delta: u32::from_be_bytes(*delta) >> (kind[2] >> 3),
        ttl: u32::from_be_bytes(*ttl) >> (kind[3] >> 3),
        id: [kind[3]; 16],
    };
    let (edits, payload) = rest.split_at(rest.len().min(usize::from(kind[0] >> 2 & 7) * 3));
    Some((edits, head.seal(payload)))
}
