//! The report for people.

use std::io::{Result, Write};

use session_runtime::{CookieFormat, Envelope, Lifetime, Record, Refusal};

use crate::report::{LIMIT, Report, keys};
use crate::time::{moment, span};

pub(crate) fn write(out: &mut impl Write, reports: &[Report<'_>], values: bool) -> Result<()> {
    for (at, report) in reports.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        cookie(out, report, values)?;
    }
    Ok(())
}

fn cookie(out: &mut impl Write, report: &Report<'_>, values: bool) -> Result<()> {
    let name = printable(&report.cookie.name);
    match &report.verdict {
        Ok(_) => writeln!(out, "{name}: good")?,
        Err(_) if report.is_removal() => {
            writeln!(out, "{name}: removed")?;
            writeln!(
                out,
                "  It has no value: it takes the browser's cookie away."
            )?;
        }
        Err(refusal) => refused(out, report, *refusal)?,
    }
    match report.choice {
        Some(Ok(true)) => line(out, "chosen", "of those of this name, this one is used")?,
        Some(Ok(false)) => line(out, "passed", "of those of this name, another is used")?,
        Some(Err(refusal)) => {
            line(
                out,
                "together",
                &format!("refused, {refusal}: {}", refusal.explanation()),
            )?;
        }
        None => {}
    }
    if let Some(envelope) = &report.envelope {
        outside(out, report, envelope)?;
    }
    if let Ok(record) = &report.verdict {
        inside(out, report, record, values)?;
    }
    line(out, "size", &bar(report.size()))?;
    if let Some(attributes) = &report.cookie.attributes {
        line(out, "attributes", &printable(attributes))?;
    }
    if let Ok(record) = &report.verdict {
        list(out, report, record, values)?;
    }
    Ok(())
}

fn line(out: &mut impl Write, label: &str, text: &str) -> Result<()> {
    writeln!(out, "  {label:<11}{text}")
}

fn refused(out: &mut impl Write, report: &Report<'_>, refusal: Refusal) -> Result<()> {
    writeln!(
        out,
        "{}: refused, {refusal}",
        printable(&report.cookie.name)
    )?;
    if report.cookie.value.is_empty() {
        return writeln!(out, "  It has no value.");
    }
    writeln!(out, "  {}", refusal.explanation())?;
    if let Some(detail) = report.detail(refusal) {
        writeln!(out, "  {detail}")?;
    }
    Ok(())
}

fn outside(out: &mut impl Write, report: &Report<'_>, envelope: &Envelope) -> Result<()> {
    let format = match envelope.format() {
        format @ CookieFormat::Signed => format!("{format}: visitors can read what it holds"),
        format => format.to_string(),
    };
    line(out, "format", &format)?;
    if let Some(id) = envelope.key_id() {
        let place = report.key_ids.iter().position(|known| *known == id);
        let place = match place {
            Some(0) => "the first of yours, which signs".to_owned(),
            Some(at) => format!(
                "number {} of yours: used, it is signed anew by the first",
                at + 1
            ),
            None => "none of yours".to_owned(),
        };
        line(out, "key id", &format!("{id}, {place}"))?;
    }
    let Err(refusal) = &report.verdict else {
        return Ok(());
    };
    let now = report.now;
    let word = match refusal.as_str() {
        "expired" | "future" | "payload" => "",
        _ => ", so it says",
    };
    if let Some(born) = envelope.born() {
        line(out, "born", &format!("{}{word}", moment(born, now)))?;
    }
    line(
        out,
        "issued",
        &format!("{}{word}", moment(envelope.issued_at(), now)),
    )?;
    if let Some(end) = report.claimed_end {
        line(out, "expires", &format!("{}{word}", moment(end, now)))?;
    }
    Ok(())
}

fn inside(out: &mut impl Write, report: &Report<'_>, record: &Record, values: bool) -> Result<()> {
    let now = report.now;
    line(out, "born", &moment(record.born(), now))?;
    line(out, "issued", &moment(record.issued_at(), now))?;
    line(out, "expires", &moment(record.expires_at(), now))?;
    line(out, "lifetime", &lifetime(record.lifetime()))?;
    let id = if is_id_shown(record, values) {
        record.id().to_string()
    } else {
        "hidden: an empty cookie may stand for a session in a store, where its id is a secret (--values)".to_owned()
    };
    line(out, "id", &id)
}

/// The id of a session in a store is all that its cookie holds, and as good as the cookie.
pub(crate) fn is_id_shown(record: &Record, values: bool) -> bool {
    values || !record.keys().is_empty()
}

fn lifetime(lifetime: Lifetime) -> String {
    match lifetime {
        Lifetime::Configured => "as configured".to_owned(),
        Lifetime::Browser(time) => format!(
            "until the browser closes, or {} without a request",
            span(time)
        ),
        Lifetime::For(time) => format!("{}, chosen for this session", span(time)),
        _ => "chosen for this session".to_owned(),
    }
}

fn list(out: &mut impl Write, report: &Report<'_>, record: &Record, values: bool) -> Result<()> {
    let keys: Vec<_> = keys(record).collect();
    line(out, "keys", &keys.len().to_string())?;
    let widest = keys.iter().map(|(key, _)| key.name().chars().count()).max();
    let widest = widest.unwrap_or_default();
    for (key, value) in &keys {
        let (name, kind, size) = (printable(key.name()), key.kind(), key.size());
        write!(out, "    {name:<widest$}  {kind}, {size} bytes")?;
        if let Some(at) = key.expires_at() {
            write!(out, ", ttl: gone {}", moment(at, report.now))?;
        }
        if values {
            write!(out, ": {}", printable(value))?;
        }
        writeln!(out)?;
    }
    if !keys.is_empty() {
        let hidden = if values {
            ""
        } else {
            " Values are hidden: --values shows them."
        };
        writeln!(
            out,
            "  Which keys are flash only the program knows.{hidden}"
        )?;
    }
    Ok(())
}

/// `[#####...............] 1024 of 4096 bytes, 25 %`.
fn bar(size: usize) -> String {
    const WIDTH: usize = 20;
    let filled = (size * WIDTH).div_ceil(LIMIT).min(WIDTH);
    let (full, empty) = ("#".repeat(filled), ".".repeat(WIDTH - filled));
    format!(
        "[{full}{empty}] {size} of {LIMIT} bytes, {} %",
        size * 100 / LIMIT
    )
}

/// What a terminal can be shown: no control characters, which could write over what stands there.
fn printable(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_control() {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .collect()
}
