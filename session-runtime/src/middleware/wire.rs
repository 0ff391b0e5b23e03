//! The cookie store as a request sees it.

use http::header::HeaderValue;

use crate::codec::{Cookies, Wire};
use crate::cookie::CookieStore;
use crate::error::{Refusal, Result};
use crate::record::{Record, Stamp};

impl Wire for CookieStore {
    fn name(&self) -> &str {
        self.name()
    }

    fn now(&self) -> u64 {
        self.now()
    }

    fn asks_user(&self) -> bool {
        self.has_clock()
    }

    fn open(&self, cookies: &Cookies, now: u64) -> Result<Record, Refusal> {
        self.open_at(cookies.fields(), now)
    }

    fn new_stamp(&self, now: u64) -> Result<Stamp> {
        self.new_stamp(now)
    }

    fn size(&self, record: &Record, now: u64) -> Result<usize> {
        self.size(record, now)
    }

    fn max_size(&self) -> usize {
        self.max_size()
    }

    fn is_encrypted(&self) -> bool {
        self.is_encrypted()
    }

    fn seal(&self, record: &Record, now: u64, limit: usize) -> Result<HeaderValue> {
        self.seal_at(record, now, limit)
    }

    fn remove(&self) -> HeaderValue {
        self.remove()
    }
}
