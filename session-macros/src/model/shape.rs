//! Which structs can be read at all: those with named fields that own their data.

use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Fields, Token};

use crate::errors::Errors;

/// The named fields of a struct; any other shape is an error.
pub(super) fn named_fields<'a>(
    input: &'a DeriveInput,
    errors: &mut Errors,
) -> Option<&'a Punctuated<syn::Field, Token![,]>> {
    let name = &input.ident;
    let form = format!("write `struct {name} {{ uid: i64 }}`");
    match &input.data {
        Data::Struct(data) => {
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
        Data::Enum(data) => errors.at(
            data.enum_token,
            format!("an enum can't describe a session, but it can be the type of a field: {form}"),
        ),
        Data::Union(data) => {
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
