//! What is shown to nobody, or only to who asks for it.

use super::program::inspect;
use super::{BLOCK_KEY, KEY, NAME, OTHER_KEY, VALUE, config, pair, set_cookie, value};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use session_runtime::{CookieStore, CookieStoreConfig, GorillaKeys};

/// A cookie of each kind, with the options that it asks for.
fn all() -> Vec<(String, Vec<&'static str>)> {
    let gorilla = |keys| pair(CookieStoreConfig::gorilla("session", keys), 0);
    let good = pair(config(), 0);
    vec![
        (good.clone(), vec![]),
        (value(&good).to_owned(), vec!["--name", NAME]),
        (good.replace("__Host-", ""), vec![]),
        (set_cookie(config(), 0), vec![]),
        (format!("{good}; {}", pair(config(), 0)), vec![]),
        (pair(config().with_encrypted(true), 0), vec![]),
        (pair(config(), 40 * super::DAY), vec![]),
        (pair(config().with_key(OTHER_KEY), 0), vec![]),
        (gorilla(GorillaKeys::new(KEY)), vec![]),
        (
            gorilla(GorillaKeys::new(KEY).with_block_key(BLOCK_KEY)),
            vec![],
        ),
        (format!("session={VALUE}"), vec![]),
        (VALUE.to_owned(), vec![]),
        (good.clone(), vec!["--max-age", "soon"]),
    ]
}

#[test]
fn no_value_is_shown_unasked_and_the_key_and_the_cookie_never() {
    let block_key = BASE64_STANDARD.encode(BLOCK_KEY);
    let keys = [("SESSION_KEY", KEY), ("SESSION_BLOCK_KEY", &block_key)];
    for (cookie, options) in all() {
        let value = cookie.split_once('=').map_or(&*cookie, |(_, value)| value);
        let value = value
            .split(';')
            .next()
            .expect("a part")
            .trim_end_matches('=');
        for more in [&[][..], &["--json"]] {
            let run = inspect(&keys, &[&options[..], more].concat(), &cookie).everything();
            for secret in [VALUE, KEY, &KEY[..20], &block_key, "0123456789abc", value] {
                assert!(!run.contains(secret), "{secret} in\n{run}");
            }
        }
        let shown = inspect(&keys, &[&options[..], &["--values"]].concat(), &cookie).everything();
        for secret in [KEY, &KEY[..20], &block_key, "0123456789abc"] {
            assert!(!shown.contains(secret), "{secret} in\n{shown}");
        }
    }
    let asked = inspect(&keys, &["--values"], &pair(config(), 0));
    asked.says(&format!("a string, 25 bytes: \"{VALUE}\""));
}

#[test]
fn a_bad_key_is_not_repeated_and_none_is_taken_from_the_command_line() {
    for key in ["not base64, secret", "c2hvcnQ=", &format!("\"{KEY}\"")] {
        let run = inspect(&[("SESSION_KEY", key)], &[], &pair(config(), 0));
        run.exits(2);
        let text = run.everything();
        assert!(!text.contains(key) && !text.contains("secret"), "{text}");
    }
    for arguments in [
        vec!["--key", KEY],
        vec![&*format!("--key={KEY}")],
        vec!["-k", KEY],
        vec![&*format!("--{KEY}")],
        vec!["--name", "a", "x", KEY],
    ] {
        let run = inspect(&[], &arguments, "");
        run.exits(2);
        assert!(!run.everything().contains(KEY), "{}", run.everything());
    }
}

#[test]
fn without_the_variable_the_first_line_is_the_key() {
    let cookie = pair(config(), 0);
    inspect(&[], &[], &format!("{KEY}\n{cookie}\n")).exits(0);
    inspect(&[], &[], &format!("{KEY}\r\n{cookie}\r\n")).exits(0);
    inspect(&[], &[&cookie], KEY).exits(0);
    inspect(&[("SESSION_KEY", " ")], &[&cookie], KEY).exits(0);
    let none = inspect(&[], &[&cookie], "");
    none.exits(2);
    none.complains("no key: set SESSION_KEY");
}

#[test]
fn the_id_of_an_empty_cookie_may_be_a_secret_of_a_store() {
    let store = CookieStore::new(config()).expect("good");
    let record = store.new_record().expect("random bytes");
    let sealed = store.seal(&record).expect("it fits");
    let cookie = sealed.to_str().expect("ASCII");
    let id = record.id().to_string();
    let keys = [("SESSION_KEY", KEY)];
    for options in [&[][..], &["--json"]] {
        let hidden = inspect(&keys, options, cookie);
        hidden.exits(0);
        assert!(!hidden.everything().contains(&id));
    }
    inspect(&keys, &["--values"], cookie).says(&id);
}

#[test]
fn what_a_terminal_would_obey_is_not_written() {
    let store = CookieStore::new(config()).expect("good");
    let mut record = store.new_record().expect("random bytes");
    record.put("\u{1b}[2Jclear", "\u{9b}31m").expect("text");
    let sealed = store.seal(&record).expect("it fits");
    let run = inspect(
        &[("SESSION_KEY", KEY)],
        &["--values"],
        sealed.to_str().expect("ASCII"),
    );
    run.exits(0);
    let is_obeyed = |letter: char| letter.is_control() && letter != '\n';
    assert!(
        !run.everything().contains(is_obeyed),
        "{:?}",
        run.everything()
    );
}

#[test]
fn keygen_makes_a_new_key_that_a_configuration_takes() {
    let [one, other] = [(); 2].map(|()| {
        let run = inspect(&[], &["keygen"], "");
        run.exits(0);
        run.output().trim().to_owned()
    });
    assert_ne!(one, other);
    assert!(CookieStore::new(config().with_key(one)).is_ok());
}
