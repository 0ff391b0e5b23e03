//! TLS to a server with a certificate of a CA made here.

use session_runtime::store::{PostgresStore, StoreError};

use super::{is_asked_for, used};
use crate::engines::postgres::Server;
use crate::support::certificates::Certificates;

/// A server that takes connections under TLS alone but from psql's own database.
async fn server(certificates: &Certificates) -> Server {
    let settings = "ssl = on\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.key'";
    let rules = "hostnossl postgres postgres all trust\nhostssl all all all trust\n";
    let server = Server::start_prepared(settings, |data| {
        certificates.put_into(data);
        std::fs::write(data.join("pg_hba.conf"), rules).expect("rules");
    });
    let server = server.await;
    server.ask("CREATE DATABASE safe").await.expect("made");
    server
}

async fn migrated(url: &str, roots: Option<&[u8]>) -> Result<(), StoreError> {
    let store = PostgresStore::connect(url).await?;
    used(match roots {
        Some(roots) => store.with_roots(roots)?,
        None => store,
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sslmode_is_honoured() {
    if !is_asked_for() {
        return;
    }
    let certificates = Certificates::new("postgres");
    let server = server(&certificates).await;
    let (ca, other) = (certificates.ca(), Certificates::new("postgres").ca());
    // Whether it connects by the name of the certificate, and by an address that is not in it.
    for (mode, roots, by_name, by_address) in [
        ("disable", None, false, false),
        ("prefer", None, true, true),
        ("require", None, true, true),
        ("require", Some(&ca), true, true),
        ("require", Some(&other), false, false),
        ("verify-ca", Some(&ca), true, true),
        ("verify-ca", Some(&other), false, false),
        ("verify-full", Some(&ca), true, false),
        ("verify-full", Some(&other), false, false),
        // The platform's roots know no CA of ours.
        ("verify-full", None, false, false),
    ] {
        for (host, expected) in [("localhost", by_name), ("127.0.0.1", by_address)] {
            let url = format!(
                "postgres://postgres@{host}:{}/safe?sslmode={mode}",
                server.port()
            );
            let answer = migrated(&url, roots.map(Vec::as_slice)).await;
            assert_eq!(answer.is_ok(), expected, "{mode} to {host}: {answer:?}");
            let is_told = matches!(&answer, Ok(()) | Err(StoreError::Unavailable(_)));
            assert!(is_told, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn roots_that_are_none_are_told() {
    for pem in [
        "",
        "no PEM",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let store = PostgresStore::connect("postgres://db1/app?sslmode=verify-full").await;
        let refused = store.expect("a good URL").with_roots(pem.as_bytes());
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{pem}");
    }
}
