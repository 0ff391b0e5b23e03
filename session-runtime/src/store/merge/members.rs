//! A payload's text as members and back, with every piece as it was written.

use core::fmt;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::NoPayload;

/// The key of the deadlines; what begins with it among them belongs to no key.
const DEADLINES: &str = "~";

/// Keys that an error names.
const SHOWN: usize = 5;

#[derive(Clone, Debug)]
pub(super) struct Member<'a> {
    /// The name as JSON text.
    quoted: Cow<'a, str>,
    pub(super) name: String,
    /// JSON text.
    pub(super) value: &'a str,
    /// A JSON integer, seconds since 1970.
    pub(super) deadline: Option<&'a str>,
}

impl Member<'_> {
    pub(super) fn holds_same(&self, other: &Member<'_>) -> bool {
        (self.value, self.deadline) == (other.value, other.deadline)
    }

    pub(super) fn is_over(&self, now: u64) -> bool {
        // A negative one has long passed, and one beyond every clock never does.
        self.deadline
            .is_some_and(|at| at.starts_with('-') || at.parse().is_ok_and(|at: u64| at <= now))
    }

    fn pair_len(&self) -> usize {
        self.quoted.len() + 1 + self.value.len()
    }
}

/// What stands among the deadlines and belongs to no key.
#[derive(Clone, Debug)]
struct Reserved<'a> {
    quoted: Cow<'a, str>,
    name: String,
    number: &'a str,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Members<'a> {
    /// In their order; a removed one leaves its place empty.
    list: Vec<Option<Member<'a>>>,
    places: HashMap<String, usize>,
    entries: Vec<Reserved<'a>>,
}

impl<'a> Members<'a> {
    /// Empty text is the empty object.
    pub(super) fn parse(payload: &'a [u8]) -> Result<Self, NoPayload> {
        let mut members = Self::default();
        if payload.is_empty() {
            return Ok(members);
        }
        let text = core::str::from_utf8(payload).map_err(|_| NoPayload)?;
        let mut deadlines = None;
        for (quoted, value) in pairs(text)? {
            let name = unquote(quoted)?;
            if name == DEADLINES {
                if deadlines.replace(value).is_some() {
                    return Err(NoPayload);
                }
            } else if members.get(&name).is_some() {
                return Err(NoPayload);
            } else {
                members.push(quoted.into(), name, value, None);
            }
        }
        deadlines.map_or(Ok(()), |deadlines| members.attach(deadlines))?;
        Ok(members)
    }

    /// A deadline of a key that is not there is dropped.
    fn attach(&mut self, deadlines: &'a str) -> Result<(), NoPayload> {
        for (quoted, number) in pairs(deadlines)? {
            let digits = number.strip_prefix('-').unwrap_or(number);
            if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
                return Err(NoPayload);
            }
            let name = unquote(quoted)?;
            if name.starts_with(DEADLINES) {
                self.entries.push(Reserved {
                    quoted: quoted.into(),
                    name,
                    number,
                });
            } else if let Some(member) = self.member(&name) {
                member.deadline = Some(number);
            }
        }
        Ok(())
    }

    fn push(
        &mut self,
        quoted: Cow<'a, str>,
        name: String,
        value: &'a str,
        deadline: Option<&'a str>,
    ) {
        self.places.insert(name.clone(), self.list.len());
        self.list.push(Some(Member {
            quoted,
            name,
            value,
            deadline,
        }));
    }

    fn member(&mut self, name: &str) -> Option<&mut Member<'a>> {
        self.list.get_mut(*self.places.get(name)?)?.as_mut()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Member<'a>> {
        self.list.get(*self.places.get(name)?)?.as_ref()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Member<'a>> {
        self.list.iter().flatten()
    }

    /// In its place, or behind the last.
    pub(super) fn set(&mut self, name: &str, value: &'a str, deadline: Option<&'a str>) {
        if let Some(member) = self.member(name) {
            member.value = value;
            member.deadline = deadline;
        } else {
            self.push(quote(name), name.to_owned(), value, deadline);
        }
    }

    pub(super) fn set_deadline(&mut self, name: &str, deadline: &'a str) {
        if let Some(member) = self.member(name) {
            member.deadline = Some(deadline);
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        if let Some(at) = self.places.remove(name)
            && let Some(member) = self.list.get_mut(at)
        {
            *member = None;
        }
    }

    /// The number of an entry that belongs to no key.
    pub(super) fn entry(&self, name: &str) -> Option<&'a str> {
        let entry = self.entries.iter().find(|entry| entry.name == name);
        entry.map(|entry| entry.number)
    }

    pub(super) fn set_entry(&mut self, name: &str, number: Option<&'a str>) {
        let Some(number) = number else {
            self.entries.retain(|entry| entry.name != name);
            return;
        };
        match self.entries.iter_mut().find(|entry| entry.name == name) {
            Some(entry) => entry.number = number,
            None => self.entries.push(Reserved {
                quoted: quote(name),
                name: name.to_owned(),
                number,
            }),
        }
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let pairs = self.iter().map(|member| (&*member.quoted, member.value));
        let deadlines = self
            .iter()
            .filter_map(|member| Some((&*member.quoted, member.deadline?)));
        let entries = self
            .entries
            .iter()
            .map(|entry| (&*entry.quoted, entry.number));
        let deadlines = object(deadlines.chain(entries));
        let last = (deadlines != "{}").then_some(("\"~\"", &*deadlines));
        object(pairs.chain(last)).into_bytes()
    }

    /// Keys with the bytes of their pairs, largest first.
    pub(super) fn largest(&self) -> Vec<(String, usize)> {
        let sizes = self
            .iter()
            .map(|member| (member.name.clone(), member.pair_len()));
        let mut sizes: Vec<_> = sizes.collect();
        sizes.sort_by_key(|(_, size)| Reverse(*size));
        sizes.truncate(SHOWN);
        sizes
    }
}

fn object<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let mut text = String::from("{");
    for (quoted, value) in pairs {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(quoted);
        text.push(':');
        text.push_str(value);
    }
    text.push('}');
    text
}

fn quote(name: &str) -> Cow<'static, str> {
    serde_json::Value::from(name).to_string().into()
}

/// A name that is no Unicode text (a lone surrogate) is none.
fn unquote(quoted: &str) -> Result<String, NoPayload> {
    serde_json::from_str(quoted).map_err(|_| NoPayload)
}

type Pair<'a> = (&'a str, &'a str);

/// The members of the one object that the text is, each as it is written.
fn pairs(text: &str) -> Result<Vec<Pair<'_>>, NoPayload> {
    let Pairs(pairs) = serde_json::from_str(text).map_err(|_| NoPayload)?;
    Ok(pairs)
}

struct Pairs<'a>(Vec<Pair<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Vec<Pair<'de>>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some((quoted, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    pairs.push((quoted.get(), value.get()));
                }
                Ok(pairs)
            }
        }
        from.deserialize_map(Visit).map(Self)
    }
}
