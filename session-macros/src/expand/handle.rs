//! The handle of a struct: its accessors, and the hook for the axum extractor.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Generics;
use syn::ext::IdentExt;

use super::for_each_bound;
use crate::attr::Fallback;
use crate::docs;
use crate::model::{Data, Field};

pub(crate) fn expand(data: &Data<'_>) -> TokenStream {
    let (structure, traits) = (structure(data), traits(data));
    let (accessors, extractor) = (accessors(data), extractor(data));
    quote!(#structure #traits #accessors #extractor)
}

/// The handle: a session that knows its keys. Its marker is a function, so that it is `Send` whatever the parameters.
fn structure(data: &Data<'_>) -> TokenStream {
    let (krate, generics) = (&data.krate, &data.input.generics);
    let (name, handle, vis) = (data.name(), data.handle(), data.vis());
    let (_, arguments, where_clause) = generics.split_for_impl();
    let attrs = data.input.attrs.iter();
    let deprecated = attrs.filter(|attr| attr.path().is_ident("deprecated"));
    let docs = docs::of_handle(data);
    let marker = data
        .is_generic()
        .then(|| quote!(marker: ::core::marker::PhantomData<fn() -> #name #arguments>,));
    quote! {
        #docs
        #(#deprecated)*
        #vis struct #handle #generics #where_clause {
            session: #krate::Session,
            #marker
        }
    }
}

/// The standard library's traits. What has no accessor is called on the session by `Deref`: each accessor costs every
/// user of the derive compile time.
fn traits(data: &Data<'_>) -> TokenStream {
    let (krate, handle) = (&data.krate, data.handle());
    let (generics, arguments, where_clause) = data.input.generics.split_for_impl();
    let text = data.handle.unraw().to_string();
    let marker = data
        .is_generic()
        .then(|| quote!(marker: ::core::marker::PhantomData,));
    quote! {
        #[automatically_derived]
        impl #generics ::core::convert::From<#krate::Session> for #handle #arguments #where_clause {
            fn from(__session_inner: #krate::Session) -> Self {
                Self { session: __session_inner, #marker }
            }
        }

        #[automatically_derived]
        impl #generics ::core::ops::Deref for #handle #arguments #where_clause {
            type Target = #krate::Session;
            fn deref(&self) -> &#krate::Session {
                &self.session
            }
        }

        #[automatically_derived]
        impl #generics ::core::clone::Clone for #handle #arguments #where_clause {
            fn clone(&self) -> Self {
                Self { session: ::core::clone::Clone::clone(&self.session), #marker }
            }
        }

        #[automatically_derived]
        impl #generics ::core::fmt::Debug for #handle #arguments #where_clause {
            fn fmt(&self, __session_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::DebugStruct::finish_non_exhaustive(
                    &mut ::core::fmt::Formatter::debug_struct(__session_f, #text),
                )
            }
        }
    }
}

fn accessors(data: &Data<'_>) -> TokenStream {
    let (krate, vis) = (&data.krate, data.vis());
    let session = quote! {
        /// The session itself, to which the handle derefs.
        #vis fn session(&self) -> &#krate::Session {
            &self.session
        }
    };
    for_each_bound(data, &data.handle(), session, |field| {
        let reading = if let Some(fallback) = &field.options.default {
            get_or_default(data, field, &fallback.value)
        } else {
            let (get, require) = (get(data, field), require(data, field));
            quote!(#get #require)
        };
        let (put, del) = (put(data, field), del(data, field));
        quote!(#reading #put #del)
    })
}

/// One accessor. The signature is what follows its name.
fn accessor(
    field: &Field<'_>,
    verb: &str,
    docs: TokenStream,
    signature: TokenStream,
    body: TokenStream,
) -> TokenStream {
    let (vis, name) = (field.vis(), field.accessor(verb));
    let deprecated = field.attrs("deprecated");
    quote! {
        #docs
        #(#deprecated)*
        #[inline]
        #vis fn #name #signature {
            #body
        }
    }
}

fn get(data: &Data<'_>, field: &Field<'_>) -> TokenStream {
    let (krate, constant) = (&data.krate, data.constant(field));
    let (key, ty) = (docs::code(&field.key), &field.ty);
    accessor(
        field,
        "get",
        docs::of_accessor(
            data,
            field,
            &format!("Reads {key}: `None` where the session has none."),
            &[],
        ),
        quote!((&self) -> #krate::Result<::core::option::Option<#ty>>),
        quote!(#krate::__private::get(&self.session, #constant)),
    )
}

fn get_or_default(data: &Data<'_>, field: &Field<'_>, fallback: &Fallback) -> TokenStream {
    let (krate, constant) = (&data.krate, data.constant(field));
    let (key, ty) = (docs::code(&field.key), &field.ty);
    let (value, needs_default) = match fallback {
        Fallback::OfType => (
            quote!(#krate::__private::default_of::<#ty>()),
            field.generic,
        ),
        Fallback::Expr(expr) => (expr.clone(), false),
    };
    let bound = needs_default.then(|| quote!(where #ty: ::core::default::Default));
    accessor(
        field,
        "get",
        docs::of_accessor(data, field, &format!("Reads {key}, or its default."), &[]),
        quote!((&self) -> #krate::Result<#ty> #bound),
        quote! {
            match #krate::__private::get(&self.session, #constant) {
                ::core::result::Result::Ok(::core::option::Option::Some(__session_value)) => {
                    ::core::result::Result::Ok(__session_value)
                }
                ::core::result::Result::Ok(::core::option::Option::None) => {
                    let __session_value: #ty = #value;
                    ::core::result::Result::Ok(__session_value)
                }
                ::core::result::Result::Err(__session_error) => ::core::result::Result::Err(__session_error),
            }
        },
    )
}

fn require(data: &Data<'_>, field: &Field<'_>) -> TokenStream {
    let (krate, constant) = (&data.krate, data.constant(field));
    let (key, ty) = (docs::code(&field.key), &field.ty);
    let missing = field.options.missing.as_ref();
    let status = missing.map_or(401, |status| status.value);
    accessor(
        field,
        "require",
        docs::of_accessor(
            data,
            field,
            &format!("Reads {key}; absent is an error, as a response {status}."),
            &[],
        ),
        quote!((&self) -> #krate::Result<#ty>),
        quote!(#krate::__private::require(&self.session, #constant)),
    )
}

fn put(data: &Data<'_>, field: &Field<'_>) -> TokenStream {
    let (krate, constant) = (&data.krate, data.constant(field));
    let (key, ty) = (docs::code(&field.key), &field.ty);
    accessor(
        field,
        "put",
        docs::of_accessor(data, field, &format!("Stores {key}."), &["insert", "set"]),
        quote!((&self, __session_value: #ty) -> #krate::Result<()>),
        quote!(#krate::__private::put(&self.session, #constant, __session_value)),
    )
}

fn del(data: &Data<'_>, field: &Field<'_>) -> TokenStream {
    let (krate, constant) = (&data.krate, data.constant(field));
    let key = docs::code(&field.key);
    accessor(
        field,
        "del",
        docs::of_accessor(
            data,
            field,
            &format!("Removes {key}: whether it was there."),
            &["remove"],
        ),
        quote!((&self) -> #krate::Result<::core::primitive::bool>),
        quote!(#krate::__private::del(&self.session, #constant)),
    )
}

/// The runtime knows whether it has axum; this crate does not ask.
fn extractor(data: &Data<'_>) -> TokenStream {
    let (input, krate, handle) = (data.input, &data.krate, data.handle());
    let (_, arguments, where_clause) = input.generics.split_for_impl();
    let params = without_defaults(&input.generics);
    let text = data.handle.unraw().to_string();
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
