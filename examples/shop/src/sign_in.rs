//! Sign-in and sign-out.

use std::time::Duration;

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use session_runtime::{Lifetime, Result};

use crate::account::AccountHandle;
use crate::app::Shop;
use crate::devices::name_of_device;
use crate::errors::Failure;
use crate::form::{Field, return_to};
use crate::page::{Page, back};
use crate::visit::{Level, start_over, tell};

#[derive(Deserialize)]
pub(crate) struct Wanted {
    pub(crate) return_to: Option<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Credentials {
    name: String,
    password: String,
    /// A checkbox is sent only where it is ticked.
    remember: Option<String>,
    return_to: Option<String>,
}

pub(crate) async fn form(
    page: Page,
    account: AccountHandle,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    if account.get_uid()?.is_some() {
        return Ok(back(wanted.return_to.as_deref()).into_response());
    }
    let form = Credentials {
        return_to: wanted.return_to,
        ..Credentials::default()
    };
    show(&page, &form, None)
}

pub(crate) async fn sign_in(
    State(shop): State<Shop>,
    page: Page,
    account: AccountHandle,
    headers: HeaderMap,
    Form(mut form): Form<Credentials>,
) -> Result<Response, Failure> {
    let password = std::mem::take(&mut form.password);
    let Some(user) = shop.users.authenticate(&form.name, password).await? else {
        let page = show(&page, &form, Some("Name or password is wrong."))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    if account.get_uid()?.is_some_and(|uid| uid != user.id) {
        start_over(&account)?; // what another user had is not theirs
    }
    account.put_uid(user.id)?; // the owner changes: the session gets a new id by itself
    account.set_lifetime(match form.remember {
        Some(_) => Lifetime::Configured, // `max_age`, 30 days
        None => Lifetime::Browser(Duration::from_secs(2 * 3_600)), // until the browser closes, 2 hours idle at most
    })?;
    account.set_label(&name_of_device(&headers))?;
    tell(&account, Level::Success, format!("Welcome, {}.", user.name))?;
    Ok(back(form.return_to.as_deref()).into_response())
}

/// By POST, so that no link and no image of another site signs anybody out.
pub(crate) async fn sign_out(account: AccountHandle) -> Result<Redirect> {
    start_over(&account)?;
    tell(&account, Level::Success, "You are signed out. Goodbye!")?;
    Ok(Redirect::to("/"))
}

fn show(page: &Page, form: &Credentials, error: Option<&str>) -> Result<Response> {
    let name = Field {
        name: "name",
        label: "Name",
        autocomplete: "username",
        value: &form.name,
        ..Field::default()
    };
    let password = Field {
        name: "password",
        label: "Password",
        autocomplete: "current-password",
        error,
        ..Field::default()
    };
    let content = html! {
        form.card method="post" action="/login" {
            (return_to(form.return_to.as_deref()))
            (name)
            (password)
            label.check {
                input name="remember" type="checkbox" checked[form.remember.is_some()];
                "Remember me on this device"
            }
            button.main { "Sign in" }
        }
    };
    page.show("Sign in", &content)
}
