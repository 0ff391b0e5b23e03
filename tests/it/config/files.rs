use std::time::Duration;

use session_runtime::{CookieStore, CookieStoreConfig, SameSite};

use super::{Folder, KEY, Result, complete, fields};

const TOML: &str = r#"
name = "app"
key = "KEY"
domain = "example.org"
path = "/app"
max_age = 86_400
refresh_after = 60
absolute_max_age = "none"
http_only = false
secure = true
same_site = "Strict"
partitioned = true
encrypted = true
accept_signed_until = 1_900_000_000
context = "staging"
max_size = 3_000
"#;

const YAML: &str = "
# the session
name: app
key: KEY
domain: 'example.org'
path: /app
max_age: 86400
refresh_after: 60
absolute_max_age: null
http_only: no
secure: yes
same_site: Strict
partitioned: true
encrypted: on
accept_signed_until: 1900000000
context: \"staging\"
max_size: 3000
";

const JSON: &str = r#"{
  "name": "app", "key": "KEY", "domain": "example.org", "path": "/app",
  "max_age": 86400, "refresh_after": 60, "absolute_max_age": null,
  "http_only": false, "secure": true, "same_site": "Strict", "partitioned": true,
  "encrypted": true, "accept_signed_until": 1900000000, "context": "staging", "max_size": 3000
}"#;

#[test]
fn every_field_in_every_format() -> Result {
    let folder = Folder::new()?;
    for (name, text) in [
        ("a.toml", TOML),
        ("a.yaml", YAML),
        ("a.YML", YAML),
        ("a.json", JSON),
    ] {
        let path = folder.write(name, &text.replace("KEY", KEY))?;
        let config = CookieStoreConfig::load().file(path).build()?;
        assert_eq!(config.name, "app", "{name}");
        assert_eq!(config.domain.as_deref(), Some("example.org"), "{name}");
        assert_eq!(config.path, "/app", "{name}");
        assert_eq!(config.max_age, Duration::from_secs(86_400), "{name}");
        let minute = Some(Duration::from_secs(60));
        assert_eq!(config.refresh_after, minute, "{name}");
        assert_eq!(config.absolute_max_age, None, "{name}");
        assert!(!config.http_only && config.secure, "{name}");
        assert!(config.partitioned && config.encrypted, "{name}");
        assert_eq!(config.same_site, SameSite::Strict, "{name}");
        let until = std::time::UNIX_EPOCH + Duration::from_secs(1_900_000_000);
        assert_eq!(config.accept_signed_until, Some(until), "{name}");
        assert_eq!(config.context, "staging", "{name}");
        assert_eq!(config.max_size, 3000, "{name}");
        CookieStore::new(config)?;
    }
    Ok(())
}

#[test]
fn what_go_reads() -> Result {
    let folder = Folder::new()?;
    let toml = "Name = 'app'\nKey = 'KEY'\nDomain = ''\nPath = '/'\nMaxAge = 0\nNoHTTPOnly = true\nNoSecure = true";
    let yaml =
        "Name: app\nKey: KEY\nDomain:\nPath: /\nMaxAge: 0\nNoHTTPOnly: true\nNoSecure: true\n";
    let json = r#"{"Name":"app","Key":"KEY","Domain":"","Path":"/","MaxAge":0,"NoHTTPOnly":true,"NoSecure":true}"#;
    for (name, text) in [("a.toml", toml), ("a.yaml", yaml), ("a.json", json)] {
        let path = folder.write(name, &text.replace("KEY", KEY))?;
        let config = CookieStoreConfig::load().file(path).build()?;
        assert_eq!(config.name, "app", "{name}");
        assert_eq!(config.domain, None, "{name}");
        assert_eq!(config.max_age, Duration::ZERO, "{name}: 0 is 0");
        assert!(!config.http_only && !config.secure, "{name}");
    }
    Ok(())
}

#[test]
fn the_environment_beats_later_files_beat_earlier_ones_beat_defaults() -> Result {
    let folder = Folder::new()?;
    let first = folder.write(
        "first.toml",
        "path = '/first'\nmax_age = 1\ncontext = 'first'\nsecure = false",
    )?;
    let second = folder.write("second.yaml", "max_age: 2\ncontext: second\nNoSecure: no\n")?;
    let defaults = CookieStoreConfig::new("session", KEY)
        .with_max_size(1000)
        .with_path("/default");
    let config = CookieStoreConfig::load()
        .env_from("APP", [("APP_CONTEXT", "environment")])
        .file(first)
        .file(second)
        .defaults(defaults)
        .build()?;
    assert_eq!(config.max_size, 1000);
    assert_eq!(config.path, "/first");
    assert_eq!(config.max_age, Duration::from_secs(2));
    assert_eq!(config.context, "environment");
    assert!(config.secure, "another spelling in a later file wins too");
    Ok(())
}

#[test]
fn code_alone_is_enough() -> Result {
    let given = CookieStoreConfig::new("session", KEY).with_same_site(SameSite::Strict);
    let config = CookieStoreConfig::load().defaults(given.clone()).build()?;
    assert_eq!(fields(&config)?, fields(&given)?);
    Ok(())
}

#[test]
fn an_optional_file_may_be_absent_but_counts_where_it_is() -> Result {
    let folder = Folder::new()?;
    let path = folder.path().join("local.toml");
    let loader = complete().optional_file(&path);
    assert_eq!(loader.clone().build()?.path, "/");
    folder.write("local.toml", "path = '/local'")?;
    assert_eq!(loader.build()?.path, "/local");
    Ok(())
}

#[test]
fn empty_files_say_nothing() -> Result {
    let folder = Folder::new()?;
    for (name, text) in [
        ("a.toml", ""),
        ("b.toml", "\u{feff}# nothing\r\n"),
        ("a.yaml", ""),
        ("b.yaml", "# nothing\n"),
        ("c.yaml", "---\n...\n"),
        ("a.json", "\u{feff}{}"),
    ] {
        let path = folder.write(name, text)?;
        assert_eq!(complete().file(path).build()?.name, "session", "{name}");
    }
    Ok(())
}

#[test]
fn yaml_scalars_follow_the_core_schema() -> Result {
    let folder = Folder::new()?;
    let text = "name: &anchor '123'\ncontext: !!str 456\npath: |-\n  /folded\nsecure: \"off\"\nmax_age: +60\n";
    let config = complete().file(folder.write("a.yaml", text)?).build()?;
    assert_eq!(
        (config.name.as_str(), config.context.as_str()),
        ("123", "456")
    );
    assert_eq!((config.path.as_str(), config.secure), ("/folded", false));
    assert_eq!(config.max_age, Duration::from_secs(60));
    Ok(())
}

#[test]
fn loading_a_file_gives_the_cookie_that_code_gives() -> Result {
    let folder = Folder::new()?;
    let path = folder.write(
        "a.toml",
        &format!("Name = 'app'\nKey = '{KEY}'\nMaxAge = 60"),
    )?;
    let loaded = CookieStore::new(CookieStoreConfig::load().file(path).build()?)?;
    let coded = CookieStoreConfig::new("app", KEY).with_max_age(Duration::from_secs(60));
    let coded = CookieStore::new(coded)?;
    let mut record = loaded.new_record()?;
    record.put("uid", 42)?;
    let sealed = loaded.seal(&record)?;
    let cookie = sealed.to_str()?;
    let value = cookie.split([';', '=']).nth(1).ok_or("no value")?;
    let opened = coded.open_value(value.as_bytes())?;
    assert_eq!(opened.get("uid")?, Some(42));
    assert!(cookie.ends_with("; Max-Age=60"), "{cookie}");
    Ok(())
}

#[test]
fn a_file_that_is_cut_off_or_damaged_is_read_or_refused_by_its_name() -> Result {
    let folder = Folder::new()?;
    for (name, text) in [("a.toml", TOML), ("a.yaml", YAML), ("a.json", JSON)] {
        for at in 0..text.len() {
            let damage = ["\"", "'", "[", "{", ":", "=", "\n", "\t", "*", "!", "\0"];
            let damage = damage[at % damage.len()];
            let (start, end) = text.split_at(at);
            for text in [start, &[start, damage, end].concat()] {
                let path = folder.write(name, text)?;
                if let Err(error) = complete().file(path).build() {
                    let said = format!("{error:?}");
                    assert!(said.contains(name), "{text}\n{said}");
                }
            }
        }
    }
    Ok(())
}

#[test]
fn a_file_as_deep_as_one_likes_is_read_or_refused() -> Result {
    let folder = Folder::new()?;
    let (open, close) = ("[".repeat(20_000), "]".repeat(20_000));
    for (name, text) in [
        ("a.toml", format!("formerly = {open}{close}")),
        ("a.yaml", format!("formerly: {open}{close}")),
        ("a.json", format!("{{\"formerly\": {open}{close}}}")),
    ] {
        let error = complete().file(folder.write(name, &text)?).build().err();
        assert!(error.ok_or(name)?.to_string().contains(name));
    }
    Ok(())
}
