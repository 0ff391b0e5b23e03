//! The rules: which structs, options and names make no sense, and what to write instead.

use std::collections::BTreeMap;
use std::iter;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Data as Shape, DeriveInput, Fields, Ident, Token, Type};

use crate::attr::FieldOptions;
use crate::errors::Errors;
use crate::model::Field;
use crate::names;
use crate::types::source;

/// The named fields of a struct; any other shape is an error.
pub(crate) fn named_fields<'a>(
    input: &'a DeriveInput,
    errors: &mut Errors,
) -> Option<&'a Punctuated<syn::Field, Token![,]>> {
    let name = &input.ident;
    let form = format!("write `struct {name} {{ uid: i64 }}`");
    match &input.data {
        Shape::Struct(data) => {
            match &data.fields {
                Fields::Named(fields) => return owned(input, errors).then_some(&fields.named),
                Fields::Unnamed(fields) => {
                    errors.at(fields, format!("the names of fields are the session's keys, and these have none: {form}"));
                }
                Fields::Unit => {
                    errors.at(name, format!("`{name}` has no fields, so no keys: {form}"));
                }
            }
        }
        Shape::Enum(data) => errors.at(
            data.enum_token,
            format!("an enum can't describe a session, but it can be the type of a field: {form}"),
        ),
        Shape::Union(data) => {
            errors.at(
                data.union_token,
                format!("a union can't describe a session: {form}"),
            );
        }
    }
    None
}

fn owned(input: &DeriveInput, errors: &mut Errors) -> bool {
    for lifetime in input.generics.lifetimes() {
        let lifetime = &lifetime.lifetime;
        errors.at(
            lifetime,
            format!("session values outlive the request's bytes, so `{}` can't borrow: remove `{lifetime}` and own the data, `String` for `&{lifetime} str`", input.ident),
        );
    }
    input.generics.lifetimes().next().is_none()
}

/// Options of one field that contradict each other. The second of two is dropped.
pub(crate) fn options(options: &mut FieldOptions, errors: &mut Errors) {
    if let Some(skip) = &options.skip
        && options.count > 1
    {
        errors.at(
            &skip.name,
            "`skip` leaves the field out, so its other options do nothing: remove them, or `skip`",
        );
    }
    if options.default.is_some()
        && let Some(missing) = options.missing.take()
    {
        errors.at(
            missing.name,
            "a field with a `default` is never missing: remove `missing`, or `default` to get a `require` accessor",
        );
    }
}

/// Whether a value of the type can be kept at all: not borrowed, and of a known size.
pub(crate) fn is_owned(ty: &Type, errors: &mut Errors) -> bool {
    let reason = match ty {
        Type::Reference(_) => "a reference can't be read back from a cookie",
        Type::Slice(_) | Type::TraitObject(_) => "a value without a known size can't be stored",
        Type::Path(path) if path.path.is_ident("str") => {
            "a value without a known size can't be stored"
        }
        // Errors of the struct itself, which the compiler tells.
        Type::Infer(_) | Type::ImplTrait(_) => return false,
        _ => return true,
    };
    errors.at(ty, format!("{reason}: store {}", owner(ty)));
    false
}

/// `String` for `&str`
fn owner(ty: &Type) -> String {
    match ty {
        Type::Reference(reference) => owner(&reference.elem),
        Type::Slice(slice) => format!("`Vec<{}>`", source(&slice.elem.to_token_stream())),
        Type::TraitObject(_) => "a type of its own, such as an enum".to_owned(),
        Type::Path(path) if path.path.is_ident("str") => "`String`".to_owned(),
        other => format!("`{}`", source(&other.to_token_stream())),
    }
}

/// The name of a field's constant.
pub(crate) fn constant(field: &Ident, errors: &mut Errors) -> Option<Ident> {
    let constant = names::constant(field);
    let reason = match &constant {
        None => "has no upper case that could name a constant".to_owned(),
        Some(name)
            if ["KEYS", "FINGERPRINT", "MAX_ENCODED"]
                .iter()
                .any(|used| name == used) =>
        {
            format!("makes a constant `{name}` that would hide `SessionData::{name}`")
        }
        Some(_) => return constant,
    };
    errors.at(
        field,
        format!("`{field}` {reason}: name the field otherwise, and keep its key with `#[session(rename = \"{field}\")]`"),
    );
    constant
}

/// Where a name was written, for the errors about it.
pub(crate) type Place = TokenStream;

/// The places of a field's key and of its aliases, in this order.
pub(crate) fn places(field: &Ident, options: &FieldOptions) -> Vec<Place> {
    let key = options.rename.as_ref().map_or_else(
        || field.to_token_stream(),
        |rename| rename.value.to_token_stream(),
    );
    let aliases = options.aliases.iter().map(ToTokens::to_token_stream);
    [key].into_iter().chain(aliases).collect()
}

/// The names that the fields so far have taken.
#[derive(Default)]
pub(crate) struct Taken {
    constants: BTreeMap<String, String>,
    keys: BTreeMap<String, String>,
}

impl Taken {
    /// Whether nothing is generated twice; keys that clash are told here too.
    pub(crate) fn admit(
        &mut self,
        field: &Field<'_>,
        places: &[Place],
        errors: &mut Errors,
    ) -> bool {
        let names = [&field.key].into_iter().chain(&field.aliases);
        let repairs =
            iter::once("give it").chain(iter::repeat("remove this alias, or give that field"));
        for ((name, place), repair) in names.zip(places).zip(repairs) {
            self.key(name, &field.ident.to_string(), place, repair, errors);
        }
        let constant = field.constant.to_string();
        let Some(other) = self.constants.get(&constant) else {
            self.constants.insert(constant, field.ident.to_string());
            return true;
        };
        errors.at(
            field.ident,
            format!("the fields `{other}` and `{}` make one constant, `{constant}`: rename one of the fields, and keep its key with `#[session(rename = \"{}\")]`", field.ident, field.key),
        );
        false
    }

    fn key(&mut self, name: &str, field: &str, place: &Place, repair: &str, errors: &mut Errors) {
        if name.starts_with('~') {
            errors.at(
                place,
                "names that begin with `~` are reserved by the cookie format: choose another name",
            );
        }
        match self.keys.get(name) {
            Some(other) if other == field => {
                errors.at(place, format!("`{field}` has the name `{name}` already: remove this one"));
            }
            Some(other) => errors.at(
                place,
                format!("`{name}` is a key of the field `{other}` already: {repair} another with `#[session(rename = \"..\")]`"),
            ),
            None => {
                self.keys.insert(name.to_owned(), field.to_owned());
            }
        }
    }
}
