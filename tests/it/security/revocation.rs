//! Hooks that refuse sessions: when they are asked, what they see, and what their verdict does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use session_runtime::{
    BoxError, CookieStore, Record, Revocation, RevocationList, Session, SessionId, SessionLayer,
    Verdict,
};

use super::support::{MAX_AGE, START, Visitor, config, time};

/// How often a hook was asked.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<AtomicUsize>);

impl Asked {
    fn once_more(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// Since the last time that this was read.
    pub(crate) fn times(&self) -> usize {
        self.0.swap(0, Ordering::SeqCst)
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    AtOnce,
    Awaited,
}

impl Kind {
    pub(crate) const BOTH: [Self; 2] = [Self::AtOnce, Self::Awaited];

    /// A hook of this kind that counts and judges.
    pub(crate) fn hook(
        self,
        asked: &Asked,
        judge: impl Fn(&Record) -> Result<Verdict, BoxError> + Clone + Send + Sync + 'static,
    ) -> Revocation {
        let asked = asked.clone();
        match self {
            Self::AtOnce => Revocation::new(move |record| {
                asked.once_more();
                judge(record)
            }),
            Self::Awaited => Revocation::with_future(move |record| {
                asked.once_more();
                let judge = judge.clone();
                async move {
                    tokio::task::yield_now().await;
                    judge(&record)
                }
            }),
        }
    }
}

/// Signed in before the hook was there.
pub(crate) async fn signed_in(hook: impl Into<Revocation>) -> Visitor {
    let mut visitor = Visitor::of(config());
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor.with_layer(|layer| layer.with_revocation(hook))
}

async fn uid(visitor: &mut Visitor) -> Option<i64> {
    visitor.visit(|session| session.get("uid")).await
}

fn many_calls(session: &Session) -> session_runtime::Result<()> {
    for number in 0..20 {
        session.get::<i64>("uid")?;
        session.put("number", number)?;
        session.clone().keys()?;
    }
    session.renew()?;
    session.record().map(drop)
}

#[tokio::test]
async fn a_hook_is_asked_once_in_a_request_however_often_the_session_is_used() {
    for kind in Kind::BOTH {
        let asked = Asked::default();
        let hook = kind.hook(&asked, |_| Ok(Verdict::Valid));
        let mut visitor = signed_in(hook).await;
        visitor.visit(many_calls).await;
        assert_eq!(asked.times(), 1, "{kind:?}");
        assert!(visitor.answer.saves(), "{kind:?}");
        visitor.visit(many_calls).await;
        assert_eq!(asked.times(), 1, "{kind:?}, the next request");
    }
}

#[tokio::test]
async fn a_revoked_session_is_not_asked_about_again_in_its_request() {
    for kind in Kind::BOTH {
        let asked = Asked::default();
        let hook = kind.hook(&asked, |_| Ok(Verdict::Revoked));
        let mut visitor = signed_in(hook).await;
        visitor.visit(many_calls).await;
        assert_eq!(asked.times(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn neither_is_asked_without_a_readable_cookie() {
    for kind in Kind::BOTH {
        let asked = Asked::default();
        let hook = kind.hook(&asked, |_| Ok(Verdict::Valid));
        let good = signed_in(hook).await;
        let cookie = good.cookie.clone().expect("a cookie");
        let forged = super::support::forged(&cookie);
        let unreadable = [
            None,
            Some("session=".to_owned()),
            Some("session=nonsense".to_owned()),
            Some(forged),
            Some(cookie.replacen("session=", "other=", 1)),
        ];
        for cookie in unreadable {
            let mut visitor = good.clone();
            visitor.cookie.clone_from(&cookie);
            assert!(visitor.visit(Session::is_new).await);
            assert_eq!(asked.times(), 0, "{kind:?}, {cookie:?}");
        }
        good.clock.advance(MAX_AGE);
        assert_eq!(uid(&mut good.clone()).await, None);
        assert_eq!(asked.times(), 0, "{kind:?}, expired");
    }
}

#[tokio::test]
async fn a_session_that_was_signed_out_a_moment_ago_is_not_asked_about() {
    for kind in Kind::BOTH {
        let asked = Asked::default();
        let hook = kind.hook(&asked, |_| Ok(Verdict::Valid));
        let visitor = signed_in(hook).await;
        visitor.clone().visit(Session::destroy).await;
        assert_eq!(asked.times(), 1, "{kind:?}");
        assert_eq!(uid(&mut visitor.clone()).await, None);
        assert_eq!(asked.times(), 0, "{kind:?}");
    }
}

/// A cookie that becomes readable while its request runs was never judged, so it stays unreadable in this request.
#[tokio::test]
async fn what_an_awaited_hook_was_not_asked_about_is_not_used() {
    for kind in Kind::BOTH {
        let asked = Asked::default();
        let hook = kind.hook(&asked, |_| Ok(Verdict::Revoked));
        let visitor = signed_in(hook).await;
        visitor.clock.set(START - 86_401); // in the future by more than clocks may be wrong
        let look = |session: &Session| {
            assert_eq!(session.get::<i64>("uid")?, None);
            Ok(())
        };
        let slow = visitor.begin(|_| Ok(()), look).await;
        visitor.clock.set(START - 86_400);
        slow.finish().await;
    }
}

#[tokio::test]
async fn a_cookie_is_opened_once_also_where_a_hook_is_awaited() {
    for kind in Kind::BOTH {
        let store = CookieStore::new(config()).expect("a good configuration");
        let keyring = store.keyring();
        let mut visitor = signed_in(RevocationList::default()).await;
        let hook = kind.hook(&Asked::default(), |_| Ok(Verdict::Valid));
        let layer = SessionLayer::new(store).expect("a good configuration");
        visitor.deploy(layer.with_revocation(hook));
        visitor.visit(many_calls).await;
        assert_eq!(keyring.usage()[0].opened(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn it_sees_id_birth_and_record() {
    type Seen = Arc<Mutex<Option<(SessionId, std::time::SystemTime, Option<i64>)>>>;
    for kind in Kind::BOTH {
        let seen = Seen::default();
        let note = Arc::clone(&seen);
        let hook = kind.hook(&Asked::default(), move |record| {
            let uid = record.get("uid")?;
            *note.lock().expect("no panic") = Some((record.id(), record.born(), uid));
            Ok(Verdict::Valid)
        });
        let mut visitor = signed_in(hook).await;
        let id = visitor.record().id();
        uid(&mut visitor).await;
        let seen = seen.lock().expect("no panic").take();
        assert_eq!(seen, Some((id, time(START), Some(7))), "{kind:?}");
    }
}

#[tokio::test]
async fn a_revoked_session_is_a_new_one() {
    for kind in Kind::BOTH {
        let hook = kind.hook(&Asked::default(), |record| {
            Ok(match record.get("uid")? {
                Some(7) => Verdict::Revoked,
                _ => Verdict::Valid,
            })
        });
        let before = signed_in(hook).await;
        let mut visitor = before.clone();
        assert_eq!(uid(&mut visitor).await, None);
        assert!(visitor.visit(Session::is_new).await);
        assert_eq!(visitor.answer.session_cookie(), None);
        visitor.visit(|session| session.put("theme", "dark")).await;
        assert_eq!(visitor.payload(), r#"{"theme":"dark"}"#);
        assert_ne!(visitor.record().id(), before.record().id());
        let mut visitor = before.clone();
        visitor.visit(Session::destroy).await;
        assert!(visitor.answer.removes(), "{kind:?}: its cookie came");
    }
}

#[tokio::test]
async fn valid_after_signs_out_everywhere() {
    let since = Arc::new(Mutex::new(None));
    let told = Arc::clone(&since);
    let visitor = signed_in(Revocation::valid_after(move |record| {
        assert_eq!(record.get("uid")?, Some(7));
        Ok(*told.lock().expect("no panic"))
    }))
    .await;
    visitor.clock.advance(10);
    let say = |second| *since.lock().expect("no panic") = Some(time(second));
    assert_eq!(uid(&mut visitor.clone()).await, Some(7), "nothing is said");
    say(START);
    assert_eq!(uid(&mut visitor.clone()).await, Some(7), "its own second");
    say(START + 1);
    assert_eq!(uid(&mut visitor.clone()).await, None, "a second later");

    say(START);
    let mut renewed = visitor.clone();
    renewed.visit(Session::renew).await;
    say(START + 10);
    assert_eq!(uid(&mut renewed).await, Some(7), "born at the renewal");
    assert_eq!(uid(&mut visitor.clone()).await, None);
}

#[test]
fn a_list_refuses_an_id_up_to_the_second() {
    let list = RevocationList::default();
    let store = CookieStore::new(config()).expect("a good configuration");
    let new_id = || store.new_record().expect("random bytes").id();
    let (id, other) = (new_id(), new_id());
    list.revoke(id, time(START + 100));
    list.revoke(id, time(START + 50));
    for (second, refused) in [(0, true), (50, true), (99, true), (100, false)] {
        assert_eq!(
            list.is_revoked(id, time(START + second)),
            refused,
            "{second}"
        );
    }
    assert!(!list.is_revoked(other, time(START)), "another session");
}

/// A server whose clock was ahead may have issued the cookie for longer than was known when it was revoked.
#[tokio::test]
async fn as_a_hook_it_refuses_for_a_day_more() {
    const DAY: u64 = 86_400;
    let list = RevocationList::default();
    let config = config()
        .with_max_age(std::time::Duration::from_secs(3 * DAY))
        .with_absolute_max_age(None);
    let mut visitor = Visitor::of(config);
    visitor.visit(|session| session.put("uid", 7)).await;
    let visitor = visitor.with_layer(|layer| layer.with_revocation(list.clone()));
    let mut other = visitor.clone();
    other.cookie = None;
    other.visit(|session| session.put("uid", 8)).await;
    list.revoke(visitor.record().id(), time(START + 100));
    for (second, seen) in [
        (0, None),
        (99, None),
        (99 + DAY, None),
        (100 + DAY, Some(7)),
    ] {
        visitor.clock.set(START + second);
        assert_eq!(uid(&mut visitor.clone()).await, seen, "{second}");
    }
    assert_eq!(uid(&mut other).await, Some(8), "another session");
}

/// What the documentation advises: the session's own end, after which its cookie is worth nothing anyway.
#[tokio::test]
async fn a_session_revoked_until_its_end_never_comes_back() {
    let list = RevocationList::default();
    let visitor = signed_in(list.clone()).await;
    let thief = visitor.clone();
    visitor
        .clone()
        .visit(|session| {
            list.revoke(session.id()?, session.expires_at()?);
            session.destroy()
        })
        .await;
    for second in [0, 60, MAX_AGE - 1, MAX_AGE, MAX_AGE + 1] {
        visitor.clock.set(START + second);
        assert_eq!(uid(&mut thief.clone()).await, None, "{second}");
    }
}

#[tokio::test]
async fn a_hook_that_asks_for_the_current_session_does_not_ask_itself() {
    let hook = Revocation::new(|_| {
        let found = Session::current().and_then(|_| Session::named("session"));
        assert!(found.is_err(), "it is not there before the verdict");
        Ok(Verdict::Valid)
    });
    let mut visitor = signed_in(hook).await;
    assert_eq!(uid(&mut visitor).await, Some(7));
}

#[tokio::test]
async fn a_client_that_leaves_while_a_hook_is_awaited_leaves_nothing_behind() {
    let visitor = signed_in(Revocation::with_future(|_| std::future::pending())).await;
    let request = visitor.request();
    let service = tower::Layer::layer(
        &visitor.layer,
        tower::service_fn(async |_: http::Request<()>| {
            Ok::<_, std::convert::Infallible>(http::Response::new(()))
        }),
    );
    let call = tower::ServiceExt::oneshot(service, request);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(5), call).await;
    assert!(waited.is_err(), "it is pending");
    assert!(visitor.layer.requests().is_empty());
}

#[tokio::test]
async fn a_session_revoked_while_its_request_runs_is_judged_once() {
    let list = RevocationList::default();
    let visitor = signed_in(list.clone()).await;
    let put = |session: &Session| session.put("cart", 1);
    let slow = visitor.begin(put, put).await;
    list.revoke(visitor.record().id(), time(START + MAX_AGE));
    let mut browser = slow.finish().await;
    assert!(browser.answer.saves(), "judged before");
    assert_eq!(uid(&mut browser).await, None, "the next request");
}

#[test]
fn the_layer_takes_a_hook_or_a_list() {
    let layer = || SessionLayer::new(config()).expect("a good configuration");
    let _with_a_list = layer().with_revocation(RevocationList::default());
    let hook = Revocation::new(|_| Ok(Verdict::Valid));
    assert!(format!("{hook:?}").contains("Revocation"));
    let _with_a_hook = layer().with_revocation(hook);
}
