//! `Vary` and `Cache-Control`: no cache may give one visitor another one's page or cookie.

use http::Response;
use http::header::{CACHE_CONTROL, SET_COOKIE, VARY};
use session_runtime::{Result, Session};

use super::kind;
use super::support::Visitor;

/// What a handler does with the session.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Use {
    None,
    Reads,
    Writes,
    Destroys,
}

impl Use {
    fn on(self, session: &Session) -> Result<()> {
        match self {
            Self::None => Ok(()),
            Self::Reads => session.get::<i64>("a").map(drop),
            Self::Writes => session.put("a", 2),
            Self::Destroys => session.destroy(),
        }
    }

    fn sets_cookie(self) -> bool {
        self == Self::Destroys || self == Self::Writes && kind::IN_COOKIE
    }
}

const USES: [Use; 4] = [Use::None, Use::Reads, Use::Writes, Use::Destroys];

/// The response to a request with a cookie, whose handler sets these headers.
async fn answer(used: Use, headers: &[(&str, &str)]) -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("a", 1)).await;
    let mut response = Response::builder();
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    let response = response.body(()).unwrap();
    visitor.respond(response, |session| used.on(session)).await;
    assert_eq!(
        visitor.answer.session_cookie().is_some(),
        used.sets_cookie()
    );
    visitor
}

#[tokio::test]
async fn cache_control_in_every_combination() {
    // What the handler says, and what is said where the session was read, and where a cookie is set.
    let cases: [(&[&str], &str, &str); 12] = [
        (&[], "private", "no-store"),
        (&["no-store"], "no-store, private", "no-store, private"),
        (&["private"], "private", "private"),
        (&["public"], "private", "private"),
        (
            &["public, max-age=60"],
            "max-age=60, private",
            "max-age=60, private",
        ),
        (
            &["Public,S-MaxAge=9 , max-age=60"],
            "max-age=60, private",
            "max-age=60, private",
        ),
        (&["s-maxage=600"], "private", "private"),
        (
            &["max-age=60, private"],
            "max-age=60, private",
            "max-age=60, private",
        ),
        (&["no-cache"], "no-cache, private", "no-cache, private"),
        (
            &["public", "max-age=5"],
            "max-age=5, private",
            "max-age=5, private",
        ),
        (
            &[r#"no-cache="set-cookie, public", max-age=1"#],
            r#"no-cache="set-cookie, public", max-age=1, private"#,
            r#"no-cache="set-cookie, public", max-age=1, private"#,
        ),
        (&[r#"private="x-field""#], "private", "private"),
    ];
    for (said, read, set) in cases {
        let headers: Vec<_> = said.iter().map(|value| ("cache-control", *value)).collect();
        for used in USES {
            let visitor = answer(used, &headers).await;
            let now = visitor.answer.all(CACHE_CONTROL).join(", ");
            let expected = match used {
                Use::None => said.join(", "),
                used if used.sets_cookie() => set.to_owned(),
                _ => read.to_owned(),
            };
            assert_eq!(now, expected, "{said:?} {used:?}");
        }
    }
}

#[tokio::test]
async fn vary_in_every_combination() {
    let cases: [(&[&str], &[&str]); 7] = [
        (&[], &["Cookie"]),
        (&["Accept"], &["Accept", "Cookie"]),
        (&["Cookie"], &["Cookie"]),
        (&["accept, cookie"], &["accept, cookie"]),
        (&["Accept", "COOKIE"], &["Accept", "COOKIE"]),
        (&["*"], &["*"]),
        (
            &["Set-Cookie, X-Cookie"],
            &["Set-Cookie, X-Cookie", "Cookie"],
        ),
    ];
    for (said, touched) in cases {
        let headers: Vec<_> = said.iter().map(|value| ("vary", *value)).collect();
        for used in USES {
            let visitor = answer(used, &headers).await;
            let expected = if used == Use::None { said } else { touched };
            assert_eq!(visitor.answer.all(VARY), expected, "{said:?} {used:?}");
        }
    }
}

#[tokio::test]
async fn every_call_that_needs_the_record_touches() {
    type Call = fn(&Session) -> Result<()>;
    let calls: [(&str, Call); 10] = [
        ("get", |session| session.get::<i64>("a").map(drop)),
        ("contains", |session| session.contains("a").map(drop)),
        ("keys", |session| session.keys().map(drop)),
        ("del", |session| session.del("none").map(drop)),
        ("id", |session| session.id().map(drop)),
        ("is_new", |session| session.is_new().map(drop)),
        ("born", |session| session.born().map(drop)),
        ("expires_at", |session| session.expires_at().map(drop)),
        ("record", |session| session.record().map(drop)),
        ("put of the same value", |session| session.put("a", 1)),
    ];
    for (name, call) in calls {
        let mut visitor = Visitor::new();
        visitor.visit(|session| session.put("a", 1)).await;
        visitor.visit(call).await;
        assert_eq!(visitor.answer.all(VARY), ["Cookie"], "{name}");
        assert_eq!(visitor.answer.all(CACHE_CONTROL), ["private"], "{name}");
        assert!(visitor.answer.is_silent(), "{name}");
    }
}

#[tokio::test]
async fn they_can_be_turned_off() {
    let mut visitor =
        Visitor::new().with_layer(session_runtime::SessionLayer::without_cache_headers);
    visitor.visit(|session| session.put("a", 1)).await;
    assert_eq!(visitor.answer.headers.len(), 1);
    assert!(visitor.answer.headers.contains_key(SET_COOKIE));
}
