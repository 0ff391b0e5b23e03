//! What the server is asked for each kind of request, by its own count.

use http::StatusCode;
use session_runtime::{Result, Session};

use crate::claims::{Account, Reply, Server as App};
use crate::engine::Server;
use crate::{is_asked_for, server_and_store};

/// Scripts that were run so far.
pub(crate) async fn scripts(server: &Server) -> usize {
    let statistics = server
        .command("INFO commandstats")
        .await
        .expect("an answer");
    let calls = statistics.lines().filter_map(|line| {
        let counts = line.strip_prefix("cmdstat_evalsha:calls=")?;
        counts.split(',').next()?.parse::<usize>().ok()
    });
    calls.sum()
}

/// The reply, and how many scripts it took.
async fn counted<R>(
    server: &Server,
    app: &App,
    cookie: &str,
    calls: impl AsyncFnOnce(Session) -> Result<R>,
) -> (Reply<R>, usize) {
    let before = scripts(server).await;
    let reply = app.request(cookie, calls).await;
    assert_eq!(reply.status, StatusCode::OK);
    (reply, scripts(server).await - before)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_is_one_trip_a_write_two_and_a_sign_in_at_most_four() {
    if !is_asked_for() {
        return;
    }
    let (server, store) = server_and_store().await;
    let app = App::new(store);
    let sign_in = async |session: Session| session.put(Account::USER, "ada".to_owned());
    let read = async |session: Session| session.get(Account::USER);
    // Scripts that the server does not know yet are sent twice.
    let warm = app.sign_in("warm").await;
    app.user(&warm).await;
    app.request(&warm, async |session| session.put("n", 0))
        .await;

    let (_, none) = counted(&server, &app, "", read).await;
    let (reply, fresh) = counted(&server, &app, "", sign_in).await;
    let cookie = reply.cookie().expect("signed in");
    let (reply, reading) = counted(&server, &app, &cookie, read).await;
    assert_eq!(reply.result.expect("loaded").as_deref(), Some("ada"));
    let write = async |session: Session| session.put("n", 1);
    let (_, writing) = counted(&server, &app, &cookie, write).await;
    assert_eq!((none, fresh, reading, writing), (0, 2, 1, 2));

    // A visitor who has a session already gets a new id.
    let (reply, _) = counted(&server, &app, "", write).await;
    let anonymous = reply.cookie().expect("a session");
    let (_, signing_in) = counted(&server, &app, &anonymous, sign_in).await;
    let (_, untouched) = counted(&server, &app, &cookie, async |_| Ok(())).await;
    let out = async |session: Session| session.destroy();
    let (_, signing_out) = counted(&server, &app, &cookie, out).await;
    assert_eq!((signing_in, untouched, signing_out), (4, 1, 2));
}
