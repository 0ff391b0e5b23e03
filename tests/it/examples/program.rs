//! The programs of the examples, built once, and browsers that visit them.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use http::header::{CONTENT_TYPE, COOKIE, LOCATION};
use http::{HeaderMap, StatusCode};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use session_runtime::testing::{self, Visitor};

use crate::built;

/// A program that serves; it ends with this value.
pub(crate) struct Program {
    child: Child,
    /// What it says.
    lines: Lines<BufReader<ChildStdout>>,
    /// `http://127.0.0.1:` and the port that the system chose.
    base: String,
}

impl Program {
    pub(crate) fn start(example: &str) -> Self {
        Self::start_with(example, &[])
    }

    pub(crate) fn start_with(example: &str, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(built::example(example))
            .env("PORT", "0")
            .env_remove("SESSION_KEY")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it was built");
        let stdout = child.stdout.take().expect("a pipe");
        let mut program = Self {
            child,
            lines: BufReader::new(stdout).lines(),
            base: String::new(),
        };
        program.base = loop {
            if let Some(address) = address(&program.line()) {
                break address;
            }
        };
        program
    }

    /// The next line that it says.
    pub(crate) fn line(&mut self) -> String {
        let line = self.lines.next().expect("it runs");
        line.expect("text")
    }

    /// Sends it SIGHUP.
    pub(crate) fn hang_up(&self) {
        let id = self.child.id().to_string();
        let kill = Command::new("kill").args(["-HUP", &id]).status();
        assert!(kill.expect("a program of every system").success());
    }

    pub(crate) fn browser(&self) -> Browser {
        let client = Client::builder().no_proxy().redirect(Policy::none());
        Browser {
            client: client.build().expect("a client"),
            base: self.base.clone(),
            cookies: Visitor::from(&testing::layer()),
        }
    }
}

/// Where it serves, if the line says so; other lines are of the log.
fn address(line: &str) -> Option<String> {
    let (_, port) = line.split_once("http://127.0.0.1:")?;
    let port: String = port.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("http://127.0.0.1:{port}"))
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
        let _status = self.child.wait();
    }
}

/// Keeps the cookies of one program.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    base: String,
    cookies: Visitor,
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = self.client.get(self.url(path));
        self.send(request).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &'static str) -> Page {
        let request = self.client.post(self.url(path)).body(body);
        self.send(request).await
    }

    pub(crate) async fn submit(&mut self, path: &str, form: &'static str) -> Page {
        let request = self.client.post(self.url(path)).body(form);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request).await
    }

    pub(crate) async fn send(&mut self, request: RequestBuilder) -> Page {
        let response = self.answer(request).await;
        Page {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.expect("a body"),
        }
    }

    /// A response whose body was not read yet.
    pub(crate) async fn answer(&mut self, request: RequestBuilder) -> reqwest::Response {
        let request = request.header(COOKIE, self.cookies.cookie());
        let response = request.send().await.expect("an answer");
        self.cookies.keep(response.headers());
        response
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

impl Page {
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        assert!(self.text.contains(text), "{text:?} in\n{}", self.text);
    }

    #[track_caller]
    pub(crate) fn hides(&self, text: &str) {
        assert!(!self.text.contains(text), "{text:?} in\n{}", self.text);
    }

    /// Where the browser is sent.
    #[track_caller]
    pub(crate) fn leads_to(&self, path: &str) {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        assert_eq!(self.headers[LOCATION], path);
    }

    /// The attributes of the cookie that was set.
    pub(crate) fn cookie(&self) -> &str {
        let cookie = self.headers.get("set-cookie").expect("a cookie");
        cookie.to_str().expect("cookies are ASCII")
    }
}
