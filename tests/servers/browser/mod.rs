//! What the crate promises of browsers, in a real one: Debian's Chromium, driven by the tests of this folder under Node.
//!
//! `SESSION_TEST_BROWSER=1` runs them; Chromium, Node or npm missing is a failure then. `SESSION_BROWSER_ONLY` is a part
//! of the names of those to run, and with `SESSION_BROWSER_SHOTS=1` they make the images of the docs anew. The servers are
//! in [`sites`], and the tests ask for them over HTTP; each test of the shop starts one of its own.

mod sites;

use std::path::{Path, PathBuf};
use std::process::Command;

use tokio::task::spawn_blocking;

use crate::engines::run;
use crate::support::is_asked_for;

/// Seconds that the tests may take, and then are ended.
const PATIENCE: &str = "300";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_browser_does_what_is_promised() {
    if !is_asked_for("SESSION_TEST_BROWSER", "a real browser") {
        return;
    }
    let sites = sites::serve().await;
    let mut node = node();
    node.env("SESSION_BROWSER_SITES", sites)
        .env("SESSION_BROWSER_PROGRAM", program("chromium"));
    let output = spawn_blocking(move || {
        install();
        node.env("SESSION_BROWSER_SHOP", shop());
        node.output().expect("`timeout` of coreutils")
    });
    let output = output.await.expect("no panic");
    println!("{}", String::from_utf8_lossy(&output.stdout));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{errors}", output.status);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/browser")
}

/// The packages that `package-lock.json` names.
fn install() {
    let mut npm = Command::new(program("npm"));
    npm.args(["ci", "--no-audit", "--no-fund", "--prefer-offline"]);
    run(npm.current_dir(folder()));
}

/// The shop of the examples, built.
fn shop() -> PathBuf {
    let this = std::env::current_exe().expect("a program");
    let target = this.ancestors().nth(3).expect("target/debug/deps");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--quiet", "--package", "shop", "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    run(&mut cargo);
    target.join("debug/shop")
}

fn node() -> Command {
    let mut node = Command::new("timeout");
    node.args(["--kill-after=5", PATIENCE])
        .arg(program("node"))
        .args(["--test", "--test-concurrency=2", "--test-timeout=240000"])
        .arg("--test-reporter=spec")
        .current_dir(folder());
    if let Ok(only) = std::env::var("SESSION_BROWSER_ONLY") {
        node.arg(format!("--test-name-pattern={only}"));
    }
    node.args(tests());
    node
}

/// The files of tests; Node would be content with none.
fn tests() -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder()).expect("this folder");
    let files = files.map(|file| file.expect("a file").path());
    let mut tests: Vec<_> = files
        .filter(|file| file.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    tests.sort();
    assert!(!tests.is_empty());
    tests
}

fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&path).map(|folder| folder.join(name));
    let found = found.find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("`{name}` is not installed"))
}
