//! The same job as session-runtime's, by hand and in straight lines: one layer, one entry for each request in the
//! extensions and in a thread-local, closed by a guard; a signed cookie with id, times and key id, checked; an index of
//! up to eight keys, of which a repeated one is refused; typed get and put through a locked handle; the size of the
//! cookie to come; the rule that issues a used cookie again; cache headers; `Set-Cookie`; a random id.
//!
//! It leaves out: nested layers, the count of live requests, revocation, what ended a moment ago, keys that are
//! replaced while serving, several values of one name, the grammar of numbers, aliases, flash, ttl, undo, lifetimes,
//! save policy, warnings, logs.

use std::cell::RefCell;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use axum::extract::FromRequestParts;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::header::{CACHE_CONTROL, COOKIE as COOKIE_HEADER, SET_COOKIE, VARY};
use http::request::Parts;
use http::{HeaderValue, Request, StatusCode};
use pin_project_lite::pin_project;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tower::{Layer, Service};

use super::primitives::{decode_base64, encode_base64, find_value};
use super::{COOKIE, SECRET};
use crate::account::{Account, UID, answer};
use crate::subject::{Protection, Role, Subject, at_root};
use crate::workload::Operation;

pub const SIGNED: &str = "the same job by hand";

const HEAD: usize = 34;
const TAG: usize = 32;
const LIFETIME: u64 = 30 * 86_400;
const ABSOLUTE: u64 = 90 * 86_400;
const KEY_ID: [u8; 4] = *b"key1";
const LIMIT: usize = 4096;

static MAC: LazyLock<Hmac<Sha256>> =
    LazyLock::new(|| Hmac::new_from_slice(&SECRET).expect("any length is a key"));

#[must_use]
pub fn signed() -> Subject {
    Subject::axum(
        SIGNED,
        Role::Ideal,
        Protection::Signed,
        |operation, account| at_root(route(operation, account)).layer(IdealLayer),
    )
}

fn route(operation: Operation, account: &Account) -> MethodRouter {
    let account = account.clone();
    match operation {
        Operation::Untouched => get(super::bare::handler),
        Operation::Read => get(read),
        Operation::Write => get(write),
        Operation::New => get(async |visit: Visit| status(visit.put("uid", &UID))),
        Operation::Seed => get(async move |visit: Visit| status(seed(&visit, &account))),
    }
}

fn status(done: Option<()>) -> StatusCode {
    done.map_or(StatusCode::UNAUTHORIZED, |()| StatusCode::OK)
}

async fn read(visit: Visit) -> StatusCode {
    let email: Option<String> = visit.get("email");
    answer(visit.get("uid"), email.as_deref())
}

async fn write(visit: Visit) -> StatusCode {
    let (uid, email): (Option<i64>, Option<String>) = (visit.get("uid"), visit.get("email"));
    let put = uid.and_then(|uid| visit.put("uid", &(uid + 1)));
    put.map_or(StatusCode::UNAUTHORIZED, |()| answer(uid, email.as_deref()))
}

fn seed(visit: &Visit, account: &Account) -> Option<()> {
    visit.put("uid", &account.uid)?;
    visit.put("email", &account.email)?;
    visit.put("recent", &account.recent)?;
    visit.put("locale", &account.locale)?;
    visit.put("message", &account.message)
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

// ---- the session of one request

type Entry = Mutex<State>;

#[expect(clippy::large_enum_variant, reason = "a box is an allocation more")]
enum State {
    Unread(Option<HeaderValue>),
    Read(Session),
    Ended,
}

fn lock(entry: &Entry) -> MutexGuard<'_, State> {
    entry.lock().unwrap_or_else(PoisonError::into_inner)
}

type Span = (usize, usize);

struct Session {
    id: [u8; 16],
    born: u64,
    issued_at: u64,
    /// The token that came, and behind it what was put.
    bytes: Vec<u8>,
    /// Keys with their quotes, and values.
    fields: [(Span, Span); 8],
    len: usize,
    changed: bool,
}

impl Session {
    fn new(now: u64) -> Self {
        let mut id = [0; 16];
        rand::fill(&mut id);
        Self {
            id,
            born: now,
            issued_at: now,
            bytes: Vec::with_capacity(64),
            fields: [((0, 0), (0, 0)); 8],
            len: 0,
            changed: false,
        }
    }

    fn open(cookie: &HeaderValue, now: u64) -> Option<Self> {
        let bytes = decode_base64(find_value(cookie.as_bytes())?)?;
        let (signed, tag) = bytes.split_last_chunk::<TAG>()?;
        let head = signed.first_chunk::<HEAD>()?;
        if head[0] != 1 || head[1..5] != KEY_ID {
            return None;
        }
        let mac = MAC.clone().chain_update(signed);
        mac.verify(tag.into()).ok()?;
        let number = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0, |number, &byte| number << 8 | u64::from(byte))
        };
        let born = number(&head[5..10]);
        let issued_at = born + number(&head[10..14]);
        let ttl = number(&head[14..18]).min(LIFETIME);
        if issued_at > now + 60 || now >= issued_at + ttl || now >= born + ABSOLUTE {
            return None;
        }
        let end = signed.len();
        let mut session = Self {
            id: *head[18..].first_chunk()?,
            born,
            issued_at,
            bytes,
            ..Self::new_fields()
        };
        session.index(HEAD, end)?;
        Some(session)
    }

    fn new_fields() -> Self {
        Self {
            id: [0; 16],
            born: 0,
            issued_at: 0,
            bytes: Vec::new(),
            fields: [((0, 0), (0, 0)); 8],
            len: 0,
            changed: false,
        }
    }

    /// Finds keys and values in the object between these places.
    fn index(&mut self, start: usize, end: usize) -> Option<()> {
        let json = &self.bytes[..end];
        let mut at = start + 1;
        if json.get(start) != Some(&b'{') || json.last() != Some(&b'}') {
            return None;
        }
        while at < end - 1 {
            let key_end = string_end(json, at)?;
            let value = (*json.get(key_end)? == b':').then_some(key_end + 1)?;
            let value_end = value_end(json, value)?;
            let key = &json[at..key_end];
            let earlier = &self.fields[..self.len];
            if earlier
                .iter()
                .any(|((from, to), _)| &json[*from..*to] == key)
            {
                return None;
            }
            *self.fields.get_mut(self.len)? = ((at, key_end), (value, value_end));
            self.len += 1;
            at = match json[value_end] {
                b',' => value_end + 1,
                b'}' => value_end,
                _ => return None,
            };
        }
        core::str::from_utf8(&json[start..]).ok().map(drop)
    }

    fn position(&self, name: &str) -> Option<usize> {
        let is_it =
            |((from, to), _): &(Span, Span)| &self.bytes[from + 1..to - 1] == name.as_bytes();
        self.fields[..self.len].iter().position(is_it)
    }

    fn get(&self, name: &str) -> Option<&[u8]> {
        let (from, to) = self.fields[self.position(name)?].1;
        Some(&self.bytes[from..to])
    }

    fn append(&mut self, pieces: &[&[u8]]) -> Span {
        let from = self.bytes.len();
        for piece in pieces {
            self.bytes.extend_from_slice(piece);
        }
        (from, self.bytes.len())
    }

    fn put(&mut self, name: &str, value: &[u8]) -> Option<()> {
        let (at, key) = match self.position(name) {
            Some(at) => (at, self.fields[at].0),
            None => (self.len, self.append(&[b"\"", name.as_bytes(), b"\""])),
        };
        let value = self.append(&[value]);
        *self.fields.get_mut(at)? = (key, value);
        self.len = self.len.max(at + 1);
        self.changed = true;
        let token = HEAD + self.json_len() + TAG;
        (COOKIE.len() + (token * 4).div_ceil(3) <= LIMIT).then_some(())
    }

    fn json_len(&self) -> usize {
        let pairs = self.fields[..self.len].iter();
        pairs
            .map(|(key, value)| key.1 - key.0 + value.1 - value.0 + 2)
            .sum::<usize>()
            + 1
    }

    fn seal(&self, now: u64) -> HeaderValue {
        let mut token = Vec::with_capacity(HEAD + self.json_len() + TAG);
        token.push(1);
        token.extend_from_slice(&KEY_ID);
        token.extend_from_slice(&self.born.to_be_bytes()[3..]);
        token.extend_from_slice(
            &u32::try_from(now - self.born)
                .unwrap_or(u32::MAX)
                .to_be_bytes(),
        );
        token.extend_from_slice(&u32::try_from(LIFETIME).unwrap_or(u32::MAX).to_be_bytes());
        token.extend_from_slice(&self.id);
        let mut before = b'{';
        for (key, value) in &self.fields[..self.len] {
            token.push(before);
            token.extend_from_slice(&self.bytes[key.0..key.1]);
            token.push(b':');
            token.extend_from_slice(&self.bytes[value.0..value.1]);
            before = b',';
        }
        token.push(b'}');
        let tag = MAC.clone().chain_update(&token).finalize().into_bytes();
        token.extend_from_slice(&tag);
        let mut header = Vec::with_capacity(token.len() * 4 / 3 + 96);
        header.extend_from_slice(b"session=");
        encode_base64(&token, &mut header);
        header.extend_from_slice(b"; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000");
        let mut header = HeaderValue::try_from(header).expect("base64 and attributes");
        header.set_sensitive(true);
        header
    }
}

/// Behind the string that begins here.
fn string_end(json: &[u8], at: usize) -> Option<usize> {
    let mut at = (*json.get(at)? == b'"').then_some(at + 1)?;
    loop {
        match json.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Behind the value that begins here; what is inside is checked when it is decoded.
fn value_end(json: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match json.get(at)? {
            b'"' => at = string_end(json, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                at += 1;
            }
            b',' | b'}' if depth == 0 => return Some(at),
            _ => at += 1,
        }
    }
}

/// What a handler has.
#[derive(Clone)]
struct Visit(Arc<Entry>);

impl Visit {
    fn with<T>(&self, use_it: impl FnOnce(&mut Session) -> Option<T>) -> Option<T> {
        let mut state = lock(&self.0);
        if let State::Unread(cookie) = &*state {
            let now = now();
            let opened = cookie
                .as_ref()
                .and_then(|cookie| Session::open(cookie, now));
            *state = State::Read(opened.unwrap_or_else(|| Session::new(now)));
        }
        match &mut *state {
            State::Read(session) => use_it(session),
            State::Unread(_) | State::Ended => None,
        }
    }

    fn get<T: for<'de> Deserialize<'de>>(&self, name: &str) -> Option<T> {
        let raw = self.with(|session| session.get(name).map(<[u8]>::to_vec))?;
        serde_json::from_slice(&raw).ok()
    }

    fn put<T: Serialize>(&self, name: &str, value: &T) -> Option<()> {
        let mut raw = Vec::with_capacity(32);
        serde_json::to_writer(&mut raw, value).ok()?;
        self.with(|session| session.put(name, &raw))
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let visit = parts.extensions.get().cloned();
        visit
            .or_else(|| CURRENT.with_borrow(Clone::clone))
            .ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

// ---- the layer

thread_local! {
    static CURRENT: RefCell<Option<Visit>> = const { RefCell::new(None) };
}

/// Makes a visit the current one until it is dropped.
struct Enter(Option<Visit>);

impl Enter {
    fn new(visit: &Visit) -> Self {
        Self(CURRENT.replace(Some(visit.clone())))
    }
}

impl Drop for Enter {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

#[derive(Clone)]
struct IdealLayer;

impl<S> Layer<S> for IdealLayer {
    type Service = Ideal<S>;

    fn layer(&self, inner: S) -> Ideal<S> {
        Ideal(inner)
    }
}

#[derive(Clone)]
struct Ideal<S>(S);

/// Ends the entry, whatever happened to the request.
struct Open(Visit);

impl Open {
    fn close(&self) -> State {
        core::mem::replace(&mut *lock(&self.0.0), State::Ended)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.close();
    }
}

pin_project! {
    struct Answering<F> {
        #[pin]
        inner: F,
        open: Open,
    }
}

impl<S: Service<Request<B>, Response = Response>, B> Service<Request<B>> for Ideal<S> {
    type Response = Response;
    type Error = S::Error;
    type Future = Answering<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let cookie = request.headers().get(COOKIE_HEADER).cloned();
        let visit = Visit(Arc::new(Mutex::new(State::Unread(cookie))));
        request.extensions_mut().insert(visit.clone());
        let _current = Enter::new(&visit);
        Answering {
            inner: self.0.call(request),
            open: Open(visit),
        }
    }
}

impl<F: Future<Output = Result<Response, E>>, E> Future for Answering<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let current = Enter::new(&this.open.0);
        let result = ready!(this.inner.poll(cx));
        drop(current);
        let state = this.open.close();
        let mut response = result?;
        if let State::Read(session) = state {
            finish(&session, &mut response);
        }
        Poll::Ready(Ok(response))
    }
}

/// Cache headers, and the cookie where it changed or is due.
fn finish(session: &Session, response: &mut Response) {
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("cookie"));
    let now = now();
    let is_due = now >= session.issued_at + LIFETIME / 2;
    let saves = (session.changed || is_due) && !response.status().is_server_error();
    let headers = response.headers_mut();
    let cache = if saves { "no-store" } else { "private" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    if saves {
        headers.append(SET_COOKIE, session.seal(now));
    }
}
