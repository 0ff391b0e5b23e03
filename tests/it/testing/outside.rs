//! A session outside of a request.

use session_runtime::store::MemoryStore;
use session_runtime::{Error, Result, Session, SessionData, testing};

use super::{Account, AccountHandle};

#[tokio::test]
async fn handlers_are_called_directly() -> Result<()> {
    let session = testing::session(&testing::layer());
    let error = super::me(session.of::<Account>()).await.err();
    assert!(error.is_some_and(|error| error.is_missing()));
    super::sign_in(session.of::<Account>()).await?;
    assert_eq!(
        super::me(AccountHandle::from(session.clone())).await?,
        "user 7"
    );
    super::sign_out(session.of::<Account>()).await?;
    assert_eq!(session.get(Account::UID)?, None);
    let notice = session.get(Account::NOTICE)?;
    assert_eq!(notice.as_deref(), Some("Goodbye!"));
    session.destroy()?;
    assert!(matches!(session.put("uid", 7), Err(Error::Destroyed)));
    Ok(())
}

#[test]
fn each_is_one_of_its_own_and_no_request() -> Result<()> {
    let layer = testing::layer();
    let (one, other) = (testing::session(&layer), testing::session(&layer));
    assert_ne!(one.id()?, other.id()?);
    one.put("uid", 7)?;
    assert!(one.is_new()? && other.keys()?.is_empty());
    assert!(layer.requests().is_empty());
    assert!(Session::current().is_err());
    drop(one);
    assert!(layer.requests().is_empty());
    Ok(())
}

/// It goes on where its clones are, also in other threads.
#[test]
fn it_lives_as_long_as_its_last_clone() -> Result<()> {
    let clone = {
        let session = testing::session(&testing::layer());
        session.put("uid", 7)?;
        session.clone()
    };
    let read = std::thread::spawn(move || clone.get::<i64>("uid"));
    assert_eq!(read.join().expect("no panic")?, Some(7));
    Ok(())
}

#[derive(SessionData)]
struct Secret {
    #[session(private)]
    _token: String,
}

#[test]
fn the_rules_of_the_layer_hold() -> Result<()> {
    let layer = testing::layer().with_data::<Account>().expect("good keys");
    let session = testing::session(&layer);
    let error = session.put("text", "x".repeat(5_000)).err();
    assert!(matches!(error, Some(Error::TooLarge { .. })));
    let error = session.put(Secret::_TOKEN, "text".to_owned()).err();
    assert!(matches!(error, Some(Error::NotPrivate { .. })));
    let before = session.id()?;
    session.put("uid", 7)?;
    assert_ne!(session.id()?, before, "a changed owner renews");
    Ok(())
}

#[tokio::test]
async fn with_a_store_it_takes_what_the_store_would_and_exact_calls_are_committed() -> Result<()> {
    let store = MemoryStore::new();
    let layer = testing::layer()
        .with_data::<Account>()
        .and_then(|layer| layer.with_store(store.clone()))
        .expect("a good configuration");
    let session = testing::session(&layer);
    session.put("text", "x".repeat(5_000))?;
    session.put(Secret::_TOKEN, "text".to_owned())?;
    assert!(store.is_empty());
    let count = session.update_now("count", |n: Option<u32>| n.unwrap_or(0) + 1);
    assert_eq!(count.await?, 1);
    assert_eq!(store.len(), 1);
    let session = testing::session(&testing::layer());
    let error = session.save_now().await.err();
    assert!(matches!(error, Some(Error::NoStore)), "{error:?}");
    Ok(())
}
