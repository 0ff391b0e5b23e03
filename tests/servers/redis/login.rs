//! A login with a password, with and without a user of the server's ACL.

use session_runtime::store::{RedisStore, SessionStore, StoreError, StoreId};

use super::is_asked_for;
use crate::engines::redis::Server;
use crate::support::PATIENCE;

/// It has characters that a URL can't hold as they are.
const PASSWORD: &str = "p@ss/w:rd?%";
const ENCODED: &str = "p%40ss%2Fw%3Ard%3F%25";

async fn used(url: &str) -> Result<(), StoreError> {
    let store = RedisStore::connect(url).await?.with_timeout(PATIENCE);
    store.load(&StoreId::from_bytes([1; 32])).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_in_the_url_logs_in_and_a_wrong_one_is_told_without_it() {
    if !is_asked_for() {
        return;
    }
    let server = Server::start().await;
    let user = format!("ACL SETUSER app on >{PASSWORD} ~* &* +@all");
    for command in [user, format!("CONFIG SET requirepass {PASSWORD}")] {
        let answer = server.command(&command).await.expect("an answer");
        assert_eq!(answer, "+OK\r\n", "{command}");
    }
    let at = format!("127.0.0.1:{}/", server.port());
    for login in [format!(":{ENCODED}@"), format!("app:{ENCODED}@")] {
        let answer = used(&format!("redis://{login}{at}")).await;
        assert!(answer.is_ok(), "{answer:?}");
    }
    for login in [":wr0ng-one@", "app:wr0ng-one@", ""] {
        let answer = used(&format!("redis://{login}{at}")).await;
        let error = answer.expect_err("a login without the password");
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        let told = format!("{error} {error:?}").to_lowercase();
        assert!(told.contains("auth") || told.contains("password"), "{told}");
        assert!(!told.contains("wr0ng-one"), "{told}");
    }
}
