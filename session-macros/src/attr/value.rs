//! What the options take, each read with an error that shows how it is written.

use std::fmt::Display;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Ident, Lit, LitInt, LitStr, Path, Result, Token, Type};

use super::{Fallback, Given};
use crate::duration;
use crate::names::{self, Case};

/// An option where it was written.
pub(super) struct Met<'a> {
    pub(super) name: &'a Ident,
    /// How it is written right.
    pub(super) form: &'static str,
}

impl Met<'_> {
    pub(super) fn given<T>(&self, value: T) -> Given<T> {
        let name = self.name.clone();
        Given { name, value }
    }
}

/// No cookie holds more.
const MAX_COOKIE: usize = 4096;

/// A name alone. What follows it is judged by `attr::one`.
pub(super) fn flag(met: &Met<'_>, input: ParseStream<'_>) -> Result<()> {
    let name = met.name;
    if input.peek(Token![=]) || input.peek(syn::token::Paren) {
        return Err(Error::new(
            name.span(),
            format!("`{name}` takes no value: write `#[session({name})]`"),
        ));
    }
    Ok(())
}

/// What follows `name =`; `wanted` completes "takes ..".
fn assigned<T: Parse>(met: &Met<'_>, input: ParseStream<'_>, wanted: &str) -> Result<T> {
    let Met { name, form } = met;
    if !input.peek(Token![=]) {
        return Err(Error::new(
            name.span(),
            format!("`{name}` takes {wanted}: `{form}`"),
        ));
    }
    input.parse::<Token![=]>()?;
    let span = if input.is_empty() {
        name.span()
    } else {
        input.span()
    };
    input
        .parse()
        .map_err(|_| Error::new(span, format!("`{name}` takes {wanted}: `{form}`")))
}

fn text(met: &Met<'_>, input: ParseStream<'_>) -> Result<LitStr> {
    assigned(met, input, "a text in quotes")
}

/// What goes before every name.
pub(super) fn prefix(met: &Met<'_>, input: ParseStream<'_>) -> Result<LitStr> {
    let text = text(met, input)?;
    let reason = match text.value().as_str() {
        "" => "an empty prefix does nothing: remove it, or write `prefix = \"cart.\"`",
        prefix if prefix.starts_with('~') => {
            "names that begin with `~` are reserved by the cookie format: choose another prefix"
        }
        _ => return Ok(text),
    };
    Err(wrong(text, reason))
}

/// What follows the prefix, if there is one: so a `~` is judged where the whole name is known.
pub(super) fn key_name(met: &Met<'_>, input: ParseStream<'_>) -> Result<LitStr> {
    let text = text(met, input)?;
    if text.value().is_empty() {
        return Err(wrong(
            text,
            format!("a key needs a name: write `{}`", met.form),
        ));
    }
    Ok(text)
}

pub(super) fn case(met: &Met<'_>, input: ParseStream<'_>) -> Result<Case> {
    let text = text(met, input)?;
    let word = text.value();
    Case::named(&word).ok_or_else(|| {
        let known = names::CASES.map(|(name, _)| name);
        match names::nearest(&word, &known) {
            Some(near) => wrong(
                &text,
                format!("there is no case `{word}`: did you mean `{near}`?"),
            ),
            None => wrong(
                &text,
                format!(
                    "there is no case `{word}`: write one of `{}`",
                    known.join("`, `")
                ),
            ),
        }
    })
}

pub(super) fn type_name(met: &Met<'_>, input: ParseStream<'_>) -> Result<Ident> {
    let text = text(met, input)?;
    text.parse().map_err(|_| {
        let message = format!(
            "`{}` can't name a struct: write an identifier, `{}`",
            text.value(),
            met.form
        );
        wrong(&text, message)
    })
}

pub(super) fn path(met: &Met<'_>, input: ParseStream<'_>) -> Result<Path> {
    let rest = input.fork();
    if let Ok(quoted) = assigned::<LitStr>(met, &rest, "") {
        let message = format!(
            "write the path without quotes: `crate = {}`",
            quoted.value()
        );
        return Err(wrong(quoted, message));
    }
    assigned::<ModulePath>(met, input, "the path of session-runtime").map(|path| path.0)
}

/// A path without generic arguments, such as `crate::web::session_runtime`.
struct ModulePath(Path);

impl Parse for ModulePath {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        input.call(Path::parse_mod_style).map(Self)
    }
}

pub(super) fn fallback(_: &Met<'_>, input: ParseStream<'_>) -> Result<Fallback> {
    if !input.peek(Token![=]) {
        return Ok(Fallback::OfType);
    }
    let equals: Token![=] = input.parse()?;
    let expr = expression(input)?;
    if expr.is_empty() {
        return Err(wrong(
            equals,
            "a value is missing: write `default = expression`, or `default` alone",
        ));
    }
    Ok(Fallback::Expr(expr))
}

/// Tokens up to the comma that ends an option. Without its feature `full` syn reads few expressions. So the commas that
/// belong to an expression are known by its generic arguments alone: `Map::<K, V>::new()` and `<Map<K, V>>::new()`.
pub(super) fn expression(input: ParseStream<'_>) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let mut depth = 0_usize;
    let mut before = [' ', ' '];
    while !input.is_empty() && (depth > 0 || !input.peek(Token![,])) {
        let token: TokenTree = input.parse()?;
        let c = match &token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match c {
            '<' if depth > 0 || before == [':', ':'] || tokens.is_empty() => depth += 1,
            '>' if before[1] != '-' && before[1] != '=' => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = [before[1], c];
        tokens.extend([token]);
    }
    Ok(tokens)
}

pub(super) fn seconds(met: &Met<'_>, input: ParseStream<'_>) -> Result<u64> {
    let text: LitStr = assigned(met, input, "a duration in quotes")?;
    duration::seconds(&text.value()).map_err(|reason| wrong(&text, reason))
}

pub(super) fn max_len(met: &Met<'_>, input: ParseStream<'_>) -> Result<usize> {
    let number = number(met, input, "a number of bytes")?;
    match number.base10_parse() {
        Ok(bytes @ 1..=MAX_COOKIE) => Ok(bytes),
        Ok(0) => Err(wrong(
            number,
            "no value is encoded in 0 bytes: write `max_len = 1` or more",
        )),
        _ => Err(wrong(
            number,
            format!("a cookie has at most {MAX_COOKIE} bytes: write less, `max_len = 200`"),
        )),
    }
}

pub(super) fn status(met: &Met<'_>, input: ParseStream<'_>) -> Result<u16> {
    let number = number(met, input, "a status of the client's errors")?;
    let status = number
        .base10_parse()
        .ok()
        .filter(|status| (400..=499).contains(status));
    status.ok_or_else(|| {
        wrong(number, "an absent value is the visitor's state: write a status from 400 to 499, `missing = 404`")
    })
}

fn number(met: &Met<'_>, input: ParseStream<'_>, wanted: &str) -> Result<LitInt> {
    match assigned::<Lit>(met, input, wanted)? {
        Lit::Int(number) if number.suffix().is_empty() => Ok(number),
        other => Err(wrong(
            other,
            format!(
                "`{}` takes {wanted}, without quotes or suffix: `{}`",
                met.name, met.form
            ),
        )),
    }
}

pub(super) fn value_type(met: &Met<'_>, input: ParseStream<'_>) -> Result<Type> {
    let rest = input.fork();
    if let Ok(quoted) = assigned::<LitStr>(met, &rest, "") {
        return Err(wrong(
            &quoted,
            format!(
                "write the type without quotes: `value = {}`",
                quoted.value()
            ),
        ));
    }
    assigned(met, input, "the type of the stored value")
}

fn wrong(tokens: impl ToTokens, message: impl Display) -> Error {
    Error::new_spanned(tokens, message)
}
