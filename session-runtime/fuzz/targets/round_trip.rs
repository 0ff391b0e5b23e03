//! What is put comes back, byte by byte, and takes the room that was said.

use std::sync::LazyLock;
use std::time::Duration;

use serde_json::Value;
use session_runtime::{CookieStore, Error, Key, KeyInfo, KeyName, PutKey, Record};

use super::format::{ENCRYPTED, Rules, SIGNED};
use super::{NAME, NOW, browser, config, store};

/// The names of these keys after a `!` mean the key itself, which has a ttl and aliases.
static TYPED: [Key<Value>; 3] = [
    Key::with_info(KeyInfo::new("a").with_ttl(Duration::from_secs(60))),
    Key::with_info(KeyInfo::new("b").with_aliases(&["a", "c", "é\""])),
    Key::with_info(
        KeyInfo::new("é\"")
            .with_ttl(Duration::MAX)
            .with_aliases(&["c"]),
    ),
];

static STORES: LazyLock<[(u8, CookieStore); 2]> = LazyLock::new(|| {
    let encrypted = store(config().with_encrypted(true));
    [(SIGNED, store(config())), (ENCRYPTED, encrypted)]
});

/// Name, value, deadline.
type Model = Vec<(String, Value, Option<u64>)>;

/// What is put comes back, through either mode, and what is deleted does not. Each line of the data is a step:
/// `name=JSON` puts, anything else deletes.
pub fn round_trip(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for (mode, store) in &*STORES {
        let mut record = store.new_record().expect("random bytes");
        let mut model = Model::new();
        for step in text.lines() {
            let (name, value) = step.split_once('=').unwrap_or((step, ""));
            let value = serde_json::from_str::<Value>(value).ok();
            let typed = name.strip_prefix('!');
            let typed = TYPED.iter().find(|key| typed == Some(key.name()));
            match typed {
                Some(key) => take_step(&mut record, &mut model, key, Some(key.info()), value),
                None => take_step(&mut record, &mut model, name, None, value),
            }
        }
        seals(*mode, store, &record, &model);
    }
}

fn take_step(
    record: &mut Record,
    model: &mut Model,
    key: impl PutKey<Value> + Copy,
    info: Option<&KeyInfo>,
    value: Option<Value>,
) {
    let name = key.name();
    let aliases = info.map_or(&[][..], KeyInfo::aliases);
    let is_alias = |other: &str| aliases.contains(&other);
    let Some(value) = value else {
        let before = model.len();
        model.retain(|(other, ..)| other != name && !is_alias(other));
        let was_there = record.del(key).expect("no error");
        return assert_eq!(was_there, model.len() < before);
    };
    if record.put(key, value.clone()).is_err() {
        return assert!(name.starts_with('~'));
    }
    model.retain(|(other, ..)| !is_alias(other));
    let deadline = info.and_then(KeyInfo::ttl);
    let deadline = deadline.map(|ttl| NOW.saturating_add(ttl.as_secs()).min(i64::MAX as u64));
    match model.iter_mut().find(|(other, ..)| other == name) {
        Some((_, old, at)) => (*old, *at) = (value, deadline),
        None => model.push((name.to_owned(), value, deadline)),
    }
}

fn seals(mode: u8, store: &CookieStore, record: &Record, model: &Model) {
    let expected = payload_text(model);
    let overhead = if mode == SIGNED { 66 } else { 62 };
    let expected_size = NAME.len() + ((overhead + expected.len()) * 4).div_ceil(3);
    let sealed = match store.seal(record) {
        Ok(sealed) => sealed,
        Err(Error::TooLarge { size, limit, .. }) => {
            assert_eq!(size, expected_size);
            return assert!(size > limit);
        }
        Err(error) => panic!("{error}"),
    };
    let value = browser::parse(sealed.as_bytes()).expect("a cookie").value;
    assert_eq!(NAME.len() + value.len(), expected_size);
    assert!(expected_size <= 4096);
    let (head, payload) = Rules::new(mode).open(&value).expect("just sealed");
    assert_eq!(head.id, *record.id().as_bytes());
    assert_eq!(String::from_utf8(payload).expect("JSON"), expected);
    let opened = store.open_value(&value).expect("just sealed");
    let names: Vec<&String> = model.iter().map(|(name, ..)| name).collect();
    assert_eq!(opened.keys().iter().collect::<Vec<_>>(), names);
    for (name, value, _) in model {
        assert_eq!(
            opened.get::<Value>(name).expect("JSON").as_ref(),
            Some(value)
        );
    }
}

fn payload_text(model: &Model) -> String {
    let quoted = |name: &str| Value::from(name).to_string();
    let pairs = model
        .iter()
        .map(|(name, value, _)| format!("{}:{value}", quoted(name)));
    let mut text = pairs.collect::<Vec<_>>().join(",");
    let deadlines = model
        .iter()
        .filter_map(|(name, _, at)| Some(format!("{}:{}", quoted(name), (*at)?)));
    let deadlines = deadlines.collect::<Vec<_>>().join(",");
    if !deadlines.is_empty() {
        text.extend([",\"~\":{", &deadlines, "}"]);
    }
    format!("{{{text}}}")
}
