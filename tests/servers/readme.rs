//! The README's first page, followed word for word, but for the path of this repository and the port: a package of its
//! own, the program without its key, and what curl gets.
//!
//! `SESSION_TEST_README=1` runs it: the package's dependencies are built anew.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::{env, fs, thread, time};

use session_runtime::{CookieStore, CookieStoreConfig};

use crate::engines::free_port;
use crate::support::browser::Browser;
use crate::support::is_asked_for;

const README: &str = include_str!("../../README.md");
const KEY: &str = "Gs0kb8vQ3xJ5mT7yR1wZ9pL2nH4cF6dA8eK0iU3oV5s=";

#[tokio::test]
async fn who_follows_the_readme_has_sessions() {
    if !is_asked_for("SESSION_TEST_README", "the README's package, built anew") {
        return;
    }
    let program = build();

    let output = Command::new(&program).env_remove("SESSION_KEY").output();
    let told = String::from_utf8(output.expect("it runs").stderr).expect("text");
    assert!(told.contains("SESSION_KEY is not set") && told.contains("openssl"));

    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
    let _server = Server::start(&program, address);
    let mut jar = Browser::at(&format!("http://{address}"));
    for (call, shown) in calls() {
        assert_eq!(answer(&mut jar, call).await, shown, "{call}");
    }
}

/// The cookie that it names is one that browsers take.
#[test]
fn the_cookie_of_the_readme_is_none_of_another_application() {
    let name = README.split("CookieStoreConfig::new(\"").nth(1);
    let name = name.and_then(|rest| rest.split('"').next());
    assert_eq!(name, Some("__Host-myapp"));
    assert!(CookieStore::new(CookieStoreConfig::new("__Host-myapp", KEY)).is_ok());
}

/// The first block of code that opens with this line.
fn block(opening: &str) -> &'static str {
    let rest = README.split(&format!("\n```{opening}\n")).nth(1);
    let block = rest.and_then(|rest| rest.split("```").next());
    block.expect("a block of this kind")
}

/// The calls of curl, each with what it shows.
fn calls() -> impl Iterator<Item = (&'static str, &'static str)> {
    let calls = README.split("\n$ curl ").skip(1);
    calls.map(|lines| {
        let mut lines = lines.lines();
        let mut line = || lines.next().expect("a call and its answer");
        (line(), line())
    })
}

fn build() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    fs::create_dir_all(project.join("src")).expect("the directory can be made");
    let runtime = toml_string(&root.join("session-runtime"));
    let dependencies = replaced(
        block("toml"),
        "\"../session-runtime/session-runtime\"",
        &runtime,
    );
    let package = "[package]\nname = \"myapp\"\nversion = \"0.0.0\"\nedition = \"2024\"\n";
    let manifest = format!("{package}\n{dependencies}\n[workspace]\n");
    fs::write(project.join("Cargo.toml"), manifest).expect("the manifest");
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock")).expect("a lock file");
    let source = replaced(
        block("rust,no_run"),
        "\"127.0.0.1:3000\"",
        "std::env::var(\"ADDRESS\")?",
    );
    fs::write(project.join("src/main.rs"), source).expect("the program");

    let output = Command::new(env!("CARGO"))
        .args(["build", "--offline", "--config", "profile.dev.debug=false"])
        .env("CARGO_TARGET_DIR", project.join("target"))
        .current_dir(&project)
        .output()
        .expect("cargo runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && !told.contains("warning"),
        "{told}"
    );
    project
        .join("target/debug/myapp")
        .with_extension(env::consts::EXE_EXTENSION)
}

fn toml_string(path: &Path) -> String {
    serde_json::to_string(path).expect("a path of Unicode text")
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

struct Server(Child);

impl Server {
    fn start(program: &Path, address: SocketAddr) -> Self {
        let program = Command::new(program)
            .env("SESSION_KEY", KEY)
            .env("ADDRESS", address.to_string())
            .spawn()
            .expect("it runs");
        while std::net::TcpStream::connect(address).is_err() {
            thread::sleep(time::Duration::from_millis(10));
        }
        Self(program)
    }
}

/// What curl shows, with its jar.
async fn answer(jar: &mut Browser, call: &str) -> String {
    let path = call.split("127.0.0.1:3000").nth(1).expect("an address");
    let page = if call.contains("-X POST") {
        jar.post(path, "").await
    } else {
        jar.get(path).await
    };
    page.text.trim_end().to_owned()
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).ok();
    }
}
