//! Times for people: the distance from now, and the time in UTC.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// `in 3 days (2026-11-29 18:00:00 UTC)`.
pub(crate) fn moment(at: SystemTime, now: SystemTime) -> String {
    format!("{} ({})", distance(at, now), utc(at))
}

fn distance(at: SystemTime, now: SystemTime) -> String {
    match at.duration_since(now) {
        Ok(ahead) if ahead.as_secs() == 0 => "now".to_owned(),
        Ok(ahead) => format!("in {}", span(ahead)),
        Err(error) => match error.duration() {
            past if past.as_secs() == 0 => "now".to_owned(),
            past => format!("{} ago", span(past)),
        },
    }
}

/// The duration, rounded, in the largest unit of which it has at least two. One second less than two hours is two
/// hours.
pub(crate) fn span(time: Duration) -> String {
    let seconds = match time.as_secs() {
        few if few < 2 * MINUTE => few,
        many => (many + MINUTE / 2) / MINUTE * MINUTE,
    };
    let units = [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")];
    let fits = units
        .iter()
        .find(|(unit, _)| seconds >= 2 * unit || seconds == *unit);
    let (unit, name) = fits.copied().unwrap_or((1, "second"));
    let number = (seconds + unit / 2) / unit;
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {name}{plural}")
}

/// `2026-11-29 18:00:00 UTC`.
pub(crate) fn utc(at: SystemTime) -> String {
    let seconds = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let (year, month, day) = date(seconds / DAY);
    let (hour, minute, second) = (
        seconds % DAY / HOUR,
        seconds % HOUR / MINUTE,
        seconds % MINUTE,
    );
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// Year, month and day of the Gregorian calendar, `days` after 1970-01-01.
fn date(days: u64) -> (u64, u64, u64) {
    // Counts from the first of March of the year 0. Years that begin in March end with the leap day.
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (400 * era + year + u64::from(month <= 2), month, day)
}
