//! Live stock, by server-sent events.

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use session_runtime::Result;
use tokio::sync::watch;

use crate::app::Shop;
use crate::cart::{Cart, CartHandle, Counts};
use crate::goods::left;

/// What a stream knows of the session, and what it can't do.
#[derive(Serialize)]
struct Known {
    in_cart: u32,
    refused: String,
}

/// Until this returns, the session can be read and changed: its cookie goes out with the response head. The stream is
/// the body, and begins after it.
pub(crate) async fn events(
    State(shop): State<Shop>,
    cart: CartHandle,
) -> Result<impl IntoResponse> {
    let record = cart.record()?; // an owned copy, which the stream may keep
    let in_cart = record.get(Cart::COUNTS)?.unwrap_or_default().values().sum();
    let known = stream::once(async move { json("session", &too_late(&cart, in_cart)) });
    let events = known.chain(changes(shop.stock.watch()));
    let stream = Sse::new(events).keep_alive(KeepAlive::default());
    Ok(([(CACHE_CONTROL, "no-store")], stream))
}

/// The head is out. The copy is as it was then, and the session takes nothing any more: `put` is an error, and never a
/// success that nobody saves. What a stream has to say to later requests goes into a database.
fn too_late(cart: &CartHandle, in_cart: u32) -> Known {
    let put = cart.put_counts(Counts::new());
    Known {
        in_cart,
        refused: put
            .err()
            .map_or_else(String::new, |error| error.to_string()),
    }
}

/// The stock now, and after each change. It is the same for everybody, so the stream needs not end with a sign-out.
fn changes(mut stock: watch::Receiver<Counts>) -> impl Stream<Item = Result<Event, axum::Error>> {
    stock.mark_changed();
    stream::unfold(stock, |mut stock| async move {
        stock.changed().await.ok()?; // an error: the shop has ended
        let event = json("stock", &left(&stock.borrow_and_update()));
        Some((event, stock))
    })
}

fn json(name: &str, data: &impl Serialize) -> Result<Event, axum::Error> {
    Event::default().event(name).json_data(data)
}
