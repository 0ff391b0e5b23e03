//! Keys as tools write them, and where they can stand.

use std::error::Error as _;
use std::ffi::{OsStr, OsString};
use std::process::Command;

use session_runtime::{ConfigError, CookieStore, CookieStoreConfig, SecretKeys};

use super::{Folder, KEY, Result, assert_says, complete, refusal};

/// 48 bytes, whose base64 has no padding, so that two in a row are base64 again.
const OTHER: &str = "oaKjpKWmp6ipqqusra6vsLGys7S1tre4ubq7vL2+v8DBwsPExcbHyMnKy8zNzs/Q";

/// Whether a cookie of the one can be opened by the other.
fn share_a_key(one: CookieStoreConfig, other: CookieStoreConfig) -> Result<bool> {
    let (one, other) = (CookieStore::new(one)?, CookieStore::new(other)?);
    let mut record = one.new_record()?;
    record.put("uid", 42)?;
    let sealed = one.seal(&record)?;
    let cookie = sealed.to_str()?;
    let value = cookie.strip_prefix("session=").ok_or("another name")?;
    let value = value.split(';').next().ok_or("no value")?;
    Ok(other.open_value(value.as_bytes()).is_ok())
}

fn config(key: &str) -> CookieStoreConfig {
    CookieStoreConfig::new("session", key)
}

#[test]
fn white_space_inside_a_key_does_not_count() -> Result {
    let (start, end) = KEY.split_at(20);
    for key in [
        format!("{start}\n{end}\n"),
        format!("{start}\r\n{end}\r\n"),
        format!("\n\t{start} {end} "),
        format!("\u{a0}{start}\u{2028}{end}"),
    ] {
        assert!(share_a_key(config(&key), config(KEY))?, "{key:?}");
        let loader = complete().env_from("APP", [("APP_KEY", &key)]);
        assert!(share_a_key(loader.build()?, config(KEY))?, "{key:?}");
    }
    let folder = Folder::new()?;
    for (name, text) in [
        ("a.toml", format!("key = '''\n{start}\n{end}\n'''\n")),
        ("a.yaml", format!("key: |\n  {start}\n  {end}\n")),
        ("b.yaml", format!("key: {start}\n  {end}\n")),
        ("a.json", format!("{{\"key\": \"{start}\\n{end}\"}}")),
    ] {
        let read = complete().file(folder.write(name, &text)?).build()?;
        assert!(share_a_key(read, config(KEY))?, "{name}");
    }
    Ok(())
}

#[test]
fn keys_are_apart_by_commas_alone() -> Result {
    let wrapped = format!("{OTHER},\n{KEY}\n");
    assert!(share_a_key(config(KEY), config(&wrapped))?);
    let message = refusal(CookieStore::new(config(&format!("{KEY}\n{OTHER}"))))?;
    assert_says(&message, &["Key 1", "not base64", "separated by commas"]);
    Ok(())
}

#[test]
fn quotes_around_a_key_are_named() -> Result {
    for key in [
        format!("\"{KEY}\""),
        format!("'{KEY}'"),
        format!("`{KEY}`"),
        format!("\u{201c}{KEY}\u{201d}"),
        format!("\"{KEY}\"\n"),
        format!("\"{KEY},{OTHER}\""),
        format!("\"{KEY}"),
    ] {
        let message = refusal(CookieStore::new(config(&key)))?;
        assert_says(&message, &["Key 1", "quotes", "take them off"]);
        assert!(!message.contains(KEY), "{message}");
        let loader = complete().env_from("APP", [("APP_KEY", &key)]);
        assert_says(&refusal(loader.build())?, &["quotes", "variable APP_KEY"]);
        let go = CookieStoreConfig::gorilla("session", key.as_str());
        assert_says(
            &refusal(CookieStore::new(go))?,
            &["quotes", "take them off"],
        );
    }
    Ok(())
}

#[test]
fn a_file_may_hold_the_key() -> Result {
    let folder = Folder::new()?;
    std::fs::create_dir(folder.path().join("secrets"))?;
    folder.write("secrets/key", &format!("{OTHER}\n"))?;
    folder.write("secrets/windows", &format!("\u{feff}{OTHER}\r\n"))?;
    folder.write("secrets/two", &format!("{OTHER},\n{KEY}\n"))?;
    let absolute = folder.path().join("secrets/key");
    for (name, text) in [
        ("a.toml", "key_file = 'secrets/key'\n".to_owned()),
        ("a.yaml", "key_file: secrets/windows\n".to_owned()),
        ("a.json", "{\"key_file\": \"secrets/two\"}".to_owned()),
        ("b.toml", format!("key_file = '{}'\n", absolute.display())),
    ] {
        let path = folder.write(name, &text)?;
        let read = CookieStoreConfig::load().defaults(config("")).file(path);
        assert!(share_a_key(config(OTHER), read.build()?)?, "{name}");
    }
    for variable in ["APP_KEY_FILE", "APP_KEYFILE", "APP_key_file"] {
        let loader = complete().env_from("APP", [(variable, &absolute)]);
        assert!(share_a_key(config(OTHER), loader.build()?)?, "{variable}");
    }
    Ok(())
}

#[test]
fn a_relative_path_of_a_variable_begins_where_the_process_does() -> Result {
    // The tests run beside the manifest, which is no key.
    let loader = complete().env_from("APP", [("APP_KEY_FILE", "Cargo.toml")]);
    let message = refusal(loader.build())?;
    assert_says(&message, &["Key 1", "variable APP_KEY_FILE", "Cargo.toml"]);
    Ok(())
}

#[test]
fn a_key_and_its_file_in_one_source() -> Result {
    let folder = Folder::new()?;
    folder.write("key", OTHER)?;
    for (name, text) in [
        ("a.toml", format!("key = '{KEY}'\nkey_file = 'key'\n")),
        ("a.yaml", format!("key: {KEY}\nkey_file: key\n")),
        (
            "a.json",
            format!("{{\"Key\": \"{KEY}\",\n\"key_file\": \"key\"}}"),
        ),
    ] {
        let message = refusal(complete().file(folder.write(name, &text)?).build())?;
        let (first, second) = (format!("{name}:1"), format!("{name}:2"));
        assert_says(&message, &["key_file", &first, &second, "remove one"]);
    }
    let variables = [("APP_KEY", KEY), ("APP_KEY_FILE", "key")];
    let message = refusal(complete().env_from("APP", variables).build())?;
    assert_says(&message, &["APP_KEY ", "APP_KEY_FILE", "remove one"]);
    Ok(())
}

#[test]
fn of_two_sources_the_later_counts_be_it_key_or_file() -> Result {
    let folder = Folder::new()?;
    let key = folder.write("key", OTHER)?;
    let names_a_file = folder.write("a.toml", "key_file = 'key'\n")?;
    let has_a_key = folder.write("b.toml", &format!("key = '{KEY}'\n"))?;
    let read = complete().file(&names_a_file).file(&has_a_key).build()?;
    assert!(share_a_key(config(KEY), read)?);
    let read = complete().file(&has_a_key).file(&names_a_file).build()?;
    assert!(share_a_key(config(OTHER), read)?);
    let loader = complete()
        .file(&has_a_key)
        .env_from("APP", [("APP_KEY_FILE", key)]);
    assert!(share_a_key(config(OTHER), loader.build()?)?);
    let loader = complete()
        .file(&names_a_file)
        .env_from("APP", [("APP_KEY", KEY)]);
    assert!(share_a_key(config(KEY), loader.build()?)?);
    Ok(())
}

#[test]
fn a_key_file_that_has_no_key_is_named() -> Result {
    const SECRET: &str = "hunter2hunter2hunter2hunter2";
    let folder = Folder::new()?;
    folder.write("blank", " \n")?;
    folder.write("empty", "")?;
    folder.write("short", SECRET)?;
    std::fs::write(folder.path().join("bytes"), b"hunter2\xff\xfe")?;
    for (file, parts) in [
        ("absent", ["can't be read", "key_file"]),
        (".", ["can't be read", "key_file"]),
        ("blank", ["is blank", "openssl rand -base64 32"]),
        ("empty", ["is blank", "openssl rand -base64 32"]),
        ("bytes", ["no text", "openssl rand -base64 32"]),
        ("short", ["Key 1", "it has 21 bytes"]),
    ] {
        let path = folder.write("a.toml", &format!("\nkey_file = '{file}'\n"))?;
        let error = complete().file(path).build().err().ok_or(file)?;
        let shown = format!("{error} {error:?} {:?}", error.source());
        let absolute = folder.path().join(file).display().to_string();
        assert_says(&shown, &[&absolute, "a.toml:2", parts[0], parts[1]]);
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    for text in ["key_file = ''", "key_file = ' '"] {
        let message = refusal(complete().file(folder.write("a.toml", text)?).build())?;
        assert_says(&message, &["key_file (", "a.toml:1", "names no file"]);
    }
    let message = refusal(
        complete()
            .file(folder.write("a.toml", "key_file = 5")?)
            .build(),
    )?;
    assert_says(&message, &["key_file (", "needs a text"]);
    Ok(())
}

/// Go signs with every byte of its key; the line end at the end of a file is the file's own, and no more than one is.
#[test]
fn in_a_key_of_go_every_byte_counts_but_the_line_end_of_its_file() -> Result {
    let go = |key: &str| CookieStoreConfig::gorilla("session", key);
    assert!(!share_a_key(go(&format!("{KEY}\n")), go(KEY))?);
    let folder = Folder::new()?;
    for (text, key) in [
        (KEY.to_owned(), KEY.to_owned()),
        (format!("{KEY}\n"), KEY.to_owned()),
        (format!("{KEY}\r\n"), KEY.to_owned()),
        (format!("{KEY}\n\n"), format!("{KEY}\n")),
    ] {
        let path = folder.write("key", &text)?;
        let loader = CookieStoreConfig::load().defaults(go(OTHER));
        let read = loader.env_from("APP", [("APP_KEY_FILE", path)]).build()?;
        assert!(share_a_key(read, go(&key))?, "{text:?}");
    }
    let variables = [("APP_KEY", format!("{KEY}\n"))];
    let loader = CookieStoreConfig::load()
        .defaults(go(OTHER))
        .env_from("APP", variables);
    assert!(share_a_key(loader.build()?, go(&format!("{KEY}\n")))?);
    Ok(())
}

#[test]
fn a_section_of_another_configuration_names_a_key_file_by_its_whole_path() -> Result {
    let folder = Folder::new()?;
    let path = folder.write("key", OTHER)?;
    let text = serde_json::json!({ "name": "session", "key_file": path }).to_string();
    let read: CookieStoreConfig = serde_json::from_str(&text)?;
    assert!(share_a_key(read, config(OTHER))?);
    for (text, parts) in [
        (r#"{"key_file": "key"}"#, ["key_file: ", "whole path"]),
        (
            r#"{"key_file": "/no/such/file"}"#,
            ["/no/such/file", "can't be read"],
        ),
        (
            r#"{"key": "a", "key_file": "/b"}"#,
            ["`key_file` sets what `key`", "remove one"],
        ),
    ] {
        let error = serde_json::from_str::<CookieStoreConfig>(text).err();
        assert_says(&error.ok_or("taken")?.to_string(), &parts);
    }
    Ok(())
}

/// Runs [`what_from_env_answers`] in a process that has this variable.
fn from_env_of(value: Option<&OsStr>) -> Result<String> {
    let mut child = Command::new(std::env::current_exe()?);
    child.args([
        "--exact",
        "config::keys::what_from_env_answers",
        "--nocapture",
    ]);
    match value {
        Some(value) => child.env(VARIABLE, value),
        None => child.env_remove(VARIABLE),
    };
    Ok(String::from_utf8(child.output()?.stdout)?)
}

const VARIABLE: &str = "SESSION_RUNTIME_TEST_KEY";

#[test]
fn what_from_env_answers() {
    let answer: std::result::Result<SecretKeys, ConfigError> = SecretKeys::from_env(VARIABLE);
    let taken =
        answer.map(|keys| CookieStore::new(CookieStoreConfig::new("session", keys)).is_ok());
    println!(
        "from_env: {}",
        taken.map_or_else(|error| error.to_string(), |good| format!("good: {good}"))
    );
}

#[test]
fn keys_from_a_variable() -> Result {
    let (start, end) = KEY.split_at(20);
    for key in [
        KEY.to_owned(),
        format!("{start}\n{end}\n"),
        format!("{KEY},{OTHER}"),
    ] {
        let answer = from_env_of(Some(OsStr::new(&key)))?;
        assert_says(&answer, &["from_env: good: true"]);
    }
    for (value, parts) in [
        (None, ["is not set", "openssl rand -base64 32"]),
        (
            Some(OsString::new()),
            ["is set, but blank", "openssl rand -base64 32"],
        ),
        (
            Some(OsString::from(" \n")),
            ["is set, but blank", "openssl rand -base64 32"],
        ),
        #[cfg(unix)]
        (Some(bytes()), ["no UTF-8", "openssl rand -base64 32"]),
    ] {
        let answer = from_env_of(value.as_deref())?;
        assert_says(
            &answer,
            &["from_env: variable", VARIABLE, parts[0], parts[1]],
        );
    }
    Ok(())
}

#[cfg(unix)]
fn bytes() -> OsString {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(vec![b'k', 0xff, 0xfe])
}

#[test]
fn a_key_file_is_none_of_what_is_written_back() -> Result {
    let folder = Folder::new()?;
    folder.write("key", OTHER)?;
    let path = folder.write("a.toml", "key_file = 'key'")?;
    let read = complete().file(path).build()?;
    let text = serde_json::to_string(&read)?;
    assert!(!text.contains("key"), "{text}");
    assert!(!read.to_toml_template().contains(OTHER));
    Ok(())
}
