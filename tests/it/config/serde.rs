use serde::Deserialize;
use session_runtime::{CookieStore, CookieStoreConfig};

use super::{KEY, Result, assert_says, fields};

#[derive(Deserialize)]
struct Application {
    port: u16,
    session: CookieStoreConfig,
}

#[test]
fn a_part_of_a_larger_configuration() -> Result {
    let text =
        format!(r#"{{"port": 80, "session": {{"Name": "app", "key": "{KEY}", "MaxAge": 60}}}}"#);
    let application: Application = serde_json::from_str(&text)?;
    assert_eq!(application.port, 80);
    assert_eq!(application.session.max_age.as_secs(), 60);
    CookieStore::new(application.session)?;
    Ok(())
}

#[test]
fn the_key_is_not_written_and_the_rest_comes_back() -> Result {
    let config = CookieStoreConfig::new("app", KEY)
        .with_domain("example.org")
        .with_refresh_after(std::time::Duration::from_secs(60))
        .with_absolute_max_age(None)
        .with_same_site(session_runtime::SameSite::None)
        .with_encrypted(true)
        .accept_signed_until(std::time::UNIX_EPOCH + std::time::Duration::from_secs(7))
        .with_context("a \"b\" \\ \u{7f} é");
    let text = serde_json::to_string(&config)?;
    assert!(!text.contains(KEY) && !text.contains("key"), "{text}");
    assert!(text.contains(r#""max_age":2592000"#), "{text}");
    assert!(text.contains(r#""refresh_after":60"#), "{text}");
    let back: CookieStoreConfig = serde_json::from_str(&text)?;
    assert_eq!(fields(&back)?, fields(&config)?);
    let error = CookieStore::new(back.clone()).err().ok_or("taken")?;
    assert_eq!(error.to_string(), "Key is required, but blank");
    CookieStore::new(back.with_key(KEY))?;
    Ok(())
}

#[test]
fn the_same_rules_as_in_files() -> Result {
    for (text, part) in [
        (r#"{"max_agee": 1}"#, "did you mean `max_age`?"),
        (
            r#"{"max_age": 1, "MaxAge": 1}"#,
            "`MaxAge` sets what `max_age` sets already",
        ),
        (
            r#"{"max_age": "30d"}"#,
            "max_age: \"30d\" is no whole number",
        ),
        (r#"{"max_age": -1}"#, "max_age: -1 is no whole number"),
        (r#"{"max_age": 1.5}"#, "max_age: 1.5 is no whole number"),
        (
            r#"{"key": ["secret"]}"#,
            "key: needs a text, and this is a list",
        ),
        (
            r#"{"key": {"a": "secret"}}"#,
            "key: needs a text, and this is a table",
        ),
    ] {
        let error = serde_json::from_str::<CookieStoreConfig>(text).err();
        let message = error.ok_or("taken")?.to_string();
        assert_says(&message, &[part, "line 1"]);
        assert!(!message.contains("secret"), "{message}");
    }
    let config: CookieStoreConfig =
        serde_json::from_str(r#"{"domain": null, "absolute_max_age": null, "secure": "off"}"#)?;
    assert_eq!(
        (config.domain, config.absolute_max_age, config.secure),
        (None, None, false)
    );
    Ok(())
}
