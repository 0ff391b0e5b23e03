//! Files and variables as Go's `configor` reads them, so that those of a Go service stay as they are.

use std::ffi::OsString;
use std::time::Duration;

use serde::Deserialize;
use session_runtime::CookieStoreConfig;

use super::{Folder, KEY, Result, assert_says, complete, from_env, refusal, warnings};

fn is_go(config: &CookieStoreConfig) -> bool {
    config.max_age == Duration::from_secs(3600) && !config.secure && !config.http_only
}

#[test]
fn yaml_has_gos_names_in_lower_case_too() -> Result {
    let folder = Folder::new()?;
    let text = format!("name: app\nkey: {KEY}\nmaxage: 3600\nnosecure: true\nnohttponly: true\n");
    for name in ["a.yaml", "a.yml"] {
        let loader = CookieStoreConfig::load().file(folder.write(name, &text)?);
        assert!(is_go(&loader.build()?), "{name}");
    }
    let path = folder.write("b.yaml", "max_age: 1\nmaxage: 1\n")?;
    let message = refusal(complete().file(path).build())?;
    assert_says(
        &message,
        &["maxage (", "b.yaml:2", "b.yaml:1", "remove one"],
    );
    let path = folder.write("b.yaml", "\nMAXAGE: 1\n")?;
    let message = refusal(complete().file(path).build())?;
    assert_says(
        &message,
        &["b.yaml:2", "`MAXAGE`", "did you mean `max_age`?"],
    );
    Ok(())
}

#[test]
fn json_has_every_name_in_any_case() -> Result {
    let folder = Folder::new()?;
    for text in [
        r#"{"maxAge": 3600, "nosecure": true, "NOHTTPONLY": true}"#,
        r#"{"MAXAGE": 3600, "noSecure": true, "NoHttpOnly": true}"#,
        r#"{"Max_Age": 3600, "SECURE": false, "Http_Only": false}"#,
    ] {
        let loaded = complete().file(folder.write("a.json", text)?).build()?;
        assert!(is_go(&loaded), "{text}");
        let read: CookieStoreConfig = serde_json::from_str(text)?;
        assert!(is_go(&read), "{text}");
    }
    let text = "{\"maxage\": 1,\n\"MaxAge\": 1}";
    let message = refusal(complete().file(folder.write("a.json", text)?).build())?;
    assert_says(
        &message,
        &["MaxAge (", "a.json:2", "a.json:1", "remove one"],
    );
    Ok(())
}

#[test]
fn toml_has_names_as_they_are_written() -> Result {
    let folder = Folder::new()?;
    let path = folder.write("a.toml", "maxage = 1\n")?;
    let message = refusal(complete().file(path).build())?;
    assert_says(&message, &["a.toml:1", "did you mean `max_age`?"]);
    Ok(())
}

#[test]
fn a_prefix_is_found_as_it_is_written_and_in_capitals() -> Result {
    for prefix in ["APP", "App", "app", "App_"] {
        let variables = [
            ("APP_MAX_AGE", "3600"),
            ("APP_NOSECURE", "true"),
            ("APP_NoHTTPOnly", "1"),
        ];
        assert!(
            is_go(&complete().env_from(prefix, variables).build()?),
            "{prefix}"
        );
    }
    let variables = [
        ("App_MaxAge", "3600"),
        ("App_NoSecure", "true"),
        ("APP_NOHTTPONLY", "1"),
    ];
    assert!(is_go(&complete().env_from("App", variables).build()?));
    let variables = [("App_MaxAge", "1"), ("APP_MAXAGE", "1")];
    let message = refusal(complete().env_from("App", variables).build())?;
    assert_says(&message, &["App_MaxAge", "APP_MAXAGE", "remove one"]);
    let message = refusal(complete().env_from("App", [("App_MaxAges", "1")]).build())?;
    assert_says(
        &message,
        &["variable App_MaxAges", "did you mean APP_MAX_AGE?"],
    );
    Ok(())
}

#[test]
fn a_variable_that_would_count_but_for_the_case_of_its_prefix_is_told() -> Result {
    let variables = [
        ("app_session_path", "/other"),
        ("app_session_colour", "red"),
        ("app_session_domain", ""),
    ];
    let (built, told) = warnings(complete().env_from("APP_SESSION", variables));
    assert_eq!(built?.path, "/");
    assert_eq!(told.len(), 1, "{told:?}");
    assert_says(&told[0], &["WARN", "app_session_path", "APP_SESSION_"]);
    Ok(())
}

const ALL: [&str; 19] = [
    "NAME",
    "KEY",
    "KEY_FILE",
    "DOMAIN",
    "PATH",
    "MAX_AGE",
    "MaxAge",
    "ABSOLUTE_MAX_AGE",
    "HTTP_ONLY",
    "NoSecure",
    "SAME_SITE",
    "PARTITIONED",
    "ENCRYPTED",
    "ACCEPT_SIGNED_UNTIL",
    "CONTEXT",
    "MAX_SIZE",
    "REFRESH_AFTER",
    "FORMERLY",
    "COLOUR",
];

#[test]
fn an_empty_variable_is_unset() -> Result {
    let folder = Folder::new()?;
    let text = "domain = 'example.org'\npath = '/app'\nmax_age = 60\nsecure = false\n";
    let path = folder.write("a.toml", text)?;
    let expected = super::fields(&complete().file(&path).build()?)?;
    for name in ALL {
        let variables = [(format!("APP_{name}"), "")];
        let loaded = complete().file(&path).env_from("APP", variables).build();
        let loaded = loaded.map_err(|error| format!("{name}: {error}"))?;
        assert_eq!(super::fields(&loaded)?, expected, "{name}");
    }
    let loaded = from_env([("APP_SESSION_PATH", ""), ("APP_SESSION_Path", "/app")])?;
    assert_eq!(loaded.path, "/app", "of two spellings one is unset");
    Ok(())
}

#[test]
fn an_empty_variable_of_the_key_over_another_key_is_one_warning() -> Result {
    let folder = Folder::new()?;
    let file = folder.write("a.toml", &format!("\nkey = '{KEY}'\n"))?;
    let loader = || {
        CookieStoreConfig::load()
            .defaults(CookieStoreConfig::new("session", ""))
            .file(&file)
    };
    for (variables, named) in [
        (vec![("APP_KEY", "")], vec!["APP_KEY"]),
        (vec![("APP_KEY_FILE", "")], vec!["APP_KEY_FILE"]),
        (
            vec![("APP_KEY", ""), ("APP_KEY_FILE", "")],
            vec!["APP_KEY", "APP_KEY_FILE"],
        ),
    ] {
        let (built, told) = warnings(loader().env_from("APP", variables.clone()));
        built?;
        assert_eq!(told.len(), 1, "{variables:?}: {told:?}");
        assert_says(&told[0], &["WARN", "a.toml:2", "set but empty"]);
        assert_says(&told[0], &named);
        assert!(!told[0].contains(KEY), "{told:?}");
    }
    let (built, told) = warnings(complete().env_from("APP", [("APP_KEY", "")]));
    built?;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_says(&told[0], &["APP_KEY", "the defaults"]);
    Ok(())
}

#[test]
fn an_empty_variable_that_hides_no_key_is_no_warning() -> Result {
    let folder = Folder::new()?;
    let key = folder.write("key", KEY)?.display().to_string();
    let quiet = [
        complete().env_from("APP", [("APP_KEY", ""), ("APP_KEY_FILE", &key)]),
        complete()
            .env_from("OLD", [("OLD_KEY", "")])
            .env_from("APP", [("APP_KEY", KEY)]),
        complete().env_from("APP", [("APP_PATH", ""), ("APP_NAME", "")]),
    ];
    for loader in quiet {
        let (built, told) = warnings(loader.clone());
        built?;
        assert!(told.is_empty(), "{told:?}");
    }
    // Without any other key it is an error, which names the variable.
    let defaults = CookieStoreConfig::load().defaults(CookieStoreConfig::new("session", ""));
    let error = defaults
        .env_from("APP", [("APP_KEY", "")])
        .build()
        .err()
        .ok_or("taken")?;
    assert_says(
        &format!("{error:?}"),
        &["Key is required, but blank", "variable APP_KEY", "empty"],
    );
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_variable_whose_name_is_no_text_is_named_where_it_has_the_prefix() -> Result {
    use std::os::unix::ffi::OsStringExt;
    let variable = OsString::from_vec(b"APP_K\xffEY".to_vec());
    let loader = complete().env_from("APP", [(variable, OsString::from(KEY))]);
    let message = refusal(loader.build())?;
    assert_says(
        &message,
        &["variable APP_K\u{fffd}EY", "did you mean APP_KEY?"],
    );
    assert!(!message.contains(KEY), "{message}");
    Ok(())
}

/// With the feature `arbitrary_precision`, which any crate of a build can turn on, `serde_json` hands a fraction over
/// as this object.
#[test]
fn a_fraction_is_no_table() -> Result {
    let text = r#"{"max_age": {"$serde_json::private::Number": "1.5"}}"#;
    let error = serde_json::from_str::<CookieStoreConfig>(text).err();
    let message = error.ok_or("taken")?.to_string();
    assert_says(&message, &["max_age: 1.5 is no whole number of seconds"]);
    for (text, shown) in [
        ("1.5", "1.5"),
        ("60.0", "60.0"),
        ("1e3", "1000.0"),
        ("-0.5", "-0.5"),
    ] {
        let text = format!(r#"{{"max_age": {text}}}"#);
        let error = serde_json::from_str::<CookieStoreConfig>(&text).err();
        let message = error.ok_or("taken")?.to_string();
        assert_says(
            &message,
            &["max_age: ", shown, "is no whole number of seconds"],
        );
    }
    Ok(())
}

#[derive(Deserialize)]
struct Flat {
    port: u16,
    #[serde(flatten)]
    session: CookieStoreConfig,
}

#[test]
fn flattened_into_a_larger_struct() -> Result {
    let flat: Flat = serde_json::from_str(
        r#"{"port": 80, "MaxAge": 3600, "nosecure": true, "nohttponly": true}"#,
    )?;
    assert_eq!(flat.port, 80);
    assert!(is_go(&flat.session));
    Ok(())
}
