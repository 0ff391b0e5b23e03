//! A configuration while it is loaded: the fields that are set, their sources, and the errors so far.

use core::fmt;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::super::CookieStoreConfig;
use super::super::check::Problem;
use super::super::field::Field;
use super::environment::{Prefix, Variable};
use super::file::{self, Line};
use super::key_file;
use super::spelling::{Says, Spelling};
use super::value::Value;
use crate::error::ConfigError;
use crate::log;

pub(super) struct Draft {
    config: CookieStoreConfig,
    /// The source that set a field. The last one counts.
    origins: Vec<(Field, Origin)>,
    /// Variables that are set but empty, if no later source set the field.
    emptied: Vec<(Field, Origin)>,
    complaints: Vec<String>,
    /// The names of the sources, to say where a missing field can be written.
    sources: Vec<String>,
}

#[derive(Clone)]
enum Origin {
    Line(PathBuf, usize),
    Variable(String),
    /// The source names a file that has the value.
    File(Box<Self>, PathBuf),
}

impl Origin {
    /// The folder where its relative paths begin.
    fn folder(&self) -> &Path {
        match self {
            Self::Line(path, _) => path.parent().unwrap_or(Path::new("")),
            Self::Variable(_) | Self::File(..) => Path::new(""),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(path, number) => write!(f, "{}:{number}", path.display()),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::File(named_by, path) => write!(f, "{}, named by {named_by}", path.display()),
        }
    }
}

/// A field of a source.
struct Sourced {
    /// The field's name as the source writes it.
    name: String,
    origin: Origin,
    spelling: &'static Spelling,
    value: Value,
}

impl Draft {
    pub(super) fn new(defaults: CookieStoreConfig) -> Self {
        Self {
            config: defaults,
            origins: Vec::new(),
            emptied: Vec::new(),
            complaints: Vec::new(),
            sources: Vec::new(),
        }
    }

    pub(super) fn read_file(&mut self, path: &Path, may_be_absent: bool) {
        self.sources.push(path.display().to_string());
        let (lines, case) = match file::read(path, may_be_absent) {
            Ok(read) => read,
            Err(complaint) => return self.complaints.push(complaint),
        };
        let mut entries = Vec::new();
        for Line {
            name,
            number,
            value,
        } in lines
        {
            let origin = Origin::Line(path.to_owned(), number);
            let Some(spelling) = Spelling::in_file(&name, case) else {
                let complaint = Spelling::unknown(&name);
                self.complaints.push(format!("{origin}: {complaint}"));
                continue;
            };
            entries.push(Sourced {
                name,
                origin,
                spelling,
                value,
            });
        }
        self.merge(entries);
    }

    pub(super) fn read_variables(
        &mut self,
        prefix: &str,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) {
        let Some(prefix) = Prefix::new(prefix) else {
            let complaint = "the prefix of the environment is blank: name one, such as APP_SESSION";
            return self.complaints.push(complaint.to_owned());
        };
        self.sources.push(format!("variables {}..", prefix.shown()));
        let picked = prefix.pick(variables);
        let entries = picked
            .into_iter()
            .filter_map(|variable| self.variable(&prefix, variable))
            .collect();
        self.merge(entries);
    }

    /// The field of a variable. `None` if the variable is unset, has another prefix or is unknown.
    fn variable(&mut self, prefix: &Prefix, variable: Variable) -> Option<Sourced> {
        let Variable {
            whole,
            name,
            value,
            is_foreign,
        } = variable;
        let spelling = Spelling::in_environment(&name);
        let origin = Origin::Variable(whole);
        if value.is_empty() {
            // As in Go, an empty variable is unset.
            let field = spelling.filter(|_| !is_foreign)?.field;
            self.emptied.push((field, origin));
            return None;
        }
        if is_foreign {
            spelling?;
            log::variable_passed_over(&origin, prefix.shown());
            return None;
        }
        let Some(spelling) = spelling else {
            let complaint = unknown_variable(&origin, prefix.shown(), &name);
            self.complaints.push(complaint);
            return None;
        };
        let value = value.into_string();
        Some(Sourced {
            name,
            origin,
            spelling,
            value: value.map_or(Value::Other("no UTF-8"), Value::from_text),
        })
    }

    /// Sets the fields of one source.
    fn merge(&mut self, entries: Vec<Sourced>) {
        let mut seen: Vec<(Field, Origin)> = Vec::new();
        for Sourced {
            name,
            origin,
            spelling,
            value,
        } in entries
        {
            let field = spelling.field;
            if let Some((_, other)) = seen.iter().find(|(other, _)| *other == field) {
                self.complaints.push(format!(
                    "{name} ({origin}): {other} sets {} already: remove one of the two",
                    field.name()
                ));
                continue;
            }
            seen.push((field, origin.clone()));
            let origin = self.set(&name, spelling, value, origin);
            self.origins.retain(|(other, _)| *other != field);
            self.emptied.retain(|(other, _)| *other != field);
            self.origins.push((field, origin));
        }
    }

    /// Sets a field, and returns the origin of its value.
    fn set(&mut self, name: &str, spelling: &Spelling, value: Value, origin: Origin) -> Origin {
        let read = match spelling.says {
            Says::Value | Says::Opposite => Ok((value, origin.clone())),
            Says::File => read_key_file(value, &origin),
        };
        let set = read.and_then(|(value, found)| {
            self.config.set(spelling, value)?;
            Ok(found)
        });
        set.unwrap_or_else(|complaint| {
            self.complaints
                .push(format!("{name} ({origin}): {complaint}"));
            origin
        })
    }

    /// The configuration, if every source and the whole are valid.
    pub(super) fn finish(self) -> Result<CookieStoreConfig, ConfigError> {
        if !self.complaints.is_empty() {
            return Err(ConfigError::new(self.complaints.join("\n")));
        }
        if let Some(problem) = self.config.problem() {
            return Err(self.explain(&problem));
        }
        if let Some(variables) = list(&self.emptied, &[Field::Key]) {
            let key = list(&self.origins, &[Field::Key]);
            log::empty_key_variable(&variables, key.as_deref().unwrap_or("the defaults"));
        }
        Ok(self.config)
    }

    /// The problem with the sources of its fields.
    fn explain(&self, problem: &Problem) -> ConfigError {
        let Problem {
            fields,
            message,
            is_blank,
        } = problem;
        let set = self
            .origins
            .iter()
            .filter(|(field, _)| fields.contains(field));
        let set: Vec<String> = set
            .map(|(field, origin)| format!("{}: {origin}", field.name()))
            .collect();
        if *is_blank {
            return ConfigError::new(message.as_str()).because(self.where_to_write(fields, &set));
        }
        if set.is_empty() {
            return ConfigError::new(message.as_str());
        }
        ConfigError::new(format!("{message} ({})", set.join(", ")))
    }

    fn where_to_write(&self, fields: &[Field], set: &[String]) -> String {
        let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
        let names = names.join(", ");
        if !set.is_empty() {
            return format!(
                "blank in {}: write a value there, or remove it",
                set.join(", ")
            );
        }
        if let Some(variables) = list(&self.emptied, fields) {
            return format!(
                "{variables} is set but empty, which counts as unset: write a value there"
            );
        }
        match self.sources.as_slice() {
            [] => format!("{names} is not set: name a file or an environment that has it"),
            sources => format!(
                "{names} is in none of {}: write it into one",
                sources.join(", ")
            ),
        }
    }
}

/// The places that set these fields.
fn list(places: &[(Field, Origin)], fields: &[Field]) -> Option<String> {
    let places = places.iter().filter(|(field, _)| fields.contains(field));
    let places: Vec<String> = places.map(|(_, origin)| origin.to_string()).collect();
    (!places.is_empty()).then(|| places.join(", "))
}

fn read_key_file(path: Value, origin: &Origin) -> Result<(Value, Origin), String> {
    let path = origin.folder().join(path.file()?);
    let key = key_file::read(&path)?;
    Ok((
        Value::Text(key),
        Origin::File(Box::new(origin.clone()), path),
    ))
}

fn unknown_variable(origin: &Origin, prefix: &str, name: &str) -> String {
    let start = format!("{origin}: there is no field `{name}`");
    match Spelling::like(name) {
        Some(like) => {
            let like = like.text.to_ascii_uppercase();
            format!("{start}: did you mean {prefix}{like}?")
        }
        None => format!(
            "{start}: remove the variable, or choose another prefix than {prefix} if it is not the session's; \
             the fields are {}",
            Spelling::all()
        ),
    }
}
