//! Sessions that go from a live Go service to this one and back, `tests/go` built against Debian's packages.
//!
//! Runs with `SESSION_TEST_GO=1`; a missing Go is a failure then. Without it the test says that it was left out.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use session_runtime::{CookieStore, CookieStoreConfig, GorillaKeys, Record};

const SESSIONS: u64 = 10_000;
const KEY: &str = "6bude5uOm9eZV280BjP6f6a5bEj7fg2PWl6GysY68CmXfOv8NFZ9O6ZIpbllQPtr";
const OLD: &str = "Zm9yIHRlc3RzIG9ubHksIGFuIG9sZGVyIGtleSBvZiB0aGUgR28gc2VydmljZQ==";
const AES: [&str; 3] = [
    "0123456789abcdef",
    "0123456789abcdef01234567",
    "0123456789abcdef0123456789abcdef",
];

#[test]
fn sessions_go_to_rust_and_back_without_a_difference() {
    if std::env::var_os("SESSION_TEST_GO").is_none() {
        // Past the capture of the test harness.
        let _ = writeln!(
            std::io::stderr(),
            "left out: the live Go peer (set SESSION_TEST_GO=1; needs golang-go and the gorilla packages of Debian)"
        );
        return;
    }
    let mut go = Go::start();
    let ways = ways();
    let mut seen = BTreeMap::new();
    for number in 0..SESSIONS {
        let way = &ways[usize::try_from(number).unwrap() % ways.len()];
        round_trip(&mut go, way, &mut Random(number), &mut seen);
    }
    println!("{SESSIONS} sessions, values by Go type: {seen:?}");
    assert!(seen.len() >= 35, "every Go type was among them");
}

/// A way through the two services: the name under which Go makes the cookie, the one under which it reads it, and the
/// store between. The names are of one cookie.
struct Way {
    made: &'static str,
    read: &'static str,
    store: CookieStore,
}

fn ways() -> Vec<Way> {
    let config = |name: &str, key: &str| CookieStoreConfig::gorilla(name, key).with_max_size(4096);
    let path = |made, read, config| Way {
        made,
        read,
        store: CookieStore::new(config).unwrap(),
    };
    vec![
        path("plain", "plain", config("plain", KEY)),
        path(
            "aes128",
            "aes128",
            config("aes128", KEY).with_block_key(AES[0].as_bytes()),
        ),
        path(
            "aes192",
            "aes192",
            config("aes192", KEY).with_block_key(AES[1].as_bytes()),
        ),
        path(
            "aes256",
            "aes256",
            config("aes256", KEY).with_block_key(AES[2].as_bytes()),
        ),
        path(
            "rotated-old",
            "rotated",
            config("rotated", &format!("{KEY},{OLD}")),
        ),
        path(
            "secret-old",
            "secret",
            config("secret", KEY)
                .with_block_key(AES[2].as_bytes())
                .with_older_gorilla_keys(GorillaKeys::new(OLD).with_block_key(AES[0].as_bytes())),
        ),
    ]
}

impl Go {
    fn arguments() -> Vec<String> {
        let [aes128, aes192, aes256] = AES;
        vec![
            format!("plain:plain={KEY}"),
            format!("aes128:aes128={KEY}:{aes128}"),
            format!("aes192:aes192={KEY}:{aes192}"),
            format!("aes256:aes256={KEY}:{aes256}"),
            format!("rotated-old:rotated={OLD}"),
            format!("rotated:rotated={KEY},{OLD}"),
            format!("secret-old:secret={OLD}:{aes128}"),
            format!("secret:secret={KEY}:{aes256},{OLD}:{aes128}"),
        ]
    }
}

type Shown = BTreeMap<String, Seen>;

#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Seen {
    r#type: String,
    go: String,
    #[serde(rename = "JSON")]
    json: Value,
}

fn round_trip(go: &mut Go, way: &Way, random: &mut Random, seen: &mut BTreeMap<String, u32>) {
    let entries: Vec<Value> = (0..random.below(7))
        .map(|number| random.entry(number))
        .collect();
    let (cookie, _) = go.ask(way.made, None, &json!(entries));
    // As Go itself reads it: gob makes an empty list nil.
    let pair = cookie.as_ref().map(|value| format!("{}={value}", way.read));
    let (_, before) = go.ask(way.read, pair.as_deref(), &json!([]));
    let mut record = match &cookie {
        Some(cookie) => way.store.open_value(cookie.as_bytes()).unwrap(),
        None => way.store.new_record().unwrap(),
    };
    let mut expected = BTreeMap::new();
    for (key, shown) in &before {
        *seen.entry(shown.r#type.clone()).or_default() += 1;
        // "int 42" is a key that is no string.
        if key != "int 42" {
            assert_reads(&record, key, shown);
        }
        expected.insert(key.clone(), Expected::Same(shown.clone()));
    }
    assert_eq!(
        record.keys().len(),
        before.keys().filter(|key| *key != "int 42").count()
    );
    change(&mut record, &before, &mut expected, random);
    let sealed = way.store.seal(&record).unwrap();
    let pair = sealed.to_str().unwrap().split(';').next().unwrap();
    let value = pair.split_once('=').unwrap().1;
    let (_, after) = go.ask(way.read, Some(&format!("{}={value}", way.read)), &json!([]));
    assert_eq!(
        after.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>()
    );
    for (key, shown) in &after {
        match &expected[key] {
            Expected::Same(before) => assert_eq!(before, shown, "{key}"),
            Expected::Put { go_type, json } => {
                assert_eq!(&shown.r#type, go_type, "{key} <- {json}");
                assert!(
                    same(&readable(shown).unwrap(), json),
                    "{key} <- {json}: {shown:?}"
                );
            }
        }
    }
}

enum Expected {
    Same(Seen),
    Put { go_type: String, json: Value },
}

/// What JSON says of a value, as this side should read it; `None` where it can't.
fn readable(shown: &Seen) -> Option<Value> {
    match shown.r#type.as_str() {
        "[]uint8" => {
            let bytes = BASE64_STANDARD
                .decode(shown.json.as_str().unwrap_or_default())
                .unwrap();
            Some(json!(bytes))
        }
        "complex128" | "main.User" | "[]main.User" | "time.Time" => None,
        "float64" if shown.go == "NaN" => None,
        list if list.starts_with('[') && shown.json.is_null() => Some(json!([])),
        _ => Some(shown.json.clone()),
    }
}

fn assert_reads(record: &Record, key: &str, shown: &Seen) {
    match (record.get::<Value>(key), readable(shown)) {
        (Ok(Some(read)), Some(value)) => assert!(same(&read, &value), "{key}: {read} is {shown:?}"),
        (Err(error), None) => assert!(
            error.to_string().contains("a Go value without a JSON form"),
            "{error}"
        ),
        (read, value) => panic!("{key}: {read:?} is {value:?}, {shown:?}"),
    }
}

/// Equal, where Go prints a float without its fraction.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        _ => left == right,
    }
}

fn change(
    record: &mut Record,
    before: &Shown,
    expected: &mut BTreeMap<String, Expected>,
    random: &mut Random,
) {
    for key in before.keys().filter(|key| *key != "int 42") {
        match random.below(4) {
            0 => {
                assert!(record.del(key).unwrap());
                expected.remove(key);
            }
            1 => put(record, key, Some(&before[key].r#type), expected, random),
            _ => {}
        }
    }
    if random.below(2) == 0 {
        put(record, "from rust", None, expected, random);
    }
}

fn put(
    record: &mut Record,
    key: &str,
    had: Option<&str>,
    expected: &mut BTreeMap<String, Expected>,
    random: &mut Random,
) {
    let small = json!(random.below(100));
    let negative = json!(-1 - i64::try_from(random.below(100)).unwrap());
    let (natural, fits, json) = match random.below(12) {
        0 => ("int", "int uint", small),
        1 => ("int", "int", negative),
        2 => ("uint64", "64", json!(u64::MAX - random.below(9))),
        3 => ("float64", "float", json!(0.25)),
        4 => ("float64", "float64", json!(random.float())),
        5 => ("string", "string", json!(random.text())),
        6 => ("bool", "bool", json!(random.below(2) == 0)),
        7 => ("<nil>", "", Value::Null),
        8 => ("[]int", "[]int []uint", json!([small, 7, 0])),
        9 => ("[]string", "[]string", json!([random.text(), ""])),
        10 => ("[]float64", "[]float", json!([0.5, -2.25])),
        _ => ("[]string", "[]", json!([])),
    };
    record.put(key, &json).unwrap();
    let kept = had.filter(|had| keeps(had, fits));
    let go_type = kept.unwrap_or(natural).to_owned();
    expected.insert(key.to_owned(), Expected::Put { go_type, json });
}

/// Whether a value stays in the Go type that its key had, by the beginnings of the types that it fits.
fn keeps(had: &str, fits: &str) -> bool {
    let is_basic = !had.contains("main.") && !had.contains("interface") && !had.starts_with("map[");
    match fits {
        "64" => ["uint", "uint64", "uintptr"].contains(&had),
        "[]" => had.starts_with("[]") && is_basic,
        _ => {
            is_basic
                && fits
                    .split(' ')
                    .any(|start| !start.is_empty() && had.starts_with(start))
        }
    }
}

struct Random(u64);

impl Random {
    /// splitmix64
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn float(&mut self) -> f64 {
        let float = f64::from_bits(self.next());
        if float.is_finite() && float.fract() != 0.0 {
            float
        } else {
            1.234_567_890_123e-7
        }
    }

    fn text(&mut self) -> String {
        let alphabet = [
            "a", "Z", "\"", "\\", "\u{0}", "\n", "é", "日", "😀", "<", "|", "\u{2028}", "=", " ",
        ];
        (0..self.below(12))
            .map(|_| alphabet[usize::try_from(self.below(14)).unwrap()])
            .collect()
    }

    fn integer(&mut self, name: &str) -> Value {
        let bits = name
            .trim_start_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .unwrap_or(64);
        let narrowed = self.next() >> (64 - bits) >> self.below(bits);
        if name.contains('u') {
            json!(narrowed)
        } else {
            json!(narrowed.cast_signed() << (64 - bits) >> (64 - bits))
        }
    }

    fn scalar(&mut self, name: &str) -> Value {
        match name {
            "bool" => json!(self.below(2) == 0),
            "string" => json!(self.text()),
            "float32" => json!(f32::from_bits(
                u32::try_from(self.next() >> 34).unwrap() | 1
            )),
            "float64" => json!(self.float()),
            integer => self.integer(integer),
        }
    }

    fn entry(&mut self, number: u64) -> Value {
        const SCALARS: [&str; 15] = [
            "bool", "string", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16",
            "uint32", "uint64", "uintptr", "float32", "float64",
        ];
        const OTHER: [&str; 10] = [
            "nil",
            "NaN",
            "complex128",
            "main.User",
            "[]main.User",
            "time.Time",
            "[]interface {}",
            "map[string]int",
            "map[string][]string",
            "[]uint8",
        ];
        let scalar = SCALARS[usize::try_from(self.below(15)).unwrap()];
        let key = if self.below(20) == 0 {
            String::new()
        } else {
            format!("k{number}{}", self.text())
        };
        let (name, value) = match self.below(4) {
            0 => {
                let name = OTHER[usize::try_from(self.below(10)).unwrap()];
                (name.to_owned(), self.other(name))
            }
            1 if scalar != "uint8" && scalar != "uintptr" => {
                let count = self.below(4);
                (
                    format!("[]{scalar}"),
                    (0..count).map(|_| self.scalar(scalar)).collect(),
                )
            }
            _ => (scalar.to_owned(), self.scalar(scalar)),
        };
        json!({"Key": key, "Type": name, "Value": value})
    }

    fn other(&mut self, name: &str) -> Value {
        let user = json!({"Name": self.text(), "Age": self.below(99), "Tags": [self.text()]});
        match name {
            "main.User" => user,
            "[]main.User" => json!([user, {}]),
            "time.Time" => json!("2017-07-14T02:40:00.000000005Z"),
            "[]interface {}" => json!([self.text(), self.float(), null, true]),
            "map[string]int" => json!({"one": self.below(9)}),
            "map[string][]string" => json!({"a": [self.text()], "b": ["x", ""]}),
            "[]uint8" => json!(BASE64_STANDARD.encode(self.text())),
            _ => Value::Null,
        }
    }
}

/// The Go service: built, started, and stopped when dropped.
struct Go {
    process: Child,
    connection: BufReader<TcpStream>,
}

impl Go {
    fn start() -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let peer = target.join("go-peer");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go/main.go");
        let built = Command::new("go")
            .args(["build", "-o"])
            .args([&peer, &source])
            .envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode")])
            .env("GOCACHE", target.join("go-cache"))
            .status()
            .expect("SESSION_TEST_GO is set, so Go must be there: apt-get install golang-go");
        assert!(built.success(), "the Go service does not build");
        let mut process = Command::new(peer)
            .args(Self::arguments())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it was built");
        let mut address = String::new();
        let mut output = BufReader::new(process.stdout.take().expect("it is piped"));
        output
            .read_line(&mut address)
            .expect("the service says its address");
        let connection = TcpStream::connect(address.trim()).expect("the service listens");
        connection
            .set_nodelay(true)
            .expect("a TCP connection can do that");
        Self {
            process,
            connection: BufReader::new(connection),
        }
    }

    /// Puts `entries` into the session of the cookie; the cookie that comes back and what the service sees in it.
    fn ask(
        &mut self,
        path: &str,
        cookie: Option<&str>,
        entries: &Value,
    ) -> (Option<String>, Shown) {
        let body = entries.to_string();
        let cookie = cookie
            .map(|cookie| format!("Cookie: {cookie}\r\n"))
            .unwrap_or_default();
        let length = body.len();
        let request = format!(
            "POST /{path} HTTP/1.1\r\nHost: go\r\n{cookie}Content-Length: {length}\r\n\r\n{body}"
        );
        self.connection
            .get_mut()
            .write_all(request.as_bytes())
            .expect("the service is there");
        let (status, fields) = self.head();
        let field = |name: &str| fields.iter().find_map(|line| line.strip_prefix(name));
        let length = field("Content-Length: ")
            .expect("a short answer has a length")
            .parse()
            .expect("a number");
        let mut answer = vec![0; length];
        self.connection
            .read_exact(&mut answer)
            .expect("the answer is whole");
        assert!(
            status.contains(" 200 "),
            "{status}: {} {entries}",
            String::from_utf8_lossy(&answer)
        );
        let cookie = field("Set-Cookie: ").map(|cookie| {
            let pair = cookie.split(';').next().unwrap_or_default();
            pair.split_once('=')
                .expect("a cookie has a value")
                .1
                .to_owned()
        });
        (
            cookie,
            serde_json::from_slice(&answer).expect("the answer is JSON"),
        )
    }

    fn head(&mut self) -> (String, Vec<String>) {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            self.connection
                .read_line(&mut line)
                .expect("the service answers");
            let line = line.trim_end();
            if line.is_empty() {
                let status = lines.remove(0);
                return (status, lines);
            }
            lines.push(line.to_owned());
        }
    }
}

impl Drop for Go {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
