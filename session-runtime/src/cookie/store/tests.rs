//! Cookies that are accepted besides the store's own.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::header::{COOKIE, HeaderValue, SET_COOKIE};
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::CookieStore;
use crate::config::CookieStoreConfig;
use crate::cookie::format::foreign::Foreign;
use crate::cookie::format::{Accepted, Format};
use crate::middleware::SessionLayer;
use crate::session::Session;
use crate::time::time;

const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";
const NOW: u64 = 1_795_000_000;

fn config() -> CookieStoreConfig {
    CookieStoreConfig::new("sid", KEY)
}

fn store(config: CookieStoreConfig, now: u64) -> CookieStore {
    let store = CookieStore::new(config).expect("a good configuration");
    store.with_clock(move || time(now))
}

/// Why the value is refused, or that it is not; and whether it is to be replaced.
#[cfg(feature = "encrypted")]
fn judged(store: &CookieStore, value: &str) -> (&'static str, bool) {
    match store.open_value(value.as_bytes()) {
        Ok(record) => ("accept", record.stamp.outdated),
        Err(refusal) => (refusal.as_str(), false),
    }
}

#[cfg(feature = "encrypted")]
fn sealed(store: &CookieStore) -> String {
    let mut record = store.new_record().expect("random bytes");
    record.put("a", 1).expect("a number");
    let cookie = store.seal(&record).expect("a small session");
    let cookie = cookie.to_str().expect("text");
    let pair = cookie.split(';').next().expect("a pair");
    pair.strip_prefix("sid=").expect("our name").to_owned()
}

#[test]
#[cfg(feature = "encrypted")]
fn signed_tokens_are_read_beside_encrypted_ones_until_their_time() {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;

    let encrypted = || config().with_encrypted(true);
    let signed = sealed(&store(config(), NOW));
    let own = sealed(&store(encrypted(), NOW));
    let until = |until| store(encrypted().accept_signed_until(time(until)), NOW);
    assert_eq!(
        judged(&store(encrypted(), NOW), &signed),
        ("version", false)
    );
    assert_eq!(judged(&until(NOW), &signed), ("version", false));
    assert_eq!(judged(&until(NOW + 1), &signed), ("accept", true));
    assert_eq!(judged(&until(NOW + 1), &own), ("accept", false));
    let no_way_back = store(config(), NOW);
    assert_eq!(judged(&no_way_back, &own), ("version", false));
    // A signed token is four bytes longer, so a short one passes the first look.
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(signed).expect("base64");
    for len in 62..66 {
        let short = BASE64_URL_SAFE_NO_PAD.encode(&bytes[..len]);
        let refused = judged(&until(NOW + 1), &short);
        assert_eq!(refused, ("malformed", false), "{len}");
    }
    let mut forged = bytes.clone();
    *forged.last_mut().expect("a MAC") ^= 1;
    let forged = BASE64_URL_SAFE_NO_PAD.encode(forged);
    assert_eq!(judged(&until(NOW + 1), &forged), ("bad_mac", false));
}

/// A service that takes over from another framework, whose cookie has another name.
struct TakeOver {
    layer: SessionLayer,
    other: Foreign,
}

impl TakeOver {
    fn new(until: u64) -> Self {
        let key = b"the other framework's secret".to_vec();
        let mut store = store(config(), NOW);
        let format = Format::Foreign(Foreign { key: key.clone() });
        let settings = Arc::get_mut(&mut store.settings).expect("the only one");
        settings.accept("app.session", Accepted::new(format, 1, until));
        Self {
            layer: SessionLayer::new(store).expect("a good store"),
            other: Foreign { key },
        }
    }

    fn cookie(&self) -> String {
        let payload = format!(r#"{{"at":{},"uid":7}}"#, NOW - 100);
        format!("app.session={}", self.other.value(&payload))
    }

    /// What the handler reads of `uid`, and the cookies of the response.
    fn visit(&self, cookies: &str, call: fn(&Session)) -> (Option<i64>, Vec<String>) {
        let seen = Mutex::new(None);
        let mut service = self.layer.layer(Handler(|| {
            let session = Session::current().expect("below the layer");
            *seen.lock().expect("one thread") = session.get("uid").expect("a number");
            call(&session);
        }));
        let mut request = Request::new(());
        let cookies = HeaderValue::try_from(cookies).expect("a header");
        request.headers_mut().insert(COOKIE, cookies);
        let mut response = std::pin::pin!(service.call(request));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let std::task::Poll::Ready(Ok(response)) = response.as_mut().poll(&mut context) else {
            panic!("nothing is awaited");
        };
        let set = response.headers().get_all(SET_COOKIE).iter();
        let set = set.map(|cookie| cookie.to_str().expect("text").to_owned());
        let set = set.collect();
        let seen = *seen.lock().expect("one thread");
        (seen, set)
    }
}

#[derive(Clone)]
struct Handler<F>(F);

impl<F: Fn()> Service<Request<()>> for Handler<F> {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        (self.0)();
        std::future::ready(Ok(Response::new(())))
    }
}

fn nothing(_: &Session) {}

fn put(session: &Session) {
    session.put("seen", true).expect("a small session");
}

fn end(session: &Session) {
    session.destroy().expect("a session");
}

#[track_caller]
fn assert_removes(cookie: &str, name: &str) {
    assert!(cookie.starts_with(&format!("{name}=;")), "{cookie}");
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
}

#[test]
fn a_session_of_another_framework_goes_on_in_our_cookie_and_theirs_is_removed() {
    let service = TakeOver::new(NOW + 1);
    for call in [nothing, put] {
        let (uid, set) = service.visit(&service.cookie(), call);
        assert_eq!(uid, Some(7));
        let [removal, ours] = &set[..] else {
            panic!("two cookies: {set:?}");
        };
        assert_removes(removal, "app.session");
        assert!(ours.starts_with("sid=A"), "{ours}");
        let ours = ours.split(';').next().expect("a pair");
        assert_eq!(service.visit(ours, nothing), (Some(7), vec![]));
    }
}

#[test]
fn ours_goes_before_theirs_which_the_next_save_removes() {
    let service = TakeOver::new(NOW + 1);
    let (_, set) = service.visit("sid=none", |session| session.put("uid", 8).expect("small"));
    let ours = set[0].split(';').next().expect("a pair");
    let both = format!("{}; {ours}", service.cookie());
    assert_eq!(service.visit(&both, nothing), (Some(8), vec![]));
    let (uid, set) = service.visit(&both, put);
    assert_eq!((uid, set.len()), (Some(8), 2));
    assert_removes(&set[0], "app.session");
}

#[test]
fn a_sign_out_ends_theirs_too() {
    let service = TakeOver::new(NOW + 1);
    let (_, set) = service.visit(&service.cookie(), end);
    assert_removes(&set[0], "app.session");
    assert_removes(&set[1], "sid");
    assert_eq!(set.len(), 2);
}

#[test]
fn after_the_date_and_with_a_forged_mac_theirs_is_a_new_session() {
    let late = TakeOver::new(NOW);
    assert_eq!(late.visit(&late.cookie(), nothing), (None, vec![]));
    let service = TakeOver::new(NOW + 1);
    let forged = service.cookie().replace(".session=ey", ".session=eY");
    assert_ne!(forged, service.cookie());
    assert_eq!(service.visit(&forged, nothing), (None, vec![]));
}
