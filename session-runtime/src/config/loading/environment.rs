//! Finds the variables of an environment that begin with a prefix. Their values are not read here.

use std::ffi::OsString;

/// A variable that begins with the prefix.
pub(super) struct Variable {
    /// Its whole name.
    pub(super) whole: String,
    /// The name of the field: the text after the prefix.
    pub(super) name: String,
    pub(super) value: OsString,
    /// The prefix is in another case, so the variable is ignored.
    pub(super) is_foreign: bool,
}

/// A prefix and the `_` after it. As in Go, it is accepted as it is written and in capitals.
pub(super) struct Prefix {
    written: String,
    capitals: String,
}

impl Prefix {
    /// `None` for a blank one.
    pub(super) fn new(prefix: &str) -> Option<Self> {
        let written = format!("{}_", prefix.trim_end_matches('_'));
        let capitals = written.to_uppercase();
        (written != "_").then_some(Self { written, capitals })
    }

    /// The prefix in messages: in capitals.
    pub(super) fn shown(&self) -> &str {
        &self.capitals
    }

    /// The variables that begin with the prefix, in the order of their names.
    pub(super) fn pick(
        &self,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Vec<Variable> {
        let variables = variables.into_iter();
        let mut picked: Vec<Variable> = variables
            .filter_map(|(variable, value)| {
                let whole = variable.to_string_lossy().into_owned();
                let (name, is_foreign) = self.name(&whole)?;
                let name = name.to_owned();
                Some(Variable {
                    whole,
                    name,
                    value,
                    is_foreign,
                })
            })
            .collect();
        picked.sort_by(|one, other| one.whole.cmp(&other.whole));
        picked
    }

    /// The text after the prefix, and whether the prefix is in another case.
    fn name<'v>(&self, variable: &'v str) -> Option<(&'v str, bool)> {
        let strip = |prefix: &str| variable.strip_prefix(prefix);
        if let Some(name) = strip(&self.written).or_else(|| strip(&self.capitals)) {
            return Some((name, false));
        }
        let (start, name) = variable.split_at_checked(self.written.len())?;
        start
            .eq_ignore_ascii_case(&self.written)
            .then_some((name, true))
    }
}
