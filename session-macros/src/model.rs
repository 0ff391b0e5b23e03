//! What a struct means: its keys with their names, types and options, borrowed from the input. What of it makes no
//! sense is judged by `validate`; only a shape that can't be read at all is refused here.

mod shape;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, DeriveInput, Ident, LitStr, Meta, Type};

use crate::attr::{FieldOptions, StructOptions};
use crate::errors::Errors;
use crate::names::{self, Case};
use crate::types;

/// A struct with its keys.
pub(crate) struct Data<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) handle: Ident,
    /// The path of session-runtime.
    pub(crate) krate: TokenStream,
    pub(crate) fields: Vec<Field<'a>>,
    /// The options of fields that are no keys.
    pub(crate) skipped: Vec<FieldOptions>,
}

/// A field that is a key.
pub(crate) struct Field<'a> {
    pub(crate) written: &'a syn::Field,
    pub(crate) ident: &'a Ident,
    pub(crate) options: FieldOptions,
    /// The field's own name where upper case makes none.
    pub(crate) constant: Ident,
    pub(crate) key: String,
    pub(crate) aliases: Vec<String>,
    /// The type of the stored value, without `Self`.
    pub(crate) ty: TokenStream,
    /// Where that type is written.
    pub(crate) span: Span,
    /// The field's own type without `Self`, and how the value's was found in it.
    pub(crate) whole: TokenStream,
    pub(crate) shape: Wrapping,
    /// Whether the type mentions a parameter of the struct.
    pub(crate) generic: bool,
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
        let named = shape::named_fields(input, errors)?;
        let options = StructOptions::read(&input.attrs, errors);
        let naming = Naming::new(&options);
        let (mut fields, mut skipped) = (Vec::new(), Vec::new());
        for field in named {
            let options = FieldOptions::read(&field.attrs, errors);
            if options.skip.is_some() {
                skipped.push(options);
            } else if let Some(ident) = &field.ident {
                fields.push(Field::new(ident, field, options, input, &naming));
            }
        }
        Some(Self {
            handle: options
                .handle
                .map_or_else(|| usual_handle(input), |handle| handle.value),
            krate: options.krate.map_or_else(
                || quote!(::session_runtime),
                |path| path.value.into_token_stream(),
            ),
            input,
            fields,
            skipped,
        })
    }
}

impl Data<'_> {
    pub(crate) fn is_generic(&self) -> bool {
        !self.input.generics.params.is_empty()
    }
}

/// `AccountHandle`
pub(crate) fn usual_handle(input: &DeriveInput) -> Ident {
    format_ident!("{}Handle", input.ident)
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
        self.prefixed(&name)
    }

    fn prefixed(&self, name: &str) -> String {
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
    fn new(
        ident: &'a Ident,
        written: &'a syn::Field,
        options: FieldOptions,
        input: &DeriveInput,
        naming: &Naming,
    ) -> Self {
        let (ty, shape) = stored(written, &options);
        let span = ty.span();
        let told = |ty: &Type| {
            let ty = types::without_self(ty.to_token_stream(), input);
            let knows = input.attrs.iter().chain(&written.attrs);
            if knows.into_iter().any(is_about_deprecation) {
                names::generated(ty)
            } else {
                ty
            }
        };
        let ty = told(ty);
        Self {
            written,
            ident,
            constant: names::constant(ident).unwrap_or_else(|| ident.clone()),
            key: naming.key(ident, options.rename.as_ref().map(|rename| &rename.value)),
            aliases: options
                .aliases
                .iter()
                .map(|alias| naming.prefixed(&alias.value()))
                .collect(),
            generic: types::mentions_parameter(&ty, input),
            ty,
            span,
            whole: told(types::bare(&written.ty)),
            shape,
            options,
        }
    }

    /// The type of the stored value, as it is written.
    pub(crate) fn value_type(&self) -> &Type {
        stored(self.written, &self.options).0
    }

    /// The attributes of this name.
    pub(crate) fn attrs(&self, name: &str) -> impl Iterator<Item = &'a Attribute> {
        let all = self.written.attrs.iter();
        all.filter(move |attr| attr.path().is_ident(name))
    }
}

/// `#[deprecated]` or `#[allow(deprecated)]`: the user knows, and is not told again of deprecated types.
fn is_about_deprecation(attr: &Attribute) -> bool {
    let path = attr.path();
    let allows = || match &attr.meta {
        Meta::List(list) => list.tokens.to_string().contains("deprecated"),
        _ => false,
    };
    path.is_ident("deprecated") || (path.is_ident("allow") || path.is_ident("expect")) && allows()
}

/// The type of the stored value, and how it was found in the field's.
fn stored<'f>(field: &'f syn::Field, options: &'f FieldOptions) -> (&'f Type, Wrapping) {
    let written = types::bare(&field.ty);
    match &options.value {
        Some(given) => (types::bare(&given.value), Wrapping::Said),
        None => types::option_of(written)
            .map_or((written, Wrapping::Plain), |ty| (ty, Wrapping::Option)),
    }
}
