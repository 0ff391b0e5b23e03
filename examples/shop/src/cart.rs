//! The cart: a second struct in the session, with changes that are exact from any number of tabs.

use std::collections::BTreeMap;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use session_runtime::{Result, Session, SessionData};

use crate::account::Account;
use crate::app::Shop;
use crate::goods::{Good, find, price};
use crate::page::{Page, back};
use crate::users::User;
use crate::visit::{Level, tell};

/// How many of each good, by its id.
pub type Counts = BTreeMap<String, u32>;

/// What a visitor wants to buy.
#[derive(SessionData)]
#[session(prefix = "cart.")]
pub struct Cart {
    /// How many of each good.
    #[session(default)]
    pub counts: Counts,
}

/// What is in the cart.
pub(crate) fn counts(session: &Session) -> Result<Counts> {
    Ok(still_sold(session.get(Cart::COUNTS)?))
}

/// A session may be older than the catalogue.
fn still_sold(counts: Option<Counts>) -> Counts {
    let mut counts = counts.unwrap_or_default();
    counts.retain(|id, _| find(id).is_some());
    counts
}

/// Of each good.
const MOST: u32 = 20;

#[derive(Deserialize)]
pub(crate) struct One {
    id: String,
    return_to: Option<String>,
}

pub(crate) async fn add(cart: CartHandle, Form(form): Form<One>) -> Result<Response> {
    let Some(good) = find(&form.id) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    // Exact: of clicks in two tabs at once none is lost. It is saved when this returns.
    cart.update_now(Cart::COUNTS, |counts| {
        let mut counts = counts.unwrap_or_default();
        let count = counts.entry(good.id.to_owned()).or_default();
        *count = MOST.min(*count + 1);
        counts
    })
    .await?;
    tell(
        &cart,
        Level::Success,
        format!("In your cart now: {}.", good.name),
    )?;
    Ok(back(form.return_to.as_deref()).into_response())
}

pub(crate) async fn remove(cart: CartHandle, Form(form): Form<One>) -> Result<Redirect> {
    cart.update_now(Cart::COUNTS, |counts| {
        let mut counts = counts.unwrap_or_default();
        if let Some(count) = counts.get_mut(&form.id) {
            *count = count.saturating_sub(1);
        }
        counts.retain(|_, count| *count > 0);
        counts
    })
    .await?;
    Ok(back(form.return_to.as_deref()))
}

/// Orders what is in the cart. Of two clicks one takes it, so an order is made once. In a shop with a database the order
/// is written there, before the cart is emptied.
pub(crate) async fn check_out(
    State(shop): State<Shop>,
    _user: User,
    cart: CartHandle,
) -> Result<Redirect> {
    let wanted = still_sold(cart.take_now(Cart::COUNTS).await?);
    if wanted.is_empty() {
        return Ok(Redirect::to("/cart")); // the other click says thank you
    }
    if let Err(id) = shop.stock.take(&wanted) {
        cart.put_counts(wanted)?;
        let name = find(&id).map_or(id.as_str(), |good| good.name);
        let text = format!("There is too little left of: {name}.");
        tell(&cart, Level::Warning, text)?;
        return Ok(Redirect::to("/cart"));
    }
    let text = "Thank you! Your order is on its way. (It is not: this is an example.)";
    tell(&cart, Level::Success, text)?;
    Ok(Redirect::to("/"))
}

pub(crate) async fn show(page: Page, cart: CartHandle) -> Result<Response> {
    let counts = counts(&cart)?;
    let lines: Vec<_> = counts
        .iter()
        .filter_map(|(id, n)| Some((find(id)?, *n)))
        .collect();
    let content = if lines.is_empty() {
        html! { p { "Nothing is in it yet. " a href="/" { "Look at the goods" } } }
    } else {
        table(&lines, cart.contains(Account::UID)?)
    };
    page.show("Cart", &content)
}

fn table(lines: &[(&Good, u32)], is_signed_in: bool) -> Markup {
    let sum = lines.iter().map(|(good, count)| good.price * count).sum();
    html! {
        table.cart {
            thead { tr { th scope="col" { "Good" } th scope="col" { "Count" } th.sum scope="col" { "Price" } } }
            tbody { @for (good, count) in lines { (line(good, *count)) } }
            tfoot { tr { th scope="row" colspan="2" { "Together" } td.sum { (price(sum)) } } }
        }
        @if is_signed_in {
            form method="post" action="/checkout" { button.main { "Order" } }
        } @else {
            p { a.button.main href="/login?return_to=/cart" { "Sign in to order" } }
        }
    }
}

fn line(good: &Good, count: u32) -> Markup {
    let button = |action: &str, sign: &str, word: &str| {
        html! {
            form method="post" action=(action) {
                input type="hidden" name="return_to" value="/cart";
                button name="id" value=(good.id) aria-label=(format!("{word} {}", good.name)) { (sign) }
            }
        }
    };
    html! {
        tr {
            th scope="row" { (good.name) }
            td {
                div.count-of {
                    (button("/cart/remove", "−", "One less of"))
                    span { (count) }
                    (button("/cart/add", "+", "One more of"))
                }
            }
            td.sum { (price(good.price * count)) }
        }
    }
}
