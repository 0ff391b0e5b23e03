//! Does it take longer to refuse a cookie whose MAC begins like the right one? A statistical test after dudect
//! (Reparaz, Balasch, Verbauwhede, 2017): cookies of two classes in random order, each refusal timed, the means compared
//! by Welch's t. A control, which does the same and then compares the MAC byte by byte, shows that the test would see it.
//!
//! `cargo bench -p session-runtime --features encrypted --bench constant_time`, on a machine without other work: some
//! seconds, a minute at most. Exit status 1: a difference, or a control that was not caught.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::HeaderValue;
use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};

type Error = Box<dyn std::error::Error>;

/// As long as |t| stays below it, no difference was found.
const SUSPECT: f64 = 4.5;
/// From here on there is one.
const LEAK: f64 = 10.0;
const SAMPLES: usize = 2_000_000;
const LONGEST: Duration = Duration::from_secs(17);

fn main() -> Result<ExitCode, Error> {
    let (signed, encrypted) = (Codec::new(false)?, Codec::new(true)?);
    println!("refusal of              MAC wrong at the first byte     at the last     |t|");
    let of_signed = measure(&signed, |value| signed.refuses(value));
    of_signed.print("signed, HMAC");
    let of_encrypted = measure(&encrypted, |value| encrypted.refuses(value));
    of_encrypted.print("encrypted, GCM tag");
    let of_control = measure(&signed, |value| {
        signed.refuses(value) && signed.differs_early(value)
    });
    of_control.print("control, byte by byte");
    if of_signed.t < SUSPECT && of_encrypted.t < SUSPECT && of_control.t >= LEAK {
        println!("as it should be: only the control leaks");
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "NOT as it should be: a difference, or a control that was not caught (a busy machine?)"
    );
    Ok(ExitCode::FAILURE)
}

struct Codec {
    store: CookieStore,
    tag_len: usize,
    /// A good token, decoded.
    good: Vec<u8>,
}

impl Codec {
    fn new(encrypted: bool) -> Result<Self, Error> {
        let config = CookieStoreConfig::new("__Host-sid", SecretKeys::generate()?);
        let store = CookieStore::new(config.with_encrypted(encrypted))?;
        let mut record = store.new_record()?;
        record.put("uid", 123)?;
        let good = BASE64_URL_SAFE_NO_PAD.decode(value(&store.seal(&record)?)?)?;
        let tag_len = if encrypted { 16 } else { 32 };
        Ok(Self {
            store,
            tag_len,
            good,
        })
    }

    /// A tag wrong in its first byte, and one wrong in its last.
    fn classes(&self) -> [String; 2] {
        [self.tag_len, 1].map(|from_end| {
            let mut token = self.good.clone();
            let at = token.len() - from_end;
            token[at] ^= 1;
            BASE64_URL_SAFE_NO_PAD.encode(token)
        })
    }

    fn refuses(&self, value: &[u8]) -> bool {
        self.store.open_value(value).is_err()
    }

    /// What a comparison must not do: it ends at the first byte that differs.
    #[inline(never)]
    fn differs_early(&self, value: &[u8]) -> bool {
        let token = BASE64_URL_SAFE_NO_PAD.decode(value).unwrap_or_default();
        let tag = self.good.len() - self.tag_len;
        for (one, other) in token.iter().zip(&self.good).skip(tag) {
            if black_box(one) != black_box(other) {
                return true;
            }
        }
        false
    }
}

/// The cookie's value in a `Set-Cookie`.
fn value(cookie: &HeaderValue) -> Result<&str, Error> {
    let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
    Ok(pair.split_once('=').ok_or("no pair")?.1)
}

struct Outcome {
    /// Nanoseconds, of the class with a wrong first byte and that with a wrong last one.
    means: [f64; 2],
    t: f64,
}

impl Outcome {
    fn print(&self, name: &str) {
        let verdict = if self.t >= LEAK {
            "LEAK"
        } else if self.t >= SUSPECT {
            "suspect: run it again"
        } else {
            "no difference found"
        };
        let [first, last] = self.means;
        println!(
            "{name:24}{first:24.1} ns{last:13.1} ns{:8.2}  {verdict}",
            self.t
        );
    }
}

/// Times refusals of both classes. The slowest are interrupts and would hide a small difference: |t| is the largest over
/// all samples and over those below some percentiles, the means are those of the fastest 90 %.
fn measure(codec: &Codec, refuses: impl Fn(&[u8]) -> bool) -> Outcome {
    let samples = sample(&codec.classes(), refuses);
    let mut sorted: Vec<f64> = samples.iter().map(|sample| sample.1).collect();
    sorted.sort_by(f64::total_cmp);
    let below = |percent| {
        let cut = sorted[(sorted.len() - 1) * percent / 100];
        let samples = samples.iter().filter(|sample| sample.1 <= cut);
        Moments::of(samples)
    };
    let cuts = [50, 75, 90, 95, 99, 100];
    Outcome {
        means: below(90).map(|class| class.mean),
        t: cuts
            .map(|cut| welch(&below(cut)).abs())
            .into_iter()
            .fold(0.0, f64::max),
    }
}

/// Classes and nanoseconds, without the first tenth, in which caches warm.
fn sample(classes: &[String; 2], refuses: impl Fn(&[u8]) -> bool) -> Vec<(usize, f64)> {
    let begun = Instant::now();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut samples = Vec::with_capacity(SAMPLES);
    let mut input = Vec::with_capacity(classes[0].len());
    while samples.len() < SAMPLES && begun.elapsed() < LONGEST {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let class = usize::from(random >> 40 & 1 == 1);
        // Both classes are read from the same place, so that no cache tells them apart.
        input.clear();
        input.extend_from_slice(classes[class].as_bytes());
        let start = Instant::now();
        let is_refused = refuses(black_box(&input));
        let took = start.elapsed();
        assert!(is_refused, "a forgery");
        samples.push((class, took.as_secs_f64() * 1e9));
    }
    samples.drain(..samples.len() / 10);
    samples
}

#[derive(Clone, Copy, Default)]
struct Moments {
    count: f64,
    mean: f64,
    /// The sum of squared differences from the mean.
    squares: f64,
}

impl Moments {
    /// Of each class, by Welford's method.
    fn of<'s>(samples: impl Iterator<Item = &'s (usize, f64)>) -> [Self; 2] {
        let mut classes = [Self::default(); 2];
        for (class, time) in samples {
            let class = &mut classes[*class];
            class.count += 1.0;
            let difference = time - class.mean;
            class.mean += difference / class.count;
            class.squares += difference * (time - class.mean);
        }
        classes
    }
}

fn welch([one, other]: &[Moments; 2]) -> f64 {
    let error = |class: &Moments| class.squares / (class.count - 1.0) / class.count;
    let spread = (error(one) + error(other)).sqrt();
    if spread > 0.0 {
        (one.mean - other.mean) / spread
    } else {
        0.0
    }
}
