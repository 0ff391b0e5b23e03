//! The frame of every page: head, navigation, messages, theme.

use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::http::header::{HeaderName, X_CONTENT_TYPE_OPTIONS};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{DOCTYPE, Markup, html};
use session_runtime::{MissingSession, Result, Session, local_path};

use crate::account::Account;
use crate::app::HAS_DEV;
use crate::cart;
use crate::visit::{Level, Message, Theme, Visit};

/// An extractor for handlers that answer a page.
pub(crate) struct Page {
    session: Session,
    path: String,
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = MissingSession;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, MissingSession> {
        Ok(Self {
            session: Session::from_request_parts(parts, state).await?,
            path: wanted(parts),
        })
    }
}

fn wanted(parts: &Parts) -> String {
    let path = parts.uri.path_and_query();
    path.map_or("/", |path| path.as_str()).to_owned()
}

impl Page {
    /// The page of this request. Read it last: messages that it shows are shown.
    pub(crate) fn show(&self, title: &str, content: &Markup) -> Result<Response> {
        Ok(Frame::of(&self.session, &self.path)?.around(title, content))
    }
}

/// What the frame shows of a session. The default is that of a stranger, where there is no session to ask.
#[derive(Default)]
pub(crate) struct Frame {
    theme: Theme,
    messages: Vec<Message>,
    in_cart: u32,
    is_signed_in: bool,
    path: String,
}

impl Frame {
    pub(crate) fn of(session: &Session, path: &str) -> Result<Self> {
        Ok(Self {
            theme: session.of::<Visit>().get_theme()?,
            messages: session.of::<Visit>().get_messages()?,
            in_cart: cart::counts(session)?.values().sum(),
            is_signed_in: session.contains(Account::UID)?,
            path: path.to_owned(),
        })
    }

    pub(crate) fn around(&self, title: &str, content: &Markup) -> Response {
        let page = html! {
            (DOCTYPE)
            html lang="en" data-theme=[self.theme.name()] {
                (head(title))
                body {
                    a.skip href="#content" { "Skip to the content" }
                    (self.header())
                    main #content tabindex="-1" {
                        @for message in &self.messages { (show(message)) }
                        h1 { (title) }
                        (content)
                    }
                    (self.footer())
                }
            }
        };
        (HEADERS, page).into_response()
    }

    fn header(&self) -> Markup {
        let link = |path: &str, text: Markup| {
            let is_here = self.path.split('?').next() == Some(path);
            html! { li { a href=(path) aria-current=[is_here.then_some("page")] { (text) } } }
        };
        html! {
            header.site {
                p.brand { a href="/" { "Corner Shop" } }
                nav aria-label="Shop" {
                    ul {
                        (link("/", html! { "Goods" }))
                        (link("/cart", html! { "Cart " span.count { (self.in_cart) span.unseen { " in it" } } }))
                        @if self.is_signed_in {
                            (link("/account", html! { "Account" }))
                            (link("/devices", html! { "Devices" }))
                        } @else {
                            (link("/login", html! { "Sign in" }))
                        }
                    }
                }
            }
        }
    }

    /// A form for each visit: without scripts a choice is a button.
    fn footer(&self) -> Markup {
        html! {
            footer.site {
                form method="post" action="/theme" {
                    input type="hidden" name="return_to" value=(self.path);
                    fieldset.themes {
                        legend { "Theme" }
                        @for (theme, name, text) in Theme::ALL {
                            button name="theme" value=(name) aria-pressed=(theme == self.theme) { (text) }
                        }
                    }
                }
                @if HAS_DEV { a href="/dev" { "Development page" } }
                @if self.is_signed_in {
                    form method="post" action="/logout" { button { "Sign out" } }
                }
            }
        }
    }
}

fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) " · Corner Shop" }
            link rel="icon" href="data:,";
            link rel="stylesheet" href="/style.css";
            script src="/live.js" defer {}
        }
    }
}

fn show((level, text): &Message) -> Markup {
    match level {
        Level::Success => html! { p.message.success role="status" { (text) } },
        Level::Warning => html! { p.message.warning role="alert" { (text) } },
    }
}

/// `no-store`: every page knows its visitor, and Back must show none of before a sign-out.
const HEADERS: [(HeaderName, &str); 4] = [
    (CACHE_CONTROL, "no-store"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (REFERRER_POLICY, "same-origin"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// Back to the page of this site that was wanted, or to the first one. Anybody may have chosen `wanted`.
pub(crate) fn back(wanted: Option<&str>) -> Redirect {
    Redirect::to(wanted.and_then(local_path).unwrap_or("/"))
}
