//! All text of a run, and the search for secrets in it.

use std::fmt::Debug;
use std::io;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

/// What was written, from every level of every target down to TRACE.
#[derive(Clone, Default)]
pub(super) struct Transcript(Arc<Mutex<Vec<u8>>>);

impl Transcript {
    pub(super) fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync + 'static {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_writer(self.clone())
            .with_ansi(false)
            .finish()
    }

    /// Both forms of `Debug`.
    pub(super) fn note(&self, value: &impl Debug) {
        let text = format!("{value:?}\n{value:#?}\n");
        self.0.lock().expect("no panic").extend(text.bytes());
    }

    pub(super) fn text(&self) -> String {
        let bytes = self.0.lock().expect("no panic");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for Transcript {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Transcript {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// What must appear nowhere, in every spelling.
#[derive(Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// Raw, hexadecimal, base64 wherever it stands in what is encoded, and as a list of numbers.
    pub(super) fn add(&mut self, secret: &[u8]) {
        let digits = |byte: &u8| [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
        let hex: String = secret.iter().flat_map(digits).map(char::from).collect();
        self.0.extend([hex.to_uppercase(), hex]);
        if let Ok(text) = std::str::from_utf8(secret) {
            self.0.push(text.to_owned());
        }
        let list = format!("{secret:?}");
        self.0.push(list[1..list.len() - 1].to_owned());
        for before in 0..3 {
            let mut padded = vec![0; before];
            padded.extend(secret);
            // Whole groups of four characters that depend on the secret alone.
            let start = if before == 0 { 0 } else { 4 };
            let end = padded.len() / 3 * 4;
            for text in [
                BASE64_STANDARD.encode(&padded),
                BASE64_URL_SAFE_NO_PAD.encode(&padded),
            ] {
                self.0.push(text[start..end].to_owned());
            }
        }
        self.0.sort_unstable();
        self.0.dedup();
    }

    /// A key as it stands in a configuration: the text and its bytes.
    pub(super) fn add_base64(&mut self, text: &str) {
        self.add(text.as_bytes());
        self.add(&BASE64_STANDARD.decode(text).expect("base64"));
    }

    /// The value of `name=value`, and every part of it behind the header: payload and tag.
    pub(super) fn add_cookie(&mut self, pair: &str) {
        const HEADER: usize = 34;
        const PART: usize = 24;
        let value = pair.split_once('=').expect("a pair").1;
        let token = BASE64_URL_SAFE_NO_PAD.decode(value).expect("base64url");
        self.add(value.as_bytes());
        self.add(&token);
        for part in token[HEADER..].chunks_exact(16) {
            self.add(part);
        }
        let behind = value.as_bytes()[HEADER.div_ceil(3) * 4..].chunks_exact(PART);
        let parts = behind.map(|part| String::from_utf8_lossy(part).into_owned());
        self.0.extend(parts);
    }

    pub(super) fn spellings(&self) -> &[String] {
        &self.0
    }

    pub(super) fn first_in(&self, text: &str) -> Option<&String> {
        self.0.iter().find(|spelling| {
            assert!(spelling.len() >= 12, "too short to look for: {spelling}");
            text.contains(*spelling)
        })
    }

    pub(super) fn assert_none_in(&self, text: &str) {
        let found = self.first_in(text);
        assert_eq!(found, None, "it appears in:\n{text}");
    }
}
