//! What rustdoc and editors show of a generated item. A constant has the field's docs and the rules of its key, whole;
//! an accessor a sentence of its own, the field's first paragraph, and a link to the constant.

mod own;

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use crate::attr::Fallback;
use crate::duration;
use crate::model::{Data, Field};
use crate::types::source;

/// The docs of a constant. The last paragraph stands in any build, so that no lint misses docs.
pub(crate) fn of_key(field: &Field<'_>) -> TokenStream {
    let own = own::whole(field);
    let apart = (!own.is_empty()).then(|| quote!(#[doc = ""]));
    let rules = rules(field);
    quote! {
        #own
        #apart
        #[doc = #rules]
    }
}

/// The docs of an accessor. It is also found by the names that others have for it.
pub(crate) fn of_accessor(
    data: &Data<'_>,
    field: &Field<'_>,
    summary: &str,
    others: &[&str],
) -> TokenStream {
    let name = data.input.ident.unraw().to_string();
    let own = own::first_paragraph(field, &name);
    let own = own.map_or_else(String::new, |own| format!("{own}\n\n"));
    let text = format!("{summary}\n\n{own}See [`{name}::{}`].", field.constant);
    let marks = own::marks(field);
    quote! {
        #[doc = #text]
        #(#marks)*
        #(#[doc(alias = #others)])*
    }
}

fn rules(field: &Field<'_>) -> String {
    let mut rules = format!(" Session key {}", code(&field.key));
    let mut before = "; also read from ";
    for alias in &field.aliases {
        rules += before;
        rules += &code(alias);
        before = ", ";
    }
    let mut add = |rule: &str| {
        rules += "; ";
        rules += rule;
    };
    let options = &field.options;
    match options.default.as_ref().map(|default| &default.value) {
        Some(Fallback::OfType) => add("the type's default where absent"),
        Some(Fallback::Expr(expr)) => add(&format!("{} where absent", code(&source(expr)))),
        None => {}
    }
    if options.flash.is_some() {
        add("flash: shown once");
    }
    if let Some(seconds) = &options.ttl {
        let words = duration::in_words(seconds.value);
        add(&format!("expires {words} after it was put"));
    }
    if let Some(bytes) = &options.max_len {
        add(&format!("at most {} bytes encoded", bytes.value));
    }
    if options.private.is_some() {
        add("only in an encrypted cookie");
    }
    if options.owner.is_some() {
        add("says whose session this is");
    }
    rules + "."
}

/// Text as code, within a longer row of backticks than any in it. A blank line would end the paragraph, and so the
/// code.
pub(crate) fn code(text: &str) -> String {
    let text = text
        .split('\n')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ");
    let rows = text.split(|c| c != '`').map(str::len);
    let longest = rows.max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let apart = if longest > 0 { " " } else { "" };
    format!("{fence}{apart}{text}{apart}{fence}")
}

/// The docs of the constants' block, which rustdoc shows on the struct's page.
pub(crate) fn of_struct(data: &Data<'_>) -> TokenStream {
    let handle = data.handle.unraw();
    let text =
        format!(" One key a field. [`{handle}`] is the session of a request with these keys.");
    quote!(#[doc = #text])
}

/// The docs of the handle.
pub(crate) fn of_handle(data: &Data<'_>) -> TokenStream {
    let (name, handle) = (data.input.ident.unraw(), data.handle.unraw());
    let presence = code(&presence(data));
    let text = format!(
        " The session of a request with the keys of [`{name}`]: a get, put and del for each. What else a session can, such \
         as `renew` and `take`, is called on it too: it derefs to the session.\n\n \
         As an axum extractor it needs a `SessionLayer` around the handler. `Option<{handle}>` is `None` only without \
         one: whether something is in the session, ask its key, such as {presence}."
    );
    quote!(#[doc = #text])
}

/// A call that says whether somebody is signed in, in terms of the struct's own first key.
fn presence(data: &Data<'_>) -> String {
    match data.fields.first() {
        None => "contains(\"uid\")?".to_owned(),
        Some(field) if field.options.default.is_none() => {
            format!("{}()?.is_some()", field.accessor("get"))
        }
        Some(field) => format!("contains({}::{})?", data.input.ident, field.constant),
    }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn backticks_stay_inside() {
        for (text, expected) in [
            ("uid", "`uid`"),
            ("a`b", "`` a`b ``"),
            ("```", "```` ``` ````"),
            ("r\"a\n\n  b\"", "`r\"a  b\"`"),
        ] {
            assert_eq!(code(text), expected);
        }
    }
}
