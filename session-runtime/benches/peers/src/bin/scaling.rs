//! How the cost of a request changes with threads and with requests in flight, beside bare axum.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use std::{hint, thread};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use cpu_time::ThreadTime;
use http::header::COOKIE;
use http::{HeaderValue, Request, StatusCode};
use peers::account::Account;
use peers::client::request_cookie;
use peers::subject::{BARE_AXUM, Build, Subject};
use peers::subjects::ours::{self, VisitHandle};
use peers::subjects::{self, ideal, tower_cookies};
use peers::timing::{median, single_thread};
use peers::workload::{MAIN, READ, Workload};
use tower::Service;

const ROUNDS: usize = 41;
/// Requests of one thread in one round: a millisecond or two.
const PER_THREAD: usize = 1000;
/// How often threads try to run at once before the machine is too busy.
const ATTEMPTS: usize = 10_000;
/// Requests of one round, however many of them are in flight at once.
const HELD: usize = 10_000;

/// Who shares an application between threads; the first is subtracted from the others.
const SHARED: [&str; 4] = [
    BARE_AXUM,
    ours::SIGNED,
    ideal::SIGNED,
    tower_cookies::SIGNED,
];

fn main() -> Result<(), String> {
    compare_threads()?;
    compare_in_flight()
}

/// An application that threads share, and its requests' cookie.
struct Shared {
    name: &'static str,
    app: Router,
    cookie: Option<HeaderValue>,
    /// Whole requests of one thread and of two, one of each for every round.
    samples: [Vec<f64>; 2],
}

impl Shared {
    fn new(subject: &Subject, workload: Workload) -> Result<Self, String> {
        let Build::Axum(router) = &subject.build else {
            return Err(format!("{} is not axum's", subject.name));
        };
        let cookie = request_cookie(&single_thread()?, subject, workload)?;
        let app = router(
            workload.operation,
            &Account::with_json_len(workload.json_len),
        );
        Ok(Self {
            name: subject.name,
            app: app.with_state(()),
            cookie,
            samples: [Vec::new(), Vec::new()],
        })
    }

    /// What it costs beyond the other, with one thread and with two.
    fn beyond(&self, bare: &Self) -> [f64; 2] {
        [0, 1].map(|side| {
            let pairs = self.samples[side].iter().zip(&bare.samples[side]);
            median(pairs.map(|(whole, bare)| whole - bare).collect())
        })
    }
}

fn compare_threads() -> Result<(), String> {
    println!("| ns of CPU time per request | 1 thread | 2 threads | 2 / 1 |\n|---|--:|--:|--:|");
    MAIN.into_iter().try_for_each(compare_threads_in)?;
    println!();
    Ok(())
}

fn compare_threads_in(workload: Workload) -> Result<(), String> {
    let subjects = subjects::all();
    let find = |name| subjects.iter().find(|subject| subject.name == name);
    let shared = SHARED.map(|name| Shared::new(find(name).ok_or("no such subject")?, workload));
    let mut shared = shared.into_iter().collect::<Result<Vec<_>, _>>()?;
    for _ in 0..ROUNDS {
        for subject in &mut shared {
            for threads in [1, 2] {
                let spent = on_threads(&subject.app, subject.cookie.as_ref(), threads)?;
                subject.samples[threads - 1].push(spent);
            }
        }
    }
    let (bare, others) = shared.split_first().ok_or("nobody is measured")?;
    let whole = [0, 1].map(|side| median(bare.samples[side].clone()));
    print_threads(&format!("{workload}: {}, whole", bare.name), whole);
    for subject in others {
        print_threads(
            &format!("{workload}: {}", subject.name),
            subject.beyond(bare),
        );
    }
    Ok(())
}

fn print_threads(name: &str, [one, two]: [f64; 2]) {
    println!("| {name} | {one:.0} | {two:.0} | {:.2} |", two / one);
}

fn compare_in_flight() -> Result<(), String> {
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
    for in_flight in [1, 10, 100, 1000, 10_000] {
        let rounds = (0..ROUNDS).map(|_| [&ours, &bare].map(|app| held(app, &cookie, in_flight)));
        let samples: Vec<[f64; 2]> = rounds.collect();
        let [ours, bare] =
            [0, 1].map(|side| median(samples.iter().map(|sample| sample[side]).collect()));
        let difference = ours - bare;
        println!("| {in_flight} in flight | {ours:.0} | {bare:.0} | {difference:.0} |");
    }
    Ok(())
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

fn request(cookie: Option<&HeaderValue>) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    if let Some(cookie) = cookie {
        request.headers_mut().insert(COOKIE, cookie.clone());
    }
    request
}

fn copied(value: &HeaderValue) -> HeaderValue {
    HeaderValue::from_bytes(value.as_bytes()).unwrap_or_else(|_| unreachable!("it was one"))
}

/// CPU time per request while so many threads share one application: the mean over the threads, of the first attempt
/// in which all of them ran at once.
fn on_threads(app: &Router, cookie: Option<&HeaderValue>, threads: usize) -> Result<f64, String> {
    for _ in 0..ATTEMPTS {
        let turns = take_turns(app, cookie, threads);
        if ran_at_once(&turns) {
            let spent: f64 = turns.iter().map(|turn| turn.cpu.as_secs_f64()).sum();
            return Ok(spent * 1e9 / (PER_THREAD * threads) as f64);
        }
    }
    Err(format!("the machine is too busy for {threads} thread(s)"))
}

/// One thread's requests.
struct Turn {
    began: Instant,
    wall: Duration,
    cpu: Duration,
}

/// The threads begin together, and each keeps the others company until the last is done.
fn take_turns(app: &Router, cookie: Option<&HeaderValue>, threads: usize) -> Vec<Turn> {
    let (ready, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        // Requests of different threads share no buffer.
        let cookie = cookie.map(copied);
        let cookie = cookie.as_ref();
        let mut app = app.clone();
        ready.fetch_add(1, Ordering::Relaxed);
        // Waking a thread that sleeps takes as long as hundreds of requests.
        while ready.load(Ordering::Relaxed) < threads {
            hint::spin_loop();
        }
        let (began, start) = (Instant::now(), ThreadTime::now());
        for _ in 0..PER_THREAD {
            answer(&mut app, cookie);
        }
        let (cpu, wall) = (start.elapsed(), began.elapsed());
        done.fetch_add(1, Ordering::Relaxed);
        while done.load(Ordering::Relaxed) < threads {
            answer(&mut app, cookie);
        }
        Turn { began, wall, cpu }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut turns = vec![work()];
        for other in others {
            turns.push(other.join().expect("requests are answered"));
        }
        turns
    })
}

/// Whether no other process had the core of a thread meanwhile.
fn ran_at_once(turns: &[Turn]) -> bool {
    let first = turns.iter().map(|turn| turn.began).min();
    first.is_some_and(|first| {
        turns
            .iter()
            .all(|turn| turn.began - first < turn.wall / 20 && turn.wall < turn.cpu + turn.cpu / 20)
    })
}

/// Answers one request, whose handler never waits.
fn answer(app: &mut Router, cookie: Option<&HeaderValue>) {
    let mut context = Context::from_waker(Waker::noop());
    let answer = pin!(app.call(request(cookie))).poll(&mut context);
    let status = answer.map(|answer| answer.map(|answer| answer.status()));
    assert_eq!(status, Poll::Ready(Ok(StatusCode::OK)));
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
        .map(|_| Box::pin(app.call(request(Some(cookie)))))
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
