//! YAML files: one mapping of scalars, read from the parser's events, which know their lines.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

use super::super::value::Value;
use super::{Line, Syntax};

/// The fields of the mapping that the text must be. An empty text has none.
pub(super) fn parse(text: &str) -> Result<Vec<Line>, Syntax> {
    let mut mapping = Mapping::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(syntax)?;
        mapping.take(event, span.start.line())?;
    }
    Ok(mapping.lines)
}

#[derive(Default)]
struct Mapping {
    lines: Vec<Line>,
    /// The name whose value comes next.
    name: Option<(String, usize)>,
    documents: usize,
    depth: usize,
}

impl Mapping {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), Syntax> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                let message = "a second document begins here: one is read, remove the other";
                return if self.documents > 1 {
                    Err(Syntax::new(line, message))
                } else {
                    Ok(())
                };
            }
            Event::MappingStart(..) | Event::SequenceStart(..) => self.depth += 1,
            Event::MappingEnd | Event::SequenceEnd => {
                self.depth -= 1;
                return Ok(());
            }
            _ => {}
        }
        match (self.depth, event) {
            (0, Event::Scalar(text, ..)) if is_null(&text) => Ok(()),
            (0, Event::Scalar(..) | Event::Alias(_)) | (1, Event::SequenceStart(..)) => Err(
                Syntax::new(line, "the file must be one mapping, `name: ..`"),
            ),
            (1, Event::Scalar(text, style, _, tag)) => {
                self.scalar(text, style, tag.as_deref(), line);
                Ok(())
            }
            (1, Event::Alias(_)) => self.other("an alias", line),
            (2, Event::MappingStart(..)) => self.other("a mapping", line),
            (2, Event::SequenceStart(..)) => self.other("a list", line),
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>, line: usize) {
        match self.name.take() {
            None => self.name = Some((text.into_owned(), line)),
            Some((name, number)) => self.lines.push(Line {
                name,
                number,
                value: value(text, style, tag),
            }),
        }
    }

    fn other(&mut self, kind: &'static str, line: usize) -> Result<(), Syntax> {
        let message = "a field's name must be a text";
        let (name, number) = self.name.take().ok_or(Syntax::new(line, message))?;
        let value = Value::Other(kind);
        self.lines.push(Line {
            name,
            number,
            value,
        });
        Ok(())
    }
}

/// By the core schema of YAML 1.2.
fn value(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    match tag {
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => Value::from_text(text),
        Some(_) => Value::Other("a tagged value"),
        None if style != ScalarStyle::Plain => Value::from_text(text),
        None if is_null(&text) => Value::Null,
        None => match text.as_ref() {
            "true" | "True" | "TRUE" => Value::Bool(true),
            "false" | "False" | "FALSE" => Value::Bool(false),
            number
                if number.parse::<f64>().is_ok()
                    && number.contains(|c: char| c.is_ascii_digit()) =>
            {
                Value::Number(text.into_owned())
            }
            _ => Value::from_text(text),
        },
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn syntax(error: ScanError) -> Syntax {
    let message = format!("this is no YAML: {}", error.info());
    Syntax::new(error.marker().line(), message)
}
