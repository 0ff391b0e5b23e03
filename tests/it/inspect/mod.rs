//! The inspector, run as a user runs it: every kind of cookie, and what is never shown.

mod program;
mod secrets;

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use program::{Run, inspect};
use session_runtime::{CookieStore, CookieStoreConfig, GorillaKeys, Key, KeyInfo, Lifetime};

const NAME: &str = "__Host-myapp";
const KEY: &str = "A42QgdrpHgfn40iQHQsNLKcNpLdyfaIMEmPwtetyuks=";
const OTHER_KEY: &str = "1kDh95ZZ2Vs8XoFqcTGSrDMw6BpEuLJfVwCnYtQHPes=";
const BLOCK_KEY: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
const VALUE: &str = "ann@example.org";
const DAY: u64 = 86_400;
const RETURN_TO: Key<String> =
    Key::with_info(KeyInfo::new("return_to").with_ttl(Duration::from_secs(900)));

fn config() -> CookieStoreConfig {
    CookieStoreConfig::new(NAME, KEY)
}

/// The `Set-Cookie` of a session that was issued so many seconds ago.
fn set_cookie(config: CookieStoreConfig, age: u64) -> String {
    let clock = move || SystemTime::now() - Duration::from_secs(age);
    let store = CookieStore::new(config).expect("good").with_clock(clock);
    let mut record = store.new_record().expect("random bytes");
    record.put("uid", 7).expect("a number");
    record.put("email", VALUE).expect("text");
    record.put(RETURN_TO, VALUE.to_owned()).expect("text");
    let sealed = store.seal(&record).expect("it fits");
    sealed.to_str().expect("ASCII").to_owned()
}

/// `name=value`.
fn pair(config: CookieStoreConfig, age: u64) -> String {
    let set_cookie = set_cookie(config, age);
    set_cookie.split(';').next().expect("a pair").to_owned()
}

fn value(pair: &str) -> &str {
    pair.split_once('=').expect("a pair").1
}

fn run(arguments: &[&str], cookie: &str) -> Run {
    inspect(&[("SESSION_KEY", KEY)], arguments, cookie)
}

#[test]
fn a_signed_cookie_is_told_with_its_times_and_keys() {
    let run = run(&[], &pair(config(), 130));
    run.exits(0);
    for text in [
        "__Host-myapp: good",
        "v1, signed: visitors can read what it holds",
        "the first of yours, which signs",
        "born       2 minutes ago (20",
        "expires    in 30 days (20",
        "lifetime   as configured",
        "of 4096 bytes",
        "a number, 7 bytes",
        "return_to  a string, 29 bytes, ttl: gone in 13 minutes",
        "Values are hidden",
    ] {
        run.says(text);
    }
}

#[test]
fn an_encrypted_cookie_is_told_without_being_asked_for() {
    let run = run(&[], &pair(config().with_encrypted(true), 0));
    run.exits(0);
    run.says("v1, encrypted");
    run.says("a number, 7 bytes");
}

#[test]
fn go_cookies_are_told_signed_and_encrypted() {
    let signed = CookieStoreConfig::gorilla("session", KEY);
    let signed = run(&[], &pair(signed, 0));
    signed.exits(0);
    signed.says("Go's gorilla/securecookie");
    signed.says("a number, ");

    let keys = GorillaKeys::new(KEY).with_block_key(BLOCK_KEY);
    let encrypted = pair(CookieStoreConfig::gorilla("session", keys), 0);
    let block_key = BASE64_STANDARD.encode(BLOCK_KEY);
    let keys = [("SESSION_KEY", KEY), ("SESSION_BLOCK_KEY", &block_key)];
    inspect(&keys, &[], &encrypted).exits(0);
    run(&[], &encrypted).is_refused("payload");

    let keys = GorillaKeys::new(KEY).decoded();
    let decoded = pair(CookieStoreConfig::gorilla("session", keys), 0);
    run(&["--decoded-key"], &decoded).exits(0);
    run(&[], &decoded).is_refused("bad_mac");
}

#[test]
fn go_values_are_bare_too_though_they_end_in_padding() {
    let store = CookieStore::new(CookieStoreConfig::gorilla("session", KEY)).expect("good");
    let mut padded = 0;
    for text in ["abc", "abcdef", "abcdefghi"] {
        let mut record = store.new_record().expect("random bytes");
        record.put("text", text).expect("text");
        let sealed = store.seal(&record).expect("it fits");
        let pair = sealed.to_str().expect("ASCII").split(';').next();
        let pair = pair.expect("a pair");
        padded += usize::from(pair.ends_with('='));
        run(&["--name", "session"], value(pair)).exits(0);
        run(&[], pair).exits(0);
    }
    assert_eq!(padded, 2, "one length of three needs no padding");
}

#[test]
fn an_expired_cookie_says_when_it_was_over() {
    let of_40_days = config().with_max_age(Duration::from_secs(40 * DAY));
    let old = pair(of_40_days, 33 * DAY);
    let refused = run(&[], &old);
    refused.is_refused("expired");
    refused.says("Its signature holds, and its time is over");
    refused.says("expires    3 days ago (20");
    assert!(!refused.output().contains("so it says"), "it is verified");

    run(&["--max-age", "40d"], &old).exits(0);
    run(&["--max-age", "40d", "--absolute-max-age", "10d"], &old).is_refused("expired");
}

#[test]
fn a_cookie_of_tomorrow_says_that_a_clock_is_wrong() {
    let store = CookieStore::new(config()).expect("good");
    let store = store.with_clock(|| SystemTime::now() + Duration::from_secs(2 * DAY));
    let sealed = store.seal(&store.new_record().expect("random bytes"));
    let sealed = sealed.expect("it fits");
    let refused = run(&[], sealed.to_str().expect("ASCII"));
    refused.is_refused("future");
    refused.says("the clock of this server or of the one that made it is wrong");
}

#[test]
fn a_forged_cookie_and_one_of_another_name_or_context_name_the_key_as_good() {
    let good = pair(config(), 0);
    let forged = if good.ends_with('A') { "B" } else { "A" };
    let forged = good[..good.len() - 44].to_owned() + forged + &good[good.len() - 43..];
    let of_another_name = format!("other={}", value(&good));
    let of_a_context = pair(config().with_context("eu"), 0);
    for cookie in [&forged, &of_another_name, &of_a_context] {
        let refused = run(&[], cookie);
        refused.is_refused("bad_mac");
        refused.says("is one of yours, so it was altered, or its name or context is another");
        refused.says("so it says");
    }
    run(&["--context", "eu"], &of_a_context).exits(0);
    run(&["--name", NAME], value(&good)).exits(0);
    run(&["--name", "other"], value(&good)).is_refused("bad_mac");
}

#[test]
fn a_foreign_key_is_named_beside_ones_own() {
    let foreign = pair(config().with_key(OTHER_KEY), 0);
    let refused = run(&[], &foreign);
    refused.is_refused("unknown_key");
    refused.says("It was made under the key ");
    refused.says("; yours: ");
    refused.says("list the old one behind the new one");

    let keys = format!("{KEY},{OTHER_KEY}");
    let rotated = inspect(&[("SESSION_KEY", &keys)], &[], &foreign);
    rotated.exits(0);
    rotated.says("number 2 of yours");
}

#[test]
fn garbage_and_emptiness_are_refused_or_asked_about() {
    run(&["--name", NAME], "no cookie of ours").is_refused("malformed");
    run(&[], "session=garbage").is_refused("malformed");
    let empty = run(&[], "session=");
    empty.is_refused("malformed");
    empty.says("It has no value");
    for (arguments, input, text) in [
        (&[][..], "", "no cookie: give its value"),
        (&[], "\n  \n", "no cookie: give its value"),
        (&[], "garbage", "a bare value needs --name"),
        (&["--max-age", "soon"], "a=b", "is no time"),
        (&["--max-age"], "a=b", "needs a value"),
        (&["--nmae", "a"], "a=b", "no such option"),
        (&["a=b", "c=d"], "", "put it in quotes"),
        (&["--name", "a b"], "garbage", "Name"),
    ] {
        let run = run(arguments, input);
        run.exits(2);
        run.complains(text);
    }
    let long = "A".repeat(5_000);
    run(&["--name", NAME], &long).is_refused("too_long");
}

#[test]
fn a_set_cookie_header_is_told_with_its_attributes() {
    let header = set_cookie(config(), 0);
    for header in [
        header.clone(),
        format!("Set-Cookie: {header}"),
        format!("set-cookie:{header}\r"),
    ] {
        let run = run(&[], &header);
        run.exits(0);
        run.says("attributes HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000");
    }
    let store = CookieStore::new(config()).expect("good");
    let removal = store.remove();
    let removed = run(&[], removal.to_str().expect("ASCII"));
    removed.exits(0);
    removed.says("it takes the browser's cookie away");
}

#[test]
fn of_a_header_with_several_cookies_those_that_may_be_sessions_are_told() {
    let (ours, twin) = (pair(config(), 60), pair(config(), 0));
    let header = format!("Cookie: theme=dark; {ours}; _ga=GA1.2.3.4");
    let found = run(&[], &header);
    found.exits(0);
    found.says("__Host-myapp: good");
    assert!(!found.output().contains("theme"), "{}", found.output());

    run(&["--name", "theme"], &header).is_refused("malformed");
    let missing = run(&["--name", "sid"], &header);
    missing.exits(1);
    missing.says("no cookie of the name \"sid\" came, but \"theme\", \"__Host-myapp\", \"_ga\"");
    let none = run(&[], "theme=dark; lang=en");
    none.exits(1);
    none.says("none of \"theme\", \"lang\" looks like a session");

    let two_sessions = run(&[], &format!("{ours}; {twin}"));
    two_sessions.exits(1);
    two_sessions.says("together   refused, duplicate: ");
}

#[test]
fn of_two_cookies_of_one_session_the_later_is_used() {
    let early = CookieStore::new(config()).expect("good");
    let early = early.with_clock(|| SystemTime::now() - Duration::from_secs(60));
    let record = early.new_record().expect("random bytes");
    let late = CookieStore::new(config()).expect("good");
    let [early, late] = [early, late].map(|store| {
        let sealed = store.seal(&record).expect("it fits");
        let sealed = sealed.to_str().expect("ASCII").to_owned();
        sealed.split(';').next().expect("a pair").to_owned()
    });
    let run = run(&[], &format!("{late}; {early}"));
    run.exits(0);
    let (first, second) = run.output().split_once("\n\n").expect("two");
    assert!(first.contains("this one is used"), "{first}");
    assert!(second.contains("another is used"), "{second}");
}

#[test]
fn a_chosen_lifetime_is_told() {
    for (lifetime, text) in [
        (
            Lifetime::Browser(Duration::from_secs(7_200)),
            "until the browser closes, or 2 hours without a request",
        ),
        (
            Lifetime::For(Duration::from_secs(10 * DAY)),
            "10 days, chosen for this session",
        ),
    ] {
        let cookie = program::with_lifetime(config(), lifetime);
        let run = run(&[], &cookie);
        run.exits(0);
        run.says(text);
    }
}

#[test]
fn json_says_the_same_to_programs() {
    let good = run(&["--json"], &pair(config(), 60));
    good.exits(0);
    let report: serde_json::Value = serde_json::from_str(good.output()).expect("JSON");
    let cookie = &report[0];
    assert_eq!(cookie["name"], NAME);
    assert_eq!(cookie["format"], "v1");
    assert_eq!(cookie["encrypted"], false);
    assert_eq!(cookie["key_id"], cookie["key_ids"][0]);
    assert_eq!(cookie["session"]["keys"][0]["name"], "uid");
    assert_eq!(cookie["session"]["keys"][0]["kind"], "a number");
    assert_eq!(
        cookie["session"]["keys"][0]["value"],
        serde_json::Value::Null
    );
    assert_eq!(cookie["session"]["lifetime"]["kind"], "configured");

    let shown = run(&["--json", "--values"], &pair(config(), 60));
    let report: serde_json::Value = serde_json::from_str(shown.output()).expect("JSON");
    assert_eq!(report[0]["session"]["keys"][0]["value"], 7);
    assert_eq!(report[0]["session"]["keys"][1]["value"], VALUE);

    let refused = run(&["--json"], &pair(config().with_key(OTHER_KEY), 60));
    refused.exits(1);
    let report: serde_json::Value = serde_json::from_str(refused.output()).expect("JSON");
    assert_eq!(report[0]["reason"], "unknown_key");
    assert_eq!(report[0]["good"], false);
}
