//! A request that only reads never undoes what another one wrote meanwhile, however slow it is.

use session_runtime::{CookieStore, Key, KeyInfo, Result, Session, SessionLayer};

use super::support::{Events, KEY, MAX_AGE, START, Visitor, config};

const NOTICE: Key<String> = Key::with_info(KeyInfo::new("notice").flash());

async fn with_cart() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("cart", 0)).await;
    visitor
}

fn read(session: &Session) -> Result<()> {
    session.get::<i64>("cart").map(drop)
}

/// Not even a look at the record.
fn nothing(_: &Session) -> Result<()> {
    Session::current()?;
    Ok(())
}

fn fill(session: &Session) -> Result<()> {
    session.put("cart", 7)
}

/// The browser after its two answers came, the slow one last.
async fn cart(mut browser: Visitor, slow: &Visitor) -> Option<i64> {
    browser.note(slow.answer.headers.clone());
    browser.visit(|session| session.get("cart")).await
}

#[tokio::test]
async fn past_half_of_the_lifetime_it_sends_no_older_copy() {
    for (first, last) in [
        (read as fn(&_) -> _, nothing as fn(&_) -> _),
        (nothing, read),
    ] {
        let mut visitor = with_cart().await;
        visitor.clock.advance(MAX_AGE / 2);
        let slow = visitor.begin(first, last).await;
        visitor.visit(fill).await;
        let events = Events::capture();
        let slow = slow.finish().await;
        assert_eq!(slow.answer.session_cookie(), None);
        assert_eq!(events.outcomes(), ["superseded"]);
        assert_eq!(cart(visitor, &slow).await, Some(7));
    }
}

#[tokio::test]
async fn under_a_key_that_is_rotated_it_sends_none_either() {
    const NEW: &str = "7bZpTsbHzFF6BTyV2cAgcWrjrMYGmvRkzxPZyq0UXcU=";
    let mut visitor = with_cart().await;
    let store = CookieStore::new(config()).expect("a good configuration");
    let keyring = store.keyring();
    let layer = SessionLayer::new(store).expect("a good configuration");
    visitor.layer = layer.with_clock(visitor.clock.reader());
    let both = format!("{NEW},{KEY}");
    keyring.replace(both.as_str()).expect("good keys");
    let slow = visitor.begin(read, nothing).await;
    let alone = visitor.begin(read, nothing).await;
    let events = Events::capture();
    assert!(alone.finish().await.answer.saves(), "nobody wrote");
    assert_eq!(events.outcomes(), ["rekeyed"]);
    visitor.visit(fill).await;
    let slow = slow.finish().await;
    assert_eq!(slow.answer.session_cookie(), None);
    assert_eq!(cart(visitor, &slow).await, Some(7));
}

#[tokio::test]
async fn that_another_only_read_too_keeps_nobody_from_refreshing() {
    let mut visitor = with_cart().await;
    visitor.clock.advance(MAX_AGE / 2);
    let slow = visitor.begin(read, nothing).await;
    visitor.visit(read).await;
    assert!(visitor.answer.saves());
    assert!(slow.finish().await.answer.saves());
}

#[tokio::test]
async fn what_was_written_before_it_began_keeps_it_from_nothing() {
    let mut visitor = with_cart().await;
    visitor.visit(fill).await;
    visitor.clock.advance(MAX_AGE / 2);
    visitor.visit(read).await;
    assert!(visitor.answer.saves());
}

#[tokio::test]
async fn a_save_that_was_not_sent_keeps_nobody_from_refreshing() {
    let mut visitor = with_cart().await;
    visitor.clock.advance(MAX_AGE / 2);
    let slow = visitor.begin(read, nothing).await;
    visitor.answered(http::StatusCode::BAD_GATEWAY, fill).await;
    assert!(slow.finish().await.answer.saves());
}

#[tokio::test]
async fn a_reader_that_outlasts_every_note_undoes_neither_renewal_nor_sign_out() {
    for end in [Session::renew, Session::destroy, Session::restart] {
        let mut visitor = with_cart().await;
        visitor.clock.advance(MAX_AGE / 2);
        let slow = visitor.begin(read, nothing).await;
        visitor.visit(end).await;
        visitor.clock.advance(61);
        assert_eq!(slow.finish().await.answer.session_cookie(), None);
    }
}

/// To show a flash is to write: the value is gone from the cookie, and that has to be sent.
#[tokio::test]
async fn a_slow_reader_of_a_flash_is_a_writer() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| session.put(NOTICE, "saved".to_owned()))
        .await;
    let slow = visitor
        .begin(|session| session.get(NOTICE).map(drop), nothing)
        .await;
    visitor.visit(fill).await;
    assert!(slow.finish().await.answer.saves(), "the last writer wins");
}

#[tokio::test]
async fn one_that_changed_something_and_changed_it_back_is_a_reader() {
    let mut visitor = with_cart().await;
    visitor.clock.advance(MAX_AGE / 2);
    let slow = visitor.begin(fill, |session| session.put("cart", 0)).await;
    visitor.visit(|session| session.put("cart", 9)).await;
    let slow = slow.finish().await;
    assert_eq!(slow.answer.session_cookie(), None);
    assert_eq!(cart(visitor, &slow).await, Some(9));
}

/// A limit: each process knows its own saves only.
#[tokio::test]
async fn what_another_process_saved_is_not_seen() {
    let mut visitor = with_cart().await;
    let elsewhere = SessionLayer::new(config()).expect("a good configuration");
    let mut other = visitor.clone();
    other.layer = elsewhere.with_clock(visitor.clock.reader());
    visitor.clock.advance(MAX_AGE / 2);
    let slow = visitor.begin(read, nothing).await;
    other.visit(fill).await;
    let slow = slow.finish().await;
    assert!(slow.answer.saves());
    visitor = other;
    assert_eq!(cart(visitor, &slow).await, Some(0));
}

/// A limit of the table: the save of a session that shares its slot puts a refresh off to the next request.
#[tokio::test]
async fn a_session_in_the_same_slot_only_delays_a_refresh() {
    const SLOTS: usize = 4_096;
    let slot = |visitor: &Visitor| {
        let id = visitor.record().id().to_string();
        usize::from_str_radix(&id[..4], 16).expect("hex digits") % SLOTS
    };
    let mut visitor = with_cart().await;
    let mut other = visitor.clone();
    while other.record().id() == visitor.record().id() || slot(&other) != slot(&visitor) {
        let record = other.codec.new_record().expect("random bytes");
        let cookie = other.codec.seal(&record).expect("it fits");
        let pair = cookie.to_str().expect("text").split(';').next();
        other.cookie = pair.map(ToOwned::to_owned);
    }
    visitor.clock.set(START + MAX_AGE / 2);
    let reader = visitor.begin(read, nothing).await;
    other.visit(fill).await;
    assert_eq!(reader.finish().await.answer.session_cookie(), None);
    visitor.visit(read).await;
    assert!(visitor.answer.saves(), "the next request does it");
}

/// A hundred readers and writers at once: no reader's answer holds less than a writer's that was made before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_readers_none_answers_with_an_older_cart() {
    let visitor = with_cart().await;
    visitor.clock.advance(MAX_AGE / 2);
    let mut readers = Vec::new();
    for _ in 0..50 {
        readers.push(visitor.begin(read, read).await);
    }
    let mut writer = visitor.clone();
    for number in 1..50 {
        writer.visit(|session| session.put("cart", number)).await;
    }
    for reader in readers {
        assert_eq!(reader.finish().await.answer.session_cookie(), None);
    }
}
