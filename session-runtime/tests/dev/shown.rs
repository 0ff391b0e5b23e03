//! What the page shows of a session, and that it leaves it as it was.

use std::time::{Duration, SystemTime};

use http::header::{COOKIE, SET_COOKIE, VARY};
use session_runtime::store::{Loading, MemoryStore};
use session_runtime::{Session, SessionLayer};

use crate::server::{
    Account, NAME, app, ask, config, cookie, from_here, is_silent, layer, page, routes, says,
    shown, store,
};

#[tokio::test]
async fn every_key_is_told_with_its_kind_size_and_what_the_program_says_of_it() {
    let config = config().with_encrypted(true);
    let layer = layer(config.clone()).with_data::<Account>().expect("good");
    let app = routes(page()).layer(layer);
    let cookie = cookie(&store(config), |record| {
        record.put(Account::UID, 7)?;
        record.put(Account::NAME, "Ann".to_owned())?;
        record.put(Account::NOTICE, "saved".to_owned())?;
        record.put(Account::RETURN_TO, "/cart".to_owned())?;
        record.put(Account::TOKEN, "s3cr3t".to_owned())?;
        record.put("basket", [1, 2, 3])
    });
    let page = shown(&app, &cookie).await;
    for text in [
        "It came in the cookie, which is good.",
        "<code>uid</code>",
        "a number",
        "<span class=\"badge\">owner</span>",
        "<code>&quot;Ann&quot;</code>",
        "flash: not shown yet",
        "ttl: gone in 15 minutes (20",
        "hidden: private",
        "<span class=\"badge\">Account</span>",
        "an array",
        "<code>[1,2,3]</code>",
        "<meter class=\"wide\" min=\"0\" max=\"4096\"",
        "aria-label=\"uid\"",
        "v1, encrypted",
        "Expires</dt><dd>in 30 days (20",
    ] {
        says(&page, text);
    }
    is_silent(&page, "s3cr3t");
}

#[tokio::test]
async fn hostile_texts_stay_texts() {
    const HOSTILE: &str =
        "</code><script>alert(1)</script><img src=x onerror='alert(1)'>\"&\u{202e}\u{1b}[2J";
    let cookie = cookie(&store(config()), |record| {
        record.put(HOSTILE, HOSTILE)?;
        record.put("list", [HOSTILE])
    });
    let app = app();
    let fields = [
        (COOKIE.as_str(), cookie.as_str()),
        ("referer", "http://localhost/<script>'\"&"),
    ];
    let page = ask(&app, from_here("/_session", &fields)).await.text;
    says(&page, "&lt;script&gt;alert(1)&lt;/script&gt;");
    for markup in ["<script", "<img", "onerror='", "\u{202e}", "\u{1b}"] {
        is_silent(&page, markup);
    }
    // In attributes too: every element that opens is one of ours.
    let ours = [
        "!doctype", "html", "head", "meta", "title", "link", "style", "body", "header", "main",
        "h1", "h2", "h3", "p", "a", "section", "dl", "dt", "dd", "code", "table", "thead", "tbody",
        "tr", "th", "td", "br", "span", "meter",
    ];
    let (_, rest) = page.split_once("</style>").expect("a style sheet");
    for opened in rest.split('<').skip(1) {
        let name = opened.trim_start_matches('/').split([' ', '>']).next();
        let name = name.expect("a part");
        assert!(ours.contains(&name), "<{opened}");
    }

    // A path that was asked for.
    ask(&app, from_here("/%3Cscript%3E'\"", &[])).await;
    is_silent(&shown(&app, "").await, "<script");
}

#[tokio::test]
async fn looking_changes_nothing() {
    let app = app();
    let store = store(config()).with_clock(|| SystemTime::now() - Duration::from_secs(20 * 86_400));
    let old = cookie(&store, |record| {
        record.put(Account::NOTICE, "saved".to_owned())
    });
    for _ in 0..3 {
        let answer = ask(&app, from_here("/_session", &[(COOKIE.as_str(), &old)])).await;
        says(&answer.text, "saved");
        assert!(
            answer.headers.get(SET_COOKIE).is_none(),
            "it was due, and is not issued"
        );
        assert!(answer.headers.get(VARY).is_none());
    }
    is_silent(&shown(&app, &old).await, "/_session</code>");
}

#[tokio::test]
async fn times_are_rounded_to_what_people_say() {
    const HOUR: u64 = 3_600;
    for (ago, max_age, text) in [
        (1, 2 * HOUR, "in 2 hours ("),
        (1, 48 * HOUR, "in 2 days ("),
        (40, 4 * HOUR, "in 4 hours ("),
        (0, 90, "in 90 seconds ("),
        (0, 100 * 60, "in 100 minutes ("),
    ] {
        let config = config().with_max_age(Duration::from_secs(max_age));
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let made = store(config.clone()).with_clock(move || now - Duration::from_secs(ago));
        let cookie = cookie(&made, |record| record.put("n", 1));
        let app = routes(page()).layer(layer(config).with_clock(move || now));
        says(
            &shown(&app, &cookie).await,
            &format!("Expires</dt><dd>{text}"),
        );
    }
}

#[tokio::test]
async fn nested_layers_are_shown_from_the_inside_out() {
    let inner = layer(config());
    let outer = SessionLayer::new(session_runtime::CookieStoreConfig::new(
        "__Host-outer",
        crate::server::KEY,
    ));
    let app = routes(page()).layer(inner).layer(outer.expect("good"));
    let page = shown(&app, "").await;
    let inner = page.find("<h2>__Host-app</h2>").expect("the inner one");
    let outer = page.find("<h2>__Host-outer</h2>").expect("the outer one");
    assert!(inner < outer);
    says(&page, "the innermost layer: what Session extracts");
    says(&page, "the outermost layer: Session::named reaches it");
}

#[tokio::test]
async fn two_layers_of_one_name_are_shown_as_a_conflict() {
    let app = routes(page())
        .layer(layer(config()))
        .layer(layer(config().with_max_age(Duration::from_secs(60))));
    says(&shown(&app, "").await, "every session call fails");
}

#[tokio::test]
async fn what_a_middleware_did_to_the_session_is_shown() {
    let touched = axum::middleware::from_fn(
        async |session: Session, request: axum::extract::Request, next: axum::middleware::Next| {
            session.put("visits", 3).expect("it fits");
            next.run(request).await
        },
    );
    let app = routes(page()).layer(touched).layer(layer(config()));
    let answer = ask(&app, from_here("/_session", &[])).await;
    says(&answer.text, "A new session.");
    says(&answer.text, "<code>visits</code>");
}

#[tokio::test]
async fn a_session_in_a_store_is_shown_by_its_row_and_never_by_its_secret() {
    let memory = MemoryStore::new();
    let stored = |loading| {
        let layer = layer(config()).with_store(memory.clone()).expect("good");
        let layer = layer.with_data::<Account>().expect("good");
        routes(page()).layer(layer.with_loading(loading))
    };
    let app = stored(Loading::Eager);
    let signed_in = ask(&app, from_here("POST /sign-in", &[])).await;
    let cookie = signed_in.headers[SET_COOKIE].to_str().expect("ASCII");
    let cookie = cookie.split(';').next().expect("a pair");
    let secret = store(config()).open_value(&cookie.as_bytes()[NAME.len() + 1..]);
    let secret = secret.expect("good").id().to_string();
    let page = shown(&app, cookie).await;
    says(&page, "It is in the store, and its cookie is good.");
    says(&page, "<code>&quot;welcome&quot;</code>");
    says(&page, "max=\"65536\"");
    says(&page, "A new session began.");
    is_silent(&page, &secret);

    let lazy = shown(&stored(Loading::OnExtract), cookie).await;
    says(
        &lazy,
        "this layer loads sessions only when a handler extracts them",
    );
    is_silent(&lazy, &secret);
}
