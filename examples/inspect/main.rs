//! What is in a session cookie, or why it is refused.
//!
//! ```text
//! cargo run --example inspect -- keygen
//! SESSION_KEY=.. cargo run --example inspect -- --name __Host-myapp < cookie.txt
//! ```
//!
//! `--help` says the rest. Values are hidden unless `--values` asks for them, and the key is never shown.

mod arguments;
mod input;
mod json;
mod report;
mod text;
#[path = "../../session-runtime/src/dev/moment.rs"]
mod time;

use std::error::Error;
use std::io::{IsTerminal, Read, Write};
use std::process::ExitCode;

use arguments::{Arguments, Command, HELP, Keys};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use input::Nothing;
use report::Report;

/// What a request can hold, and a little more: standard input is read no further.
const MAX_INPUT: u64 = 64 * 1024;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("inspect: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether every cookie is good.
fn run() -> Result<bool, Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    let arguments = match arguments::parse(std::env::args_os().skip(1))? {
        Command::Help => {
            out.write_all(HELP.as_bytes())?;
            return Ok(true);
        }
        Command::Keygen => {
            writeln!(out, "{}", new_key()?)?;
            return Ok(true);
        }
        Command::Inspect(arguments) => arguments,
    };
    let (keys, input) = read(&arguments)?;
    let cookies = match input::parse(&input, arguments.name.as_deref()) {
        Ok(cookies) => cookies,
        Err(Nothing::Missing(message)) => {
            writeln!(out, "{message}")?;
            return Ok(false);
        }
        Err(Nothing::Usage(message)) => return Err(message.into()),
    };
    let reports = report::all(&cookies, &arguments, &keys)?;
    if arguments.json {
        writeln!(out, "{:#}", json::of(&reports, arguments.values))?;
    } else {
        text::write(&mut out, &reports, arguments.values)?;
    }
    Ok(reports.iter().all(Report::is_good))
}

/// A key of 32 bytes, as a configuration takes it.
fn new_key() -> Result<String, Box<dyn Error>> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    Ok(BASE64_STANDARD.encode(key))
}

/// The keys, of the environment or the first line of standard input, and the cookies.
fn read(arguments: &Arguments) -> Result<(Keys, String), Box<dyn Error>> {
    let key = variable("SESSION_KEY")?;
    let mut input = String::new();
    if key.is_none() || arguments.cookie.is_none() {
        let mut stdin = std::io::stdin().lock();
        if stdin.is_terminal() {
            let first = if key.is_none() { "the key, then " } else { "" };
            eprintln!("{first}the cookie, each on a line, then Ctrl-D:");
        }
        stdin.by_ref().take(MAX_INPUT).read_to_string(&mut input)?;
    }
    let (key, rest) = if let Some(key) = key {
        (key, input)
    } else {
        let (key, rest) = input.split_once('\n').unwrap_or((&input, ""));
        (key.trim_end_matches('\r').to_owned(), rest.to_owned())
    };
    if key.trim().is_empty() {
        return Err(
            "no key: set SESSION_KEY, or give it as the first line of standard input".into(),
        );
    }
    let block_key = variable("SESSION_BLOCK_KEY")?;
    let block_key = block_key.map(|text| BASE64_STANDARD.decode(text.trim()));
    let block_key = block_key.transpose();
    let block_key = block_key.map_err(|_| "SESSION_BLOCK_KEY is not base64")?;
    let cookie = arguments.cookie.clone().unwrap_or(rest);
    Ok((Keys { key, block_key }, cookie))
}

/// A variable that is set and not blank.
fn variable(name: &str) -> Result<Option<String>, Box<dyn Error>> {
    let Some(value) = std::env::var_os(name) else {
        return Ok(None);
    };
    let value = value.into_string();
    let value = value.map_err(|_| format!("{name} is no UTF-8"))?;
    Ok((!value.trim().is_empty()).then_some(value))
}
