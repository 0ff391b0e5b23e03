//! The feed of revocations in PostgreSQL.

use super::trips::statements;
use super::{is_asked_for, store};
use crate::engines::postgres::Server;
use crate::support::feed as claims;

/// Lets what ends an owner's sessions be committed four seconds after its statement.
const LATE: &str = "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.owner IS NOT NULL THEN PERFORM pg_sleep(4); END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON session_notice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linger();";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_keeps_its_claims() {
    if !is_asked_for() {
        return;
    }
    let server = Server::start_prepared("log_statement = all", |_| ()).await;
    let of = async || store(&server.url()).await;
    let servers = claims::servers([of().await, of().await, of().await]).await;
    claims::is_refused_everywhere(&servers, async || statements(&server)).await;
    claims::clocks_of_servers_do_not_matter(&servers, [of().await, of().await]).await;
    let hangs = |hangs| {
        if hangs {
            server.freeze();
        } else {
            server.thaw();
        }
    };
    claims::a_feed_that_is_cut_off_signs_nobody_out(&servers, of().await, hangs).await;
    is_read_where_it_was_committed_late(&server, &servers).await;
}

/// Readings have gone on meanwhile, and another revocation was committed and read before it.
async fn is_read_where_it_was_committed_late(server: &Server, servers: &[claims::Server; 3]) {
    let (late, early) = (
        servers[0].sign_in("late").await,
        servers[0].sign_in("early").await,
    );
    server.ask(LATE).await.expect("made");
    let meanwhile = async {
        servers[1].revoke(&early).await;
        tokio::time::sleep(claims::EVERYWHERE).await;
        claims::everybody_says(servers, &early, None).await;
        claims::everybody_says(servers, &late, Some("late")).await;
    };
    tokio::join!(servers[0].revoke_all("late"), meanwhile);
    tokio::time::sleep(claims::EVERYWHERE).await;
    claims::everybody_says(servers, &late, None).await;
}
