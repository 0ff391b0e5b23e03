//! Who may go on to a route: the signed-in, and those who gave their password a moment ago.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use session_runtime::Result;

use crate::account::{Account, AccountHandle};
use crate::app::Shop;
use crate::users::User;
use crate::visit::{Level, start_over, tell};

/// Leads who is not signed in to the sign-in, and from there back to here.
pub(crate) async fn require_sign_in(
    account: AccountHandle,
    request: Request,
    next: Next,
) -> Result<Response> {
    if account.get_uid()?.is_some() {
        return Ok(next.run(request).await);
    }
    if request.method() != Method::GET {
        return Ok(StatusCode::UNAUTHORIZED.into_response()); // no redirect can send a form again
    }
    Ok(ask_at("/login", &request).into_response())
}

/// Asks for the password again, unless that was done in the last minutes.
pub(crate) async fn require_confirmation(
    account: AccountHandle,
    request: Request,
    next: Next,
) -> Result<Response> {
    if account.contains(Account::CONFIRMED)? {
        return Ok(next.run(request).await);
    }
    if request.method() != Method::GET {
        let text = "That took a while: confirm that it is you, then send the form again.";
        tell(&account, Level::Warning, text)?;
    }
    Ok(ask_at("/confirm", &request).into_response())
}

/// The page that was wanted travels in the address, not in the session: two tabs may want two, and a store keeps
/// nothing for robots.
fn ask_at(page: &str, request: &Request) -> Redirect {
    let wanted = request.uri().path_and_query();
    let wanted = wanted.map_or("/", |path| path.as_str());
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("return_to", wanted)
        .finish();
    Redirect::to(&format!("{page}?{query}"))
}

/// Who is signed in, as the database has them now; else 401. The session of who was deleted meanwhile ends.
impl FromRequestParts<Shop> for User {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Response> {
        let account = AccountHandle::from_request_parts(parts, shop).await;
        let account = account.map_err(IntoResponse::into_response)?;
        let uid = account.require_uid().map_err(IntoResponse::into_response)?;
        if let Some(user) = shop.users.by_id(uid) {
            return Ok(user);
        }
        start_over(&account).map_err(IntoResponse::into_response)?;
        Err(StatusCode::UNAUTHORIZED.into_response())
    }
}
