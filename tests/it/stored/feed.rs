//! Cookie sessions that are revoked on one server, over the feed that all servers read.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;
use session_runtime::store::{MemoryStore, RevocationFeed, SessionStore, Subject};
use session_runtime::{Error, SessionLayer};
use tokio::time::sleep;

use super::server::{Account, Browser, Clock, Line, START, Turn, UID, config, settle};

/// Within which a revocation must hold everywhere.
const EVERYWHERE: Duration = Duration::from_secs(2);

/// One server of a service whose sessions are in cookies.
struct Server {
    feed: RevocationFeed,
    line: Line,
    clock: Clock,
    layer: SessionLayer,
}

impl Server {
    /// That reads the feed over this line, by this clock of its own.
    fn new(line: &Line, clock: &Clock) -> Self {
        Self::asking(RevocationFeed::new(line.clone()), line, clock)
    }

    fn asking(feed: RevocationFeed, line: &Line, clock: &Clock) -> Self {
        tokio::spawn(feed.clone().run());
        let layer = SessionLayer::new(config())
            .unwrap()
            .with_revocation(feed.clone())
            .with_data::<Account>()
            .unwrap()
            .with_clock(clock.reader());
        Self {
            feed,
            line: line.clone(),
            clock: clock.clone(),
            layer,
        }
    }

    /// A browser with this cookie.
    fn browser(&self, cookie: Option<String>) -> Browser {
        let mut browser = Browser::new();
        browser.in_cookies = Some(self.layer.clone());
        browser.line = self.line.clone();
        browser.clock = self.clock.clone();
        browser.cookie = cookie;
        browser
    }

    /// A browser in which this user signed in.
    async fn signed_in(&self, user: &str) -> Browser {
        let mut browser = self.browser(None);
        let sign_in = browser.visit(async |session| session.put(Account::USER, user.to_owned()));
        sign_in.await.unwrap();
        assert!(browser.cookie.is_some());
        browser
    }

    /// Ends all sessions of this user.
    async fn revoke_all(&self, user: &str) {
        let user = user.to_owned();
        let revoked = self.feed.revoke_all(Account::USER, &user).await;
        revoked.unwrap();
    }

    /// Whom this server takes the browser's cookie for.
    async fn user(&self, browser: &Browser) -> Result<Option<String>, Error> {
        let mut copy = self.browser(browser.cookie.clone());
        copy.visit(async |session| session.get(Account::USER)).await
    }
}

/// Two servers with good clocks, which have read the feed once.
async fn two() -> (Server, Server, Line, Clock) {
    let clock = Clock::new();
    let line = Line::new(&clock);
    let servers = (Server::new(&line, &clock), Server::new(&line, &clock));
    settle().await;
    (servers.0, servers.1, line, clock)
}

#[tokio::test(start_paused = true)]
async fn a_session_that_was_revoked_on_one_server_is_refused_on_all_within_two_seconds_at_no_trip()
{
    let (one, other, line, _) = two().await;
    let mut browser = one.signed_in("a").await;
    let stolen = browser.clone();
    let stays = one.signed_in("a").await;
    assert_eq!(other.user(&stolen).await.unwrap().as_deref(), Some("a"));
    let feed = &one.feed;
    let sign_out = browser.visit(async |session| {
        session.destroy()?;
        feed.revoke(&session).await
    });
    sign_out.await.unwrap();
    assert!(browser.removes());
    assert_eq!(
        one.user(&stolen).await.unwrap(),
        None,
        "at once, where it was revoked"
    );
    sleep(EVERYWHERE).await;
    line.trips();
    for server in [&one, &other] {
        assert_eq!(server.user(&stolen).await.unwrap(), None);
        assert_eq!(server.user(&stays).await.unwrap().as_deref(), Some("a"));
    }
    assert_eq!(line.trips(), 0, "of four requests");
    let late = Server::new(&line, &Clock::new());
    settle().await;
    assert_eq!(
        late.user(&stolen).await.unwrap(),
        None,
        "on a server that starts later"
    );
}

#[tokio::test(start_paused = true)]
async fn all_sessions_of_an_owner_end_and_later_ones_and_those_of_others_go_on() {
    let (one, other, _, clock) = two().await;
    let (phone, laptop) = (one.signed_in("a").await, other.signed_in("a").await);
    let another = one.signed_in("b").await;
    one.revoke_all("a").await;
    sleep(EVERYWHERE).await;
    clock.advance(2);
    let later = one.signed_in("a").await;
    for server in [&one, &other] {
        assert_eq!(server.user(&phone).await.unwrap(), None);
        assert_eq!(server.user(&laptop).await.unwrap(), None);
        assert_eq!(server.user(&another).await.unwrap().as_deref(), Some("b"));
        assert_eq!(server.user(&later).await.unwrap().as_deref(), Some("a"));
    }
}

#[tokio::test(start_paused = true)]
async fn the_session_that_ends_the_others_goes_on_renewed_before_after_or_not_at_all() {
    for (before, after) in [(false, false), (true, false), (false, true), (true, true)] {
        let (one, other, _, _) = two().await;
        let mut browser = one.signed_in("a").await;
        let old = browser.clone();
        let others = other.signed_in("a").await;
        let feed = &one.feed;
        let revoke = browser.visit(async |session| {
            if before {
                session.renew()?;
            }
            let user = "a".to_owned();
            feed.revoke_others(Account::USER, &user, &session).await?;
            if after {
                session.renew()?;
            }
            Ok(())
        });
        revoke.await.unwrap();
        assert_eq!(old.cookie != browser.cookie, before || after);
        sleep(EVERYWHERE).await;
        for server in [&one, &other] {
            assert_eq!(server.user(&browser).await.unwrap().as_deref(), Some("a"));
            assert_eq!(server.user(&others).await.unwrap(), None);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_revocation_that_was_committed_late_is_read() {
    let clock = Clock::new();
    let engine = MemoryStore::new().with_clock(clock.reader());
    let feed = RevocationFeed::new(engine.clone());
    let server = Server::asking(feed, &Line::new(&clock), &clock);
    settle().await;
    let browser = server.signed_in("a").await;
    clock.advance(100);
    sleep(EVERYWHERE).await;
    assert_eq!(server.user(&browser).await.unwrap().as_deref(), Some("a"));
    // Its time is that of a statement 50 seconds ago, whose transaction ends now.
    let read = clock.reader();
    let late = engine.with_clock(move || read() - Duration::from_secs(50));
    let publisher = RevocationFeed::new(late);
    let elsewhere = Server::asking(publisher, &Line::new(&clock), &clock);
    elsewhere.revoke_all("a").await;
    sleep(EVERYWHERE).await;
    assert_eq!(server.user(&browser).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_server_whose_clock_is_behind_reads_and_revokes_as_the_others_do() {
    let clock = Clock::new();
    let behind = Clock::new();
    clock.advance(300);
    let line = Line::new(&clock);
    let (good, slow) = (Server::new(&line, &clock), Server::new(&line, &behind));
    settle().await;
    let on_slow = slow.signed_in("a").await;
    let on_good = good.signed_in("b").await;
    good.revoke_all("a").await;
    slow.revoke_all("b").await;
    sleep(EVERYWHERE).await;
    for server in [&good, &slow] {
        assert_eq!(server.user(&on_slow).await.unwrap(), None);
        assert_eq!(server.user(&on_good).await.unwrap(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_whose_clock_was_set_back_is_read_as_a_whole() {
    let clock = Clock::new();
    clock.advance(10_000);
    let line = Line::new(&clock);
    let server = Server::new(&line, &clock);
    settle().await;
    let browser = server.signed_in("a").await;
    clock.advance(0_u64.wrapping_sub(5_000));
    let another = Server::new(&line, &clock);
    let mut same = another.browser(browser.cookie.clone());
    let feed = &another.feed;
    settle().await;
    same.visit(async |session| feed.revoke(&session).await)
        .await
        .unwrap();
    sleep(EVERYWHERE).await;
    assert_eq!(server.user(&browser).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_was_not_read_or_is_cut_off_is_unavailable_and_touches_no_cookie() {
    let clock = Clock::new();
    let line = Line::new(&clock);
    line.cut(true);
    let server = Server::new(&line, &clock);
    settle().await;
    let signed_in = server.signed_in("a").await;
    let refused = async |why: &str| {
        let mut browser = server.browser(signed_in.cookie.clone());
        let answer = browser
            .visit(async |session| session.get(Account::USER))
            .await;
        let error = answer.expect_err(why);
        assert!(matches!(error, Error::Unavailable), "{why}: {error}");
        assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE, "{why}");
        assert_eq!(browser.set_cookie(), None, "{why}");
    };
    refused("not read yet").await;
    line.cut(false);
    sleep(EVERYWHERE).await;
    assert!(server.user(&signed_in).await.unwrap().is_some());
    line.cut(true);
    sleep(Duration::from_secs(4)).await;
    assert!(server.user(&signed_in).await.unwrap().is_some(), "4 s old");
    sleep(Duration::from_secs(3)).await;
    refused("older than 5 s").await;
    line.cut(false);
    sleep(EVERYWHERE).await;
    assert!(server.user(&signed_in).await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_trusts_serves_when_it_is_stale_and_refuses_what_it_has_read() {
    let clock = Clock::new();
    let line = Line::new(&clock);
    let feed = RevocationFeed::new(line.clone()).trusting_when_stale();
    let server = Server::asking(feed, &line, &clock);
    line.cut(true);
    settle().await;
    let (one, other) = (server.signed_in("a").await, server.signed_in("b").await);
    assert!(server.user(&one).await.unwrap().is_some(), "not read yet");
    line.cut(false);
    server.revoke_all("b").await;
    line.cut(true);
    sleep(Duration::from_secs(3_600)).await;
    assert!(server.user(&one).await.unwrap().is_some());
    assert_eq!(server.user(&other).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_longer_staleness_is_served_so_long() {
    let clock = Clock::new();
    let line = Line::new(&clock);
    let feed = RevocationFeed::new(line.clone()).with_max_staleness(Duration::from_secs(60));
    let server = Server::asking(feed, &line, &clock);
    settle().await;
    let browser = server.signed_in("a").await;
    line.cut(true);
    sleep(Duration::from_secs(58)).await;
    assert!(server.user(&browser).await.unwrap().is_some());
    sleep(Duration::from_secs(4)).await;
    assert!(matches!(
        server.user(&browser).await,
        Err(Error::Unavailable)
    ));
}

#[tokio::test(start_paused = true)]
async fn a_revocation_is_repeated_once_where_its_answer_is_lost_and_told_where_it_failed() {
    let (one, other, line, _) = two().await;
    let browser = one.signed_in("a").await;
    let user = "a".to_owned();
    line.next([Turn::Unreached]);
    let failed = one.feed.revoke_all(Account::USER, &user).await;
    assert!(matches!(failed, Err(Error::Unavailable)));
    assert!(other.user(&browser).await.unwrap().is_some());
    line.next([Turn::AnswerLost]);
    one.feed.revoke_all(Account::USER, &user).await.unwrap();
    sleep(EVERYWHERE).await;
    assert_eq!(other.user(&browser).await.unwrap(), None);
    let notices = line.published(None).await.unwrap().notices;
    assert_eq!(notices.len(), 1, "{notices:?}");
    let (at, notice) = &notices[0];
    assert!(matches!(notice.subject, Subject::Owner { .. }));
    let start = UNIX_EPOCH + Duration::from_secs(START);
    assert_eq!(*at, start, "the engine's time");
    let day = Duration::from_secs(86_400);
    assert_eq!(notice.keep_for, Duration::from_secs(1_000) + 2 * day);
}

#[tokio::test(start_paused = true)]
async fn what_no_layer_of_the_feed_knows_is_an_error() {
    let (one, _, line, _) = two().await;
    let not_owner = one.feed.revoke_all(UID, &7).await;
    assert!(matches!(not_owner, Err(Error::NotOwner { key }) if key == "uid"));
    let strange = RevocationFeed::new(line);
    let mut browser = one.signed_in("a").await;
    let no_feed = browser.visit(async |session| strange.revoke(&session).await);
    assert!(matches!(no_feed.await, Err(Error::NoFeed)));
    let unused = strange.revoke_all(Account::USER, &"a".to_owned()).await;
    assert!(matches!(unused, Err(Error::NotOwner { .. })));
}

#[tokio::test(start_paused = true)]
async fn what_is_over_is_removed_from_the_store_by_those_who_read() {
    let (one, _, line, clock) = two().await;
    one.revoke_all("a").await;
    let all = async || {
        line.published(None::<SystemTime>)
            .await
            .unwrap()
            .notices
            .len()
    };
    assert_eq!(all().await, 1);
    clock.advance(3 * 86_400);
    sleep(Duration::from_secs(301)).await;
    assert_eq!(all().await, 0);
}
