//! What can be seen in the tokens of a type.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{DeriveInput, GenericArgument, GenericParam, PathArguments, Type};

use crate::names;

/// The type without parentheses around it, about which the compiler warns once already.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}

/// The `T` of a path that ends in `Option<T>`, also in the invisible delimiters that macros by example leave.
pub(crate) fn option_of(ty: &Type) -> Option<&Type> {
    let path = match ty {
        Type::Group(group) => return option_of(&group.elem),
        Type::Path(path) => &path.path,
        _ => return None,
    };
    let last = path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(bare(inner)),
        _ => None,
    }
}

/// What a type is that can be seen to be neither a number nor a text.
pub(crate) fn not_scalar(ty: &Type) -> Option<&'static str> {
    const LISTS: [&str; 7] = [
        "Vec",
        "VecDeque",
        "LinkedList",
        "HashSet",
        "BTreeSet",
        "BinaryHeap",
        "IndexSet",
    ];
    const MAPS: [&str; 3] = ["HashMap", "BTreeMap", "IndexMap"];
    let path = match ty {
        Type::Group(group) => return not_scalar(&group.elem),
        Type::Paren(paren) => return not_scalar(&paren.elem),
        Type::Array(_) => return Some("a list"),
        Type::Tuple(_) => return Some("a tuple"),
        Type::Path(path) => &path.path,
        _ => return None,
    };
    let last = path.segments.last()?;
    if let PathArguments::AngleBracketed(arguments) = &last.arguments
        && let ("Box" | "Arc" | "Rc", Some(GenericArgument::Type(inner))) =
            (last.ident.to_string().as_str(), arguments.args.first())
    {
        return not_scalar(inner);
    }
    if LISTS.iter().any(|name| last.ident == name) {
        Some("a list")
    } else if MAPS.iter().any(|name| last.ident == name) {
        Some("a map")
    } else {
        (last.ident == "Option").then_some("an option")
    }
}

/// `Self` names another type where the handle's methods are written.
pub(crate) fn without_self(ty: TokenStream, input: &DeriveInput) -> TokenStream {
    let named = |token: TokenTree| match token {
        TokenTree::Ident(ident) if ident == "Self" => {
            // With `::<>` it can stand in a type and in the expression of an array's length.
            let (_, arguments, _) = input.generics.split_for_impl();
            let arguments = arguments.as_turbofish();
            let mut name = input.ident.clone();
            name.set_span(names::generated_span(ident.span()));
            quote!(#name #arguments)
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), without_self(group.stream(), input));
            inner.set_span(group.span());
            inner.into_token_stream()
        }
        other => other.into(),
    };
    ty.into_iter().map(named).collect()
}

/// Whether a type parameter or const parameter of the struct occurs.
pub(crate) fn mentions_parameter(ty: &TokenStream, input: &DeriveInput) -> bool {
    ty.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => input.generics.params.iter().any(|param| match param {
            GenericParam::Type(param) => param.ident == ident,
            GenericParam::Const(param) => param.ident == ident,
            GenericParam::Lifetime(_) => false,
        }),
        TokenTree::Group(group) => mentions_parameter(&group.stream(), input),
        _ => false,
    })
}

/// Tokens as text with a space only between two words: what the compiler prints changes between its versions.
pub(crate) fn source(tokens: &TokenStream) -> String {
    let mut text = String::new();
    write_tokens(tokens.clone(), &mut text);
    text
}

fn write_tokens(tokens: TokenStream, text: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write_tokens(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => text.push(punct.as_char()),
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                let word = token.to_string();
                let is_word = |c: char| c.is_alphanumeric() || c == '_';
                if text.ends_with(is_word) && word.starts_with(is_word) {
                    text.push(' ');
                }
                text.push_str(&word);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::source;

    #[test]
    fn spacing_is_ours() {
        for (written, expected) in [
            ("HashMap < String ,Vec<u8> >", "HashMap<String,Vec<u8>>"),
            (
                "Box<dyn  Fn(&'static str)->[u8;4]>",
                "Box<dyn Fn(&'static str)->[u8;4]>",
            ),
            (
                ":: std::option::Option<r#type::T>",
                "::std::option::Option<r#type::T>",
            ),
            ("a as u8", "a as u8"),
        ] {
            let tokens = written.parse().expect(written);
            assert_eq!(source(&tokens), expected);
        }
    }
}
