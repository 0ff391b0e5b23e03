use std::time::{Duration, UNIX_EPOCH};

use session_runtime::{CookieStoreConfig, Place, SameSite};

use super::{Folder, KEY, Result, fields};

/// The template as a file, with the key from elsewhere.
fn back(config: &CookieStoreConfig) -> Result<CookieStoreConfig> {
    let folder = Folder::new()?;
    let path = folder.write("a.toml", &config.to_toml_template())?;
    let loader = CookieStoreConfig::load().file(path);
    Ok(loader.env_from("APP", [("APP_KEY", KEY)]).build()?)
}

#[test]
fn it_says_what_the_configuration_says() -> Result {
    let plain = CookieStoreConfig::new("app", KEY);
    let full = CookieStoreConfig::new("a!#$%&'*+-.^_`|~", KEY)
        .with_domain("example.org")
        .with_path("/\"quoted\"\\")
        .with_max_age(Duration::ZERO)
        .with_refresh_after(Duration::from_secs(60))
        .with_absolute_max_age(None)
        .with_http_only(false)
        .with_same_site(SameSite::None)
        .with_partitioned(true)
        .with_encrypted(true)
        .accept_signed_until(UNIX_EPOCH + Duration::from_secs(1_900_000_000))
        .with_context("tab\t newline\n delete\u{7f} next line\u{85} é")
        .with_max_size(2000)
        .formerly(Place::new())
        .formerly(Place::new().domain("a.example").path("/\"old\"\\"))
        .formerly(Place::new().partitioned(true));
    for config in [plain, full] {
        assert_eq!(fields(&back(&config)?)?, fields(&config)?);
    }
    Ok(())
}

#[test]
fn every_field_is_explained_and_the_key_left_out() {
    let template = CookieStoreConfig::new("app", KEY).to_toml_template();
    assert!(!template.contains(KEY), "{template}");
    let lines: Vec<&str> = template.lines().collect();
    let is_field = |line: &str| line.contains(" = ");
    let fields = lines.iter().filter(|line| is_field(line)).count();
    assert_eq!(fields, 16, "{template}");
    for pair in lines.windows(2).filter(|pair| is_field(pair[1])) {
        assert!(pair[0].starts_with("# "), "{pair:?}");
    }
}
