//! The report for programs.

use serde_json::{Value, json};
use session_runtime::{CookieFormat, Envelope, Lifetime, Record};

use crate::report::{LIMIT, Report, keys};
use crate::text::is_id_shown;
use crate::time::utc;

pub(crate) fn of(reports: &[Report<'_>], values: bool) -> Value {
    reports
        .iter()
        .map(|report| cookie(report, values))
        .collect()
}

fn cookie(report: &Report<'_>, values: bool) -> Value {
    let envelope = report.envelope.as_ref();
    let mut cookie = json!({
        "name": report.cookie.name,
        "good": report.is_good(),
        "format": envelope.map(|envelope| match envelope.format() {
            CookieFormat::Gorilla => "gorilla",
            _ => "v1",
        }),
        "encrypted": envelope.and_then(|envelope| match envelope.format() {
            CookieFormat::Signed => Some(false),
            CookieFormat::Encrypted => Some(true),
            _ => None,
        }),
        "key_id": envelope.and_then(Envelope::key_id),
        "key_ids": report.key_ids,
        "size": report.size(),
        "limit": LIMIT,
        "attributes": report.cookie.attributes,
    });
    match &report.verdict {
        Ok(record) => cookie["session"] = session(record, values),
        Err(refusal) => {
            cookie["reason"] = json!(refusal.as_str());
            cookie["explanation"] = json!(refusal.explanation());
            cookie["detail"] = json!(report.detail(*refusal));
            cookie["removes"] = json!(report.is_removal());
            cookie["claims"] = json!({
                "born": envelope.and_then(Envelope::born).map(utc),
                "issued_at": envelope.map(|envelope| utc(envelope.issued_at())),
                "expires_at": report.claimed_end.map(utc),
            });
        }
    }
    match report.choice {
        Some(Ok(chosen)) => cookie["chosen"] = json!(chosen),
        Some(Err(refusal)) => cookie["together"] = json!(refusal.as_str()),
        None => {}
    }
    cookie
}

fn session(record: &Record, values: bool) -> Value {
    let keys = keys(record).map(|(key, value)| {
        let mut entry = json!({
            "name": key.name(),
            "kind": key.kind(),
            "size": key.size(),
            "expires_at": key.expires_at().map(utc),
        });
        if values {
            entry["value"] = serde_json::from_str(&value).unwrap_or(Value::String(value));
        }
        entry
    });
    json!({
        "id": is_id_shown(record, values).then(|| record.id().to_string()),
        "born": utc(record.born()),
        "issued_at": utc(record.issued_at()),
        "expires_at": utc(record.expires_at()),
        "lifetime": lifetime(record.lifetime()),
        "keys": keys.collect::<Value>(),
    })
}

fn lifetime(lifetime: Lifetime) -> Value {
    match lifetime {
        Lifetime::Browser(time) => json!({ "kind": "browser", "seconds": time.as_secs() }),
        Lifetime::For(time) => json!({ "kind": "for", "seconds": time.as_secs() }),
        _ => json!({ "kind": "configured" }),
    }
}
