//! `local_path`, the guard against open redirects, beside the URL parser that browsers agree on.

use reqwest::Url;
use session_runtime::local_path;

fn opened_by_a_browser(target: &str) -> Option<Url> {
    let page = Url::parse("https://shop.example/sign-in").expect("a page");
    page.join(target).ok()
}

fn leaves_the_site(target: &str) -> bool {
    opened_by_a_browser(target).is_none_or(|url| {
        url.origin().ascii_serialization() != "https://shop.example" || url.path().starts_with("//")
    })
}

/// Every text of up to five of the characters that mean something to a parser of URLs.
#[test]
fn nothing_that_is_taken_leads_to_another_site() {
    let pieces = [
        "/", "\\", ".", ":", "@", "e", "%2f", "%5c", "?", "#", "\t", "\n", " ", "é",
    ];
    let (mut taken, mut leaving) = (0, 0);
    let mut texts = vec![String::new()];
    for length in 1..=5 {
        let longer = texts
            .iter()
            .flat_map(|text| pieces.map(|piece| format!("{text}{piece}")));
        texts = longer.collect();
        for text in &texts {
            if local_path(text).is_some() {
                assert!(!leaves_the_site(text), "{text:?}");
                taken += 1;
            } else if length <= 3 {
                leaving += usize::from(leaves_the_site(text));
            }
        }
    }
    // Both happen, so the check means something.
    assert!(taken > 5_000, "{taken}");
    assert!(leaving > 100, "{leaving}");
}

#[test]
fn what_attackers_send_is_refused() {
    for hostile in [
        "",
        " ",
        "evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "/.//evil.example",
        "/%2e//evil.example",
        "/a/..//evil.example",
        "https://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "HtTpS:\\\\evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "shop.example@evil.example",
        "@evil.example",
        ".evil.example",
        "%2f%2fevil.example",
        "?//evil.example",
        "/a\r\nSet-Cookie: a=b",
        "/a\0",
        "/\u{7f}",
        "/\u{ff0f}/evil.example",
        "/\u{2028}",
    ] {
        assert_eq!(local_path(hostile), None, "{hostile:?}");
    }
}

/// The first three are what makes this a matter of security: browsers do follow them.
#[test]
fn a_check_of_the_first_slash_would_not_do() {
    for hostile in [
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n\\evil.example",
    ] {
        let url = opened_by_a_browser(hostile).expect("browsers follow it");
        assert_eq!(url.host_str(), Some("evil.example"), "{hostile:?}");
    }
}

#[test]
fn paths_of_the_site_stay_as_they_are() {
    for path in [
        "/",
        "/orders?page=2#last",
        "/a/../b",
        "/%2F%2Fevil.example",
        "/%5Cevil.example",
        "/search?q=https://evil.example//x",
        "/a#//b",
        "/@evil.example",
        "/a:b",
        "/caf%C3%A9",
    ] {
        assert_eq!(local_path(path), Some(path));
        assert!(!leaves_the_site(path), "{path}");
    }
}
