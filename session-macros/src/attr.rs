//! The grammar of `#[session(..)]`. Which options there are is in `options`, what each takes in `value`.

mod options;
mod value;

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Ident, LitStr, Meta, Path, Result, Token, Type};

use self::options::{Options, Read, Row, TABLE};
use self::value::Met;
use crate::errors::Errors;
use crate::names::{self, Case};

/// An option's value, and the option's name where it was given.
pub(crate) struct Given<T> {
    pub(crate) name: Ident,
    pub(crate) value: T,
}

/// What a getter answers where the key is absent.
pub(crate) enum Fallback {
    /// `default`
    OfType,
    /// `default = expr`.
    Expr(TokenStream),
}

/// The options above a struct.
#[derive(Default)]
pub(crate) struct StructOptions {
    pub(crate) prefix: Option<Given<LitStr>>,
    pub(crate) rename_all: Option<Given<Case>>,
    pub(crate) handle: Option<Given<Ident>>,
    pub(crate) krate: Option<Given<Path>>,
}

/// The options above a field.
#[derive(Default)]
pub(crate) struct FieldOptions {
    pub(crate) rename: Option<Given<LitStr>>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) default: Option<Given<Fallback>>,
    pub(crate) flash: Option<Given<()>>,
    pub(crate) ttl: Option<Given<u64>>,
    pub(crate) max_len: Option<Given<usize>>,
    pub(crate) private: Option<Given<()>>,
    pub(crate) owner: Option<Given<()>>,
    pub(crate) missing: Option<Given<u16>>,
    pub(crate) value: Option<Given<Type>>,
    pub(crate) skip: Option<Given<()>>,
    /// How many options there are.
    pub(crate) count: usize,
}

impl StructOptions {
    pub(crate) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        read(attrs, errors).0
    }
}

impl FieldOptions {
    pub(crate) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let (options, count) = read(attrs, errors);
        Self { count, ..options }
    }
}

/// The options of each `#[session(..)]`, and how many were read. An error ends its option only.
fn read<To: Options>(attrs: &[Attribute], errors: &mut Errors) -> (To, usize) {
    let mut options = To::default();
    let mut seen = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("session")) {
        let Meta::List(list) = &attr.meta else {
            errors.at(
                &attr.meta,
                "options stand in parentheses: `#[session(flash)]`",
            );
            continue;
        };
        let parsed = list.parse_args_with(|input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(error) = one(&mut options, &mut seen, input) {
                    errors.push(error);
                    value::expression(input)?;
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        });
        if let Err(error) = parsed {
            errors.push(error);
        }
    }
    (options, seen.len())
}

fn one<To: Options>(
    options: &mut To,
    seen: &mut Vec<&'static str>,
    input: ParseStream<'_>,
) -> Result<()> {
    let start = input.cursor();
    let Ok(name) = input.call(Ident::parse_any) else {
        return Err(Error::new(
            start.span(),
            "expected an option: a name without quotes, such as `flash`",
        ));
    };
    let (row, read) = option::<To>(&name)?;
    if seen.contains(&row.name) && !row.repeats {
        return Err(Error::new(
            name.span(),
            format!("`{name}` is given twice: keep one of them"),
        ));
    }
    let met = Met {
        name: &name,
        form: row.form,
    };
    read(options, &met, input)?;
    seen.push(row.name);
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    let message = if input.peek(Token![=]) || input.peek(syn::token::Paren) {
        format!("`{name}` is written `{}`", row.form)
    } else {
        format!("expected `,` between `{name}` and the next option")
    };
    Err(input.error(message))
}

/// The option of this name, and how it is read here.
fn option<To: Options>(name: &Ident) -> Result<(&'static Row, Read<To>)> {
    let Some(row) = TABLE.iter().find(|row| name == row.name) else {
        return Err(unknown::<To>(name));
    };
    let Some(read) = To::reader(&row.home) else {
        let (home, place) = row.home.in_words();
        return Err(Error::new(
            name.span(),
            format!(
                "`{name}` is an option of {home}: write `#[session({})]` {place}",
                row.form
            ),
        ));
    };
    Ok((row, read))
}

fn unknown<To: Options>(name: &Ident) -> Error {
    let here = TABLE.iter().filter(|row| To::reader(&row.home).is_some());
    let level = here.clone().next().map_or("", |row| row.home.in_words().0);
    let here: Vec<&str> = here.map(|row| row.name).collect();
    let message = match names::nearest(&name.to_string(), &here) {
        Some(near) => format!("there is no option `{name}`: did you mean `{near}`?"),
        None => format!(
            "there is no option `{name}`; the options of {level} are `{}`",
            here.join("`, `")
        ),
    };
    Error::new(name.span(), message)
}
