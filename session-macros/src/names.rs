//! Names: of keys in serde's cases, of constants, what is generated, and the nearest one to a word that was mistyped.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Ident;
use syn::ext::IdentExt;

/// serde's `rename_all` list, applied to fields as serde does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

pub(crate) const CASES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    pub(crate) fn named(name: &str) -> Option<Self> {
        CASES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, case)| *case)
    }

    pub(crate) fn apply(self, field: &str) -> String {
        match self {
            Self::Lower | Self::Snake => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Pascal => pascal(field),
            Self::Camel => lower_first(&pascal(field)),
            Self::Kebab => kebab(field),
            Self::ScreamingKebab => kebab(field).to_ascii_uppercase(),
        }
    }
}

fn kebab(field: &str) -> String {
    let hyphened = |c| if c == '_' { '-' } else { c };
    field.chars().map(hyphened).collect()
}

fn pascal(field: &str) -> String {
    let mut starts_word = true;
    let mut name = String::new();
    for c in field.chars() {
        if c == '_' {
            starts_word = true;
        } else if starts_word {
            name.push(c.to_ascii_uppercase());
            starts_word = false;
        } else {
            name.push(c);
        }
    }
    name
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

/// Tokens at the place where the user wrote them, so that editors and errors lead there, but known to the compiler as
/// generated: no lint judges them, and none needs an `#[allow]`, which would be an error under `#![forbid(..)]`.
pub(crate) fn generated(tokens: impl ToTokens) -> TokenStream {
    let generated = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            let mut inner = Group::new(group.delimiter(), generated(group.stream()));
            inner.set_span(group.span());
            token = inner.into();
        }
        // Its span says which crate it is.
        if token.to_string() != "$crate" {
            token.set_span(generated_span(token.span()));
        }
        token
    };
    tokens
        .into_token_stream()
        .into_iter()
        .map(generated)
        .collect()
}

/// The same for a name that is made of the user's.
pub(crate) fn generated_span(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// `return_to` as `RETURN_TO`; `None` where upper case makes no identifier.
pub(crate) fn constant(field: &Ident) -> Option<Ident> {
    let name = field.unraw().to_string().to_uppercase();
    let mut constant: Ident = syn::parse_str(&name).ok()?;
    constant.set_span(generated_span(field.span()));
    Some(constant)
}

/// The candidate within two edits of a word, nearest first.
pub(crate) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let near = candidates
        .iter()
        .map(|candidate| (strsim::levenshtein(word, candidate), *candidate));
    near.filter(|(edits, candidate)| *edits <= 2 && *edits < candidate.len())
        .min()
        .map(|(_, candidate)| candidate)
}

/// The bytes of a key name as a JSON string, quotes included.
pub(crate) fn json_len(name: &str) -> usize {
    let escaped = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..'\u{20}' => 6,
        _ => c.len_utf8(),
    };
    2 + name.chars().map(escaped).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::{CASES, Case, constant, json_len, nearest};

    #[test]
    fn fields_in_every_case() {
        for (field, expected) in [
            (
                "uid",
                ["uid", "UID", "Uid", "uid", "uid", "UID", "uid", "UID"],
            ),
            (
                "return_to",
                [
                    "return_to",
                    "RETURN_TO",
                    "ReturnTo",
                    "returnTo",
                    "return_to",
                    "RETURN_TO",
                    "return-to",
                    "RETURN-TO",
                ],
            ),
            (
                "_x1_",
                ["_x1_", "_X1_", "X1", "x1", "_x1_", "_X1_", "-x1-", "-X1-"],
            ),
            (
                "größe_ä",
                [
                    "größe_ä",
                    "GRößE_ä",
                    "Größeä",
                    "größeä",
                    "größe_ä",
                    "GRößE_ä",
                    "größe-ä",
                    "GRößE-ä",
                ],
            ),
            ("é", ["é"; 8]),
            ("__", ["__", "__", "", "", "__", "__", "--", "--"]),
        ] {
            let all = CASES.map(|(name, _)| Case::named(name).expect(name).apply(field));
            assert_eq!(all, expected, "{field}");
        }
        assert!(Case::named("Camelcase").is_none());
    }

    #[test]
    fn constants() {
        for (field, expected) in [
            ("uid", "UID"),
            ("r#type", "TYPE"),
            ("returnTo", "RETURNTO"),
            ("straße", "STRASSE"),
            ("名", "名"),
        ] {
            let ident = syn::parse_str(field).expect(field);
            assert_eq!(constant(&ident).expect(field), expected);
        }
    }

    #[test]
    fn suggestions() {
        let options = ["flash", "ttl", "default", "skip"];
        for (word, expected) in [
            ("flahs", Some("flash")),
            ("flsh", Some("flash")),
            ("Default", Some("default")),
            ("tt", Some("ttl")),
            ("expires", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, &options), expected, "{word}");
        }
    }

    #[test]
    fn json_lengths() {
        for (name, expected) in [
            ("uid", 5),
            ("a\"b", 6),
            ("größe", 9),
            ("\u{1}", 8),
            ("\n", 4),
        ] {
            assert_eq!(json_len(name), expected, "{name:?}");
        }
    }
}
