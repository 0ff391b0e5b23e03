//! Configurations: no error quotes a key, nothing that is written out has one.

use session_runtime::{CookieStore, CookieStoreConfig, SessionLayer};

use super::{KEY, OLD_KEY, Secrets, Transcript};

#[test]
fn no_error_about_a_key_quotes_it() {
    let (mut secrets, transcript) = (Secrets::default(), Transcript::default());
    secrets.add_base64(KEY);
    for key in [
        "c2VjcmV0LWJ1dC10b28tc2hvcnQ=",
        "c2VjcmV0IGJ1dCBub3QgYmFzZTY0!",
        "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0",
    ] {
        secrets.add(key.as_bytes());
        for keys in [
            key.to_owned(),
            format!("{KEY},{key}"),
            format!("{key},{key}"),
        ] {
            let config = CookieStoreConfig::new("session", keys);
            transcript.note(&config);
            let error = CookieStore::new(config.clone()).expect_err("a bad key");
            transcript.note(&(error.to_string(), &error));
            let error = SessionLayer::new(config).expect_err("a bad key");
            transcript.note(&(error.to_string(), &error));
        }
    }
    secrets.assert_none_in(&transcript.text());
}

/// Each is wrong on the line of the key, or because of it.
fn bad_files() -> Vec<(&'static str, String)> {
    let texts: [(&str, &[&str]); 3] = [
        (
            "toml",
            &[
                "key = KEY\nname = \"session\"",
                "key = \"KEY\nname = \"session\"",
                "key = \"KEY\" name = \"session\"",
                "key = [\"KEY\"]\nname = \"session\"",
                "kye = \"KEY\"\nname = \"session\"",
                "key = \"KEY\"\nKey = \"KEY\"\nname = \"session\"",
                "key = \"KEY,KEY\"\nname = \"session\"",
                "[key]\n\"KEY\" = 1",
            ],
        ),
        (
            "yaml",
            &[
                "key: \"KEY\nname: session",
                "key: [KEY]\nname: session",
                "key: {a: KEY}\nname: session",
                "kye: KEY\nname: session",
                "key: KEY: KEY\nname: session",
                "key: KEY\nkey: KEY\nname: session",
                "key: *KEY\nname: session",
            ],
        ),
        (
            "json",
            &[
                r#"{"key": KEY, "name": "session"}"#,
                r#"{"key": "KEY "name": "session"}"#,
                r#"{"key": ["KEY"], "name": "session"}"#,
                r#"{"kye": "KEY", "name": "session"}"#,
                r#"{"key": "KEY", "key": "KEY", "name": "session"}"#,
                r#"["KEY"]"#,
                r#""KEY""#,
            ],
        ),
    ];
    let all = texts.iter();
    all.flat_map(|(kind, texts)| texts.iter().map(|text| (*kind, text.replace("KEY", KEY))))
        .collect()
}

#[test]
fn no_error_about_a_file_or_a_variable_quotes_a_key() {
    let (mut secrets, transcript) = (Secrets::default(), Transcript::default());
    secrets.add_base64(KEY);
    let folder = std::env::temp_dir().join(format!("session-secrets-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    for (kind, text) in bad_files() {
        let file = folder.join(format!("session.{kind}"));
        std::fs::write(&file, &text).expect("a file");
        let loader = CookieStoreConfig::load().file(file);
        transcript.note(&loader);
        let error = loader.build().expect_err(&text);
        transcript.note(&(error.to_string(), &error));
        let config: Result<CookieStoreConfig, _> = serde_json::from_str(&text);
        if kind == "json" {
            let error = config.expect_err(&text);
            transcript.note(&(error.to_string(), &error));
        }
    }
    std::fs::remove_dir_all(&folder).expect("our folder");
    let spelt = |name: &'static str| (name, KEY);
    for variables in [
        vec![spelt("APP_KYE")],
        vec![spelt("APP_KEY")],
        vec![spelt("APP_KEY"), spelt("APP_Key")],
        vec![
            spelt("APP_KEY"),
            spelt("APP_MAX_AGE"),
            ("APP_NAME", "session"),
        ],
        vec![
            spelt("APP_KEY"),
            spelt("APP_SECURE"),
            ("APP_NAME", "session"),
        ],
    ] {
        let loader = CookieStoreConfig::load().env_from("APP", variables.clone());
        transcript.note(&loader);
        let error = loader.build().expect_err("something is wrong");
        let wrong_field = ["MAX_AGE", "SECURE"]
            .iter()
            .any(|name| error.to_string().contains(name));
        // A key that was put into another field is that field's value.
        if !wrong_field {
            transcript.note(&(error.to_string(), &error));
        }
    }
    secrets.assert_none_in(&transcript.text());
}

#[test]
fn what_is_written_out_has_no_key() {
    let (mut secrets, transcript) = (Secrets::default(), Transcript::default());
    for key in [KEY, OLD_KEY] {
        secrets.add_base64(key);
    }
    let config = CookieStoreConfig::new("session", format!("{KEY},{OLD_KEY}"));
    transcript.note(&serde_json::to_string(&config).expect("JSON"));
    transcript.note(&config.to_toml_template());
    transcript.note(&config);
    assert!(transcript.text().contains("session"));
    secrets.assert_none_in(&transcript.text());
}
