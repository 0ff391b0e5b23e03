//! The program, built once and run.

use std::io::Write;
use std::process::{Command, Stdio};

use session_runtime::testing::Visitor;
use session_runtime::{CookieStoreConfig, Lifetime, SessionLayer};
use tokio::runtime::Builder;

use crate::built::example;

/// What a run left.
pub(crate) struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs it with these variables, and no other of its own.
pub(crate) fn inspect(variables: &[(&str, &str)], arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(example("inspect"))
        .args(arguments)
        .env_remove("SESSION_KEY")
        .env_remove("SESSION_BLOCK_KEY")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it was built");
    let mut stdin = child.stdin.take().expect("a pipe");
    // It may end without reading.
    let _closed = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Run {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

impl Run {
    #[track_caller]
    pub(crate) fn exits(&self, code: i32) {
        assert_eq!(self.code, Some(code), "{}{}", self.stdout, self.stderr);
    }

    #[track_caller]
    pub(crate) fn says(&self, text: &str) {
        assert!(self.stdout.contains(text), "{text:?} in\n{}", self.stdout);
    }

    #[track_caller]
    pub(crate) fn complains(&self, text: &str) {
        assert!(self.stderr.contains(text), "{text:?} in\n{}", self.stderr);
        assert!(self.stdout.is_empty(), "{}", self.stdout);
    }

    #[track_caller]
    pub(crate) fn is_refused(&self, reason: &str) {
        self.exits(1);
        self.says(&format!(": refused, {reason}\n"));
    }

    pub(crate) fn output(&self) -> &str {
        &self.stdout
    }

    /// All that anybody sees of it.
    pub(crate) fn everything(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// The cookie of a session for which this lifetime was chosen.
pub(crate) fn with_lifetime(config: CookieStoreConfig, lifetime: Lifetime) -> String {
    let layer = SessionLayer::new(config).expect("good");
    let mut visitor = Visitor::from(&layer);
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let visit = visitor.visit(async |session| session.set_lifetime(lifetime));
    runtime.block_on(visit).expect("it fits");
    let cookie = visitor.cookie();
    cookie.to_str().expect("ASCII").to_owned()
}
