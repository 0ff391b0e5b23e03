//! What the feed must keep on every engine: three servers of an application, whose sessions are in cookies.

use std::time::{Duration, SystemTime};

use http::header::SET_COOKIE;
use http::{Response, StatusCode};
use session_runtime::store::{RevocationFeed, SessionStore};
use session_runtime::{CookieStoreConfig, Error, Result, Session, SessionLayer};
use tokio::task::JoinHandle;

use super::claims::{Account, SECRET};
use crate::exchange::{Reply, exchange, request};

/// Within which a revocation holds on every server, and a little for busy cores.
pub(crate) const EVERYWHERE: Duration = Duration::from_millis(2_200);
/// How old the last reading may be here.
const STALE: Duration = Duration::from_secs(3);
/// Requests among which trips would show.
const REQUESTS: usize = 400;

pub(crate) struct Server {
    pub(crate) feed: RevocationFeed,
    layer: SessionLayer,
    reading: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

impl Server {
    pub(crate) fn new(store: impl SessionStore) -> Self {
        Self::of(
            RevocationFeed::new(store).with_max_staleness(STALE),
            SystemTime::now,
        )
    }

    /// With a clock of its own.
    pub(crate) fn of(
        feed: RevocationFeed,
        clock: impl Fn() -> SystemTime + Send + Sync + 'static,
    ) -> Self {
        let layer = SessionLayer::new(CookieStoreConfig::new("session", SECRET));
        let layer = layer.expect("a good configuration").with_clock(clock);
        let layer = layer.with_revocation(feed.clone()).with_data::<Account>();
        Self {
            reading: tokio::spawn(feed.clone().run()),
            layer: layer.expect("a good struct"),
            feed,
        }
    }

    pub(crate) async fn request<R>(
        &self,
        cookie: &str,
        calls: impl AsyncFnOnce(Session) -> Result<R>,
    ) -> Reply<R> {
        exchange(&self.layer, request(cookie), Response::new(()), calls).await
    }

    pub(crate) async fn sign_in(&self, user: &str) -> String {
        let put = async |session: Session| session.put(Account::USER, user.to_owned());
        let reply = self.request("", put).await;
        reply.result.as_ref().expect("put");
        reply.cookie().expect("a session")
    }

    pub(crate) async fn user(&self, cookie: &str) -> Result<Option<String>> {
        let get = async |session: Session| session.get(Account::USER);
        self.request(cookie, get).await.result
    }

    pub(crate) async fn revoke(&self, cookie: &str) {
        let revoke = async |session: Session| self.feed.revoke(&session).await;
        self.request(cookie, revoke).await.result.expect("revoked");
    }

    pub(crate) async fn revoke_all(&self, user: &str) {
        let user = user.to_owned();
        let revoked = self.feed.revoke_all(Account::USER, &user).await;
        revoked.expect("revoked");
    }

    /// Until it read the feed once.
    pub(crate) async fn is_fresh(&self) {
        let cookie = self.sign_in("fresh").await;
        for _ in 0..400 {
            if self.user(&cookie).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the feed is not read");
    }
}

/// Servers with these stores, each of which has read the feed.
pub(crate) async fn servers<S: SessionStore>(stores: [S; 3]) -> [Server; 3] {
    let servers = stores.map(Server::new);
    for server in &servers {
        server.is_fresh().await;
    }
    servers
}

/// Whom every server takes the cookie for.
pub(crate) async fn everybody_says(servers: &[Server; 3], cookie: &str, user: Option<&str>) {
    for (number, server) in servers.iter().enumerate() {
        let said = server.user(cookie).await.expect("the feed is fresh");
        assert_eq!(said.as_deref(), user, "server {number}");
    }
}

/// What was revoked on one server is refused on all, at no trip. `trips` counts those of the engine.
pub(crate) async fn is_refused_everywhere<F: Future<Output = usize>>(
    servers: &[Server; 3],
    trips: impl Fn() -> F,
) {
    let [one, other, _] = servers;
    let (stolen, stays) = (one.sign_in("a").await, other.sign_in("a").await);
    let (phone, others) = (one.sign_in("b").await, other.sign_in("c").await);
    one.revoke(&stolen).await;
    other.revoke_all("b").await;
    tokio::time::sleep(EVERYWHERE).await;
    everybody_says(servers, &stolen, None).await;
    everybody_says(servers, &stays, Some("a")).await;
    everybody_says(servers, &phone, None).await;
    everybody_says(servers, &others, Some("c")).await;
    let later = one.sign_in("b").await;
    everybody_says(servers, &later, Some("b")).await;
    let before = trips().await;
    for _ in 0..REQUESTS {
        one.user(&stays).await.expect("the feed is fresh");
    }
    let asked = trips().await - before;
    assert!(asked < REQUESTS / 10, "{asked} trips, readings among them");
}

/// A server whose clock is five minutes behind, and one that is as much ahead, revoke and refuse as the others do.
pub(crate) async fn clocks_of_servers_do_not_matter<S: SessionStore>(
    servers: &[Server; 3],
    [behind, ahead]: [S; 2],
) {
    const OFF: Duration = Duration::from_secs(300);
    let behind = Server::of(RevocationFeed::new(behind), || SystemTime::now() - OFF);
    let ahead = Server::of(RevocationFeed::new(ahead), || SystemTime::now() + OFF);
    for server in [&behind, &ahead] {
        server.is_fresh().await;
    }
    let cookies = [
        behind.sign_in("slow").await,
        servers[0].sign_in("slow").await,
        servers[0].sign_in("good").await,
    ];
    servers[1].revoke_all("slow").await;
    behind.revoke_all("good").await;
    let on_ahead = servers[2].sign_in("fast").await;
    ahead.revoke(&on_ahead).await;
    tokio::time::sleep(EVERYWHERE).await;
    for cookie in cookies.iter().chain([&on_ahead]) {
        everybody_says(servers, cookie, None).await;
        for server in [&behind, &ahead] {
            assert_eq!(server.user(cookie).await.expect("fresh"), None);
        }
    }
}

/// An engine that hangs: nobody is signed out, no cookie touched, and the feed goes on after it.
pub(crate) async fn a_feed_that_is_cut_off_signs_nobody_out<S: SessionStore>(
    servers: &[Server; 3],
    store: S,
    hangs: impl Fn(bool),
) {
    let trusting = RevocationFeed::new(store).with_max_staleness(STALE);
    let trusting = Server::of(trusting.trusting_when_stale(), SystemTime::now);
    trusting.is_fresh().await;
    let (stays, gone) = (servers[0].sign_in("a").await, servers[0].sign_in("a").await);
    servers[1].revoke(&gone).await;
    tokio::time::sleep(EVERYWHERE).await;
    hangs(true);
    tokio::time::sleep(STALE + EVERYWHERE).await;
    for server in servers {
        let get = async |session: Session| session.get(Account::USER);
        let reply = server.request(&stays, get).await;
        let error = reply.result.expect_err("stale");
        assert!(matches!(error, Error::Unavailable), "{error}");
        assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(!reply.headers.contains_key(SET_COOKIE));
    }
    assert_eq!(
        trusting.user(&stays).await.expect("trusted").as_deref(),
        Some("a")
    );
    assert_eq!(trusting.user(&gone).await.expect("read before"), None);
    hangs(false);
    for server in servers {
        server.is_fresh().await;
    }
    everybody_says(servers, &stays, Some("a")).await;
    everybody_says(servers, &gone, None).await;
}
