//! TLS to a server with a certificate of a CA made here, which only the environment names.

use std::path::PathBuf;
use std::process::Command;

use session_runtime::store::{Loaded, RedisStore, SessionStore, StoreId};

use super::is_asked_for;
use crate::engines::free_port;
use crate::engines::redis::Server;
use crate::support::certificates::Certificates;

const URL: &str = "SESSION_TEST_REDIS_TLS_URL";

/// Run by the test below, in a process with another environment.
#[tokio::test]
async fn what_a_connection_says() {
    let Ok(url) = std::env::var(URL) else { return };
    match RedisStore::connect(&url).await {
        Ok(store) => {
            let loaded = store.load(&StoreId::from_bytes([1; 32])).await;
            println!("says: {}", matches!(loaded, Ok(Loaded::Absent)));
        }
        Err(error) => println!("says: {error}"),
    }
}

fn says(url: &str, ca: Option<PathBuf>) -> String {
    let mut child = Command::new(std::env::current_exe().expect("a path"));
    child.args([
        "--exact",
        "redis::tls::what_a_connection_says",
        "--nocapture",
    ]);
    child
        .env(URL, url)
        .env_remove("SSL_CERT_FILE")
        .env_remove("SSL_CERT_DIR");
    if let Some(ca) = ca {
        child.env("SSL_CERT_FILE", ca);
    }
    let output = child.output().expect("the program");
    let text = String::from_utf8(output.stdout).expect("text");
    let line = text.lines().find_map(|line| line.split_once("says: "));
    line.expect("an answer").1.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_trusted_by_its_name_and_its_ca() {
    if !is_asked_for() {
        return;
    }
    let (certificates, others) = (Certificates::new("redis"), Certificates::new("redis"));
    let folder = crate::engines::Folder::new("redis");
    certificates.put_into(folder.path());
    let file = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let port = free_port();
    let _server = Server::start_with(&[
        "--tls-port",
        &port.to_string(),
        "--tls-cert-file",
        &file("server.pem"),
        "--tls-key-file",
        &file("server.key"),
        "--tls-auth-clients",
        "no",
        "--tls-ca-cert-file",
        certificates.file("ca.pem").to_str().expect("text"),
    ])
    .await;
    let by_name = format!("rediss://localhost:{port}/");
    let by_address = format!("rediss://127.0.0.1:{port}/");
    let ca = || Some(certificates.file("ca.pem"));
    assert_eq!(says(&by_name, ca()), "true");
    for (url, ca, why) in [
        (&by_address, ca(), "not valid for name"),
        (&by_name, Some(others.file("ca.pem")), "BadSignature"),
        (&by_name, None, "UnknownIssuer"),
    ] {
        let told = says(url, ca);
        assert!(
            told.contains(why) || told.contains("certificate"),
            "{url}: {told}"
        );
    }
}
