//! What a revocation feed with 100,000 ids costs a request that reads its session, and the memory it takes.
//!
//! `cargo bench -p session-runtime --features store --bench feed`; needs Linux for the memory.

use std::convert::Infallible;
use std::error::Error;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderValue, Request, Response};
use session_runtime::store::{
    MemoryStore, Notice, RevocationFeed, SessionStore, StoreId, Subject, WriteId,
};
use session_runtime::{CookieStoreConfig, Key, SecretKeys, Session, SessionData, SessionLayer};
use tower_layer::Layer;
use tower_service::Service;

const IDS: u128 = 100_000;
const ROUNDS: usize = 41;
const REQUESTS: u32 = 2_000;
const UID: Key<i64> = Account::UID;

#[derive(SessionData)]
struct Account {
    #[session(owner)]
    uid: i64,
}

/// Reads the session, and begins it where there is none.
#[derive(Clone)]
struct Page;

impl Service<Request<()>> for Page {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        let session = Session::current().expect("the layer is there");
        if black_box(session.get(UID).expect("it is valid")).is_none() {
            session.put(UID, 7).expect("there is room");
        }
        ready(Ok(Response::new(())))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    for ends_an_owner in [false, true] {
        let (cost, memory) = measure(ends_an_owner)?;
        if ends_an_owner {
            println!("with an owner whose sessions were ended: {cost:.0} ns");
        } else {
            let memory = memory / 1024;
            println!("{IDS} revoked ids: {cost:.0} ns more a request, {memory} KiB of memory");
        }
    }
    Ok(())
}

/// Nanoseconds that a request costs more, and the memory that the ids take.
fn measure(ends_an_owner: bool) -> Result<(f64, u64), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let key = SecretKeys::generate()?;
    let config = || CookieStoreConfig::new("__Host-bench", key.clone());
    let feed = RevocationFeed::new(runtime.block_on(filled(ends_an_owner))?)
        .with_max_staleness(Duration::from_secs(3_600));
    let before = resident()?;
    let reading = runtime.spawn(feed.clone().run());
    runtime.block_on(async { tokio::time::sleep(Duration::from_millis(500)).await });
    reading.abort();
    let memory = resident()?.saturating_sub(before);
    let plain = SessionLayer::new(config())?.with_data::<Account>()?;
    let asking = SessionLayer::new(config())?
        .with_revocation(feed)
        .with_data::<Account>()?;
    let cookie = visit(&plain, None).ok_or("no cookie was set")?;
    let mut costs: Vec<f64> = (0..ROUNDS)
        .map(|_| round(&asking, &cookie) - round(&plain, &cookie))
        .collect();
    costs.sort_by(f64::total_cmp);
    Ok((costs[ROUNDS / 2], memory))
}

async fn filled(ends_an_owner: bool) -> Result<MemoryStore, Box<dyn Error>> {
    let store = MemoryStore::new();
    for number in 0..IDS {
        // Spread as hashes are.
        let half = number.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        let mut id = [0; 32];
        id[..16].copy_from_slice(&half.to_be_bytes());
        id[16..].copy_from_slice(&half.to_be_bytes());
        let notice = Notice {
            write: WriteId::from_bytes(number.to_be_bytes()),
            subject: Subject::Id(StoreId::from_bytes(id)),
            keep_for: Duration::from_secs(86_400),
        };
        store.publish(&notice).await?;
    }
    if ends_an_owner {
        let owner = Notice {
            write: WriteId::from_bytes([0xFF; 16]),
            subject: Subject::Owner {
                owner: session_runtime::store::OwnerId::from_bytes([1; 32]),
                except: Vec::new(),
            },
            keep_for: Duration::from_secs(86_400),
        };
        store.publish(&owner).await?;
    }
    Ok(store)
}

/// Nanoseconds of a request.
fn round(layer: &SessionLayer, cookie: &HeaderValue) -> f64 {
    let began = Instant::now();
    for _ in 0..REQUESTS {
        black_box(visit(layer, Some(cookie)));
    }
    began.elapsed().as_secs_f64() * 1e9 / f64::from(REQUESTS)
}

/// The cookie that was set.
fn visit(layer: &SessionLayer, cookie: Option<&HeaderValue>) -> Option<HeaderValue> {
    let mut request = Request::new(());
    if let Some(cookie) = cookie {
        request.headers_mut().insert(COOKIE, cookie.clone());
    }
    let response = pin!(layer.layer(Page).call(request));
    let Poll::Ready(Ok(response)) = response.poll(&mut Context::from_waker(Waker::noop())) else {
        unreachable!("nothing is awaited");
    };
    let set = response.headers().get(SET_COOKIE)?.as_bytes();
    let pair = set.split(|&byte| byte == b';').next()?;
    HeaderValue::from_bytes(pair).ok()
}

/// Bytes of the process in memory.
fn resident() -> Result<u64, Box<dyn Error>> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = statm.split(' ').nth(1).ok_or("no figure")?.parse()?;
    Ok(pages * 4096)
}
