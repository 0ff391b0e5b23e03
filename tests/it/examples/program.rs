//! The programs of the examples, built once.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::browser::Browser;
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
        Browser::at(&self.base)
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
