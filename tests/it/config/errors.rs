use std::error::Error as _;

use session_runtime::{CookieStore, CookieStoreConfig};

use super::{Folder, KEY, Result, assert_says, complete, refusal};

/// What a file of this name and text is refused with.
fn refused(name: &str, text: &str) -> Result<String> {
    let folder = Folder::new()?;
    let path = folder.write(name, text)?;
    refusal(complete().file(path).build())
}

#[test]
fn every_field_names_its_line_and_a_remedy() -> Result {
    let cases = [
        ("max_age", "'30d'", "\"30d\"", "such as 2592000"),
        ("MaxAge", "-1", "-1", "from 0 on"),
        ("max_age", "1.5", "1.5", "without a unit"),
        ("max_age", "true", "true", "write a number"),
        ("absolute_max_age", "'never'", "\"never\"", "\"none\""),
        ("refresh_after", "'1m'", "\"1m\"", "half of the lifetime"),
        ("refresh_after", "'none'", "\"none\"", "left out"),
        (
            "NoSecure",
            "'maybe'",
            "\"maybe\"",
            "write `true` or `false`",
        ),
        ("secure", "2", "2", "write `true` or `false`"),
        (
            "same_site",
            "'lux'",
            "\"lux\"",
            "\"Strict\", \"Lax\" or \"None\"",
        ),
        ("max_size", "'big'", "\"big\"", "such as 4096"),
        ("accept_signed_until", "'soon'", "\"soon\"", "date -d"),
        ("name", "5", "a number", "in quotes"),
        ("domain", "['a']", "a list", "in quotes"),
        ("path", "{}", "", "in quotes"),
    ];
    for (field, value, shown, remedy) in cases {
        let toml = refused("a.toml", &format!("# first\n\n{field} = {value}\n"))?;
        assert_says(&toml, &[field, "a.toml:3)", shown, remedy]);
        let yaml = refused("a.yaml", &format!("# first\n\n{field}: {value}\n"))?;
        assert_says(&yaml, &[field, "a.yaml:3)", shown, remedy]);
        let value = value.replace('\'', "\"");
        let json = refused("a.json", &format!("{{\n\n\"{field}\": {value}}}\n"))?;
        assert_says(&json, &[field, "a.json:3)", shown, remedy]);
    }
    Ok(())
}

#[test]
fn rules_of_the_whole_name_the_lines_that_break_them() -> Result {
    let folder = Folder::new()?;
    let file = folder.write("a.toml", "\nname = '__Host-app'\npath = '/'\n")?;
    let loader = complete()
        .file(file)
        .env_from("APP", [("APP_NoSecure", "yes")]);
    let message = refusal(loader.build())?;
    assert_says(
        &message,
        &[
            "__Host-app",
            "a.toml:2",
            "secure: variable APP_NoSecure",
            "leave `secure` on",
        ],
    );
    let message = refused("a.yaml", "max_age: 60\nabsolute_max_age: 0\n")?;
    assert_says(&message, &["absolute_max_age", "zero", "a.yaml:2"]);
    let message = refused("a.toml", "accept_signed_until = 1_900_000_000\n")?;
    assert_says(
        &message,
        &["accept_signed_until", "a.toml:1", "turn `encrypted` on"],
    );
    let message = refused("a.yaml", "encrypted: no\naccept_signed_until: 1900000000\n")?;
    assert_says(&message, &["encrypted: ", "a.yaml:1", "a.yaml:2"]);
    let message = refused("a.yaml", "\nrefresh_after: 99999999999\n")?;
    assert_says(&message, &["refresh_after", "400 days", "a.yaml:2"]);
    let message = refused("a.json", "{\"MaxAge\":\n99999999999}")?;
    assert_says(&message, &["MaxAge", "400 days", "a.json:2"]);
    Ok(())
}

#[test]
fn unknown_fields_come_with_a_suggestion() -> Result {
    for (wrong, meant) in [
        ("max_agee", "max_age"),
        ("maxage", "max_age"),
        ("NAME", "name"),
        ("samesite", "same_site"),
        ("NoHttpOnly", "NoHTTPOnly"),
        ("no_secure", "NoSecure"),
    ] {
        let message = refused("a.toml", &format!("path = '/'\n{wrong} = 1\n"))?;
        assert_says(
            &message,
            &[
                "a.toml:2",
                &format!("`{wrong}`"),
                &format!("did you mean `{meant}`?"),
            ],
        );
    }
    let message = refused("a.json", "{\n\"colour\": [1, {}]}")?;
    assert_says(&message, &["a.json:2", "`colour`", "remove it", "max_age"]);
    let message = refused("a.yaml", "session:\n  name: x\n")?;
    assert_says(&message, &["a.yaml:1", "`session`"]);
    Ok(())
}

#[test]
fn a_field_twice_in_one_source() -> Result {
    let message = refused("a.toml", "max_age = 1\nMaxAge = 1\n")?;
    assert_says(&message, &["MaxAge", "a.toml:2", "a.toml:1", "remove one"]);
    let message = refused("a.yaml", "secure: yes\nNoSecure: no\n")?;
    assert_says(&message, &["NoSecure", "a.yaml:2", "a.yaml:1", "secure"]);
    let message = refused("a.json", "{\"path\":\"/\",\n\"path\":\"/\"}")?;
    assert_says(&message, &["path", "a.json:2", "a.json:1"]);
    let message = refused("a.yaml", "path: /\npath: /\n")?;
    assert_says(&message, &["path", "a.yaml:2", "a.yaml:1"]);
    let message = refused("a.toml", "path = '/'\npath = '/'\n")?;
    assert_says(&message, &["a.toml:2", "duplicate key"]);
    Ok(())
}

#[test]
fn every_complaint_at_once() -> Result {
    let folder = Folder::new()?;
    let file = folder.write("a.toml", "max_age = 'x'\nsecure = 'y'\nnane = 'z'\n")?;
    let loader = complete()
        .file(file)
        .file(folder.path().join("absent.toml"))
        .env_from("APP", [("APP_MAX_SIZE", "w")]);
    let message = refusal(loader.build())?;
    assert_says(
        &message,
        &[
            "a.toml:1",
            "a.toml:2",
            "a.toml:3",
            "absent.toml",
            "APP_MAX_SIZE",
        ],
    );
    assert_eq!(message.lines().count(), 5, "{message}");
    Ok(())
}

#[test]
fn blank_and_missing_names_and_keys_are_told_as_in_go() -> Result {
    for (name, key, message) in [
        ("", KEY, "Name is required, but blank"),
        ("  ", KEY, "Name is required, but blank"),
        ("app", "", "Key is required, but blank"),
        ("app", " ", "Key is required, but blank"),
    ] {
        assert_eq!(
            refusal(CookieStore::new(CookieStoreConfig::new(name, key)))?,
            message
        );
        let variables = [("APP_NAME", name), ("APP_KEY", key)];
        let loader = CookieStoreConfig::load().env_from("APP", variables);
        let error = loader.build().err().ok_or("taken")?;
        assert_eq!(error.to_string(), message);
        let cause = error.source().ok_or("no cause")?.to_string();
        let variable = if name == "app" { "APP_KEY" } else { "APP_NAME" };
        assert_says(&cause, &[variable, "write a value there"]);
        assert_says(&format!("{error:?}"), &[message, variable]);
    }
    let folder = Folder::new()?;
    let file = folder.write("a.yaml", "name: app\nkey:\n")?;
    let error = CookieStoreConfig::load().file(file).build().err();
    let error = error.ok_or("taken")?;
    assert_eq!(error.to_string(), "Key is required, but blank");
    let cause = error.source().ok_or("no cause")?.to_string();
    assert_says(&cause, &["key", "a.yaml:2"]);
    let error = CookieStoreConfig::load()
        .env_from("APP", [("APP_NAME", "app")])
        .build()
        .err()
        .ok_or("taken")?;
    let cause = error.source().ok_or("no cause")?.to_string();
    assert_says(&cause, &["key", "APP_", "write it"]);
    Ok(())
}

#[test]
fn no_error_shows_the_key() -> Result {
    const SECRET: &str = "hunter2hunter2hunter2hunter2hunter2hunter2==";
    let texts = [
        ("a.toml", format!("key = \"{SECRET}\"\n")),
        ("a.toml", format!("key = \"{SECRET}\n")),
        ("a.toml", format!("key = {SECRET}\n")),
        ("a.toml", format!("key = [\"{SECRET}\"]\n")),
        (
            "a.toml",
            format!("key = \"{SECRET}\"\nKey = \"{SECRET}\"\n"),
        ),
        ("a.toml", format!("key = \"{SECRET}\" \"{SECRET}\"\n")),
        ("a.toml", format!("{SECRET}\n")),
        ("a.yaml", format!("key: {SECRET}\n")),
        ("a.yaml", format!("key: \"{SECRET}\n")),
        ("a.yaml", format!("key: [{SECRET}\n")),
        ("a.yaml", format!("key: [{SECRET}]\n")),
        ("a.yaml", format!("key: !secret {SECRET}\n")),
        ("a.yaml", format!("key: *{SECRET}\n")),
        ("a.yaml", SECRET.to_owned()),
        ("a.json", format!("{{\"key\": \"{SECRET}\"}}")),
        ("a.json", format!("{{\"key\": \"{SECRET}\\ud800\"}}")),
        ("a.json", format!("{{\"key\": \"{SECRET}")),
        ("a.json", format!("{{\"key\": {SECRET}}}")),
        ("a.json", format!("{{\"key\": [\"{SECRET}\"]}}")),
        ("a.json", format!("\"{SECRET}\"")),
    ];
    for (name, text) in texts {
        let folder = Folder::new()?;
        let path = folder.write(name, &text)?;
        let error = complete().file(path).build().err().ok_or(text.clone())?;
        let shown = format!("{error} {error:?} {:?}", error.source());
        assert!(!shown.contains("hunter2"), "{text:?} gave {shown}");
        assert_says(&shown, &[&format!("{name}:")]);
    }
    let variables = [("APP_KEY", SECRET)];
    let loader = complete().env_from("APP", variables);
    assert!(!format!("{loader:?}").contains("hunter2"));
    let message = refusal(loader.build())?;
    assert!(!message.contains("hunter2"), "{message}");
    assert_says(
        &message,
        &["Key 1", "variable APP_KEY", "openssl rand -base64 32"],
    );
    Ok(())
}

#[test]
fn files_that_can_not_be_read() -> Result {
    let folder = Folder::new()?;
    let absent = folder.path().join("absent.toml");
    let message = refusal(complete().file(absent).build())?;
    assert_says(
        &message,
        &["absent.toml", "no such file", "create it", "optional_file"],
    );

    let directory = folder.path().join("directory.toml");
    std::fs::create_dir(&directory)?;
    for loader in [
        complete().file(&directory),
        complete().optional_file(&directory),
    ] {
        assert_says(
            &refusal(loader.build())?,
            &["directory.toml", "can't be read"],
        );
    }

    let path = folder.path().join("latin1.yaml");
    std::fs::write(&path, b"path: /caf\xe9\n")?;
    assert_says(
        &refusal(complete().file(path).build())?,
        &["latin1.yaml", "UTF-8"],
    );

    for name in ["a.ini", "a", "toml", ".toml"] {
        let path = folder.write(name, "path = '/'")?;
        let message = refusal(complete().file(path).build())?;
        assert_says(
            &message,
            &[name, "extension", "use .toml, .yaml, .yml or .json"],
        );
    }
    let absent = folder.path().join("absent.ini");
    assert!(complete().optional_file(absent).build().is_err());
    Ok(())
}

#[test]
fn texts_of_another_format() -> Result {
    for (name, text, line, what) in [
        ("a.toml", "path = '/'\nmax_age = \n", 2, "no TOML"),
        ("a.toml", "path: /\n", 1, "no TOML"),
        ("a.yaml", "path: /\nmax_age: '1\n", 2, "no YAML"),
        ("a.yaml", "path: /\n- 1\n", 2, "no YAML"),
        ("a.yaml", "- path\n", 1, "one mapping"),
        ("a.yaml", "\njust text\n", 2, "one mapping"),
        ("a.yaml", "path: /\n---\npath: /\n", 2, "second document"),
        ("a.yaml", "? [path]\n: /\n", 1, "name must be a text"),
        ("a.json", "", 1, "no JSON"),
        ("a.json", "{\n\"path\": }", 2, "no JSON"),
        ("a.json", "{}\n{}", 2, "no JSON"),
        ("a.json", "[]", 1, "one object"),
        ("a.json", "{\n\"path\": \"\\ud800\"}", 2, "broken escape"),
    ] {
        let message = refused(name, text)?;
        assert_says(&message, &[&format!("{name}:{line}: "), what]);
    }
    Ok(())
}
