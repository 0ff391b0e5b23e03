use http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, VARY};
use proptest::prelude::*;

use super::mark;

fn headers(name: http::HeaderName, fields: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for field in fields {
        headers.append(
            &name,
            HeaderValue::try_from(*field).expect("a header value"),
        );
    }
    headers
}

fn fields<'h>(headers: &'h HeaderMap, name: &http::HeaderName) -> Vec<&'h str> {
    let fields = headers.get_all(name).iter();
    fields.map(|field| field.to_str().expect("text")).collect()
}

/// `Cache-Control` of a response that had these fields.
fn control(before: &[&str], sets_cookie: bool) -> Vec<String> {
    let mut headers = headers(CACHE_CONTROL, before);
    mark(&mut headers, sets_cookie);
    fields(&headers, &CACHE_CONTROL)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

#[test]
fn silence_is_no_store_with_a_cookie_and_private_without() {
    assert_eq!(control(&[], true), ["no-store"]);
    assert_eq!(control(&[], false), ["private"]);
}

#[test]
fn public_and_s_maxage_go_and_private_comes() {
    for (before, after) in [
        (&["public"][..], "private"),
        (&[""], "private"),
        (&[" , ,"], "private"),
        (&["private"], "private"),
        (&["no-store"], "no-store, private"),
        (&["max-age=60"], "max-age=60, private"),
        (&["public, max-age=60"], "max-age=60, private"),
        (&["max-age=60,s-maxage=600"], "max-age=60, private"),
        (&["PUBLIC, S-MaxAge = 5, Max-Age=1"], "Max-Age=1, private"),
        (&["public=1, s-maxage"], "private"),
        (
            &["private=\"x-id\", no-cache=\"set-cookie\""],
            "no-cache=\"set-cookie\", private",
        ),
        (
            &["publics, s-maxage2=1, xpublic"],
            "publics, s-maxage2=1, xpublic, private",
        ),
        (
            &["public", "max-age=1", "s-maxage=2, immutable"],
            "max-age=1, immutable, private",
        ),
        (&["ext=\"a, public, b\""], "ext=\"a, public, b\", private"),
        (
            &["ext=\"a\\\", public\", public"],
            "ext=\"a\\\", public\", private",
        ),
        (&["ext=a\\\"b, public"], "ext=a\\\"b, public, private"),
        (&["\tpublic\t,\tmax-age=3\t"], "max-age=3, private"),
    ] {
        assert_eq!(control(before, true), [after], "{before:?}");
        assert_eq!(control(before, false), [after], "{before:?}");
    }
}

#[test]
fn vary_names_the_cookie_once() {
    for (before, after) in [
        (&[][..], &["Cookie"][..]),
        (&["Accept"], &["Accept", "Cookie"]),
        (&["cookie"], &["cookie"]),
        (&["Accept , COOKIE"], &["Accept , COOKIE"]),
        (&["Accept", "x,Cookie,y"], &["Accept", "x,Cookie,y"]),
        (&["*"], &["*"]),
        (&["Cookies, Set-Cookie"], &["Cookies, Set-Cookie", "Cookie"]),
        (&[""], &["", "Cookie"]),
    ] {
        let mut headers = headers(VARY, before);
        mark(&mut headers, false);
        assert_eq!(fields(&headers, &VARY), after);
        mark(&mut headers, true);
        assert_eq!(fields(&headers, &VARY), after, "twice is as once");
    }
}

proptest! {
    #[test]
    fn nothing_shared_is_left_and_nothing_else_is_lost(
        directives in prop::collection::vec("(public|s-maxage=[0-9]|private|max-age=[0-9]|no-cache|x=\"[a-z, =]{0,8}\")", 0..6),
        cuts in prop::collection::vec(any::<bool>(), 6),
        sets_cookie in any::<bool>(),
    ) {
        let mut before = vec![String::new()];
        for (directive, cut) in directives.iter().zip(cuts) {
            match before.last_mut() {
                Some(field) if !cut => field.extend([directive, ","]),
                _ => before.push(format!("{directive} ,")),
            }
        }
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let is_kept = |directive: &&String| !["public", "s-maxage", "private"].iter().any(|gone| directive.starts_with(gone));
        let mut kept: Vec<&str> = directives.iter().filter(is_kept).map(String::as_str).collect();
        kept.push("private");
        prop_assert_eq!(control(&before, sets_cookie), [kept.join(", ")]);
    }
}
