//! The parts of the page, from the session to the last responses.

use super::writer::Html;
use crate::codec::Examined;
use crate::dev::moment::{moment, span, utc};
use crate::dev::view::{LayerView, Next};
use crate::dev::words;
use crate::error::Refusal;
use crate::key::KeyInfo;
use crate::lifetime::Lifetime;
use crate::record::{KeyDetails, Record};
use crate::request::{Noted, Peeked};
use crate::time::time;

/// The number of a value's characters that are shown.
const SHOWN: usize = 500;

pub(super) fn layer(html: &mut Html, view: &LayerView, place: Option<&'static str>) {
    html.raw("<h2>").text(view.shared.codec.name()).raw("</h2>");
    if let Some(place) = place {
        html.raw("<p class=\"soft\">").raw(place).raw("</p>");
    }
    for part in [session, came, next, keys_and_clock, latest] {
        html.raw("<section class=\"card\">");
        part(html, view);
        html.raw("</section>");
    }
}

fn session(html: &mut Html, view: &LayerView) {
    html.raw("<h3>The session</h3>");
    let (record, is_new, is_destroyed, refused) = match &view.session {
        Peeked::Session {
            record,
            is_new,
            is_destroyed,
            refused,
        } => (record, *is_new, *is_destroyed, *refused),
        other => return nothing(html, other),
    };
    if is_destroyed {
        html.raw("<p class=\"warn\">It was destroyed in this request.</p>");
    } else if is_new {
        html.raw("<p class=\"warn\">A new session.</p>");
        match refused {
            Some(refusal) => refusal_text(html.raw("<p>"), refusal).raw("</p>"),
            None => html.raw("<p>No cookie of this name came with this request.</p>"),
        };
    } else {
        html.raw(if view.shared.is_in_store() {
            "<p class=\"good\">It is in the store, and its cookie is good.</p>"
        } else {
            "<p class=\"good\">It came in the cookie, which is good.</p>"
        });
    }
    if !is_new {
        times(html, view, record);
    }
    size(html, view, record);
    keys(html, view, record);
}

/// Explains why there is no session to show.
fn nothing(html: &mut Html, why: &Peeked) {
    html.raw(match why {
        Peeked::NotLoaded => {
            "<p class=\"warn\">It is in the store, and this layer loads sessions only when a handler extracts them: the \
             page shows the cookie alone.</p>"
        }
        Peeked::Conflict => {
            "<p class=\"bad\">Two layers with different settings serve this cookie around one handler, so every session \
             call fails: use clones of one layer, or give the inner one a cookie name of its own.</p>"
        }
        Peeked::Ended => "<p class=\"bad\">The request has ended.</p>",
        _ => {
            "<p class=\"bad\">It can't be known now: the store or a revocation hook failed. The log says more.</p>"
        }
    });
}

fn times(html: &mut Html, view: &LayerView, record: &Record) {
    let now = time(view.now);
    html.raw("<dl>")
        .row("Id", &record.id().to_string())
        .row("Born", &moment(record.born(), now))
        .row("Issued", &moment(record.issued_at(), now))
        .row("Issued again from", &moment(time(record.stamp.due_at), now))
        .row("Expires", &moment(record.expires_at(), now))
        .row("Lifetime", &lifetime(record.lifetime()))
        .raw("</dl>");
}

fn lifetime(lifetime: Lifetime) -> String {
    match lifetime {
        Lifetime::Configured => "as configured".to_owned(),
        Lifetime::Browser(time) => {
            format!(
                "until the browser closes, or {} without a request",
                span(time)
            )
        }
        Lifetime::For(time) => format!("{}, chosen for this session", span(time)),
    }
}

fn size(html: &mut Html, view: &LayerView, record: &Record) {
    if let Ok((size, limit)) = view.shared.room(record) {
        html.raw("<p>Size as it is now: ")
            .bar(size, limit, "size", true);
        html.raw(" of ").number(limit).raw(" bytes</p>");
    }
}

fn keys(html: &mut Html, view: &LayerView, record: &Record) {
    let details = record.details();
    if details.is_empty() {
        html.raw("<p>It holds nothing.</p>");
        return;
    }
    html.table(&["Key", "Type", "Size", "Value"]);
    let limit = view.shared.room(record).map_or(0, |(_, limit)| limit);
    for key in &details {
        let declared = view.declared(key.name());
        html.raw("<tr><th scope=\"row\"><code>")
            .text(key.name())
            .raw("</code></th>");
        html.cell("Type").text(key.kind()).raw("<br>");
        badges(html, view, key, declared);
        html.raw("</td>")
            .cell("Size")
            .bar(key.size(), limit, key.name(), false)
            .raw("</td>");
        html.cell("Value");
        if declared.is_some_and(|(_, key)| key.is_private()) {
            html.raw("<span class=\"soft\">hidden: private</span>");
        } else {
            value(html, record, key.name());
        }
        html.raw("</td></tr>");
    }
    html.raw("</tbody></table>");
}

fn value(html: &mut Html, record: &Record, name: &str) {
    let Some(raw) = record.raw(name, None) else {
        return;
    };
    let text = String::from_utf8_lossy(raw.bytes());
    let end = text
        .char_indices()
        .nth(SHOWN)
        .map_or(text.len(), |(at, _)| at);
    html.raw("<code>").text(&text[..end]).raw("</code>");
    if end < text.len() {
        html.raw(" <span class=\"soft\">and more</span>");
    }
}

fn badges(
    html: &mut Html,
    view: &LayerView,
    key: &KeyDetails,
    declared: Option<(&'static str, &'static KeyInfo)>,
) {
    let mut badge = |text: &str| {
        html.raw("<span class=\"badge\">").text(text).raw("</span>");
    };
    if let Some(at) = key.expires_at() {
        badge(&format!("ttl: gone {}", moment(at, time(view.now))));
    }
    let Some((data, info)) = declared else {
        return;
    };
    badge(data);
    for (is_it, text) in [
        (info.is_flash(), "flash: not shown yet"),
        (info.is_private(), "private"),
        (info.is_owner(), "owner"),
        (info.name() != key.name(), "under an alias"),
    ] {
        if is_it {
            badge(text);
        }
    }
}

fn refusal_text(html: &mut Html, refusal: Refusal) -> &mut Html {
    html.raw("<span class=\"bad\">").raw(refusal.as_str());
    html.raw("</span>: ").raw(refusal.explanation())
}

fn came(html: &mut Html, view: &LayerView) {
    html.raw("<h3>Cookies that came</h3>");
    let came = match &view.came {
        Ok(came) => came,
        Err(refusal) => {
            refusal_text(html.raw("<p>"), *refusal).raw("</p>");
            return;
        }
    };
    if came.is_empty() {
        html.raw("<p>None of this name. ").raw(MISSING).raw("</p>");
        return;
    }
    html.table(&["Verdict", "Format", "Key", "Issued", "Size"]);
    for cookie in came {
        cookie_row(html, view, cookie);
    }
    html.raw("</tbody></table>");
}

const MISSING: &str = "The browser has none, dropped it, or does not send it to this host or path.";

fn cookie_row(html: &mut Html, view: &LayerView, cookie: &Examined) {
    html.raw("<tr>").cell("Verdict");
    match cookie.verdict {
        Ok(()) => html.raw("<span class=\"good\">good</span>"),
        Err(refusal) => refusal_text(html, refusal),
    };
    let none = "not known";
    html.raw("</td>")
        .cell("Format")
        .text(cookie.format.as_deref().unwrap_or(none));
    html.raw("</td>")
        .cell("Key")
        .text(cookie.key_id.as_deref().unwrap_or(none));
    let issued = cookie.issued_at.map(|at| moment(time(at), time(view.now)));
    html.raw("</td>")
        .cell("Issued")
        .text(issued.as_deref().unwrap_or(none));
    html.raw("</td>")
        .cell("Size")
        .number(cookie.size)
        .raw("</td></tr>");
}

fn next(html: &mut Html, view: &LayerView) {
    html.raw("<h3>The next cookie</h3>");
    match &view.next {
        Next::Unknown => html.raw(
            "<p>What the browser will do is not known: it did not say where this page is. Follow <a href=\"?\">this \
             link</a>, which makes it say so.</p>",
        ),
        Next::Kept { at } => {
            html.raw("<p class=\"good\">It will be kept.</p><p class=\"soft\">The page is at ").text(at).raw(".");
            let is_secure = view.shared.codec.attributes().contains("; Secure");
            if is_secure && at.starts_with("http://") {
                html.raw(" Chromium and Firefox take Secure cookies over http on loopback names; Safari does not.");
            }
            html.raw("</p>")
        }
        Next::Misplaced { at, why } => html
            .raw("<p class=\"bad\">")
            .raw(words::misplaced(*why))
            .raw("</p><p class=\"soft\">The page is at ")
            .text(at)
            .raw(".</p>"),
    };
    html.raw("<p>Attributes: <code>")
        .text(view.shared.codec.name())
        .raw("=…");
    html.text(view.shared.codec.attributes()).raw("</code></p>");
}

fn keys_and_clock(html: &mut Html, view: &LayerView) {
    html.raw("<h3>Keys and clock</h3><dl>");
    for (at, (id, opened)) in view.shared.codec.keys().iter().enumerate() {
        html.raw(if at == 0 {
            "<dt>Signs</dt>"
        } else {
            "<dt>Verifies</dt>"
        });
        html.raw("<dd><code>")
            .text(id)
            .raw("</code> opened ")
            .number(*opened);
        html.raw("</dd>");
    }
    html.row("This server", &utc(time(view.now)));
    let came = view.came.iter().flatten();
    if let Some(latest) = came.filter_map(|cookie| cookie.issued_at).max() {
        html.row("The cookie's maker", &clock(latest, view.now));
    }
    html.raw("</dl>");
}

/// Compares a cookie's time of issue with this server's clock.
fn clock(issued_at: u64, now: u64) -> String {
    match issued_at.checked_sub(now) {
        Some(ahead) if ahead > 0 => {
            format!("its clock is {ahead} s ahead of this one: one of the two is wrong")
        }
        _ => format!(
            "made it {} s ago: its clock is not ahead of this one",
            now - issued_at
        ),
    }
}

fn latest(html: &mut Html, view: &LayerView) {
    html.raw("<h3>The last responses</h3>");
    if view.latest.is_empty() {
        html.raw("<p>None yet.</p>");
        return;
    }
    html.table(&["Request", "Status", "Set-Cookie", "Why"]);
    for noted in &view.latest {
        response_row(html, view, noted);
    }
    html.raw("</tbody></table>");
}

fn response_row(html: &mut Html, view: &LayerView, noted: &Noted) {
    html.raw("<tr><th scope=\"row\"><code>")
        .text(&noted.asked)
        .raw("</code><br>");
    let now = time(view.now);
    let at = now.checked_sub(noted.at.elapsed()).unwrap_or(now);
    html.raw("<span class=\"soft\">").text(&moment(at, now));
    html.raw("</span></th>").cell("Status");
    match noted.status {
        Some(status) => html.text(status.as_str()),
        None => html.raw("none"),
    };
    html.raw("</td>").cell("Set-Cookie");
    match &noted.set {
        Some(set) if set.removes => html.raw("removed"),
        Some(set) => html.raw("set, ").number(set.size).raw(" bytes"),
        None => html.raw("none"),
    };
    html.raw("</td>").cell("Why").raw(words::became(noted));
    if let Some(refusal) = noted.refused {
        refusal_text(html.raw("<br>The cookie that came was not used, "), refusal);
    }
    if let Some(why) = noted.misplaced {
        html.raw("<br><span class=\"bad\">")
            .raw(words::misplaced(why))
            .raw("</span>");
    }
    html.raw("</td></tr>");
}
