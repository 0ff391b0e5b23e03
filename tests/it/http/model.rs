//! Random lives of sessions, compared with a model that knows no cookies: what is kept, what is sent, which id, until
//! when, and what is said of it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use http::StatusCode;
use session_runtime::{Error, Lifetime, Result, Session, SessionData, SessionId};

use super::support::{ABSOLUTE, Events, MAX_AGE, Visitor, time};

#[derive(SessionData)]
struct Account {
    /// Whose session it is.
    #[session(owner)]
    uid: u64,
}

/// A small generator (xorshift64), so that a failure is found again by its number.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

#[derive(Clone, Copy, Debug)]
enum Call {
    Read,
    Put(&'static str, u64),
    Del(&'static str),
    Clear,
    Renew,
    Restart,
    Destroy,
    Choose(Lifetime),
    Id,
}

impl Call {
    fn any(random: &mut Random) -> Self {
        let name = ["uid", "a", "b"][usize::try_from(random.below(3)).expect("small")];
        let length = Duration::from_secs(100 * (1 + random.below(10)));
        match random.below(12) {
            0 | 1 => Self::Read,
            2..=4 => Self::Put(name, random.below(3)),
            5 => Self::Del(name),
            6 => Self::Clear,
            7 => Self::Renew,
            8 => Self::Restart,
            9 => Self::Destroy,
            10 => Self::Choose(match random.below(3) {
                0 => Lifetime::Configured,
                1 => Lifetime::Browser(length),
                _ => Lifetime::For(length),
            }),
            _ => Self::Id,
        }
    }

    /// Whether the session took it.
    fn run(self, session: &Session) -> Result<bool> {
        let result = match self {
            Self::Read => session.keys().map(drop),
            Self::Put(name, value) => session.put(name, value),
            Self::Del(name) => session.del(name).map(drop),
            Self::Clear => session.clear(),
            Self::Renew => session.renew(),
            Self::Restart => session.restart(),
            Self::Destroy => session.destroy(),
            Self::Choose(lifetime) => session.set_lifetime(lifetime),
            Self::Id => session.id().map(drop),
        };
        match result {
            Ok(()) => Ok(true),
            Err(Error::Destroyed) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// A session as a cookie holds it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Life {
    values: Vec<(&'static str, u64)>,
    lifetime: Lifetime,
    born: u64,
    issued: u64,
}

impl Life {
    fn length(&self) -> u64 {
        let chosen = match self.lifetime {
            Lifetime::Browser(time) | Lifetime::For(time) => time.as_secs(),
            _ => MAX_AGE,
        };
        chosen.min(self.born + ABSOLUTE - self.issued)
    }

    fn end(&self) -> u64 {
        self.issued + self.length()
    }
}

/// What a request makes of the session that came.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Active,
    Renewed,
    Restarted,
    Destroyed,
}

/// What a response does to the browser's cookie.
enum Sent {
    Nothing,
    Removal,
    Cookie(Life),
}

struct Working {
    came: bool,
    before: Option<Life>,
    life: Life,
    fate: Fate,
    keep: bool,
}

impl Working {
    fn begin(before: Option<Life>, came: bool, now: u64) -> Self {
        let life = before.clone().unwrap_or(Life {
            born: now,
            ..Life::default()
        });
        Self {
            came,
            before,
            life,
            fate: Fate::Active,
            keep: false,
        }
    }

    fn is_new(&self) -> bool {
        self.before.is_none() || self.fate == Fate::Restarted
    }

    fn renew(&mut self, now: u64) {
        self.life.born = now;
        self.keep = true;
        if self.fate == Fate::Active {
            self.fate = Fate::Renewed;
        }
    }

    /// Whether the session took it.
    fn call(&mut self, call: Call, now: u64) -> bool {
        let is_destroyed = self.fate == Fate::Destroyed;
        let owner = |life: &Life| life.values.iter().find(|(name, _)| *name == "uid").copied();
        let before = owner(&self.life);
        match call {
            Call::Put(..) | Call::Renew | Call::Choose(_) | Call::Id if is_destroyed => {
                return false;
            }
            Call::Read => {}
            Call::Put(name, value) => {
                let values = &mut self.life.values;
                match values.iter_mut().find(|(other, _)| *other == name) {
                    Some(found) => found.1 = value,
                    None => values.push((name, value)),
                }
            }
            Call::Del(name) => self.life.values.retain(|(other, _)| *other != name),
            Call::Clear => self.life.values.clear(),
            Call::Renew => self.renew(now),
            Call::Choose(lifetime) => self.life.lifetime = lifetime,
            Call::Id => self.keep |= self.is_new(),
            Call::Restart | Call::Destroy => self.end(call, now),
        }
        let is_put_or_del = matches!(call, Call::Put(..) | Call::Del(_));
        if is_put_or_del && owner(&self.life) != before {
            self.renew(now);
        }
        true
    }

    fn end(&mut self, call: Call, now: u64) {
        self.life = Life {
            born: now,
            ..Life::default()
        };
        if matches!(call, Call::Restart) {
            self.fate = Fate::Restarted;
            self.keep = self.came;
        } else {
            self.fate = Fate::Destroyed;
        }
    }

    fn is_changed(&self) -> bool {
        let before = self.before.clone().filter(|_| self.fate != Fate::Restarted);
        let before = before.unwrap_or_default();
        let same = (&before.values, before.lifetime) == (&self.life.values, self.life.lifetime);
        self.keep || !same
    }

    /// The word for it, and what is sent.
    fn close(mut self, status: StatusCode, now: u64) -> (&'static str, Sent) {
        let skipped = match status {
            StatusCode::REQUEST_TIMEOUT => Some("skipped_408"),
            status => status.is_server_error().then_some("skipped_5xx"),
        };
        if self.fate == Fate::Destroyed || self.fate == Fate::Restarted && skipped.is_some() {
            return (
                "destroyed",
                if self.came {
                    Sent::Removal
                } else {
                    Sent::Nothing
                },
            );
        }
        let is_due = self.before.as_ref().filter(|_| !self.is_new());
        let is_due = is_due.is_some_and(|life| now >= life.issued + life.length().div_ceil(2));
        let word = match self.fate {
            _ if !self.is_changed() && is_due => "refreshed",
            _ if !self.is_changed() => return ("unchanged", Sent::Nothing),
            Fate::Restarted => "restarted",
            _ if self.before.is_none() => "new",
            _ => "changed",
        };
        match skipped {
            Some(_) if !self.is_changed() => ("unchanged", Sent::Nothing),
            Some(skipped) => (skipped, Sent::Nothing),
            None => {
                self.life.issued = now;
                (word, Sent::Cookie(self.life))
            }
        }
    }
}

/// The browser as the model knows it.
#[derive(Default)]
struct Browser {
    life: Option<Life>,
    id: Option<SessionId>,
}

impl Working {
    /// Makes the calls, and holds each to the model.
    fn visit(&mut self, session: &Session, calls: &[Call], now: u64, log: &str) -> Result<()> {
        for &call in calls {
            assert_eq!(call.run(session)?, self.call(call, now), "{call:?}\n{log}");
            assert_eq!(session.is_new()?, self.is_new(), "{call:?}\n{log}");
            assert_eq!(session.lifetime()?, self.life.lifetime, "{call:?}\n{log}");
            let names: Vec<&str> = self.life.values.iter().map(|(name, _)| *name).collect();
            assert_eq!(session.keys()?, names, "{call:?}\n{log}");
        }
        Ok(())
    }
}

/// One request; the word for it.
async fn request(
    visitor: &mut Visitor,
    browser: &mut Browser,
    random: &mut Random,
    log: &mut String,
) -> &'static str {
    let now = visitor.clock.seconds();
    let status = match random.below(5) {
        0 => StatusCode::BAD_GATEWAY,
        1 => StatusCode::REQUEST_TIMEOUT,
        _ => StatusCode::OK,
    };
    let calls: Vec<Call> = (0..=random.below(4)).map(|_| Call::any(random)).collect();
    writeln!(log, "at {now}: {status} {calls:?}").expect("a string takes all");
    let before = browser.life.clone().filter(|life| now < life.end());
    let is_known = before.is_some();
    let mut working = Working::begin(before, browser.life.is_some(), now);
    let events = Events::capture();
    let visit = |session: &Session| working.visit(session, &calls, now, log);
    visitor.answered(status, visit).await;
    let keeps_id = is_known && working.fate == Fate::Active;
    let (word, sent) = working.close(status, now);
    assert_eq!(events.outcomes(), [word], "{log}");
    match sent {
        Sent::Nothing => assert_eq!(visitor.answer.session_cookie(), None, "{log}"),
        Sent::Removal => {
            assert!(visitor.answer.removes(), "{log}");
            *browser = Browser::default();
        }
        Sent::Cookie(life) => {
            check_cookie(visitor, &life, log);
            let id = Some(visitor.record().id());
            assert_eq!(id == browser.id, keeps_id, "{log}");
            *browser = Browser {
                life: Some(life),
                id,
            };
        }
    }
    word
}

fn check_cookie(visitor: &Visitor, life: &Life, log: &str) {
    assert!(visitor.answer.saves(), "{log}");
    let record = visitor.record();
    let values = record.keys().into_iter().map(|name| {
        let value: Option<u64> = record.get(&name).expect("a number");
        (name, value.expect("it is listed"))
    });
    let expected = life
        .values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value));
    assert!(values.eq(expected), "{log}");
    assert_eq!(record.lifetime(), life.lifetime, "{log}");
    assert_eq!(record.born(), time(life.born), "{log}");
    assert_eq!(record.expires_at(), time(life.end()), "{log}");
    let is_browser = matches!(life.lifetime, Lifetime::Browser(_));
    assert_eq!(
        visitor.max_age(),
        (!is_browser).then(|| life.length()),
        "{log}"
    );
}

#[tokio::test]
async fn a_thousand_random_lives_are_as_the_model_says() {
    let mut words = BTreeSet::new();
    for seed in 1..=1_000 {
        let mut random = Random(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        let mut visitor =
            Visitor::new().with_layer(|layer| layer.with_data::<Account>().expect("one owner"));
        let (mut browser, mut log) = (Browser::default(), format!("life {seed}\n"));
        for _ in 0..12 {
            words.insert(request(&mut visitor, &mut browser, &mut random, &mut log).await);
            let pause = [0, 1, 50, 300, 700][usize::try_from(random.below(5)).expect("small")];
            visitor.clock.advance(pause);
        }
        assert!(visitor.layer.requests().is_empty());
    }
    let reached = [
        "changed",
        "destroyed",
        "new",
        "refreshed",
        "restarted",
        "skipped_408",
        "skipped_5xx",
        "unchanged",
    ];
    assert!(words.iter().eq(&reached), "{words:?}");
}
