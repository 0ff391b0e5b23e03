//! The page as HTML. Every text from outside this crate is escaped. The page needs no script.

mod parts;
mod writer;

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::view::View;
use parts::layer;
use writer::Html;

const STYLE: &str = include_str!("style.css");

/// Allows only our own style sheet, by its hash, and forbids frames.
pub(super) static CSP: LazyLock<String> = LazyLock::new(|| {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
});

pub(super) fn page(view: &View) -> String {
    let mut html = Html::default();
    html.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .raw("<title>Session</title><link rel=\"icon\" href=\"data:,\"><style>")
        .raw(STYLE)
        .raw("</style></head><body><header><h1>Session</h1>")
        .raw("<p class=\"soft\">Development page of session-runtime. It leaves the session as it is. ")
        // A link, not a reload: only a link tells the server where the page is.
        .raw("<a href=\"?\">Look again</a></p></header><main>");
    if view.layers.is_empty() {
        html.raw("<p class=\"bad\">No session layer is around this page: call <code>.layer(sessions)</code> after ")
            .raw("the route of this page.</p>");
    }
    for (at, one) in view.layers.iter().enumerate() {
        layer(&mut html, one, place(at, view.layers.len()));
    }
    html.raw("</main></body></html>");
    html.into()
}

/// The position of a layer among nested layers.
fn place(at: usize, count: usize) -> Option<&'static str> {
    match at {
        _ if count == 1 => None,
        0 => Some("the innermost layer: what Session extracts"),
        at if at + 1 == count => Some("the outermost layer: Session::named reaches it"),
        _ => Some("a layer between: Session::named reaches it"),
    }
}
