//! What an editor shows over a generated item: an action, the field's own docs, the rules of its key.

use proc_macro2::TokenStream;
use quote::quote;

use crate::attr::Fallback;
use crate::duration;
use crate::model::{Data, Field};
use crate::types::source;

/// `summary`, the field's docs, the rules.
pub(crate) fn of(field: &Field<'_>, summary: &str) -> TokenStream {
    let rules = rules(field);
    let own: Vec<_> = field.attrs("doc").collect();
    if own.is_empty() {
        let all = format!(" {summary}\n\n{rules}");
        return quote!(#[doc = #all]);
    }
    let (summary, rules) = (format!(" {summary}\n"), format!("\n{rules}"));
    quote! {
        #[doc = #summary]
        #(#own)*
        #[doc = #rules]
    }
}

/// The docs of a constant: the field's own come first, since they say what it is.
pub(crate) fn of_key(field: &Field<'_>) -> TokenStream {
    let own: Vec<_> = field.attrs("doc").collect();
    let rules = rules(field);
    let rules = if own.is_empty() {
        rules
    } else {
        format!("\n{rules}")
    };
    quote! {
        #(#own)*
        #[doc = #rules]
    }
}

fn rules(field: &Field<'_>) -> String {
    let mut rules = vec![format!(" Session key `{}`", field.key)];
    let aliases: Vec<String> = field
        .aliases
        .iter()
        .map(|alias| format!("`{alias}`"))
        .collect();
    if !aliases.is_empty() {
        rules.push(format!("also read from {}", aliases.join(", ")));
    }
    let options = &field.options;
    match options.default.as_ref().map(|default| &default.value) {
        Some(Fallback::OfType) => rules.push("the type's default where absent".to_owned()),
        Some(Fallback::Expr(expr)) => rules.push(format!("`{}` where absent", source(expr))),
        None => {}
    }
    if options.flash.is_some() {
        rules.push("flash: shown once".to_owned());
    }
    if let Some(seconds) = &options.ttl {
        let words = duration::in_words(seconds.value);
        rules.push(format!("expires {words} after it was put"));
    }
    if let Some(bytes) = &options.max_len {
        rules.push(format!("at most {} bytes encoded", bytes.value));
    }
    if options.private.is_some() {
        rules.push("only in an encrypted cookie".to_owned());
    }
    if options.owner.is_some() {
        rules.push("says whose session this is".to_owned());
    }
    rules.join("; ") + "."
}

/// The docs of the handle.
pub(crate) fn of_handle(data: &Data<'_>) -> TokenStream {
    let name = &data.input.ident;
    let summary = format!(
        " The session of a request with the keys of [`{name}`]: a get, put and del for each."
    );
    let handle = &data.handle;
    let optional = format!(
        " As an axum extractor it needs a `SessionLayer` around the handler. `Option<{handle}>` is `None` only without \
         one: whether something is in the session, ask its key, such as `{}`.",
        presence(data)
    );
    let all = format!("{summary}\n\n{optional}");
    quote!(#[doc = #all])
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
