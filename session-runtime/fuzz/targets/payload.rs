//! The payload index, behind a good signature.

use std::sync::LazyLock;

use serde_json::Value;
use session_runtime::{CookieStore, Error, Record};

use super::format::{ENCRYPTED, Head, Rules, SIGNED};
use super::json::{Members, members};
use super::{NOW, browser, config, store};

static STORES: LazyLock<[(u8, CookieStore); 2]> = LazyLock::new(|| {
    let encrypted = store(config().with_encrypted(true));
    [(SIGNED, store(config())), (ENCRYPTED, encrypted)]
});

/// A signed payload is read exactly where `serde_json` reads an object without a key twice, each key as it does, and
/// what it does not know is written again as it stood.
pub fn payload(data: &[u8]) {
    for (mode, store) in &*STORES {
        let value = Head::new(*mode).seal(data);
        if value.len() > 4096 {
            return;
        }
        match (store.open_value(value.as_bytes()), members(data)) {
            (Ok(record), Some((members, deadlines))) => {
                let is_live = |name: &str| {
                    let deadline = deadlines.iter().find(|(other, _)| other == name);
                    deadline.is_none_or(|(_, at)| i128::from(NOW) < *at)
                };
                let live = members.into_iter().filter(|(name, _)| is_live(name));
                let live: Members = live.collect();
                same(&record, &live);
                rewritten(*mode, store, &record, &live, &deadlines);
            }
            (Err(refusal), None) => assert_eq!(refusal.as_str(), "payload"),
            (Ok(_), None) => panic!("read what serde_json does not"),
            (Err(refusal), Some(_)) => panic!("{refusal}: refused what serde_json reads"),
        }
    }
}

fn same(record: &Record, live: &Members) {
    let names: Vec<&String> = live.iter().map(|(name, _)| name).collect();
    assert_eq!(record.keys().iter().collect::<Vec<_>>(), names);
    for (name, raw) in live {
        let expected: Option<Value> = serde_json::from_str(raw.get()).ok();
        assert_eq!(record.get::<Value>(name).ok().flatten(), expected, "{name}");
    }
}

fn rewritten(
    mode: u8,
    store: &CookieStore,
    record: &Record,
    live: &Members,
    deadlines: &[(String, i128)],
) {
    // A name with escapes takes more room among the deadlines than the plain one that came.
    let sealed = match store.seal(record) {
        Ok(sealed) => sealed,
        Err(Error::TooLarge { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    let value = browser::parse(sealed.as_bytes()).expect("a cookie").value;
    let (_, text) = Rules::new(mode).open(&value).expect("just sealed");
    let (again, deadlines_again) = members(&text).expect("a payload");
    let texts = |members: &Members| {
        let texts = members.iter();
        texts
            .map(|(name, raw)| (name.clone(), raw.get().to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(&again), texts(live));
    for (name, _) in live {
        let of = |deadlines: &[(String, i128)]| {
            let found = deadlines.iter().find(|(other, _)| other == name);
            found.map(|(_, at)| (*at).min(i128::from(i64::MAX)))
        };
        assert_eq!(of(&deadlines_again), of(deadlines));
    }
    assert!(deadlines_again.len() <= live.len());
}
