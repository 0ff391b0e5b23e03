//! The derive macro of `session-runtime`, which re-exports it; depend on that crate.
//!
//! Read in this order: `attr` is the grammar of `#[session(..)]`, `model` what a struct means, `validate` the rules
//! that it must keep, `expand` what is written for it.

mod attr;
mod docs;
mod duration;
mod errors;
mod expand;
mod fingerprint;
mod model;
mod names;
#[cfg(test)]
mod tests;
mod types;
mod validate;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::errors::Errors;
use crate::model::Data;

/// Turns the fields of a struct into typed session keys, a handle with accessors, and an axum extractor.
///
/// The reference with every option is on `session_runtime::SessionData`, which re-exports this macro.
#[proc_macro_derive(SessionData, attributes(session))]
pub fn session_data(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive(input.into()).into()
}

/// A wrong option gives its error and the expansion without it, so that nothing else fails for it; a wrong shape gives
/// its errors alone.
fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::new();
    let expansion = Data::read(&input, &mut errors).map(|mut data| {
        validate::data(&mut data, &mut errors);
        expand::expand(&data)
    });
    let errors = errors.into_tokens();
    quote!(#errors #expansion)
}
