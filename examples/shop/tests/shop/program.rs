//! The shop as it is started.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use crate::browser::Folder;

/// A program that serves; it ends with this value.
struct Program {
    child: Child,
    base: String,
    said: Vec<String>,
}

impl Program {
    fn start(variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_shop"))
            .env_remove("SESSION_KEY")
            .env_remove("SHOP_DB")
            .env("PORT", "0")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it was built");
        let stdout = child.stdout.take().expect("a pipe");
        let mut program = Self {
            child,
            base: String::new(),
            said: Vec::new(),
        };
        for line in BufReader::new(stdout).lines() {
            program.said.push(line.expect("text"));
            let line = program.said.last().expect("it was pushed");
            if let Some(base) = line.strip_prefix("Listening on ") {
                program.base = base.to_owned();
                return program;
            }
        }
        panic!("it ended: {:?}", program.said);
    }

    async fn get(&self, path: &str, cookie: &str) -> Response {
        let request = client().get(format!("{}{path}", self.base));
        request
            .header(COOKIE, cookie)
            .send()
            .await
            .expect("an answer")
    }

    /// The cookie of ada, signed in.
    async fn sign_in(&self) -> String {
        let request = client().post(format!("{}/login", self.base));
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body("name=ada&password=correct+horse&return_to=/account");
        let response = request.send().await.expect("an answer");
        assert_eq!(response.headers()[LOCATION], "/account");
        let cookie = response.headers()[SET_COOKIE].to_str().expect("ASCII");
        assert!(cookie.starts_with("__Host-shop="), "{cookie}");
        for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(attribute), "{attribute} in {cookie}");
        }
        cookie.split(';').next().expect("a pair").to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
        let _status = self.child.wait();
    }
}

fn client() -> Client {
    let client = Client::builder().no_proxy().redirect(Policy::none());
    client.build().expect("a client")
}

#[tokio::test]
async fn it_says_who_may_sign_in_and_that_its_key_is_new() {
    let folder = Folder::new();
    let file = folder.0.join("sessions.db");
    let program = Program::start(&[("SHOP_DB", file.to_str().expect("Unicode"))]);
    let said = program.said.join("\n");
    assert!(said.contains("SESSION_KEY is not set"), "{said}");
    assert!(
        said.contains(r#"Sign in as "ada" with "correct horse""#),
        "{said}"
    );
    let cookie = program.sign_in().await;
    let page = program.get("/account", &cookie).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.expect("text");
    assert!(page.contains("<strong>ada</strong>"), "{page}");
    // It knows who asks, so it shows the development page.
    let page = program.get("/dev", &cookie).await;
    assert_eq!(page.status(), if cfg!(feature = "dev") { 200 } else { 404 });
}

#[tokio::test]
async fn sessions_outlive_the_program_with_their_file_and_key() {
    const KEY: (&str, &str) = (
        "SESSION_KEY",
        "uV0Yp8m1o9s3b4Xz7Qk2Lw5Rj6Tn8Gd1Hc0FeAaBbCc=",
    );

    let folder = Folder::new();
    let file = folder.0.join("sessions.db");
    let variables = [KEY, ("SHOP_DB", file.to_str().expect("Unicode"))];
    let program = Program::start(&variables);
    let cookie = program.sign_in().await;
    drop(program);
    let program = Program::start(&variables);
    assert_eq!(program.get("/account", &cookie).await.status(), 200);
}

#[tokio::test]
async fn without_a_file_it_makes_one_and_takes_it_away_at_the_end() {
    let folder = Folder::new();
    let path = folder.0.to_str().expect("Unicode");
    let mut program = Program::start(&[("TMPDIR", path)]);
    let count = || std::fs::read_dir(&folder.0).expect("a folder").count();
    assert_eq!(count(), 1);
    program.get("/", "").await; // serves, so it waits for the signal too
    let id = program.child.id().to_string();
    let interrupted = Command::new("kill").args(["-INT", &id]).status();
    assert!(interrupted.expect("a program of every system").success());
    assert!(program.child.wait().expect("it ends").success());
    assert_eq!(count(), 0);
}
