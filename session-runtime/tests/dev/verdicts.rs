//! What each cookie is worth, what the browser will do with the next, and what the last responses did.

use std::time::{Duration, SystemTime};

use axum::Router;
use http::StatusCode;
use http::header::{COOKIE, SET_COOKIE};
use session_runtime::{CookieStoreConfig, Revocation, Verdict};

use crate::server::{
    KEY, NAME, app, ask, config, cookie, from_here, is_silent, layer, page, routes, says, shown,
    store,
};

const OTHER_KEY: &str = "1kDh95ZZ2Vs8XoFqcTGSrDMw6BpEuLJfVwCnYtQHPes=";

fn made(config: CookieStoreConfig, ago: i64) -> String {
    let store = store(config).with_clock(move || {
        let away = Duration::from_secs(ago.unsigned_abs());
        if ago < 0 {
            SystemTime::now() + away
        } else {
            SystemTime::now() - away
        }
    });
    cookie(&store, |record| record.put("uid", 7))
}

#[tokio::test]
async fn each_kind_of_cookie_has_its_reason() {
    let good = made(config(), 0);
    let last = if good.ends_with('A') { "B" } else { "A" };
    let forged = good[..good.len() - 44].to_owned() + last + &good[good.len() - 43..];
    for (cookie, reason, text) in [
        (made(config(), 40 * 86_400), "expired", "its time is over"),
        (
            made(config(), -2 * 86_400),
            "future",
            "the clock of this server",
        ),
        (
            made(config().with_key(OTHER_KEY), 0),
            "unknown_key",
            "cookies ignore ports",
        ),
        (
            made(config().with_encrypted(true), 0),
            "version",
            "`encrypted` was switched",
        ),
        (
            made(config().with_context("eu"), 0),
            "bad_mac",
            "another cookie name, context or key",
        ),
        (forged, "bad_mac", "altered or forged"),
        (
            format!("{NAME}=garbage"),
            "malformed",
            "set by another program under the same name",
        ),
        (
            format!("{NAME}={}", "A".repeat(4_097)),
            "too_long",
            "over 4096 bytes",
        ),
    ] {
        let page = shown(&app(), &cookie).await;
        says(&page, "A new session.");
        says(&page, &format!("<span class=\"bad\">{reason}</span>: "));
        says(&page, text);
    }
    says(&shown(&app(), "other=1").await, "None of this name.");
    let flooded = vec!["a=b"; 300].join("; ");
    says(
        &shown(&app(), &flooded).await,
        "<span class=\"bad\">too_long</span>",
    );
}

#[tokio::test]
async fn of_several_cookies_each_has_a_verdict_and_so_have_all_together() {
    let (one, other) = (made(config(), 60), made(config(), 0));
    let page = shown(&app(), &format!("{one}; {other}; {NAME}=garbage")).await;
    assert_eq!(page.matches("<span class=\"good\">good</span>").count(), 2);
    says(&page, "<span class=\"bad\">malformed</span>");
    says(&page, "<span class=\"bad\">duplicate</span>");
    let five: Vec<String> = (0..5).map(|n| format!("{NAME}={n}")).collect();
    says(&shown(&app(), &five.join("; ")).await, "or more than four");
}

#[tokio::test]
async fn a_revoked_session_is_told_though_its_cookie_is_good() {
    let layer = layer(config()).with_revocation(Revocation::new(|_| Ok(Verdict::Revoked)));
    let app = routes(page()).layer(layer);
    let page = shown(&app, &made(config(), 0)).await;
    says(&page, "<span class=\"bad\">revoked</span>");
    says(&page, "<span class=\"good\">good</span>");
}

#[tokio::test]
async fn keys_and_clock_are_told() {
    let two = config().with_key(format!("{KEY},{OTHER_KEY}"));
    let app = routes(page()).layer(layer(two.clone()));
    let page = shown(&app, &made(config().with_key(OTHER_KEY), 30)).await;
    for key in store(two).keyring().usage() {
        says(&page, &format!("<code>{}</code> opened", key.id()));
    }
    says(&page, "its clock is not ahead of this one");
    let page = shown(&app, &made(config(), -3_600)).await;
    says(&page, "s ahead of this one: one of the two is wrong");
}

async fn next(app: &Router, fields: &[(&'static str, &str)]) -> String {
    ask(app, from_here("/_session", fields)).await.text
}

#[tokio::test]
async fn what_the_browser_will_do_is_judged_by_what_it_says_of_itself() {
    let secure = app();
    says(
        &next(&secure, &[]).await,
        "it did not say where this page is",
    );
    let kept = next(&secure, &[("referer", "https://example.org/_session")]).await;
    says(&kept, "It will be kept.");
    is_silent(&kept, "Safari does not");
    let kept = next(&secure, &[("referer", "http://localhost:3000/_session")]).await;
    says(&kept, "It will be kept.");
    says(&kept, "Safari does not");
    for field in ["origin", "referer"] {
        let dropped = next(&secure, &[(field, "http://myapp.test:3000/")]).await;
        says(
            &dropped,
            "It will be dropped: Secure over http on this name",
        );
        says(&dropped, "http://myapp.test:3000/");
    }
    // The page of another site says nothing of this one.
    let foreign = [
        ("referer", "http://other.test/"),
        ("sec-fetch-site", "cross-site"),
    ];
    says(
        &next(&secure, &foreign).await,
        "it did not say where this page is",
    );

    let placed = CookieStoreConfig::new("app", KEY)
        .with_domain("example.org")
        .with_path("/app");
    let placed = routes(page()).layer(layer(placed));
    let elsewhere = next(&placed, &[("referer", "https://example.com/app")]).await;
    says(
        &elsewhere,
        "It will be dropped: this host is outside of its domain",
    );
    let above = next(&placed, &[("referer", "https://example.org/_session")]).await;
    says(
        &above,
        "not sent to this page, which is outside of its path",
    );
    says(&above, "Path=/app");
}

/// As tests/servers/browser sees it in Chromium.
#[tokio::test]
async fn a_domain_that_is_no_site_is_told() {
    for (domain, url, is_kept) in [
        ("org", "https://example.org/", false),
        ("localhost", "http://localhost:3000/", true),
        ("localhost", "http://app.localhost:3000/", false),
        ("127.0.0.1", "http://127.0.0.1:3000/", true),
        ("0.0.1", "http://127.0.0.1:3000/", false),
    ] {
        let placed = CookieStoreConfig::new("app", KEY).with_domain(domain);
        let placed = routes(page()).layer(layer(placed));
        let told = next(&placed, &[("referer", url)]).await;
        let verdict = if is_kept {
            "It will be kept."
        } else {
            "It will be dropped: this host is outside of its domain, or the domain is a top-level one"
        };
        says(&told, verdict);
    }
}

#[tokio::test]
async fn a_name_with_a_dot_at_its_end_is_a_loopback_name_too() {
    let told = next(&app(), &[("referer", "http://localhost.:3000/")]).await;
    says(&told, "It will be kept.");
}

#[tokio::test]
async fn the_last_responses_say_what_they_set_and_why() {
    let app = app();
    let signed_in = ask(
        &app,
        from_here("POST /sign-in", &[("origin", "http://myapp.test")]),
    )
    .await;
    let cookie = signed_in.headers[SET_COOKIE].to_str().expect("ASCII");
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let with = |path: &'static str| from_here(path, &[(COOKIE.as_str(), &cookie)]);
    assert_eq!(ask(&app, with("/read")).await.status, StatusCode::OK);
    ask(&app, with("/plain?token=secret")).await;
    ask(&app, with("POST /fails")).await;
    let foreign = made(config().with_key(OTHER_KEY), 0);
    ask(&app, from_here("/read", &[(COOKIE.as_str(), &foreign)])).await;
    let panicking = tokio::spawn({
        let (app, request) = (app.clone(), with("/panics"));
        async move { ask(&app, request).await.status }
    });
    assert!(panicking.await.is_err());
    ask(&app, with("POST /sign-out")).await;

    let page = shown(&app, &cookie).await;
    let rows: Vec<&str> = page.split("<tr><th scope=\"row\"><code>").collect();
    for (path, status, set, why) in [
        (
            "POST /sign-out",
            "200",
            "removed",
            "The session was destroyed.",
        ),
        (
            "GET /panics",
            "none",
            "none",
            "The handler panicked or was dropped",
        ),
        ("GET /read", "200", "none", "unknown_key"),
        ("POST /fails", "500", "none", "the response is a failure"),
        (
            "GET /plain",
            "200",
            "none",
            "No handler asked for the session.",
        ),
        (
            "GET /read",
            "200",
            "none",
            "It was read, and nothing changed.",
        ),
        ("POST /sign-in", "200", "set, ", "A new session began."),
        (
            "POST /sign-in",
            "200",
            " bytes",
            "It will be dropped: Secure over http on this name",
        ),
    ] {
        let row = rows
            .iter()
            .find(|row| row.starts_with(&format!("{path}</code>")) && row.contains(why));
        let row = row.unwrap_or_else(|| panic!("{path}: {why} in\n{page}"));
        says(row, &format!("data-label=\"Status\">{status}</td>"));
        says(row, set);
    }
    is_silent(&page, "token=secret");
    is_silent(&page, cookie.split_once('=').expect("a pair").1);
}

#[tokio::test]
async fn so_many_are_kept_and_no_more() {
    let app = app();
    for _ in 0..100 {
        ask(&app, from_here("/plain", &[])).await;
    }
    let page = shown(&app, "").await;
    assert_eq!(page.matches("GET /plain</code>").count(), 32);
    let long = format!("/{}", "a".repeat(5_000));
    ask(&app, from_here(&long, &[])).await;
    assert!(shown(&app, "").await.len() < page.len() + 1_000);
}
