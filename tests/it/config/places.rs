//! Where the cookie used to be: in code and in files, and which places can't be meant.

use session_runtime::{CookieStore, CookieStoreConfig, Place};

use super::{Folder, KEY, Result, assert_says, complete, fields, from_env, refusal};

fn config() -> CookieStoreConfig {
    CookieStoreConfig::new("session", KEY)
}

fn places() -> [Place; 3] {
    [
        Place::new(),
        Place::new().domain("example.org").path("/app"),
        Place::new().path("/old").partitioned(true),
    ]
}

#[test]
fn a_place_is_this_host_and_every_path_unless_it_says_more() {
    let place = Place::new();
    assert_eq!(place, Place::default());
    assert_eq!(
        (place.domain, place.path.as_str(), place.partitioned),
        (None, "/", false)
    );
    let place = Place::new()
        .domain("example.org")
        .path("/app")
        .partitioned(true);
    assert_eq!(place.domain.as_deref(), Some("example.org"));
    assert_eq!((place.path.as_str(), place.partitioned), ("/app", true));
    assert_ne!(place, Place::new());
}

#[test]
fn every_place_is_kept_in_its_order() -> Result {
    let [first, second, third] = places();
    let config = config()
        .with_domain("example.org")
        .formerly(first)
        .formerly(second)
        .formerly(third);
    assert_eq!(config.formerly, places());
    assert!(format!("{config:?}").contains("/old"));
    CookieStore::new(config)?;
    Ok(())
}

#[test]
fn files_have_a_list_of_tables() -> Result {
    let folder = Folder::new()?;
    for (name, text) in [
        (
            "a.toml",
            "formerly = [{}, { domain = 'example.org', path = '/app' }, { path = '/old', partitioned = true }]",
        ),
        (
            "b.toml",
            "[[formerly]]\n[[formerly]]\ndomain = 'example.org'\npath = '/app'\n[[formerly]]\npath = '/old'\npartitioned = true",
        ),
        (
            "a.yaml",
            "formerly:\n- {}\n- domain: example.org\n  path: /app\n- path: /old\n  partitioned: yes\n",
        ),
        (
            "a.json",
            r#"{"formerly": [{"domain": null}, {"Domain": "example.org", "path": "/app"}, {"path": "/old", "partitioned": true}]}"#,
        ),
    ] {
        let path = folder.write(name, text)?;
        let loader = complete().defaults(config().with_domain("example.org"));
        let read = loader.file(path).build()?;
        assert_eq!(read.formerly, places(), "{name}");
    }
    let path = folder.write("a.yaml", "formerly:\n")?;
    assert!(complete().file(path).build()?.formerly.is_empty());
    Ok(())
}

#[test]
fn what_is_written_comes_back() -> Result {
    let [first, second, third] = places();
    let config = config()
        .with_domain("example.org")
        .formerly(first)
        .formerly(second)
        .formerly(third);
    let back: CookieStoreConfig = serde_json::from_value(fields(&config)?)?;
    assert_eq!(back.formerly, places());
    assert!(fields(&self::config())?.get("formerly").is_none());
    Ok(())
}

#[test]
fn a_later_source_replaces_the_list() -> Result {
    let folder = Folder::new()?;
    let first = folder.write("a.toml", "formerly = [{ path = '/a' }, { path = '/b' }]")?;
    let second = folder.write("b.toml", "formerly = [{ path = '/c' }]")?;
    let read = complete().file(first).file(second).build()?;
    assert_eq!(read.formerly, [Place::new().path("/c")]);
    Ok(())
}

#[test]
fn what_is_no_list_of_places() -> Result {
    let folder = Folder::new()?;
    for (text, parts) in [
        ("'/old'", ["list of tables", "a text"]),
        ("{ path = '/old' }", ["list of tables", "a table"]),
        (
            "['/old']",
            [
                "place 1",
                "needs a table of domain, path, partitioned, and this is a text",
            ],
        ),
        (
            "[{ path = '/a' }, { pth = '/b' }]",
            ["place 2", "no field `pth`"],
        ),
        ("[{ secure = true }]", ["place 1", "no field `secure`"]),
        ("[{ path = 5 }]", ["place 1: path", "needs a text"]),
        (
            "[{ partitioned = 'maybe' }]",
            ["place 1: partitioned", "neither true nor false"],
        ),
        ("[{ path = '/', Path = '/' }]", ["place 1", "sets what `"]),
    ] {
        let path = folder.write("a.toml", &format!("\nformerly = {text}\n"))?;
        let message = refusal(complete().file(path).build())?;
        assert_says(&message, &["formerly (", "a.toml:2", parts[0], parts[1]]);
    }
    let message = refusal(from_env([("APP_SESSION_FORMERLY", "/old")]))?;
    assert_says(
        &message,
        &["variable APP_SESSION_FORMERLY", "into a file", "in code"],
    );
    let json = r#"{"formerly": [{"path": "/a", "path": "/b"}]}"#;
    let message = refusal(complete().file(folder.write("a.json", json)?).build())?;
    assert_says(&message, &["a.json:1", "place 1", "remove one"]);
    Ok(())
}

#[test]
fn the_present_place_is_none_of_them() -> Result {
    let with_domain = || config().with_domain("Example.org").with_path("/app");
    for now in [
        config().formerly(Place::new()),
        with_domain().formerly(Place::new().domain("example.org").path("/app")),
        with_domain().formerly(Place::new().domain(".EXAMPLE.org").path("/app")),
        config()
            .with_partitioned(true)
            .formerly(Place::new().partitioned(true)),
    ] {
        let message = refusal(CookieStore::new(now))?;
        assert_says(
            &message,
            &[
                "formerly, place 1",
                "is set there now",
                "leave the place out",
            ],
        );
    }
    for moved in [
        with_domain().formerly(Place::new().path("/app")),
        with_domain().formerly(Place::new().domain("example.org")),
        with_domain().formerly(Place::new().domain("www.example.org").path("/app")),
        config()
            .with_path("/app")
            .formerly(Place::new().path("/app/")),
        config().formerly(Place::new().domain("example.org")),
        config().formerly(Place::new().partitioned(true)),
        config().with_partitioned(true).formerly(Place::new()),
    ] {
        CookieStore::new(moved)?;
    }
    let twice = config()
        .formerly(Place::new().path("/a"))
        .formerly(Place::new().path("/b"));
    let twice = twice.formerly(Place::new().path("/a"));
    let message = refusal(CookieStore::new(twice))?;
    assert_says(
        &message,
        &["formerly, place 3", "place 1 once more", "remove one"],
    );
    Ok(())
}

#[test]
fn a_place_is_held_to_the_rules_of_the_attributes() -> Result {
    for (place, part) in [
        (Place::new().domain(""), "Domain is blank"),
        (Place::new().domain("exa mple.org"), "is no host name"),
        (Place::new().domain("x".repeat(1025)), "1025 bytes"),
        (Place::new().path("old"), "does not begin with '/'"),
        (Place::new().path("/a;b"), "take out ';'"),
        (Place::new().path(""), "Path is blank"),
    ] {
        let message = refusal(CookieStore::new(config().formerly(place)))?;
        assert_says(&message, &["formerly, place 1: ", part]);
    }
    let open = config()
        .with_secure(false)
        .formerly(Place::new().partitioned(true));
    assert_says(
        &refusal(CookieStore::new(open))?,
        &["place 1", "leave `secure` on"],
    );
    let folder = Folder::new()?;
    let path = folder.write("a.toml", "\nformerly = [{ path = '/' }]\npath = '/'")?;
    let message = refusal(complete().file(path).build())?;
    assert_says(&message, &["formerly: ", "a.toml:2", "path: ", "a.toml:3"]);
    Ok(())
}

/// Browsers never took a cookie of such a name with a domain or below another path, nor would they take its removal.
/// A partitioned one they did.
#[test]
fn what_a_host_cookie_was_never_set_at() -> Result {
    for name in ["__Host-session", "__host-session"] {
        let host = || CookieStoreConfig::new(name, KEY);
        for place in [
            Place::new().domain("example.org"),
            Place::new().path("/app"),
        ] {
            let message = refusal(CookieStore::new(host().formerly(place)))?;
            assert_says(
                &message,
                &[
                    "formerly, place 1",
                    "never kept",
                    name,
                    "leave the place out",
                ],
            );
        }
        CookieStore::new(host().formerly(Place::new().partitioned(true)))?;
        CookieStore::new(host().with_partitioned(true).formerly(Place::new()))?;
    }
    let secure = CookieStoreConfig::new("__Secure-session", KEY);
    CookieStore::new(secure.formerly(Place::new().domain("example.org").path("/app")))?;
    Ok(())
}
