//! How files and the environment spell the fields.

use super::super::field::Field;

/// One way to write a field.
#[derive(Debug)]
pub(super) struct Spelling {
    pub(super) text: &'static str,
    pub(super) field: Field,
    pub(super) says: Says,
}

/// The meaning of a name's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Value,
    /// The opposite of the value, as for Go's `NoSecure`.
    Opposite,
    /// The path of a file that holds the value.
    File,
}

/// How exactly a format spells names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    AsWritten,
    /// The exact name or its lower case, as Go reads YAML.
    Lower,
    /// Any case, as Go reads JSON.
    Any,
}

const fn spelling(text: &'static str, field: Field, says: Says) -> Spelling {
    Spelling { text, field, says }
}

/// Our names, then Go's.
const SPELLINGS: [Spelling; 24] = [
    spelling("name", Field::Name, Says::Value),
    spelling("key", Field::Key, Says::Value),
    spelling("key_file", Field::Key, Says::File),
    spelling("domain", Field::Domain, Says::Value),
    spelling("path", Field::Path, Says::Value),
    spelling("max_age", Field::MaxAge, Says::Value),
    spelling("refresh_after", Field::RefreshAfter, Says::Value),
    spelling("absolute_max_age", Field::AbsoluteMaxAge, Says::Value),
    spelling("http_only", Field::HttpOnly, Says::Value),
    spelling("secure", Field::Secure, Says::Value),
    spelling("same_site", Field::SameSite, Says::Value),
    spelling("partitioned", Field::Partitioned, Says::Value),
    spelling("encrypted", Field::Encrypted, Says::Value),
    spelling("accept_signed_until", Field::AcceptSignedUntil, Says::Value),
    spelling("context", Field::Context, Says::Value),
    spelling("max_size", Field::MaxSize, Says::Value),
    spelling("formerly", Field::Formerly, Says::Value),
    spelling("Name", Field::Name, Says::Value),
    spelling("Key", Field::Key, Says::Value),
    spelling("Domain", Field::Domain, Says::Value),
    spelling("Path", Field::Path, Says::Value),
    spelling("MaxAge", Field::MaxAge, Says::Value),
    spelling("NoHTTPOnly", Field::HttpOnly, Says::Opposite),
    spelling("NoSecure", Field::Secure, Says::Opposite),
];

impl Field {
    /// The name in the configuration, as in `max_age`.
    pub(super) fn name(self) -> &'static str {
        SPELLINGS
            .iter()
            .find(|spelling| spelling.field == self)
            .map_or("", |spelling| spelling.text)
    }
}

impl Spelling {
    /// The field of this name in a file.
    pub(super) fn in_file(name: &str, case: Case) -> Option<&'static Self> {
        let is_meant = |spelling: &&Self| match case {
            Case::AsWritten => spelling.text == name,
            Case::Lower => spelling.text == name || spelling.text.to_ascii_lowercase() == name,
            Case::Any => spelling.text.eq_ignore_ascii_case(name),
        };
        SPELLINGS.iter().find(is_meant)
    }

    /// The field of a variable's name after the prefix. `MAX_AGE`, `MaxAge` and `MAXAGE` are the same field.
    pub(super) fn in_environment(name: &str) -> Option<&'static Self> {
        let name = folded(name);
        SPELLINGS
            .iter()
            .find(|spelling| folded(spelling.text) == name)
    }

    /// The name that was probably meant.
    pub(super) fn like(name: &str) -> Option<&'static Self> {
        const FAR: usize = 3;
        let name = folded(name);
        let distance = |spelling: &&Self| strsim::levenshtein(&folded(spelling.text), &name);
        SPELLINGS
            .iter()
            .min_by_key(distance)
            .filter(|spelling| distance(spelling) < FAR)
    }

    /// The error for an unknown name in a file.
    pub(super) fn unknown(name: &str) -> String {
        match Self::like(name) {
            Some(like) => format!("there is no field `{name}`: did you mean `{}`?", like.text),
            None => format!(
                "there is no field `{name}`: remove it; the fields are {}",
                Self::all()
            ),
        }
    }

    /// The error for this spelling if another one has set the field already.
    pub(super) fn beside(&self, other: &str) -> String {
        let text = self.text;
        format!("`{text}` sets what `{other}` sets already: remove one of the two")
    }

    /// All our names, for the error that lists them.
    pub(super) fn all() -> String {
        let is_ours = |spelling: &&Self| !spelling.text.starts_with(|c: char| c.is_uppercase());
        let ours = SPELLINGS.iter().filter(is_ours);
        let names: Vec<&str> = ours.map(|spelling| spelling.text).collect();
        names.join(", ")
    }
}

fn folded(name: &str) -> String {
    name.replace('_', "").to_ascii_lowercase()
}
