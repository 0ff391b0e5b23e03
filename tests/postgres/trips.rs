//! What the server is asked for each kind of request, by its own log.

use http::StatusCode;
use session_runtime::{Result, Session};

use crate::claims::{Account, Reply, Server as App};
use crate::engine::Server;
use crate::{is_asked_for, store};

/// Statements that were sent so far.
pub(crate) fn statements(server: &Server) -> usize {
    let log = server.log();
    let sent = |line: &&str| line.contains("LOG:  execute ") || line.contains("LOG:  statement: ");
    log.lines().filter(sent).count()
}

/// The reply, and how many statements it took.
async fn counted<R>(
    server: &Server,
    app: &App,
    cookie: &str,
    calls: impl AsyncFnOnce(Session) -> Result<R>,
) -> (Reply<R>, usize) {
    let before = statements(server);
    let reply = app.request(cookie, calls).await;
    assert_eq!(reply.status, StatusCode::OK);
    (reply, statements(server) - before)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_is_one_trip_a_write_two_and_a_sign_in_at_most_two() {
    if !is_asked_for() {
        return;
    }
    let server = Server::start_prepared("log_statement = all", |_| ()).await;
    let app = App::new(store(&server.url()).await);
    let sign_in = async |session: Session| session.put(Account::USER, "ada".to_owned());
    let read = async |session: Session| session.get(Account::USER);

    let (_, none) = counted(&server, &app, "", async |session| {
        session.get(Account::USER)
    })
    .await;
    let (reply, fresh) = counted(&server, &app, "", sign_in).await;
    let cookie = reply.cookie().expect("signed in");
    let (reply, reading) = counted(&server, &app, &cookie, read).await;
    assert_eq!(reply.result.expect("loaded").as_deref(), Some("ada"));
    let write = async |session: Session| session.put("n", 1);
    let (_, writing) = counted(&server, &app, &cookie, write).await;
    assert_eq!((none, fresh, reading, writing), (0, 1, 1, 2));

    // A visitor who has a session already gets a new id.
    let (reply, _) = counted(&server, &app, "", async |session| session.put("n", 1)).await;
    let anonymous = reply.cookie().expect("a session");
    let renewed = async |session: Session| {
        session.renew()?;
        session.put(Account::USER, "ada".to_owned())
    };
    let (_, signing_in) = counted(&server, &app, &anonymous, renewed).await;
    let out = async |session: Session| session.destroy();
    let (_, signing_out) = counted(&server, &app, &cookie, out).await;
    assert_eq!((signing_in, signing_out), (2, 2));
}
