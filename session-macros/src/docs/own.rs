//! A field's own docs: whole for its constant, the first paragraph for its accessors.

use std::iter;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Token};

use crate::model::Field;

/// All docs of a field, for an item of another name. Their examples are the field's own, which rustdoc tests already.
pub(super) fn whole(field: &Field<'_>) -> TokenStream {
    let constant = field.constant.to_string();
    let written = field.attrs("doc").map(|attr| match text(attr) {
        Some(text) if text.value().contains('\n') => {
            let plain = without_stars(&text.value());
            quote_spanned!(text.span()=> doc = #plain)
        }
        _ => without_alias(attr, &constant),
    });
    let has_code = field.attrs("doc").any(|attr| match text(attr) {
        Some(text) => may_have_code(&text.value()),
        None => matches!(attr.meta, Meta::NameValue(_)),
    });
    if has_code {
        quote!(#(#[cfg_attr(not(doctest), #written)])*)
    } else {
        quote!(#(#[#written])*)
    }
}

/// `#[doc(hidden)]` and its like, which hold for all that is generated from a field. An alias is found on its constant.
pub(super) fn marks<'a>(field: &Field<'a>) -> impl Iterator<Item = &'a Attribute> {
    field.attrs("doc").filter(|attr| {
        attr.meta.require_list().is_ok_and(|list| {
            let mark = list.tokens.to_string();
            mark == "hidden" || mark.starts_with("cfg")
        })
    })
}

/// The first paragraph that is prose, with the definitions of its links. `Self` is named, since it is another type
/// where the accessors are.
pub(super) fn first_paragraph(field: &Field<'_>, name: &str) -> Option<String> {
    let mut lines = Vec::new();
    for text in field.attrs("doc").filter_map(text) {
        lines.extend(without_stars(&text.value()).split('\n').map(str::to_owned));
    }
    let paragraph = paragraph(&unindented(&lines))?;
    Some(with_name_of_self(&paragraph, name))
}

fn text(attr: &Attribute) -> Option<&LitStr> {
    match &attr.meta {
        Meta::NameValue(doc) => literal(&doc.value),
        _ => None,
    }
}

fn literal(value: &Expr) -> Option<&LitStr> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text),
        _ => None,
    }
}

/// An alias of an item's own name is an error of the compiler.
fn without_alias(attr: &Attribute, name: &str) -> TokenStream {
    let marks = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    let Ok(marks) = marks else {
        return attr.meta.to_token_stream();
    };
    let is_name = |mark: &&Meta| match mark {
        Meta::NameValue(alias) => literal(&alias.value).is_some_and(|text| text.value() == name),
        _ => false,
    };
    let others = marks.iter().filter(|mark| !is_name(mark));
    quote!(doc(#(#others),*))
}

fn may_have_code(text: &str) -> bool {
    text.lines()
        .any(|line| fence(line.trim_start()).is_some() || line.starts_with("    "))
}

/// The text of `/** .. */`, whose lines the compiler hands on with their stars.
fn without_stars(text: &str) -> String {
    let rest = || text.lines().skip(1).map(str::trim_start);
    let all_starred = rest().all(|line| line.is_empty() || line.starts_with('*'));
    if !all_starred || !rest().any(|line| line.starts_with('*')) {
        return text.to_owned();
    }
    let first = text.lines().take(1);
    let rest = rest().map(|line| line.strip_prefix('*').unwrap_or(line));
    first.chain(rest).collect::<Vec<_>>().join("\n")
}

/// The lines without the indentation that all have.
fn unindented(lines: &[String]) -> Vec<&str> {
    let indents = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len());
    let shared = indents.min().unwrap_or(0);
    lines
        .iter()
        .map(|line| line.get(shared..).unwrap_or_default().trim_end())
        .collect()
}

fn paragraph(lines: &[&str]) -> Option<String> {
    let (mut found, mut definitions, mut open) = (Vec::new(), Vec::new(), None);
    let mut ended = false;
    let mut before = Line::Blank;
    for line in lines {
        let kind = Line::of(line, before, &mut open);
        match kind {
            Line::Definition => definitions.push(*line),
            Line::Underline => found.clear(),
            Line::Prose if !ended => found.push(*line),
            _ => ended |= !found.is_empty(),
        }
        before = kind;
    }
    if found.is_empty() {
        return None;
    }
    let prose = found.join("\n");
    let is_used = |definition: &&str| {
        let label = definition.split_inclusive(']').next().unwrap_or_default();
        prose
            .to_lowercase()
            .contains(&label.trim_start().to_lowercase())
    };
    let used = definitions.into_iter().filter(is_used);
    let blank = iter::once("");
    let used: Vec<&str> = blank.chain(used).collect();
    Some(if used.len() > 1 {
        format!("{prose}\n{}", used.join("\n"))
    } else {
        prose
    })
}

/// What a line of Markdown is, as far as it tells prose from the rest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Blank,
    Code,
    Heading,
    /// Makes the line before a heading.
    Underline,
    Definition,
    Html,
    Prose,
}

impl Line {
    fn of(line: &str, before: Self, open: &mut Option<String>) -> Self {
        let text = line.trim_start();
        let is_all = |c: char| !text.is_empty() && text.chars().all(|other| other == c);
        if let Some(fence) = open {
            if text.starts_with(&*fence) && text.trim_start_matches(['`', '~']).is_empty() {
                *open = None;
            }
            return Self::Code;
        }
        if let Some(fence) = fence(text) {
            *open = Some(fence.to_owned());
            return Self::Code;
        }
        match text.as_bytes() {
            [] => Self::Blank,
            [b'#', ..] => Self::Heading,
            _ if before == Self::Prose && (is_all('=') || is_all('-')) => Self::Underline,
            _ if before == Self::Html => Self::Html,
            _ if before != Self::Prose && line.starts_with("    ") => Self::Code,
            [b'[', ..] if text.contains("]: ") && before != Self::Prose => Self::Definition,
            [b'<', ..] if !text.contains("://") && before != Self::Prose => Self::Html,
            _ => Self::Prose,
        }
    }
}

/// The marks that open a code block.
fn fence(text: &str) -> Option<&str> {
    let marks = |c: char| {
        let rest = text.trim_start_matches(c);
        let marks = text.split_at(text.len() - rest.len()).0;
        (marks.len() >= 3 && !(c == '`' && rest.contains('`'))).then_some(marks)
    };
    marks('`').or_else(|| marks('~'))
}

/// `[Self::email]` as `[Account::email]`, also where it is code or a link's target.
fn with_name_of_self(text: &str, name: &str) -> String {
    let mut parts = text.split("Self");
    let mut named = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let begins = named.ends_with(['[', '`', '(', ' ', '@']) || named.is_empty();
        let is_path = part.starts_with("::");
        let is_link = named.ends_with(['[', '`']) && part.starts_with([']', '`']);
        named.push_str(if begins && (is_path || is_link) {
            name
        } else {
            "Self"
        });
        named.push_str(part);
    }
    named
}

#[cfg(test)]
mod tests {
    use super::{paragraph, unindented, with_name_of_self, without_stars};

    fn first(text: &str) -> Option<String> {
        let lines: Vec<String> = without_stars(text).lines().map(str::to_owned).collect();
        paragraph(&unindented(&lines))
    }

    #[test]
    fn the_first_prose() {
        for (docs, expected) in [
            ("", None),
            (" Id.", Some("Id.")),
            (" Id\n of the user.\n\n More.", Some("Id\nof the user.")),
            ("\n\n Id.\n ```\n code\n ```\n Prose.", Some("Id.")),
            (" ```\n code\n\n code\n ```\n Prose.", Some("Prose.")),
            (" ~~~~ text\n ~~~\n ~~~~\n Prose.", Some("Prose.")),
            (" ```\n never closed", None),
            (" ```inline``` is prose", Some("```inline``` is prose")),
            ("     code\n\n Prose.", Some("Prose.")),
            (" # Id\n Prose.", Some("Prose.")),
            (" Id\n ==\n\n Prose.", Some("Prose.")),
            (
                " <div class=\"warning\">\n text\n\n Prose.\n\n </div>",
                Some("Prose."),
            ),
            (
                " <https://example.org> says it.",
                Some("<https://example.org> says it."),
            ),
            (" - one\n   - two\n\n Prose.", Some("- one\n  - two")),
            (
                "\n         * Id.\n         * More.\n\n         ",
                Some("Id.\nMore."),
            ),
        ] {
            assert_eq!(first(docs).as_deref(), expected, "{docs:?}");
        }
    }

    #[test]
    fn definitions_go_with_their_links() {
        let docs = " As [there], [here][x] and [^1].\n\n [THERE]: Self::a\n [y]: Self::b\n [x]: Self::c\n\n [^1]: Note.";
        let expected =
            "As [there], [here][x] and [^1].\n\n[THERE]: Self::a\n[x]: Self::c\n[^1]: Note.";
        assert_eq!(first(docs).as_deref(), Some(expected));
    }

    #[test]
    fn self_is_named_where_it_is_a_path() {
        for (text, expected) in [
            ("[Self::email]", "[A::email]"),
            (
                "[`Self::email`], [`Self`], [Self]",
                "[`A::email`], [`A`], [A]",
            ),
            (
                "[x](Self::email) [x](fn@Self::f)",
                "[x](A::email) [x](fn@A::f)",
            ),
            ("[x]: Self::email", "[x]: A::email"),
            (
                "MySelf::x, Selfish, [Self-service]: Self is self",
                "MySelf::x, Selfish, [Self-service]: Self is self",
            ),
        ] {
            assert_eq!(with_name_of_self(text, "A"), expected);
        }
    }
}
