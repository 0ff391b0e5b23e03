//! What a struct means: its keys with their names, types and rules, borrowed from the input.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, DeriveInput, Ident, LitStr, Visibility};

use crate::attr::{Fallback, FieldOptions, Given, StructOptions};
use crate::errors::Errors;
use crate::names::Case;
use crate::types;
use crate::validate::{self, Place, Taken};

/// A struct with its keys.
pub(crate) struct Data<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) handle: Ident,
    /// The path of session-runtime.
    pub(crate) krate: TokenStream,
    pub(crate) fields: Vec<Field<'a>>,
}

/// A field that is a key.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) vis: &'a Visibility,
    pub(crate) docs: Vec<&'a Attribute>,
    pub(crate) deprecated: Vec<&'a Attribute>,
    pub(crate) constant: Ident,
    pub(crate) key: String,
    pub(crate) aliases: Vec<String>,
    /// The type of the stored value, without `Self`.
    pub(crate) ty: TokenStream,
    /// Where that type is written.
    pub(crate) span: Span,
    /// The type as written on the field, and how its value was found in it.
    pub(crate) written: TokenStream,
    pub(crate) shape: Wrapping,
    /// Whether the type mentions a parameter of the struct.
    pub(crate) generic: bool,
    pub(crate) fallback: Option<Fallback>,
    pub(crate) flash: bool,
    pub(crate) ttl: Option<u64>,
    pub(crate) max_len: Option<usize>,
    pub(crate) private: bool,
    pub(crate) missing: Option<u16>,
}

/// How a field's type and its key's type relate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrapping {
    /// The field's type is the key's.
    Plain,
    /// `Option<T>` for a key of `T`.
    Option,
    /// `value = T`.
    Said,
}

impl<'a> Data<'a> {
    /// `None` where the shape is wrong, so that nothing can be written for it.
    pub(crate) fn read(input: &'a DeriveInput, errors: &mut Errors) -> Option<Self> {
        let fields = validate::named_fields(input, errors)?;
        let options = StructOptions::read(&input.attrs, errors);
        let naming = Naming::new(&options);
        let mut taken = Taken::default();
        let fields = fields
            .iter()
            .filter_map(|field| {
                let (field, places) = Field::read(field, input, &naming, errors)?;
                taken.admit(&field, &places, errors).then_some(field)
            })
            .collect();
        Some(Self {
            handle: handle(input, options.handle, errors),
            krate: options.krate.map_or_else(
                || quote!(::session_runtime),
                |path| path.value.into_token_stream(),
            ),
            input,
            fields,
        })
    }
}

fn handle(input: &DeriveInput, given: Option<Given<Ident>>, errors: &mut Errors) -> Ident {
    let usual = format_ident!("{}Handle", input.ident);
    match given {
        Some(given) if given.value == input.ident => {
            errors.at(
                &given.value,
                format!("the struct itself has this name: choose another, such as `{usual}`"),
            );
            usual
        }
        Some(given) => given.value,
        None => usual,
    }
}

/// How keys are named in one struct.
struct Naming {
    prefix: String,
    case: Option<Case>,
}

impl Naming {
    fn new(options: &StructOptions) -> Self {
        let prefix = options.prefix.as_ref();
        Self {
            prefix: prefix.map_or_else(String::new, |prefix| prefix.value.value()),
            case: options.rename_all.as_ref().map(|case| case.value),
        }
    }

    fn key(&self, field: &Ident, rename: Option<&LitStr>) -> String {
        let name = rename.map_or_else(|| self.cased(field), LitStr::value);
        format!("{}{name}", self.prefix)
    }

    fn cased(&self, field: &Ident) -> String {
        let name = field.unraw().to_string();
        match self.case {
            Some(case) => case.apply(&name),
            None => name,
        }
    }
}

impl<'a> Field<'a> {
    /// The field, and the places of its key and aliases; `None` for a field that is left out.
    fn read(
        field: &'a syn::Field,
        input: &DeriveInput,
        naming: &Naming,
        errors: &mut Errors,
    ) -> Option<(Self, Vec<Place>)> {
        let ident = field.ident.as_ref()?;
        let mut options = FieldOptions::read(&field.attrs, errors);
        validate::options(&mut options, errors);
        if options.skip.is_some() {
            return None;
        }
        let written = types::bare(&field.ty);
        let (ty, shape) = match &options.value {
            Some(given) => (types::bare(&given.value), Wrapping::Said),
            None => types::option_of(written)
                .map_or((written, Wrapping::Plain), |ty| (ty, Wrapping::Option)),
        };
        let owned = validate::is_owned(ty, errors);
        let constant = validate::constant(ident, errors);
        let with = |name: &str| {
            field
                .attrs
                .iter()
                .filter(|attr| attr.path().is_ident(name))
                .collect()
        };
        let stored = types::without_self(ty.to_token_stream(), input);
        let places = validate::places(ident, &options);
        let read = Self {
            ident,
            vis: &field.vis,
            docs: with("doc"),
            deprecated: with("deprecated"),
            constant: constant?,
            key: naming.key(ident, options.rename.as_ref().map(|rename| &rename.value)),
            aliases: options
                .aliases
                .iter()
                .map(|alias| format!("{}{}", naming.prefix, alias.value()))
                .collect(),
            generic: types::mentions_parameter(&stored, input),
            ty: stored,
            span: ty.span(),
            written: types::without_self(written.to_token_stream(), input),
            shape,
            fallback: options.default.map(|default| default.value),
            flash: options.flash.is_some(),
            ttl: options.ttl.map(|ttl| ttl.value),
            max_len: options.max_len.map(|max_len| max_len.value),
            private: options.private.is_some(),
            missing: options.missing.map(|missing| missing.value),
        };
        owned.then_some((read, places))
    }
}
