//! One session, several structs: each part of an application says what it keeps, and they can't get in each other's way.
//!
//! `cargo run --example multiple_structs`, then
//!
//! ```sh
//! curl -c jar -b jar -X POST http://127.0.0.1:3000/sign-in -d 'Ann'
//! curl -c jar -b jar -X POST http://127.0.0.1:3000/cart -d 'bread'
//! curl -c jar -b jar http://127.0.0.1:3000/
//! ```
//!
//! `PORT` chooses another port.

use std::error::Error;
use std::net::Ipv4Addr;

use axum::routing::{get, post};
use axum::{Router, serve};
use session_runtime::{
    CookieStoreConfig, Result, SecretKeys, SessionData, SessionLayer, assert_disjoint_keys,
    assert_fits,
};
use tokio::net::TcpListener;

/// Who is signed in: of the module that knows users.
#[derive(SessionData)]
struct Account {
    #[session(owner, max_len = 100)]
    name: String,
}

/// What they will buy: of the shop. Its keys begin with `cart.`.
#[derive(SessionData)]
#[session(prefix = "cart.")]
struct Cart {
    #[session(default, max_len = 1_000)]
    goods: Vec<String>,
}

// A key that both have would not compile; nor would two structs that could outgrow the cookie.
assert_disjoint_keys!(Account, Cart);
assert_fits!(Account, Cart; budget = 2_000);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("serving http://{}", listener.local_addr()?);
    Ok(serve(listener, app(SecretKeys::generate()?)?).await?)
}

fn app(key: SecretKeys) -> Result<Router, Box<dyn Error>> {
    let config = CookieStoreConfig::new("__Host-multiple", key);
    let sessions = SessionLayer::new(config)?
        .with_data::<Account>()?
        .with_data::<Cart>()?;
    Ok(Router::new()
        .route("/", get(home))
        .route("/sign-in", post(sign_in))
        .route("/cart", post(add))
        .layer(sessions))
}

async fn sign_in(account: AccountHandle, name: String) -> Result<&'static str> {
    account.put_name(name)?; // the cart stays
    Ok("welcome\n")
}

async fn add(cart: CartHandle, good: String) -> Result<&'static str> {
    cart.update(Cart::GOODS, |goods| {
        let mut goods = goods.unwrap_or_default();
        goods.push(good.clone());
        goods
    })?;
    Ok("added\n")
}

/// Both handles are views of the same session, written to the same cookie.
async fn home(account: AccountHandle, cart: CartHandle) -> Result<String> {
    let name = account.get_name()?;
    let name = name.as_deref().unwrap_or("stranger");
    let goods = cart.get_goods()?.join(", ");
    Ok(format!("{name}: {goods}\n"))
}
