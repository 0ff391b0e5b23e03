//! The command line.

use std::ffi::OsString;
use std::time::Duration;

pub(crate) const HELP: &str = "\
What is in a session cookie, or why it is refused.

    inspect [OPTIONS] [COOKIE]
    inspect keygen

COOKIE is a cookie's value, `name=value`, a Cookie header or a Set-Cookie header. Without it standard input is read,
which stays out of the shell's history. `keygen` prints a new key.

    --name NAME               the cookie's name: needed for a bare value, else it picks one of those that came
    --context TEXT            the configured `context`
    --max-age TIME            the configured `max_age`: 30d, 12h, 45m, 10s
    --absolute-max-age TIME   the configured `absolute_max_age`, or `none`
    --decoded-key             for Go's cookies: the key is decoded before it signs
    --short-key               for Go's cookies: the key may be shorter than 32 bytes
    --values                  shows the values
    --json                    for programs
    --help

The key is SESSION_KEY, else the first line of standard input; several are separated by commas. The block key of Go's
encrypted cookies is SESSION_BLOCK_KEY, in base64. Neither is taken from the command line, which others can read.

Exit code: 0 every cookie is good, 1 one is refused, 2 it could not be tried.
";

pub(crate) enum Command {
    Help,
    Keygen,
    Inspect(Arguments),
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Arguments {
    pub(crate) cookie: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) context: String,
    pub(crate) max_age: Option<Duration>,
    pub(crate) absolute_max_age: Option<Limit>,
    pub(crate) decoded_key: bool,
    pub(crate) short_key: bool,
    pub(crate) values: bool,
    pub(crate) json: bool,
}

#[derive(Clone, Copy)]
pub(crate) enum Limit {
    None,
    After(Duration),
}

/// What cookies are verified by.
pub(crate) struct Keys {
    pub(crate) key: String,
    pub(crate) block_key: Option<Vec<u8>>,
}

pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut arguments = arguments.map(|argument| {
        let text = argument.into_string();
        text.map_err(|_| "an argument is no UTF-8".to_owned())
    });
    let mut parsed = Arguments::default();
    let mut plain = Vec::new();
    while let Some(argument) = arguments.next().transpose()? {
        let mut value = || match arguments.next() {
            Some(value) => value,
            None => Err(format!("{argument} needs a value; --help says which")),
        };
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--name" => parsed.name = Some(value()?),
            "--context" => parsed.context = value()?,
            "--max-age" => parsed.max_age = Some(duration(&value()?)?),
            "--absolute-max-age" => {
                let text = value()?;
                parsed.absolute_max_age = Some(match text.as_str() {
                    "none" => Limit::None,
                    text => Limit::After(duration(text)?),
                });
            }
            "--decoded-key" => parsed.decoded_key = true,
            "--short-key" => parsed.short_key = true,
            "--values" => parsed.values = true,
            "--json" => parsed.json = true,
            "--" => plain.extend(arguments.by_ref().collect::<Result<Vec<_>, _>>()?),
            option if option.starts_with("--key") || option.starts_with("-k") => {
                return Err("a key on the command line can be read by everybody on the machine: set SESSION_KEY, or give \
                            it as the first line of standard input"
                    .to_owned());
            }
            // What else begins so may be a value with a stroke of base64 in front, and is not repeated.
            option if option.starts_with("--") => {
                return Err("no such option; --help lists them. A cookie that begins with -- goes behind `--`".to_owned());
            }
            _ => plain.push(argument),
        }
    }
    match plain.as_slice() {
        [] => {}
        [keygen] if keygen == "keygen" => return Ok(Command::Keygen),
        [_] => parsed.cookie = plain.pop(),
        _ => return Err("one cookie, or one header, at a time: put it in quotes".to_owned()),
    }
    Ok(Command::Inspect(parsed))
}

/// `15m`, or seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no time: 30d, 12h, 45m, 10s");
    let (number, unit) = match text.trim_end_matches(|unit: char| unit.is_ascii_alphabetic()) {
        number if number.len() == text.len() => (text, 1),
        number => match &text[number.len()..] {
            "s" => (number, 1),
            "m" => (number, 60),
            "h" => (number, 3_600),
            "d" => (number, 86_400),
            _ => return Err(wrong()),
        },
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = number.checked_mul(unit).ok_or_else(wrong)?;
    Ok(Duration::from_secs(seconds))
}
