//! What the server is asked for each kind of request, by its own count.

use super::{is_asked_for, server_and_store};
use crate::engines::redis::Server;
use crate::support::claims::Server as App;
use crate::support::trips::{Trips, of_each_kind};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_is_one_trip_a_write_two_and_a_sign_in_at_most_four() {
    if !is_asked_for() {
        return;
    }
    let (server, store) = server_and_store().await;
    let app = App::new(store);
    // Scripts that the server does not know yet are sent twice.
    let warm = app.sign_in("warm").await;
    app.user(&warm).await;
    app.request(&warm, async |session| session.put("n", 0))
        .await;

    let trips = of_each_kind(&app, || scripts(&server)).await;
    let expected = Trips {
        none: 0,
        fresh: 2,
        reading: 1,
        writing: 2,
        signing_in: 4,
        untouched: 1,
        signing_out: 2,
    };
    assert_eq!(trips, expected);
}
