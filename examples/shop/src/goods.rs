//! What the shop sells, how much of it is left, and the page of all of it.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use serde::Serialize;
use session_runtime::Result;
use tokio::sync::watch;

use crate::app::Shop;
use crate::cart::Counts;
use crate::page::Page;

/// One of the goods.
pub(crate) struct Good {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    about: &'static str,
    /// In cents.
    pub(crate) price: u32,
}

pub(crate) const GOODS: [Good; 6] = [
    good(
        "apples",
        "Apples",
        "A bag of red ones, from around the corner.",
        290,
    ),
    good("bread", "Bread", "Rye, with a crust that cracks.", 420),
    good("cheese", "Cheese", "A year old, and proud of it.", 680),
    good("coffee", "Coffee", "Roasted on Mondays. Half a pound.", 890),
    good("honey", "Honey", "From the roof of the town hall.", 750),
    good("tea", "Tea", "Black, strong, loose.", 540),
];

const fn good(id: &'static str, name: &'static str, about: &'static str, price: u32) -> Good {
    Good {
        id,
        name,
        about,
        price,
    }
}

pub(crate) fn find(id: &str) -> Option<&'static Good> {
    GOODS.iter().find(|good| good.id == id)
}

pub(crate) fn price(cents: u32) -> String {
    format!("€ {}.{:02}", cents / 100, cents % 100)
}

/// How many of each good are left, in place of a database; who watches is told of each change.
#[derive(Clone)]
pub(crate) struct Stock(watch::Sender<Counts>);

/// What is left of one good, for pages and streams.
#[derive(Serialize)]
pub(crate) struct Left {
    id: &'static str,
    text: String,
    is_sold_out: bool,
}

impl Stock {
    pub(crate) fn new() -> Self {
        let counts = GOODS.iter().map(|good| (good.id.to_owned(), 12));
        Self(watch::Sender::new(counts.collect()))
    }

    /// Takes all of these, or none and answers one of which there is too little.
    pub(crate) fn take(&self, wanted: &Counts) -> Result<(), String> {
        let mut lacking = None;
        self.0.send_if_modified(|left| {
            let lacks = |(id, count): &(&String, &u32)| left.get(*id) < Some(*count);
            lacking = wanted.iter().find(lacks).map(|(id, _)| id.clone());
            if lacking.is_none() {
                subtract(left, wanted);
            }
            lacking.is_none()
        });
        lacking.map_or(Ok(()), Err)
    }

    fn left(&self) -> Vec<Left> {
        left(&self.0.borrow())
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Counts> {
        self.0.subscribe()
    }
}

fn subtract(left: &mut Counts, wanted: &Counts) {
    for (id, count) in wanted {
        left.entry(id.clone()).and_modify(|left| *left -= count);
    }
}

/// What is left of each good, in the order of the catalogue.
pub(crate) fn left(counts: &Counts) -> Vec<Left> {
    let left = |good: &Good| {
        let count = counts.get(good.id).copied().unwrap_or(0);
        Left {
            id: good.id,
            text: if count == 0 {
                "Sold out".to_owned()
            } else {
                format!("{count} left")
            },
            is_sold_out: count == 0,
        }
    };
    GOODS.iter().map(left).collect()
}

pub(crate) async fn catalogue(State(shop): State<Shop>, page: Page) -> Result<Response> {
    let left = shop.stock.left();
    let content = html! {
        (PreEscaped(include_str!("../assets/goods.svg")))
        ul.goods { @for (good, left) in GOODS.iter().zip(&left) { li { (card(good, left)) } } }
        section aria-labelledby="live" {
            h2 #live { "Live stock" }
            p { "The numbers above change while you look, as others order. Without scripts they are those of now." }
            p #session hidden {}
        }
    };
    page.show("Goods", &content)
}

fn card(good: &Good, left: &Left) -> Markup {
    html! {
        article.card aria-labelledby=(good.id) {
            svg.picture aria-hidden="true" { use href=(format!("#picture-{}", good.id)) {} }
            h2 id=(good.id) { (good.name) }
            p { (good.about) }
            p.price { (price(good.price)) " " span.left data-left=(good.id) { (left.text) } }
            form method="post" action="/cart/add" {
                input type="hidden" name="return_to" value="/";
                button.main name="id" value=(good.id) disabled[left.is_sold_out] {
                    "Add to cart" span.unseen { ": " (good.name) }
                }
            }
        }
    }
}
