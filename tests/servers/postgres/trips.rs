//! What the server is asked for each kind of request, by its own log.

use super::{is_asked_for, store};
use crate::engines::postgres::Server;
use crate::support::claims::Server as App;
use crate::support::trips::{Trips, of_each_kind};

/// Statements that were sent so far.
pub(crate) fn statements(server: &Server) -> usize {
    let log = server.log();
    let sent = |line: &&str| line.contains("LOG:  execute ") || line.contains("LOG:  statement: ");
    log.lines().filter(sent).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_is_one_trip_a_write_two_and_a_sign_in_at_most_two() {
    if !is_asked_for() {
        return;
    }
    let server = Server::start_prepared("log_statement = all", |_| ()).await;
    let app = App::new(store(&server.url()).await);
    let trips = of_each_kind(&app, async || statements(&server)).await;
    let expected = Trips {
        none: 0,
        fresh: 1,
        reading: 1,
        writing: 2,
        signing_in: 2,
        untouched: 1,
        signing_out: 2,
    };
    assert_eq!(trips, expected);
}
