//! YAML files: one mapping, read from the parser's events, which have their lines.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::super::value::Value;
use super::{Line, Syntax};

/// The fields of the mapping that the text must be. An empty text has none.
pub(super) fn parse(text: &str) -> Result<Vec<Line>, Syntax> {
    let mut events = Events(Parser::new_from_str(text));
    let mut lines = Vec::new();
    let mut documents = 0;
    while let Some((event, line)) = events.next()? {
        match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    let message = "a second document begins here: one is read, remove the other";
                    return Err(Syntax::new(line, message));
                }
            }
            Event::MappingStart(..) => lines = events.mapping(0)?,
            Event::Scalar(text, ..) if is_null(&text) => {}
            Event::Scalar(..) | Event::Alias(_) | Event::SequenceStart(..) => {
                let message = "the file must be one mapping, `name: ..`";
                return Err(Syntax::new(line, message));
            }
            _ => {}
        }
    }
    Ok(lines)
}

/// The remaining events of a text.
struct Events<P>(P);

impl<'t, P: Iterator<Item = Result<(Event<'t>, Span), ScanError>>> Events<P> {
    /// The next event and its line.
    fn next(&mut self) -> Result<Option<(Event<'t>, usize)>, Syntax> {
        let next = self.0.next().transpose().map_err(syntax)?;
        Ok(next.map(|(event, span)| (event, span.start.line())))
    }

    /// The rest of a mapping that has begun.
    fn mapping(&mut self, depth: usize) -> Result<Vec<Line>, Syntax> {
        let mut lines = Vec::new();
        while let Some((event, number)) = self.next()? {
            let name = match event {
                Event::MappingEnd => break,
                Event::Scalar(name, ..) => name.into_owned(),
                _ => return Err(Syntax::new(number, "a field's name must be a text")),
            };
            let Some((event, _)) = self.next()? else {
                break;
            };
            let value = self.value(event, depth + 1)?;
            lines.push(Line {
                name,
                number,
                value,
            });
        }
        Ok(lines)
    }

    /// The rest of a value that begins with this event.
    fn value(&mut self, event: Event<'_>, depth: usize) -> Result<Value, Syntax> {
        /// No field is nested deeper than a list of tables.
        const DEEPEST: usize = 3;
        Ok(match event {
            Event::Scalar(text, style, _, tag) => scalar(text, style, tag.as_deref()),
            Event::SequenceStart(..) if depth < DEEPEST => {
                let mut values = Vec::new();
                while let Some((event, _)) = self.next()? {
                    if event == Event::SequenceEnd {
                        break;
                    }
                    values.push(self.value(event, depth + 1)?);
                }
                Value::List(values)
            }
            Event::MappingStart(..) if depth < DEEPEST => {
                let lines = self.mapping(depth)?.into_iter();
                Value::Table(lines.map(|line| (line.name, line.value)).collect())
            }
            Event::SequenceStart(..) => {
                self.skip()?;
                Value::Other("a list")
            }
            Event::MappingStart(..) => {
                self.skip()?;
                Value::Other("a table")
            }
            _ => Value::Other("an alias"),
        })
    }

    /// Skips a value that has begun.
    fn skip(&mut self) -> Result<(), Syntax> {
        let mut open = 1_usize;
        while open > 0
            && let Some((event, _)) = self.next()?
        {
            match event {
                Event::MappingStart(..) | Event::SequenceStart(..) => open += 1,
                Event::MappingEnd | Event::SequenceEnd => open -= 1,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Reads a scalar by the core schema of YAML 1.2.
fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Value {
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
