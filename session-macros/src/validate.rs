//! The rules: which options and names make no sense, and what to write instead.

use std::iter;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Type;

use crate::attr::FieldOptions;
use crate::errors::Errors;
use crate::model::{self, Data, Field};
use crate::names;
use crate::types::{self, source};

/// Tells every rule that is broken, and takes out of the model what can't be written.
pub(crate) fn data(data: &mut Data<'_>, errors: &mut Errors) {
    handle(data, errors);
    for options in &data.skipped {
        skipped(options, errors);
    }
    owners(&mut data.fields, errors);
    let mut taken = Taken::default();
    data.fields.retain_mut(|field| {
        options(&mut field.options, errors);
        let is_owned = is_owned(field.value_type(), errors);
        let has_constant = constant(field, errors);
        is_owned && has_constant && taken.admit(field, errors)
    });
}

fn handle(data: &mut Data<'_>, errors: &mut Errors) {
    if data.handle == data.input.ident {
        let usual = model::usual_handle(data.input);
        errors.at(
            &data.handle,
            format!("the struct itself has this name: choose another, such as `{usual}`"),
        );
        data.handle = usual;
    }
}

fn skipped(options: &FieldOptions, errors: &mut Errors) {
    if let Some(skip) = &options.skip
        && options.count > 1
    {
        errors.at(
            &skip.name,
            "`skip` leaves the field out, so its other options do nothing: remove them, or `skip`",
        );
    }
}

/// Options of one field that contradict each other. The second of two is dropped.
fn options(options: &mut FieldOptions, errors: &mut Errors) {
    if options.default.is_some()
        && let Some(missing) = options.missing.take()
    {
        errors.at(
            missing.name,
            "a field with a `default` is never missing: remove `missing`, or `default` to get a `require` accessor",
        );
    }
}

/// One field at most says whose session it is, by a value that stays and can be compared.
fn owners(fields: &mut [Field<'_>], errors: &mut Errors) {
    let mut first = None;
    for field in fields {
        let Some(owner) = &field.options.owner else {
            continue;
        };
        if let Some(first) = first {
            errors.at(
                &owner.name,
                format!("the owner of the session is `{first}` already: remove one of the two"),
            );
            field.options.owner = None;
            continue;
        }
        first = Some(field.ident);
        if let Some(reason) = types::not_scalar(field.value_type()) {
            errors.at(
                field.value_type(),
                format!("a session's owner is a number or a text, and this is {reason}: put `owner` on the field with the user's id"),
            );
        }
        not_with_owner(&mut field.options, errors);
    }
}

/// What would sign the owner out unasked.
fn not_with_owner(options: &mut FieldOptions, errors: &mut Errors) {
    if let Some(flash) = options.flash.take() {
        errors.at(
            flash.name,
            "the session's owner stays until sign-out, and a flash goes once it is read: remove `flash`, or `owner`",
        );
    }
    if let Some(ttl) = options.ttl.take() {
        errors.at(
            ttl.name,
            "the session's owner stays until sign-out, and a value with a `ttl` goes by itself: remove `ttl`, or `owner`; how long a session lasts is said in its cookie's configuration",
        );
    }
}

/// Whether a value of the type can be kept at all: not borrowed, and of a known size.
fn is_owned(ty: &Type, errors: &mut Errors) -> bool {
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

/// Whether the field's constant can be written. One that hides another can.
fn constant(field: &Field<'_>, errors: &mut Errors) -> bool {
    let ident = field.ident;
    let exists = names::constant(ident).is_some();
    let reason = match field.constant.to_string().as_str() {
        _ if !exists => "has no upper case that could name a constant".to_owned(),
        name @ ("KEYS" | "FINGERPRINT" | "MAX_ENCODED") => {
            format!("makes a constant `{name}` that would hide `SessionData::{name}`")
        }
        _ => return true,
    };
    errors.at(
        ident,
        format!("`{ident}` {reason}: name the field otherwise, and keep its key with `#[session(rename = \"{ident}\")]`"),
    );
    exists
}

/// Where a name was written, for the errors about it.
type Place = TokenStream;

/// The places of a field's key and of its aliases, in this order.
fn places(field: &Field<'_>) -> impl Iterator<Item = Place> {
    let options = &field.options;
    let key = options.rename.as_ref().map_or_else(
        || field.ident.to_token_stream(),
        |rename| rename.value.to_token_stream(),
    );
    let aliases = options.aliases.iter().map(ToTokens::to_token_stream);
    [key].into_iter().chain(aliases)
}

/// The names that the fields so far have taken.
#[derive(Default)]
struct Taken {
    constants: Vec<Named>,
    keys: Vec<Named>,
}

/// A name, and the field that took it.
type Named = (String, String);

/// The field that took the name.
fn taker<'t>(taken: &'t [Named], name: &str) -> Option<&'t str> {
    let named = taken.iter().find(|(other, _)| other == name);
    named.map(|(_, field)| field.as_str())
}

impl Taken {
    /// Whether nothing is generated twice; keys that clash are told here too.
    fn admit(&mut self, field: &Field<'_>, errors: &mut Errors) -> bool {
        let names = [&field.key].into_iter().chain(&field.aliases);
        let repairs =
            iter::once("give it").chain(iter::repeat("remove this alias, or give that field"));
        for ((name, place), repair) in names.zip(places(field)).zip(repairs) {
            self.key(name, &field.ident.to_string(), &place, repair, errors);
        }
        let constant = field.constant.to_string();
        let Some(other) = taker(&self.constants, &constant) else {
            self.constants.push((constant, field.ident.to_string()));
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
        match taker(&self.keys, name) {
            Some(other) if other == field => {
                errors.at(place, format!("`{field}` has the name `{name}` already: remove this one"));
            }
            Some(other) => errors.at(
                place,
                format!("`{name}` is a key of the field `{other}` already: {repair} another with `#[session(rename = \"..\")]`"),
            ),
            None => {
                self.keys.push((name.to_owned(), field.to_owned()));
            }
        }
    }
}
