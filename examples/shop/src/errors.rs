//! Errors, as pages for people.

use std::sync::Arc;

use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use session_runtime::{BoxError, Error, Session};
use tower_http::csrf::ProtectionError;

use crate::page::Frame;

/// Why a handler failed. `?` makes one of an error of the session, which knows its status, and of any other, which is
/// 500.
pub(crate) enum Failure {
    Session(Error),
    Other(BoxError),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Session(error)
    }
}

impl From<BoxError> for Failure {
    fn from(error: BoxError) -> Self {
        Self::Other(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Session(error) => error.into_response(), // its own status, and the log
            Self::Other(error) => {
                tracing::error!("{error}");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// Makes a page of an error, for browsers: of the session's and of axum's. It changes the body and keeps the head, which
/// says what may be asked instead (`Allow`).
pub(crate) async fn page(
    session: Option<Session>,
    headers: HeaderMap,
    response: Response,
) -> Response {
    let status = response.status();
    let is_failure = status.is_client_error() || status.is_server_error();
    let is_page = is(response.headers(), CONTENT_TYPE);
    if !is_failure || is_page || !is(&headers, ACCEPT) {
        return response;
    }
    let frame = session.and_then(|session| Frame::of(&session, "").ok());
    let (mut head, _text) = response.into_parts();
    let error = head.extensions.get::<Arc<Error>>();
    let (title, content) = words(status, error.map(AsRef::as_ref));
    let (page, body) = frame
        .unwrap_or_default()
        .around(title, &content)
        .into_parts();
    head.headers.remove(CONTENT_LENGTH); // of the text that was there
    for (name, value) in &page.headers {
        head.headers.insert(name, value.clone());
    }
    Response::from_parts(head, body)
}

/// The same outside of the session layer, for what that layer and the one against CSRF answer themselves. No session is
/// there, so it is the page of a stranger; that the head is kept matters, since it may have a `Set-Cookie`.
pub(crate) async fn outer_page(headers: HeaderMap, response: Response) -> Response {
    let why = response.extensions();
    if why.get::<Arc<Error>>().is_none() && why.get::<ProtectionError>().is_none() {
        return response;
    }
    page(None, headers, response).await
}

/// What a page says of an error: its title, and what is to be done. Details are in the log, never here.
fn words(status: StatusCode, error: Option<&Error>) -> (&'static str, Markup) {
    let home = html! { p { a href="/" { "Back to the goods" } } };
    match (status, error) {
        (StatusCode::UNAUTHORIZED, _) => (
            "Please sign in",
            html! { p { "This is for who is signed in. " a href="/login" { "Sign in" } } },
        ),
        (StatusCode::FORBIDDEN, _) => (
            "Not from there",
            html! { p { "This form was sent by another site, so nothing was done." } (home) },
        ),
        (StatusCode::NOT_FOUND, _) => {
            ("Not found", html! { p { "There is no such page." } (home) })
        }
        (_, Some(Error::TooLarge { .. })) => (
            "Too long",
            html! { p { "That is more than fits here." } (home) },
        ),
        (StatusCode::SERVICE_UNAVAILABLE, _) => (
            "In a moment",
            html! { p { "That can't be done just now. Try it again in a few seconds." } (home) },
        ),
        _ => (
            "That did not work",
            html! { p { "It was not done." } (home) },
        ),
    }
}

fn is(headers: &HeaderMap, name: HeaderName) -> bool {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.contains("text/html"))
}
