//! `put` knows the size of the cookie to come to the byte: 100,000 random sessions, signed and encrypted, each of which
//! fits into a limit of its exact size and not into one of a byte less.

use std::convert::Infallible;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{COOKIE, HeaderValue, SET_COOKIE};
use http::{Request, Response};
use serde_json::{Value, json};
use session_runtime::{
    CookieStore, CookieStoreConfig, Error, Key, KeyInfo, Record, SecretKeys, Session, SessionLayer,
};
use tower::{Layer, ServiceExt, service_fn};

const NAME: &str = "__Host-sid";
/// In each mode.
const RECORDS: usize = 50_000;
/// Where no limit is in the way.
const LARGEST: usize = 4096;

const NAMED: KeyInfo = KeyInfo::new("na\"me").with_aliases(&["uid", "nick"]);
const TYPED: [Key<Value>; 3] = [
    Key::with_info(KeyInfo::new("uid").with_ttl(Duration::from_secs(900))),
    Key::with_info(NAMED.with_ttl(Duration::from_secs(1))),
    Key::with_info(NAMED),
];

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ mixed >> 31) % limit as u64).expect("below the limit")
    }

    fn text(&mut self, longest: usize) -> String {
        const LETTERS: [char; 12] = [
            'a', 'b', 'c', '0', ' ', '"', '\\', '\n', '\u{1}', 'é', '€', '🍪',
        ];
        let len = self.below(longest + 1);
        (0..len).map(|_| LETTERS[self.below(12)]).collect()
    }

    fn value(&mut self) -> Value {
        match self.below(64) {
            0 => json!(self.text(1_500)),
            1..12 => json!(self.below(1_000_000)),
            12..22 => json!([self.below(10), null, self.text(3)]),
            22..32 => json!({ self.text(4): -1.5e300, "in": { "side": self.text(9) } }),
            32..42 => json!(self.below(2) == 0),
            _ => json!(self.text(40)),
        }
    }

    /// A key with its options, or a name alone.
    fn key(&mut self) -> Result<Key<Value>, String> {
        match self.below(9) {
            0..3 => Ok(TYPED[self.below(3)]),
            3 => Err("uid".to_owned()),
            4 => Err("nick".to_owned()),
            _ => Err(self.text(3)),
        }
    }

    fn step(&mut self, record: &Record) -> Step {
        let mut keys = record.keys();
        let deletes = !keys.is_empty() && self.below(4) == 0;
        Step {
            deleted: deletes.then(|| keys.swap_remove(self.below(keys.len()))),
            key: self.key(),
            value: self.value(),
        }
    }
}

/// It stands still, so that no ttl ends on the way.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_795_000_000)
}

/// Name and value of a `Set-Cookie`, as the browser sends them back.
fn pair(cookie: &HeaderValue) -> &str {
    let text = cookie.to_str().expect("text");
    text.split(';').next().expect("a pair")
}

struct Mode {
    config: CookieStoreConfig,
    store: CookieStore,
    /// By their limits.
    layers: Vec<Option<SessionLayer>>,
}

impl Mode {
    fn new(encrypted: bool) -> Self {
        let key = SecretKeys::generate().expect("random bytes");
        let config = CookieStoreConfig::new(NAME, key).with_encrypted(encrypted);
        Self {
            store: CookieStore::new(config.clone())
                .expect("a good configuration")
                .with_clock(now),
            config,
            layers: (0..=LARGEST).map(|_| None).collect(),
        }
    }

    /// An empty session and its cookie.
    fn start(&self) -> (Record, String) {
        let record = self.store.new_record().expect("random bytes");
        let cookie = self.cookie(&record).expect("it fits");
        (record, cookie)
    }

    /// The record's cookie, or how large it would be.
    fn cookie(&self, record: &Record) -> Result<String, usize> {
        match self.store.seal(record) {
            Ok(cookie) => Ok(pair(&cookie).to_owned()),
            Err(Error::TooLarge { size, .. }) => Err(size),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn layer(&mut self, limit: usize) -> SessionLayer {
        let config = &self.config;
        let layer = || SessionLayer::new(config.clone().with_max_size(limit));
        let layer = self.layers[limit]
            .get_or_insert_with(|| layer().expect("a good configuration").with_clock(now));
        layer.clone()
    }

    /// What comes of the put in a request with this cookie, under this limit: the cookie of the response, if it has
    /// one, or how large `put` says that it would be.
    async fn put(
        &mut self,
        limit: usize,
        cookie: &str,
        step: &Step,
    ) -> Result<Option<String>, usize> {
        let service = self.layer(limit).layer(service_fn(|_: Request<()>| {
            let put = step.take(&Session::current().expect("below the layer"));
            async { Ok::<_, Infallible>(Response::new(put)) }
        }));
        let mut request = Request::new(());
        let cookie = HeaderValue::try_from(cookie).expect("a header value");
        request.headers_mut().insert(COOKIE, cookie);
        let response = service.oneshot(request).await;
        let response = response.unwrap_or_else(|never| match never {});
        match response.body() {
            Ok(()) => Ok(response
                .headers()
                .get(SET_COOKIE)
                .map(|cookie| pair(cookie).to_owned())),
            Err(Error::TooLarge { size, .. }) => Err(*size),
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// What one request does.
struct Step {
    deleted: Option<String>,
    key: Result<Key<Value>, String>,
    value: Value,
}

impl Step {
    fn take(&self, session: &Session) -> session_runtime::Result<()> {
        if let Some(key) = &self.deleted {
            session.del(key)?;
        }
        match &self.key {
            Ok(key) => session.put(key, self.value.clone()),
            Err(name) => session.put(name, self.value.clone()),
        }
    }

    /// The same to the record alone.
    fn apply(&self, record: &mut Record) -> session_runtime::Result<()> {
        if let Some(key) = &self.deleted {
            record.del(key)?;
        }
        match &self.key {
            Ok(key) => record.put(key, self.value.clone()),
            Err(name) => record.put(name, self.value.clone()),
        }
    }
}

async fn predicts_every_size(encrypted: bool) {
    let mut mode = Mode::new(encrypted);
    let mut random = Random(u64::from(encrypted));
    let (mut record, mut cookie) = mode.start();
    let (mut fit, mut too_large) = (0, 0);
    for number in 0..RECORDS {
        if random.below(12) == 0 {
            (record, cookie) = mode.start();
        }
        let step = random.step(&record);
        step.apply(&mut record).expect("JSON");
        match mode.cookie(&record) {
            Ok(next) => {
                let real = next.len() - "=".len();
                let put = mode.put(real, &cookie, &step).await;
                let saved = put.unwrap_or_else(|size| panic!("{number}: {size} for {real}"));
                let unchanged = next.len() == cookie.len();
                match saved {
                    Some(saved) => assert_eq!(saved.len(), next.len(), "{number}"),
                    None => assert!(unchanged, "{number}"),
                }
                let put = mode.put(real - 1, &cookie, &step).await;
                assert_eq!(put, Err(real), "{number}: {record:?}");
                fit += 1;
                cookie = next;
            }
            Err(real) => {
                let put = mode.put(LARGEST, &cookie, &step).await;
                assert_eq!(put, Err(real), "{number}: {record:?}");
                too_large += 1;
                (record, cookie) = mode.start();
            }
        }
    }
    assert!(
        fit > RECORDS / 2,
        "{fit} that fit, and not into a byte less"
    );
    assert!(too_large > 100, "{too_large} beyond every limit");
}

#[tokio::test]
async fn put_predicts_the_size_of_every_signed_cookie_to_the_byte() {
    predicts_every_size(false).await;
}

#[tokio::test]
async fn put_predicts_the_size_of_every_encrypted_cookie_to_the_byte() {
    predicts_every_size(true).await;
}
