//! What becomes of a session when requests race, counted.

use crate::Engines;
use crate::client::Client;
use crate::process::Process;
use crate::subjects::{RACERS, Subject};

const ROUNDS: usize = 20;

/// What was acknowledged, and what of it was there.
#[derive(Default)]
struct Counts {
    puts: usize,
    puts_lost: usize,
    adds: usize,
    adds_lost: usize,
    came_back: usize,
}

pub(crate) async fn run(engines: &Engines) {
    println!(
        "| {ROUNDS} rounds, {RACERS} requests at once | keys acknowledged | lost | added | lost | signed in after the sign-out |"
    );
    println!("|---|--:|--:|--:|--:|--:|");
    for subject in Subject::with_sessions() {
        let server = Process::start(subject, engines.port(subject));
        let mut counts = Counts::default();
        for _ in 0..ROUNDS {
            own_keys(server.port(), &mut counts).await;
            one_counter(server.port(), &mut counts).await;
            counts.came_back += usize::from(sign_out(server.port()).await);
        }
        let Counts {
            puts,
            puts_lost,
            adds,
            adds_lost,
            came_back,
        } = counts;
        println!(
            "| {} | {puts} | {puts_lost} | {adds} | {adds_lost} | {came_back} of {ROUNDS} |",
            subject.name
        );
    }
}

async fn signed_in(port: u16) -> Client {
    let mut client = Client::connect(port).await;
    assert_eq!(client.get("/sign-in").await.status, 200);
    assert!(client.cookie.is_some());
    client
}

/// Requests of one browser that have all read before one of them writes; how many were acknowledged.
async fn at_once(client: &Client, port: u16, path: impl Fn(usize) -> String) -> usize {
    let mut tasks = Vec::new();
    for racer in 0..RACERS {
        let (mut client, path) = (client.again(port).await, path(racer));
        tasks.push(tokio::spawn(async move {
            client.get(&path).await.status == 200
        }));
    }
    release(port, RACERS).await;
    let mut done = 0;
    for task in tasks {
        done += usize::from(task.await.expect("no panic"));
    }
    done
}

async fn release(port: u16, waiting: usize) {
    let mut control = Client::connect(port).await;
    while control.get("/waiting").await.body != waiting.to_string() {
        tokio::task::yield_now().await;
    }
    control.get("/release").await;
}

/// Keys that `/slow` put, the counter, and who is signed in.
async fn has(client: &mut Client) -> (usize, usize, usize) {
    let body = client.get("/has").await.body;
    let mut numbers = body.split(' ').map(|number| number.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next())
}

async fn own_keys(port: u16, counts: &mut Counts) {
    let mut client = signed_in(port).await;
    let done = at_once(&client, port, |racer| format!("/slow?key=key{racer}")).await;
    let (there, _, _) = has(&mut client).await;
    counts.puts += done;
    counts.puts_lost += done.saturating_sub(there);
}

async fn one_counter(port: u16, counts: &mut Counts) {
    let mut client = signed_in(port).await;
    let done = at_once(&client, port, |_| "/count".to_owned()).await;
    let (_, there, _) = has(&mut client).await;
    counts.adds += done;
    counts.adds_lost += done.saturating_sub(there);
}

/// Whether anybody is signed in after a sign-out, while which a request of the same session was under way.
async fn sign_out(port: u16) -> bool {
    let mut client = signed_in(port).await;
    let before = client.cookie.clone();
    let mut slow = client.again(port).await;
    let slow = tokio::spawn(async move {
        slow.get("/slow?key=late").await;
        slow
    });
    let mut control = Client::connect(port).await;
    while control.get("/waiting").await.body != "1" {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.get("/sign-out").await.status, 200);
    release(port, 1).await;
    let slow = slow.await.expect("no panic");
    // With the cookie of before, and with whatever the slow request's answer set.
    let mut is_back = false;
    for cookie in [before, slow.cookie] {
        let mut thief = Client::connect(port).await;
        thief.cookie = cookie;
        is_back |= has(&mut thief).await.2 != 0;
    }
    is_back
}
