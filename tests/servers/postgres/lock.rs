//! A lock that another client holds.

use std::process::Stdio;
use std::time::Duration;

use crate::engines::postgres::Server;

/// A transaction of psql, which holds what this statement locks.
pub(crate) struct Lock {
    _psql: tokio::process::Child,
}

impl Lock {
    pub(crate) async fn take(server: &Server, statement: &str) -> Self {
        let sql = format!("BEGIN; {statement}; SELECT pg_sleep(60)");
        let psql = server
            .psql(&sql)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        // It sleeps once it has the lock.
        let sleeps = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        for _ in 0..400 {
            if server.ask(sleeps).await.as_deref() == Ok("1") {
                return Self {
                    _psql: psql.expect("psql"),
                };
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("psql has no lock");
    }

    pub(crate) async fn release(self, server: &Server) {
        let end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        server.ask(end).await.expect("ended");
    }
}
