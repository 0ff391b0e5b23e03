//! Assertions pass where they should, and say what was there where they fail.

use http::HeaderMap;
use session_runtime::testing::Visitor;

use super::{Account, Site};

/// The text by which the assertion fails, behind the place where it stands in the test.
async fn failure(assertion: impl Future<Output = ()> + Send + 'static) -> String {
    let error = tokio::spawn(assertion).await.expect_err("it fails");
    let panic = error.into_panic();
    let text = panic.downcast_ref::<String>().expect("a message");
    let text = text.strip_prefix(file!()).expect("the test's own file");
    let (_, text) = text.split_once(": ").expect("line and column");
    text.to_owned()
}

async fn set(visitor: Visitor) -> String {
    failure(async move { visitor.assert_nothing_set().await }).await
}

async fn signed_in(visitor: Visitor) -> String {
    failure(async move { visitor.assert_signed_out(Account::UID).await }).await
}

#[tokio::test]
async fn a_page_that_reads_sets_nothing() {
    for site in Site::both() {
        let mut ada = site.signed_in().await;
        site.get(&mut ada, "/me").await;
        ada.assert_nothing_set().await;
        let mut nobody = site.nobody.clone();
        site.get(&mut nobody, "/me").await;
        nobody.assert_nothing_set().await;
        // Refused, and not replaced.
        let mut mallory = ada.forged();
        site.get(&mut mallory, "/me").await;
        mallory.assert_nothing_set().await;
    }
}

#[tokio::test]
async fn what_was_set_is_said() {
    let [cookies, stored] = Site::both();
    for site in [&cookies, &stored] {
        let mut ada = site.nobody.clone();
        site.post(&mut ada, "/sign-in").await;
        assert_eq!(
            set(ada.clone()).await,
            r#"nothing should have been set, but `__Host-test` was: {"uid":7}"#
        );
        site.post(&mut ada, "/leave").await;
        assert_eq!(
            set(ada).await,
            "nothing should have been set, but `__Host-test` was removed"
        );
    }
    let mut ada = cookies.signed_in().await;
    cookies.post(&mut ada, "/greet").await;
    assert_eq!(
        set(ada).await,
        r#"nothing should have been set, but `__Host-test` was: {"uid":7,"notice":"Hello!"}"#
    );
    let mut ada = stored.signed_in().await;
    stored.post(&mut ada, "/greet").await;
    assert_eq!(
        set(ada).await,
        r#"nothing should have been set, but the session in the store was {"uid":7}, and is {"uid":7,"notice":"Hello!"}"#
    );
}

#[tokio::test]
async fn who_signed_out_is_signed_out() {
    for site in Site::both() {
        for path in ["/sign-out", "/leave"] {
            let mut ada = site.signed_in().await;
            site.post(&mut ada, path).await;
            ada.assert_signed_out(Account::UID).await;
            ada.assert_signed_out("uid").await;
        }
    }
}

#[tokio::test]
async fn who_is_still_signed_in_is_said() {
    for site in Site::both() {
        let mut ada = site.signed_in().await;
        site.post(&mut ada, "/greet").await;
        assert_eq!(
            signed_in(ada).await,
            r#"`uid` should be gone, but it is 7; the session holds {"uid":7,"notice":"Hello!"}"#
        );
    }
}

/// What can't be known is not passed.
#[tokio::test]
async fn without_a_response_nothing_is_asserted() {
    let none = "the visitor has no response: `send` a request, or `keep` a response's head";
    for site in Site::both() {
        let ada = site.signed_in().await;
        let text = set(ada.clone()).await;
        assert_eq!(text, format!("nothing should have been set, but {none}"));
        let text = signed_in(ada).await;
        assert_eq!(text, format!("`uid` should be gone, but {none}"));
    }
    let [cookies, stored] = Site::both();
    let mut ada = cookies.signed_in().await;
    ada.keep(&HeaderMap::new());
    ada.assert_nothing_set().await;
    let mut ada = stored.signed_in().await;
    ada.keep(&HeaderMap::new());
    assert_eq!(
        set(ada).await,
        "nothing should have been set, but what the store held before is not known: `send` the request by the visitor"
    );
}
