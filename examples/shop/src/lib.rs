//! A small web shop: sign-in, cart, live stock, devices, a password asked again. To copy from.
//!
//! `cargo run -p shop`, then open <http://127.0.0.1:3000>; the demo users are printed at the start. It needs a C
//! compiler, which builds SQLite. [`router`] has the table of routes.
//!
//! | module | what it shows |
//! | --- | --- |
//! | `app` | the layer over SQLite, the order of layers, CSRF protection, files outside of the sessions |
//! | `sign_in` | "remember me", back to the page that was wanted, sign-out |
//! | `users` | argon2 off the async threads |
//! | `guards` | routes for the signed-in, a password asked again |
//! | `account` | a password change, which ends the other sessions |
//! | `devices` | the list of devices, sign-out of one, the others, all |
//! | `cart` | a second struct in the same session, exact changes from two tabs, an order that is made once |
//! | `visit` | theme, and messages with levels that are shown once |
//! | `goods` | what is sold; the page of it |
//! | `events` | live stock, and what can't be done after the response head |
//! | `errors` | pages of errors |
//! | `form` | fields, with what is wrong with them |
//! | `page` | the frame of every page |

mod account;
mod app;
mod cart;
mod devices;
mod errors;
mod events;
mod form;
mod goods;
mod guards;
mod page;
mod sign_in;
mod users;
mod visit;

pub use account::Account;
pub use app::{router, sessions};
pub use cart::{Cart, Counts};
pub use users::Users;
pub use visit::{Level, Message, Theme, Visit};
