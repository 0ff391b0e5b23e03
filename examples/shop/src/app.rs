//! The whole application: which route leads where, and which layer is around it.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::{from_fn, map_response};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use session_runtime::store::{SessionStore, Sessions};
use session_runtime::{ConfigError, SessionLayer, StoredSessionLayer, assert_disjoint_keys};
use tower_http::csrf::CsrfLayer;

use crate::account::Account;
use crate::cart::Cart;
use crate::goods::Stock;
use crate::users::Users;
use crate::visit::Visit;
use crate::{account, cart, devices, errors, events, goods, guards, sign_in, visit};

// All three live in one session: a key in common would not compile.
assert_disjoint_keys!(Account, Cart, Visit);

const STYLE: &str = include_str!("../assets/style.css");
const SCRIPT: &str = include_str!("../assets/live.js");

/// What handlers share.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) users: Users,
    pub(crate) sessions: Sessions,
    pub(crate) stock: Stock,
}

/// The layer of the shop's sessions. Tests give it a clock, and keep a clone of it for their visitors.
pub fn sessions(
    layer: SessionLayer,
    store: impl SessionStore,
) -> Result<StoredSessionLayer, ConfigError> {
    layer
        .with_store(store)?
        .with_data::<Account>()?
        .with_data::<Cart>()?
        .with_data::<Visit>()
}

/// The shop.
///
/// | Route | Method | Fields | What |
/// | --- | --- | --- | --- |
/// | `/` | GET | | the catalogue, with live stock |
/// | `/login` | GET | `return_to` | the form; who is signed in goes on to `return_to` |
/// | `/login` | POST | `name`, `password`, `remember`, `return_to` | 303 to `return_to` if it is a path of this site, else to `/`; 422 and the form where name or password is wrong |
/// | `/logout` | POST | | the session ends, the theme stays; 303 to `/` |
/// | `/cart` | GET | | the cart |
/// | `/cart/add` | POST | `id`, `return_to` | one more; 303 |
/// | `/cart/remove` | POST | `id`, `return_to` | one less; 303 |
/// | `/checkout` | POST | | orders the cart, for who is signed in; 303 to `/` or `/cart` |
/// | `/theme` | POST | `theme` (`system`, `light`, `dark`), `return_to` | 303 |
/// | `/account` | GET | | for who is signed in, else 303 to `/login?return_to=..` |
/// | `/account/password` | GET | | the form; needs a confirmation of the last 5 minutes, else 303 to `/confirm?return_to=..` |
/// | `/account/password` | POST | `password`, `again` | 303 to `/account`, other sessions end; 422 and the form where it can't be taken |
/// | `/confirm` | GET | `return_to` | asks for the password again |
/// | `/confirm` | POST | `password`, `return_to` | 303 to `return_to`; 422 and the form where it is wrong |
/// | `/devices` | GET | | this user's sessions |
/// | `/devices/end` | POST | `id` | ends one of them; 303 to `/devices` |
/// | `/devices/end-others` | POST | | ends all but this one; 303 to `/devices` |
/// | `/devices/end-all` | POST | | ends all; 303 to `/` |
/// | `/events` | GET | | server-sent events: `session` once, `stock` at the start and at each change |
/// | `/dev` | GET | | the development page (feature `dev`, builds for debugging, loopback) |
/// | `/style.css`, `/live.js` | GET | | files, outside of the sessions |
///
/// A POST to a route for the signed-in by who is not is 401. A form of another site is 403. Paths that are not there are
/// 404. Browsers get errors as pages.
pub fn router(layer: StoredSessionLayer, users: Users) -> Router {
    let shop = Shop {
        users,
        sessions: layer.sessions(),
        stock: Stock::new(),
    };
    let pages = Router::new()
        .route("/", get(goods::catalogue))
        .route("/login", get(sign_in::form).post(sign_in::sign_in))
        .route("/logout", post(sign_in::sign_out))
        .route("/cart", get(cart::show))
        .route("/cart/add", post(cart::add))
        .route("/cart/remove", post(cart::remove))
        .route("/theme", post(visit::set_theme))
        .route("/events", get(events::events))
        .merge(members())
        .layer(map_response(errors::page)) // inside of the sessions: it knows the visitor's theme
        .with_state(shop);
    with_dev(pages)
        .layer(layer)
        .route(
            "/style.css",
            get(async || file("text/css; charset=utf-8", STYLE)),
        )
        .route(
            "/live.js",
            get(async || file("text/javascript; charset=utf-8", SCRIPT)),
        )
        .layer(CsrfLayer::new()) // what it refuses reaches no session
        .layer(DefaultBodyLimit::max(16 * 1_024))
        .layer(map_response(errors::outer_page)) // for what the layers above answer themselves
}

/// For who is signed in.
fn members() -> Router<Shop> {
    let password = get(account::password_form).post(account::change_password);
    Router::new()
        .route("/account/password", password)
        .route_layer(from_fn(guards::require_confirmation))
        .route(
            "/confirm",
            get(account::confirm_form).post(account::confirm),
        )
        .route("/account", get(account::show))
        .route("/checkout", post(cart::check_out))
        .route("/devices", get(devices::list))
        .route("/devices/end", post(devices::end_one))
        .route("/devices/end-others", post(devices::end_others))
        .route("/devices/end-all", post(devices::end_all))
        .route_layer(from_fn(guards::require_sign_in)) // runs before the one above
}

/// Whether it is linked: builds for release refuse it.
pub(crate) const HAS_DEV: bool = cfg!(all(feature = "dev", debug_assertions));

#[cfg(feature = "dev")]
fn with_dev(router: Router) -> Router {
    use std::net::SocketAddr;

    use axum::extract::ConnectInfo;
    use session_runtime::dev;

    let page = dev::page(|it| it.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0));
    router.route_service("/dev", page)
}

#[cfg(not(feature = "dev"))]
fn with_dev(router: Router) -> Router {
    router
}

/// A file that is the same for everybody, so that every cache may keep it.
fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300")];
    (headers, text)
}
