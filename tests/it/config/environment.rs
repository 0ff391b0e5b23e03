use std::ffi::OsString;
use std::time::Duration;

use session_runtime::CookieStoreConfig;

use super::{KEY, Result, assert_says, complete, from_env, refusal};

#[test]
fn every_spelling_of_a_variable() -> Result {
    for variable in [
        "APP_SESSION_MAX_AGE",
        "APP_SESSION_MaxAge",
        "APP_SESSION_MAXAGE",
        "APP_SESSION_max_age",
    ] {
        let config = from_env([(variable, "60")])?;
        assert_eq!(config.max_age, Duration::from_secs(60), "{variable}");
    }
    for variable in [
        "APP_SESSION_NoSecure",
        "APP_SESSION_NOSECURE",
        "APP_SESSION_NO_SECURE",
    ] {
        assert!(!from_env([(variable, "yes")])?.secure, "{variable}");
    }
    for variable in [
        "APP_SESSION_NoHTTPOnly",
        "APP_SESSION_NOHTTPONLY",
        "APP_SESSION_NO_HTTP_ONLY",
    ] {
        assert!(!from_env([(variable, "1")])?.http_only, "{variable}");
    }
    Ok(())
}

#[test]
fn the_environment_alone_is_enough() -> Result {
    let variables = [("APP_SESSION_Name", "app"), ("APP_SESSION_KEY", KEY)];
    let config = CookieStoreConfig::load()
        .env_from("APP_SESSION", variables)
        .build()?;
    assert_eq!(config.name, "app");
    Ok(())
}

#[test]
fn words_for_true_and_false() -> Result {
    for word in ["true", "yes", "on", "1", "TRUE", "Yes", " on "] {
        assert!(
            from_env([("APP_SESSION_PARTITIONED", word)])?.partitioned,
            "{word}"
        );
        assert!(
            !from_env([("APP_SESSION_NoSecure", word)])?.secure,
            "{word}"
        );
    }
    for word in ["false", "no", "off", "0", "FALSE", "Off"] {
        assert!(!from_env([("APP_SESSION_SECURE", word)])?.secure, "{word}");
        assert!(from_env([("APP_SESSION_NoSecure", word)])?.secure, "{word}");
    }
    for word in [" ", "maybe", "2", "t", "nope"] {
        let message = refusal(from_env([("APP_SESSION_SECURE", word)]))?;
        assert_says(
            &message,
            &[
                "SECURE",
                "variable APP_SESSION_SECURE",
                "write `true` or `false`",
            ],
        );
    }
    Ok(())
}

#[test]
fn zero_is_zero_and_none_is_no_limit() -> Result {
    let config = from_env([
        ("APP_SESSION_MAX_AGE", "0"),
        ("APP_SESSION_ABSOLUTE_MAX_AGE", "none"),
        ("APP_SESSION_DOMAIN", ""),
    ])?;
    assert_eq!(config.max_age, Duration::ZERO);
    assert_eq!((config.absolute_max_age, config.domain), (None, None));
    Ok(())
}

#[test]
fn two_spellings_in_one_environment() -> Result {
    let message = refusal(from_env([
        ("APP_SESSION_MAX_AGE", "1"),
        ("APP_SESSION_MaxAge", "1"),
    ]))?;
    assert_says(
        &message,
        &[
            "APP_SESSION_MAX_AGE",
            "APP_SESSION_MaxAge",
            "max_age",
            "remove one",
        ],
    );
    let message = refusal(from_env([
        ("APP_SESSION_SECURE", "yes"),
        ("APP_SESSION_NoSecure", "no"),
    ]))?;
    assert_says(&message, &["APP_SESSION_SECURE", "APP_SESSION_NoSecure"]);
    Ok(())
}

#[test]
fn later_environments_beat_earlier_ones() -> Result {
    let loader = complete()
        .env_from("OLD", [("OLD_PATH", "/old")])
        .env_from("NEW", [("NEW_PATH", "/new")]);
    assert_eq!(loader.build()?.path, "/new");
    Ok(())
}

#[test]
fn unknown_variables_are_named_with_what_was_meant() -> Result {
    let message = refusal(from_env([("APP_SESSION_MAXAGES", "1")]))?;
    assert_says(
        &message,
        &[
            "variable APP_SESSION_MAXAGES",
            "did you mean APP_SESSION_MAX_AGE?",
        ],
    );
    let message = refusal(from_env([("APP_SESSION_COLOUR", "red")]))?;
    assert_says(
        &message,
        &["variable APP_SESSION_COLOUR", "another prefix", "max_age"],
    );
    Ok(())
}

#[test]
fn other_variables_are_none_of_its_business() -> Result {
    let config = from_env([
        ("PATH", "/usr/bin"),
        ("APP_SESSIONS", "x"),
        ("APP_SESSION", "x"),
        ("MY_APP_SESSION_PATH", "/other"),
        ("app_session_path", "/other"),
    ])?;
    assert_eq!(config.path, "/");
    Ok(())
}

#[test]
fn a_prefix_may_end_in_an_underscore_but_not_be_blank() -> Result {
    let variables = [("APP_SESSION_PATH", "/app")];
    let loader = complete().env_from("APP_SESSION_", variables);
    assert_eq!(loader.build()?.path, "/app");
    for prefix in ["", "_"] {
        let message = refusal(complete().env_from(prefix, variables).build())?;
        assert_says(&message, &["prefix", "blank", "such as APP_SESSION"]);
    }
    Ok(())
}

#[test]
fn the_process_has_an_environment_too() -> Result {
    // Cargo gives it to every test, and no field is called so.
    let message = refusal(complete().env("CARGO_PKG").build())?;
    assert_says(&message, &["variable CARGO_PKG_VERSION"]);
    assert_eq!(complete().env("SESSION_RUNTIME_NOT_SET").build()?.path, "/");
    Ok(())
}

#[cfg(unix)]
#[test]
fn bytes_that_are_no_text() -> Result {
    use std::os::unix::ffi::OsStringExt;
    let odd = || OsString::from_vec(vec![0xff, 0xfe]);
    let loader = complete().env_from("APP_SESSION", [(odd(), odd())]);
    assert_eq!(loader.build()?.path, "/", "a name that is none of ours");
    let variables = [(OsString::from("APP_SESSION_PATH"), odd())];
    let message = refusal(complete().env_from("APP_SESSION", variables).build())?;
    assert_says(&message, &["PATH (variable APP_SESSION_PATH)", "no UTF-8"]);
    Ok(())
}
