//! What every engine must keep, over HTTP-like requests to three servers of one application: parallel requests lose
//! nothing, and signed out stays signed out.
//!
//! For a test program with three stores of a real engine, each with connections of its own: [`all`].

use std::time::Duration;

use http::{Response, StatusCode};
use session_runtime::store::SessionStore;
use session_runtime::{
    CookieStoreConfig, Error, Key, Result, Session, SessionData, SessionLayer, StoredSessionLayer,
};

use crate::exchange::{Reply, exchange, request};

pub(crate) const SECRET: &str = "Gs0kb8vQ3xJ5mT7yR1wZ9pL2nH4cF6dA8eK0iU3oV5s=";
const COUNTER: Key<u64> = Key::new("counter");
const CODE: Key<u64> = Key::new("code");
/// Servers of the application.
const SERVERS: usize = 3;
/// Requests at once to each of them.
const EACH: usize = 8;
/// How often a race is run.
const ROUNDS: usize = 6;

#[derive(SessionData)]
pub(crate) struct Account {
    #[session(owner)]
    pub(crate) user: String,
}

fn layer(store: impl SessionStore) -> StoredSessionLayer {
    let config = CookieStoreConfig::new("session", SECRET);
    let layer = SessionLayer::new(config).expect("a good configuration");
    let layer = layer.with_store(store).expect("no cookies of Go");
    layer.with_data::<Account>().expect("a good struct")
}

/// One server of the application.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) layer: StoredSessionLayer,
}

impl Server {
    pub(crate) fn new(store: impl SessionStore) -> Self {
        Self {
            layer: layer(store),
        }
    }

    pub(crate) async fn request<R>(
        &self,
        cookie: &str,
        calls: impl AsyncFnOnce(Session) -> Result<R>,
    ) -> Reply<R> {
        exchange(&self.layer, request(cookie), Response::new(()), calls).await
    }

    /// The cookie of a new session of this user. A sign-in right after the end of all is refused for two seconds: then
    /// it is tried again, as a visitor would.
    pub(crate) async fn sign_in(&self, user: &str) -> String {
        for _ in 0..40 {
            let reply = self
                .request("", async |session| {
                    session.put(Account::USER, user.to_owned())
                })
                .await;
            reply.result.as_ref().expect("put");
            if let Some(cookie) = reply.cookie().filter(|_| reply.status == StatusCode::OK) {
                return cookie;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("nobody can sign in");
    }

    /// Who the cookie's bearer is.
    pub(crate) async fn user(&self, cookie: &str) -> Option<String> {
        let reply = self
            .request(cookie, async |session| session.get(Account::USER))
            .await;
        reply.result.expect("loaded")
    }
}

/// Runs all of them, one after the other.
pub(crate) async fn all(servers: [Server; SERVERS]) {
    parallel_requests_lose_nothing(&servers).await;
    a_counter_counts_exactly(&servers).await;
    a_code_is_handed_out_once(&servers).await;
    signed_out_stays_signed_out(&servers).await;
    signed_out_everywhere_stays_so(&servers).await;
}

/// Each request puts a key of its own: every acknowledged one is there.
pub(crate) async fn parallel_requests_lose_nothing(servers: &[Server; SERVERS]) {
    let cookie = servers[0].sign_in("parallel").await;
    let requests = (0..SERVERS * EACH).map(|number| {
        let (server, cookie) = (&servers[number % SERVERS], cookie.clone());
        async move {
            let put = async |session: Session| session.put(format!("key{number}"), number);
            let reply = server.request(&cookie, put).await;
            reply.result.expect("put");
            reply.status
        }
    });
    let statuses = together(requests).await;
    let reply = servers[1]
        .request(&cookie, async |session| {
            let get = |number| session.get::<usize>(format!("key{number}"));
            (0..SERVERS * EACH).map(get).collect::<Result<Vec<_>>>()
        })
        .await;
    for (number, found) in reply.result.expect("loaded").into_iter().enumerate() {
        let is_done = statuses[number] == StatusCode::OK;
        assert!(is_done, "request {number}: {}", statuses[number]);
        assert_eq!(found, Some(number), "what request {number} put");
    }
}

pub(crate) async fn a_counter_counts_exactly(servers: &[Server; SERVERS]) {
    let cookie = servers[0].sign_in("counter").await;
    let requests = (0..SERVERS * EACH).map(|number| {
        let (server, cookie) = (&servers[number % SERVERS], cookie.clone());
        async move {
            let add = async |session: Session| {
                let add = |n: Option<u64>| n.unwrap_or(0) + 1;
                session.update_now(COUNTER, add).await
            };
            server.request(&cookie, add).await.result.expect("counted")
        }
    });
    let mut counts = together(requests).await;
    counts.sort_unstable();
    let expected: Vec<u64> = (1..).take(SERVERS * EACH).collect();
    assert_eq!(counts, expected, "each count is answered once");
}

pub(crate) async fn a_code_is_handed_out_once(servers: &[Server; SERVERS]) {
    for round in 0..ROUNDS {
        let cookie = servers[0].sign_in("code").await;
        let put = async |session: Session| session.put(CODE, 7);
        let reply = servers[1].request(&cookie, put).await;
        assert_eq!(reply.status, StatusCode::OK);
        let requests = (0..SERVERS * 2).map(|number| {
            let (server, cookie) = (&servers[number % SERVERS], cookie.clone());
            async move {
                let take = async |session: Session| session.take_now(CODE).await;
                server.request(&cookie, take).await.result.expect("taken")
            }
        });
        let codes: Vec<u64> = together(requests).await.into_iter().flatten().collect();
        assert_eq!(codes, [7], "round {round}");
    }
}

/// A sign-out among slow requests, renewals and touches of the same session.
pub(crate) async fn signed_out_stays_signed_out(servers: &[Server; SERVERS]) {
    for round in 0..ROUNDS {
        let cookie = servers[0].sign_in("out").await;
        // One request that loaded before the sign-out saves after it.
        let (loaded, is_loaded) = tokio::sync::oneshot::channel();
        let (ended, has_ended) = tokio::sync::oneshot::channel();
        let slow = servers[0].request(&cookie, async |session| {
            session.get(Account::USER)?;
            loaded.send(()).expect("the test waits");
            has_ended.await.expect("the test goes on");
            session.put("late", round)
        });
        let rest = async {
            is_loaded.await.expect("it was loaded");
            let mut cookies = race_of_one(servers, &cookie).await;
            ended.send(()).expect("the slow request waits");
            cookies.push(cookie.clone());
            cookies
        };
        let (slow, mut cookies) = tokio::join!(slow, rest);
        cookies.extend(slow.cookie());
        nobody_is_signed_in(servers, &cookies, round).await;
    }
}

/// All cookies that the browsers got.
async fn race_of_one(servers: &[Server; SERVERS], cookie: &str) -> Vec<String> {
    let act = |number: usize| async move {
        let server = &servers[number % SERVERS];
        let calls = async |session: Session| match number {
            0 | 1 => session.renew(),
            2 | 3 => session.put("n", number),
            4 => session.destroy(),
            _ => session
                .update_now(COUNTER, |n| n.unwrap_or(0) + 1)
                .await
                .map(drop),
        };
        let reply = server.request(cookie, calls).await;
        match reply.result {
            Ok(()) | Err(Error::Gone | Error::Unavailable) => reply.cookie(),
            Err(error) => panic!("call {number}: {error:?}"),
        }
    };
    let cookies = together((0..7).map(act)).await;
    cookies.into_iter().flatten().collect()
}

async fn nobody_is_signed_in(servers: &[Server; SERVERS], cookies: &[String], round: usize) {
    for (number, cookie) in cookies.iter().enumerate() {
        let user = servers[number % SERVERS].user(cookie).await;
        assert_eq!(user, None, "round {round}: a session came back");
    }
}

/// All sessions of a user end while others of that user begin: each that began before is refused or ended.
pub(crate) async fn signed_out_everywhere_stays_so(servers: &[Server; SERVERS]) {
    for round in 0..ROUNDS {
        let user = format!("everywhere {round}");
        let mut cookies = Vec::new();
        for server in servers {
            cookies.push(server.sign_in(&user).await);
        }
        let acts = (0..SERVERS * 3).map(|number| {
            let (server, user, cookies) = (&servers[number % SERVERS], &user, &cookies);
            async move {
                if number == 4 {
                    let sessions = server.layer.sessions();
                    sessions
                        .revoke_all(Account::USER, user)
                        .await
                        .expect("ended");
                    return None;
                }
                let reply = if number < SERVERS {
                    let renew = async |session: Session| session.renew();
                    server.request(&cookies[number], renew).await
                } else {
                    let sign_in = async |session: Session| session.put(Account::USER, user.clone());
                    server.request("", sign_in).await
                };
                reply.cookie()
            }
        });
        let new = together(acts).await;
        cookies.extend(new.into_iter().flatten());
        nobody_is_signed_in(servers, &cookies, round).await;
        let list = servers[0].layer.sessions().list(Account::USER, &user).await;
        assert!(list.expect("listed").is_empty(), "round {round}");
    }
}

/// Begins all before it awaits one.
async fn together<T>(all: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<_> = all.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|cx| {
        for (future, done) in running.iter_mut().filter(|(_, done)| done.is_none()) {
            if let std::task::Poll::Ready(answer) = future.as_mut().poll(cx) {
                *done = Some(answer);
            }
        }
        if running.iter().any(|(_, done)| done.is_none()) {
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(())
    })
    .await;
    running.into_iter().filter_map(|(_, done)| done).collect()
}
