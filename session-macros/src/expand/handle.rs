//! The handle of a struct: its accessors, and the hook for the axum extractor.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Generics;
use syn::ext::IdentExt;

use super::{for_each_bound, quiet};
use crate::attr::Fallback;
use crate::docs;
use crate::model::{Data, Field};

pub(crate) fn expand(data: &Data<'_>) -> TokenStream {
    [structure(data), accessors(data), extractor(data)]
        .into_iter()
        .collect()
}

/// The handle: a session that knows its keys. Its marker is a function, so that it is `Send` whatever the parameters.
fn structure(data: &Data<'_>) -> TokenStream {
    let Data {
        input,
        handle,
        krate,
        ..
    } = data;
    let (name, vis, generics) = (&input.ident, &input.vis, &input.generics);
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    let deprecated = input
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("deprecated"));
    let docs = docs::of_handle(data);
    let quiet = quiet();
    let text = handle.unraw().to_string();
    let is_generic = !generics.params.is_empty();
    let marker =
        is_generic.then(|| quote!(marker: ::core::marker::PhantomData<fn() -> #name #arguments>,));
    let filled = is_generic.then(|| quote!(marker: ::core::marker::PhantomData,));
    quote! {
        #docs
        #(#deprecated)*
        #quiet
        #vis struct #handle #generics #where_clause {
            session: #krate::Session,
            #marker
        }

        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics ::core::convert::From<#krate::Session> for #handle #arguments #where_clause {
            fn from(session: #krate::Session) -> Self {
                Self { session, #filled }
            }
        }

        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics ::core::clone::Clone for #handle #arguments #where_clause {
            fn clone(&self) -> Self {
                Self { session: ::core::clone::Clone::clone(&self.session), #filled }
            }
        }

        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics ::core::fmt::Debug for #handle #arguments #where_clause {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::DebugStruct::finish_non_exhaustive(&mut ::core::fmt::Formatter::debug_struct(f, #text))
            }
        }
    }
}

fn accessors(data: &Data<'_>) -> TokenStream {
    let Data {
        input,
        handle,
        krate,
        ..
    } = data;
    let vis = &input.vis;
    let session = quote! {
        /// The session itself, for what has no accessor: `renew`, `destroy`, untyped keys.
        #vis fn session(&self) -> &#krate::Session {
            &self.session
        }
    };
    for_each_bound(data, handle, session, |field| {
        let reading = reading(data, field);
        let writing = writing(data, field);
        quote!(#reading #writing)
    })
}

/// `get_x`, and `require_x` for a field without a default.
fn reading(data: &Data<'_>, field: &Field<'_>) -> TokenStream {
    let krate = &data.krate;
    let Field {
        vis,
        ty,
        key,
        deprecated,
        ..
    } = field;
    let constant = data.constant(field);
    let get = field.accessor("get");
    if let Some(fallback) = &field.fallback {
        let docs = docs::of(field, &format!("Reads `{key}`, or its default."));
        let value = default_value(data, field, fallback);
        let bound = (field.generic && matches!(fallback, Fallback::OfType))
            .then(|| quote!(where #ty: ::core::default::Default));
        return quote! {
            #docs
            #(#deprecated)*
            #[inline]
            #vis fn #get(&self) -> #krate::Result<#ty> #bound {
                match #krate::private::get(&self.session, #constant) {
                    ::core::result::Result::Ok(::core::option::Option::Some(value)) => ::core::result::Result::Ok(value),
                    ::core::result::Result::Ok(::core::option::Option::None) => {
                        let value: #ty = #value;
                        ::core::result::Result::Ok(value)
                    }
                    ::core::result::Result::Err(error) => ::core::result::Result::Err(error),
                }
            }
        };
    }
    let require = field.accessor("require");
    let get_docs = docs::of(
        field,
        &format!("Reads `{key}`: `None` where the session has none."),
    );
    let status = field.missing.unwrap_or(401);
    let require_docs = docs::of(
        field,
        &format!("Reads `{key}`; absent is an error, as a response {status}."),
    );
    quote! {
        #get_docs
        #(#deprecated)*
        #[inline]
        #vis fn #get(&self) -> #krate::Result<::core::option::Option<#ty>> {
            #krate::private::get(&self.session, #constant)
        }

        #require_docs
        #(#deprecated)*
        #[inline]
        #vis fn #require(&self) -> #krate::Result<#ty> {
            #krate::private::require(&self.session, #constant)
        }
    }
}

fn default_value(data: &Data<'_>, field: &Field<'_>, fallback: &Fallback) -> TokenStream {
    let (ty, krate) = (&field.ty, &data.krate);
    match fallback {
        Fallback::OfType => quote!(#krate::private::default_of::<#ty>()),
        Fallback::Expr(expr) => expr.clone(),
    }
}

/// `put_x`, `del_x`, `has_x`.
fn writing(data: &Data<'_>, field: &Field<'_>) -> TokenStream {
    let krate = &data.krate;
    let Field {
        vis,
        ty,
        key,
        deprecated,
        ..
    } = field;
    let constant = data.constant(field);
    let (put, del, has) = (
        field.accessor("put"),
        field.accessor("del"),
        field.accessor("has"),
    );
    let put_docs = docs::of(field, &format!("Stores `{key}`."));
    let del_docs = docs::of(field, &format!("Removes `{key}`: whether it was there."));
    let has_docs = docs::of(field, &format!("Whether the session has `{key}`."));
    quote! {
        #put_docs
        #(#deprecated)*
        #[inline]
        #vis fn #put(&self, value: #ty) -> #krate::Result<()> {
            #krate::private::put(&self.session, #constant, value)
        }

        #del_docs
        #(#deprecated)*
        #[inline]
        #vis fn #del(&self) -> #krate::Result<::core::primitive::bool> {
            #krate::private::del(&self.session, #constant)
        }

        #has_docs
        #(#deprecated)*
        #[inline]
        #vis fn #has(&self) -> #krate::Result<::core::primitive::bool> {
            #krate::private::has(&self.session, #constant)
        }
    }
}

/// The runtime knows whether it has axum; this crate does not ask.
fn extractor(data: &Data<'_>) -> TokenStream {
    let Data {
        input,
        handle,
        krate,
        ..
    } = data;
    let (_, arguments, where_clause) = input.generics.split_for_impl();
    let params = without_defaults(&input.generics);
    let text = handle.unraw().to_string();
    quote! {
        #krate::__extractor! { #text, [#handle #arguments], [#params], [#where_clause] }
    }
}

/// The parameters as an `impl` takes them, each with a comma.
fn without_defaults(generics: &Generics) -> TokenStream {
    let mut generics = generics.clone();
    for param in &mut generics.params {
        match param {
            syn::GenericParam::Type(param) => param.default = None,
            syn::GenericParam::Const(param) => param.default = None,
            syn::GenericParam::Lifetime(_) => {}
        }
    }
    let params = generics.params.into_iter();
    quote!(#(#params,)*)
}
