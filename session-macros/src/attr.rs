//! The grammar of `#[session(..)]`: which options there are, and where. What each takes is beside it.

mod value;

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Ident, LitStr, Meta, Path, Result, Token, Type};

use crate::errors::Errors;
use crate::names::{self, Case};

const OF_STRUCT: &[&str] = &["prefix", "rename_all", "handle", "crate"];
const OF_FIELD: &[&str] = &[
    "rename", "alias", "default", "flash", "ttl", "max_len", "private", "missing", "value", "skip",
];

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
    pub(crate) missing: Option<Given<u16>>,
    pub(crate) value: Option<Given<Type>>,
    pub(crate) skip: Option<Given<()>>,
    /// How many options there are.
    pub(crate) count: usize,
}

impl StructOptions {
    pub(crate) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut options = Self::default();
        each(attrs, errors, |name, input| {
            match name.to_string().as_str() {
                "prefix" => set(&mut options.prefix, name, value::text(name, input)?),
                "rename_all" => set(&mut options.rename_all, name, value::case(name, input)?),
                "handle" => set(&mut options.handle, name, value::type_name(name, input)?),
                "crate" => set(&mut options.krate, name, value::path(name, input)?),
                _ => Err(unknown(name, OF_STRUCT, OF_FIELD, "the struct")),
            }
        });
        options
    }
}

impl FieldOptions {
    pub(crate) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let mut count = 0;
        each(attrs, errors, |name, input| {
            count += 1;
            options.one(name, input)
        });
        Self { count, ..options }
    }

    fn one(&mut self, name: &Ident, input: ParseStream<'_>) -> Result<()> {
        match name.to_string().as_str() {
            "rename" => set(&mut self.rename, name, value::text(name, input)?),
            "alias" => {
                self.aliases.push(value::text(name, input)?);
                Ok(())
            }
            "default" => set(&mut self.default, name, value::fallback(input)?),
            "flash" => set(&mut self.flash, name, value::flag(name, input)?),
            "ttl" => set(&mut self.ttl, name, value::seconds(name, input)?),
            "max_len" => set(&mut self.max_len, name, value::max_len(name, input)?),
            "private" => set(&mut self.private, name, value::flag(name, input)?),
            "missing" => set(&mut self.missing, name, value::status(name, input)?),
            "value" => set(&mut self.value, name, value::value_type(name, input)?),
            "skip" => set(&mut self.skip, name, value::flag(name, input)?),
            _ => Err(unknown(name, OF_FIELD, OF_STRUCT, "a field")),
        }
    }
}

/// Calls `read` at each option of each `#[session(..)]`. An error ends its option only.
fn each(
    attrs: &[Attribute],
    errors: &mut Errors,
    mut read: impl FnMut(&Ident, ParseStream<'_>) -> Result<()>,
) {
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
                if let Err(error) = one(input, &mut read) {
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
}

fn one(
    input: ParseStream<'_>,
    read: &mut impl FnMut(&Ident, ParseStream<'_>) -> Result<()>,
) -> Result<()> {
    let start = input.cursor();
    let Ok(name) = input.call(Ident::parse_any) else {
        return Err(Error::new(
            start.span(),
            "expected an option: a name without quotes, such as `flash`",
        ));
    };
    read(&name, input)?;
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    let message = if input.peek(Token![=]) || input.peek(syn::token::Paren) {
        format!("`{name}` is written `{}`", value::form(&name))
    } else {
        format!("expected `,` between `{name}` and the next option")
    };
    Err(input.error(message))
}

fn set<T>(slot: &mut Option<Given<T>>, name: &Ident, value: T) -> Result<()> {
    if slot.is_some() {
        return Err(Error::new(
            name.span(),
            format!("`{name}` is given twice: keep one of them"),
        ));
    }
    *slot = Some(Given {
        name: name.clone(),
        value,
    });
    Ok(())
}

fn unknown(name: &Ident, here: &[&str], elsewhere: &[&str], level: &str) -> Error {
    let word = name.to_string();
    let message = if elsewhere.contains(&word.as_str()) {
        let (home, example) = if level == "the struct" {
            ("a field", "above one of its fields")
        } else {
            ("the struct", "above `struct`")
        };
        format!(
            "`{name}` is an option of {home}: write `#[session({})]` {example}",
            value::form(name)
        )
    } else if let Some(near) = names::nearest(&word, here) {
        format!("there is no option `{name}`: did you mean `{near}`?")
    } else {
        format!(
            "there is no option `{name}`; the options of {level} are `{}`",
            here.join("`, `")
        )
    };
    Error::new(name.span(), message)
}
