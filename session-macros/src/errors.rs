//! All errors of one derive, told together.

use std::fmt::Display;
use std::thread;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// Collects errors so that one compile tells them all.
///
/// Must be consumed by [`Errors::into_tokens`]: dropping it otherwise would lose them silently, so that panics.
pub(crate) struct Errors {
    found: Option<Vec<syn::Error>>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self {
            found: Some(Vec::new()),
        }
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        self.found.get_or_insert_default().push(error);
    }

    /// An error that underlines exactly these tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// One `compile_error!` for each.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        let found = self.found.take().unwrap_or_default();
        let found = found.iter().map(syn::Error::to_compile_error);
        quote!(#(#found)*)
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        assert!(
            self.found.is_none() || thread::panicking(),
            "the errors of a derive were not told"
        );
    }
}
