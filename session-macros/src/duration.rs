//! `ttl = "15m"`: the text of a duration, to seconds and to words.

const UNITS: [(char, u64, &str); 4] = [
    ('d', 86_400, "day"),
    ('h', 3_600, "hour"),
    ('m', 60, "minute"),
    ('s', 1, "second"),
];

/// The longest life of a cookie in the format.
const LONGEST: u64 = 34_560_000;

/// The seconds of a text such as `15m`, or what is wrong with it.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let form = "write a whole number and a unit, `s`, `m`, `h` or `d`: `ttl = \"15m\"`";
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = &text[digits.len()..];
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("`{text}` is no duration: {form}"));
    }
    if unit.is_empty() {
        return Err(format!("`{text}` has no unit: {form}"));
    }
    let Some((_, factor, _)) = UNITS.iter().find(|(letter, ..)| unit.chars().eq([*letter])) else {
        return Err(format!("`{unit}` is no unit of time: {form}"));
    };
    match digits
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(*factor))
    {
        Some(0) => {
            Err("a value that expires at once can never be read: give it at least `1s`".to_owned())
        }
        Some(seconds) if seconds <= LONGEST => Ok(seconds),
        _ => Err(format!(
            "`{text}` is longer than a session can live: at most 400 days, `400d`, or no `ttl` at all"
        )),
    }
}

/// `900` as `15 minutes`: in the largest unit that divides it.
pub(crate) fn in_words(seconds: u64) -> String {
    let (_, factor, unit) = UNITS
        .into_iter()
        .find(|(_, factor, _)| seconds.is_multiple_of(*factor))
        .unwrap_or(UNITS[3]);
    let count = seconds / factor;
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::{in_words, seconds};

    #[test]
    fn texts_and_their_seconds_and_words() {
        for (text, expected, words) in [
            ("1s", 1, "1 second"),
            ("90s", 90, "90 seconds"),
            ("15m", 900, "15 minutes"),
            ("60m", 3_600, "1 hour"),
            ("36h", 129_600, "36 hours"),
            ("007d", 604_800, "7 days"),
            ("400d", 34_560_000, "400 days"),
        ] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
            assert_eq!(in_words(expected), words);
        }
    }

    #[test]
    fn what_is_no_duration() {
        for (text, reason) in [
            ("", "is no duration"),
            ("m", "is no duration"),
            ("-3m", "is no duration"),
            ("1.5h", "is no duration"),
            ("1h30m", "is no duration"),
            ("15", "has no unit"),
            ("15min", "is no unit"),
            ("15 m", "is no unit"),
            ("15M", "is no unit"),
            ("3µ", "is no unit"),
            ("0m", "expires at once"),
            ("401d", "longer than"),
            ("34560001s", "longer than"),
            ("99999999999999999999d", "longer than"),
            ("9999999999999999999d", "longer than"),
        ] {
            let error = seconds(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
