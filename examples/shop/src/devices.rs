//! Where a user is signed in, and how to end that from afar.

use std::time::SystemTime;

use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::response::{Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use session_runtime::Result;
use session_runtime::store::{SessionInfo, StoreId};

use crate::account::{Account, AccountHandle};
use crate::app::Shop;
use crate::page::Page;
use crate::users::User;
use crate::visit::{Level, start_over, tell};

pub(crate) async fn list(
    State(shop): State<Shop>,
    user: User,
    page: Page,
    account: AccountHandle,
) -> Result<Response> {
    let devices = shop.sessions.list(Account::UID, &user.id).await?;
    let content = html! {
        ul.devices { @for device in &devices { li.card { (show(device, device.is(&account))) } } }
        div.actions {
            form method="post" action="/devices/end-others" { button { "Sign out everywhere else" } }
            form method="post" action="/devices/end-all" { button { "Sign out everywhere" } }
        }
    };
    page.show("Devices", &content)
}

fn show(device: &SessionInfo, is_this: bool) -> Markup {
    let name = device.label().unwrap_or(UNKNOWN);
    html! {
        h2 { (name) @if is_this { " " span.badge { "this one" } } }
        p { "Signed in " (ago(device.born())) ", last seen " (ago(device.last_seen())) "." }
        @if !is_this {
            form method="post" action="/devices/end" {
                button name="id" value=(device.id()) { "Sign out" span.unseen { " " (name) } }
            }
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct One {
    id: String,
}

/// An id that a browser sends ends a session of the same user only.
pub(crate) async fn end_one(
    State(shop): State<Shop>,
    user: User,
    account: AccountHandle,
    Form(form): Form<One>,
) -> Result<Redirect> {
    let ended = match form.id.parse::<StoreId>() {
        Ok(id) => {
            shop.sessions
                .revoke_one(Account::UID, &user.id, &id)
                .await?
        }
        Err(_) => false,
    };
    if ended {
        tell(&account, Level::Success, "It is signed out.")?;
    } else {
        tell(&account, Level::Warning, "It was signed out before.")?;
    }
    Ok(Redirect::to("/devices"))
}

pub(crate) async fn end_others(
    State(shop): State<Shop>,
    user: User,
    account: AccountHandle,
) -> Result<Redirect> {
    let ended = shop
        .sessions
        .revoke_others(Account::UID, &user.id, &account)
        .await?;
    tell(
        &account,
        Level::Success,
        format!("Signed out elsewhere: {ended}."),
    )?;
    Ok(Redirect::to("/devices"))
}

/// The others, and then this one, which so can say goodbye. After `revoke_all` nothing of this session could be saved.
pub(crate) async fn end_all(
    State(shop): State<Shop>,
    user: User,
    account: AccountHandle,
) -> Result<Redirect> {
    shop.sessions
        .revoke_others(Account::UID, &user.id, &account)
        .await?;
    start_over(&account)?;
    tell(&account, Level::Success, "You are signed out everywhere.")?;
    Ok(Redirect::to("/"))
}

const UNKNOWN: &str = "A browser";

/// What the list calls a browser. The order counts: Edge says that it is Chrome, and Chrome that it is Safari.
pub(crate) fn name_of_device(headers: &HeaderMap) -> String {
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    let find = |names: &[(&str, &'static str)]| {
        let agent = agent?;
        let found = names.iter().find(|(sign, _)| agent.contains(sign));
        found.map(|(_, name)| *name)
    };
    let browser = find(&[
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    let browser = browser.unwrap_or(UNKNOWN);
    system.map_or_else(
        || browser.to_owned(),
        |system| format!("{browser} on {system}"),
    )
}

/// How long ago, in words.
pub(crate) fn ago(time: SystemTime) -> String {
    let seconds = time.elapsed().map_or(0, |age| age.as_secs());
    let (count, unit) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}
