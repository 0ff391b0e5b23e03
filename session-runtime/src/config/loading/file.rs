//! Configuration files: parses text to fields with their lines.

mod json;
mod toml;
mod yaml;

use std::path::Path;

use zeroize::Zeroizing;

use super::spelling::Case;
use super::value::Value;

/// One `name = value`.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) number: usize,
    pub(super) value: Value,
}

/// Why a text is not valid in its format.
pub(super) struct Syntax {
    number: usize,
    message: String,
}

impl Syntax {
    pub(super) fn new(number: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { number, message }
    }
}

/// A format of files.
struct Format {
    parse: fn(&str) -> Result<Vec<Line>, Syntax>,
    case: Case,
}

/// The fields of a file in their order, and the case of its names. An absent file has no fields if it may be absent.
pub(super) fn read(path: &Path, may_be_absent: bool) -> Result<(Vec<Line>, Case), String> {
    let shown = path.display();
    let Format { parse, case } = format(path)?;
    let text = match std::fs::read_to_string(path).map(Zeroizing::new) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return if may_be_absent {
                Ok((Vec::new(), case))
            } else {
                Err(format!(
                    "{shown}: there is no such file: create it, or name it as an `optional_file`"
                ))
            };
        }
        Err(error) => {
            return Err(format!(
                "{shown}: can't be read ({error}): it must be a readable file of UTF-8 text"
            ));
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match parse(text) {
        Ok(lines) => Ok((lines, case)),
        Err(Syntax { number, message }) => Err(format!("{shown}:{number}: {message}")),
    }
}

fn format(path: &Path) -> Result<Format, String> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension.unwrap_or("").to_ascii_lowercase().as_str() {
        "toml" => Ok(Format {
            parse: toml::parse,
            case: Case::AsWritten,
        }),
        "yaml" | "yml" => Ok(Format {
            parse: yaml::parse,
            case: Case::Lower,
        }),
        "json" => Ok(Format {
            parse: json::parse,
            case: Case::Any,
        }),
        other => Err(format!(
            "{}: files are told apart by their extension, and {other:?} is unknown: use .toml, .yaml, .yml or .json",
            path.display()
        )),
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    1 + before.filter(|byte| **byte == b'\n').count()
}
