//! How files and the environment spell the fields.

use super::super::field::Field;

/// One way to write a field.
#[derive(Debug)]
pub(super) struct Spelling {
    pub(super) text: &'static str,
    pub(super) field: Field,
    /// It says the opposite of the field, as Go's `NoSecure` does.
    pub(super) negated: bool,
}

const fn spelling(text: &'static str, field: Field) -> Spelling {
    let negated = false;
    Spelling {
        text,
        field,
        negated,
    }
}

const fn negation(text: &'static str, field: Field) -> Spelling {
    let negated = true;
    Spelling {
        text,
        field,
        negated,
    }
}

/// Ours, then Go's.
const SPELLINGS: [Spelling; 21] = [
    spelling("name", Field::Name),
    spelling("key", Field::Key),
    spelling("domain", Field::Domain),
    spelling("path", Field::Path),
    spelling("max_age", Field::MaxAge),
    spelling("absolute_max_age", Field::AbsoluteMaxAge),
    spelling("http_only", Field::HttpOnly),
    spelling("secure", Field::Secure),
    spelling("same_site", Field::SameSite),
    spelling("partitioned", Field::Partitioned),
    spelling("encrypted", Field::Encrypted),
    spelling("accept_signed_until", Field::AcceptSignedUntil),
    spelling("context", Field::Context),
    spelling("max_size", Field::MaxSize),
    spelling("Name", Field::Name),
    spelling("Key", Field::Key),
    spelling("Domain", Field::Domain),
    spelling("Path", Field::Path),
    spelling("MaxAge", Field::MaxAge),
    negation("NoHTTPOnly", Field::HttpOnly),
    negation("NoSecure", Field::Secure),
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
    pub(super) fn in_file(name: &str) -> Option<&'static Self> {
        SPELLINGS.iter().find(|spelling| spelling.text == name)
    }

    /// The field of a variable's name after the prefix: `MAX_AGE`, `MaxAge` and `MAXAGE` are one.
    pub(super) fn in_environment(name: &str) -> Option<&'static Self> {
        let name = folded(name);
        SPELLINGS
            .iter()
            .find(|spelling| folded(spelling.text) == name)
    }

    /// What was probably meant by this name.
    pub(super) fn like(name: &str) -> Option<&'static Self> {
        const FAR: usize = 3;
        let name = folded(name);
        let distance = |spelling: &&Self| strsim::levenshtein(&folded(spelling.text), &name);
        SPELLINGS
            .iter()
            .min_by_key(distance)
            .filter(|spelling| distance(spelling) < FAR)
    }

    /// The complaint about a name in a file that no field has.
    pub(super) fn unknown(name: &str) -> String {
        match Self::like(name) {
            Some(like) => format!("there is no field `{name}`: did you mean `{}`?", like.text),
            None => format!(
                "there is no field `{name}`: remove it; the fields are {}",
                Self::all()
            ),
        }
    }

    /// The complaint about this spelling where another set the field already.
    pub(super) fn beside(&self, other: &str) -> String {
        let text = self.text;
        format!("`{text}` sets what `{other}` sets already: remove one of the two")
    }

    /// Our names, for who has to choose one.
    pub(super) fn all() -> String {
        let ours = SPELLINGS
            .iter()
            .filter(|spelling| spelling.text == spelling.field.name());
        let names: Vec<&str> = ours.map(|spelling| spelling.text).collect();
        names.join(", ")
    }
}

fn folded(name: &str) -> String {
    name.replace('_', "").to_ascii_lowercase()
}
