//! How the cost of a request changes with threads and with requests in flight, beside bare axum.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::thread;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use cpu_time::ThreadTime;
use http::header::COOKIE;
use http::{HeaderValue, Request, StatusCode};
use peers::client::request_cookie;
use peers::subjects::ours::{self, VisitHandle};
use peers::timing::{median, single_thread};
use peers::workload::READ;
use tower::Service;

const ROUNDS: usize = 41;
/// Requests of one thread in one round.
const PER_THREAD: usize = 2000;
/// Requests of one round, however many of them are in flight at once.
const HELD: usize = 10_000;

fn main() -> Result<(), String> {
    let cookie =
        request_cookie(&single_thread()?, &ours::signed(), READ)?.ok_or("a read has a cookie")?;
    let ours = Router::new()
        .route("/", get(read_twice))
        .layer(ours::layer())
        .with_state(());
    let bare = Router::new().route("/", get(wait_once)).with_state(());
    println!(
        "| ns of CPU time per request | session-runtime | bare axum | difference |\n|---|--:|--:|--:|"
    );
    for threads in [1, 2] {
        let figures = rounds(|| [&ours, &bare].map(|app| on_threads(app, &cookie, threads)));
        print_row(&format!("{threads} thread(s)"), figures);
    }
    for in_flight in [1, 10, 100, 1000, 10_000] {
        let figures = rounds(|| [&ours, &bare].map(|app| held(app, &cookie, in_flight)));
        print_row(&format!("{in_flight} in flight"), figures);
    }
    Ok(())
}

fn print_row(name: &str, [ours, bare]: [f64; 2]) {
    println!("| {name} | {ours:.0} | {bare:.0} | {:.0} |", ours - bare);
}

fn rounds(mut round: impl FnMut() -> [f64; 2]) -> [f64; 2] {
    let samples: Vec<[f64; 2]> = (0..ROUNDS).map(|_| round()).collect();
    [0, 1].map(|side| median(samples.iter().map(|sample| sample[side]).collect()))
}

async fn read_twice(visit: VisitHandle) -> session_runtime::Result<StatusCode> {
    visit.require_uid()?;
    pending_once().await;
    visit.require_uid()?;
    Ok(StatusCode::OK)
}

async fn wait_once() -> StatusCode {
    pending_once().await;
    StatusCode::OK
}

async fn pending_once() {
    let mut waited = false;
    poll_fn(|_| {
        if std::mem::replace(&mut waited, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

fn request(cookie: &HeaderValue) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    request.headers_mut().insert(COOKIE, cookie.clone());
    request
}

fn copied(value: &HeaderValue) -> HeaderValue {
    HeaderValue::from_bytes(value.as_bytes()).unwrap_or_else(|_| unreachable!("it was one"))
}

/// CPU time per request while so many threads share one application: the mean over the threads.
fn on_threads(app: &Router, cookie: &HeaderValue, threads: usize) -> f64 {
    let work = || {
        // Requests of different threads share no buffer.
        let cookie = &copied(cookie);
        let start = ThreadTime::now();
        for _ in 0..PER_THREAD {
            answer_all(app, cookie, 1);
        }
        start.elapsed().as_secs_f64() * 1e9 / PER_THREAD as f64
    };
    let spent: Vec<f64> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .collect()
    });
    spent.iter().sum::<f64>() / spent.len() as f64
}

/// CPU time per request while so many wait within their handlers.
fn held(app: &Router, cookie: &HeaderValue, in_flight: usize) -> f64 {
    let start = ThreadTime::now();
    for _ in 0..HELD / in_flight {
        answer_all(app, cookie, in_flight);
    }
    start.elapsed().as_secs_f64() * 1e9 / HELD as f64
}

/// Polls all once, so that all wait, then each to its end.
fn answer_all(app: &Router, cookie: &HeaderValue, in_flight: usize) {
    let mut context = Context::from_waker(Waker::noop());
    let mut app = pin!(app.clone());
    let mut waiting: Vec<_> = (0..in_flight)
        .map(|_| Box::pin(app.call(request(cookie))))
        .collect();
    for future in &mut waiting {
        assert!(
            Pin::new(future).poll(&mut context).is_pending(),
            "every handler waits once"
        );
    }
    for future in &mut waiting {
        let answer = Pin::new(future)
            .poll(&mut context)
            .map(|answer| answer.map(|answer| answer.status()));
        assert_eq!(answer, Poll::Ready(Ok(StatusCode::OK)));
    }
}
