//! The account: its page, and the change of its password, for which the present one is asked again.

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use session_runtime::{Result, SessionData};

use crate::app::Shop;
use crate::devices::ago;
use crate::errors::Failure;
use crate::form::{Field, return_to};
use crate::page::{Page, back};
use crate::sign_in::Wanted;
use crate::users::User;
use crate::visit::{Level, tell};

/// Who is signed in.
#[derive(SessionData)]
pub struct Account {
    /// Id of the signed-in user. A put of another one renews the session, and files it under this owner.
    #[session(owner)]
    pub uid: i64,
    /// The password was given again a moment ago.
    #[session(ttl = "5m")]
    pub confirmed: bool,
}

pub(crate) async fn show(user: User, page: Page, account: AccountHandle) -> Result<Response> {
    let content = html! {
        p { "You are " strong { (user.name) } ". This session began " (ago(account.born()?)) "." }
        ul.links {
            li { a href="/account/password" { "Change the password" } }
            li { a href="/devices" { "Your devices" } }
        }
        form method="post" action="/logout" { button { "Sign out here" } }
    };
    page.show("Account", &content)
}

pub(crate) async fn confirm_form(
    _user: User,
    page: Page,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    show_confirm(&page, wanted.return_to.as_deref(), None)
}

#[derive(Deserialize)]
pub(crate) struct Confirmation {
    password: String,
    return_to: Option<String>,
}

pub(crate) async fn confirm(
    State(shop): State<Shop>,
    user: User,
    page: Page,
    account: AccountHandle,
    Form(form): Form<Confirmation>,
) -> Result<Response, Failure> {
    if !shop.users.is_password(user.id, form.password).await? {
        let page = show_confirm(
            &page,
            form.return_to.as_deref(),
            Some("That is not your password."),
        )?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    account.renew()?; // may do more from now on: under a new id
    account.put_confirmed(true)?;
    Ok(back(form.return_to.as_deref()).into_response())
}

fn show_confirm(page: &Page, wanted: Option<&str>, error: Option<&str>) -> Result<Response> {
    let password = Field {
        name: "password",
        label: "Password",
        autocomplete: "current-password",
        error,
        ..Field::default()
    };
    let content = html! {
        p { "Give your password once more. It is good for five minutes." }
        form.card method="post" action="/confirm" {
            (return_to(wanted))
            (password)
            button.main { "Confirm" }
        }
    };
    page.show("Is it you?", &content)
}

pub(crate) async fn password_form(_user: User, page: Page) -> Result<Response> {
    show_password(&page, None)
}

#[derive(Deserialize)]
pub(crate) struct NewPassword {
    password: String,
    again: String,
}

/// What is wrong with a new password, and in which field.
struct Wrong {
    field: &'static str,
    text: &'static str,
}

impl NewPassword {
    fn check(&self) -> Result<(), Wrong> {
        let wrong = |field, text| Err(Wrong { field, text });
        if self.password.chars().count() < 8 {
            return wrong("password", "That is too short.");
        }
        if self.password != self.again {
            return wrong("again", "These two are not the same.");
        }
        Ok(())
    }
}

pub(crate) async fn change_password(
    State(shop): State<Shop>,
    user: User,
    page: Page,
    account: AccountHandle,
    Form(form): Form<NewPassword>,
) -> Result<Response, Failure> {
    if let Err(wrong) = form.check() {
        let page = show_password(&page, Some(&wrong))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    // First the password: a sign-in by the old one that is under way ends with the others.
    shop.users.set_password(user.id, form.password).await?;
    let ended = shop
        .sessions
        .revoke_others(Account::UID, &user.id, &account)
        .await?;
    account.renew()?;
    account.del_confirmed()?;
    let text = format!("The password is changed. Signed out elsewhere: {ended}.");
    tell(&account, Level::Success, text)?;
    Ok(Redirect::to("/account").into_response())
}

fn show_password(page: &Page, wrong: Option<&Wrong>) -> Result<Response> {
    let field = |name, label| Field {
        name,
        label,
        autocomplete: "new-password",
        error: wrong
            .filter(|wrong| wrong.field == name)
            .map(|wrong| wrong.text),
        ..Field::default()
    };
    let password = Field {
        hint: Some("8 characters or more"),
        ..field("password", "New password")
    };
    let content = html! {
        p { "All your other devices are signed out by it." }
        form.card method="post" action="/account/password" {
            (password)
            (field("again", "Once more"))
            button.main { "Change the password" }
        }
    };
    page.show("Change the password", &content)
}
