//! What is written for a struct: its constants, the trait, and what the compiler checks. The handle is beside it.

mod handle;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Generics, Ident};

use crate::model::{Data, Field, Wrapping};
use crate::{docs, fingerprint, names};

pub(crate) fn expand(data: &Data<'_>) -> TokenStream {
    let (keys, handle) = (keys(data), handle::expand(data));
    let (session_data, checks) = (session_data(data), checks(data));
    quote!(#keys #handle #session_data #checks)
}

/// One typed key a field.
fn keys(data: &Data<'_>) -> TokenStream {
    let blocks = for_each_bound(data, &data.name(), TokenStream::new(), |field| {
        let Field { constant, ty, .. } = field;
        let vis = field.vis();
        let deprecated = field.attrs("deprecated");
        let docs = docs::of_key(field);
        let krate = &data.krate;
        let info = key_info(data, field);
        quote! {
            #docs
            #(#deprecated)*
            #vis const #constant: #krate::Key<#ty> = #krate::__private::key::<#ty>(#info);
        }
    });
    if blocks.is_empty() {
        return blocks;
    }
    // Of the first block.
    let docs = docs::of_struct(data);
    quote!(#docs #blocks)
}

/// Impl blocks of `name`. One has what comes first and all fields of known types. Each generic field has a block with
/// its own bound, so that a type parameter binds nothing but what uses it.
fn for_each_bound(
    data: &Data<'_>,
    name: &TokenStream,
    first: TokenStream,
    write: impl Fn(&Field<'_>) -> TokenStream,
) -> TokenStream {
    let (impl_generics, arguments, _) = data.input.generics.split_for_impl();
    let block = |generics: &Generics, items: TokenStream| {
        let where_clause = &generics.where_clause;
        quote! {
            impl #impl_generics #name #arguments #where_clause {
                #items
            }
        }
    };
    let (mut known, mut generic) = (first, TokenStream::new());
    for field in &data.fields {
        if field.generic {
            block(&bounded(data, field), write(field)).to_tokens(&mut generic);
        } else {
            write(field).to_tokens(&mut known);
        }
    }
    let known = (!known.is_empty()).then(|| block(&data.input.generics, known));
    quote!(#known #generic)
}

/// The struct's generics with the bound that storing the field's type needs.
fn bounded(data: &Data<'_>, field: &Field<'_>) -> Generics {
    let (ty, krate) = (&field.ty, &data.krate);
    let mut generics = data.input.generics.clone();
    let bound = quote!(#ty: #krate::__private::Value);
    // The tokens of a type and a path always parse as a predicate.
    if let Ok(bound) = syn::parse2(bound) {
        generics.make_where_clause().predicates.push(bound);
    }
    generics
}

/// `KeyInfo::new("notice").flash()`
fn key_info(data: &Data<'_>, field: &Field<'_>) -> TokenStream {
    let krate = &data.krate;
    let Field { key, aliases, .. } = field;
    let aliases = (!aliases.is_empty()).then(|| quote!(.with_aliases(&[#(#aliases),*])));
    let options = &field.options;
    let ttl = options.ttl.as_ref().map(|ttl| {
        let seconds = ttl.value;
        quote!(.with_ttl(::core::time::Duration::from_secs(#seconds)))
    });
    let max_len = options.max_len.as_ref().map(|max_len| {
        let bytes = max_len.value;
        quote!(.with_max_len(#bytes))
    });
    let flash = options.flash.as_ref().map(|_| quote!(.flash()));
    let private = options.private.as_ref().map(|_| quote!(.private()));
    let owner = options.owner.as_ref().map(|_| quote!(.owner()));
    let missing = options.missing.as_ref().map(|missing| {
        let status = missing.value;
        quote!(.with_missing_status(#status))
    });
    quote!(#krate::KeyInfo::new(#key) #aliases #ttl #max_len #flash #private #owner #missing)
}

fn session_data(data: &Data<'_>) -> TokenStream {
    let Data {
        input,
        krate,
        fields,
        ..
    } = data;
    let (name, handle) = (data.name(), data.handle());
    let (impl_generics, arguments, where_clause) = input.generics.split_for_impl();
    let infos = fields.iter().map(|field| key_info(data, field));
    let fingerprint = fingerprint::of(fields);
    let max_encoded = max_encoded(data);
    quote! {
        #[automatically_derived]
        impl #impl_generics #krate::SessionData for #name #arguments #where_clause {
            type Handle = #handle #arguments;
            const KEYS: &'static [#krate::KeyInfo] = &[#(#infos),*];
            const FINGERPRINT: ::core::primitive::u64 = #fingerprint;
            const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = #max_encoded;
        }
    }
}

/// The most bytes of a session with all keys, where each value has a bound. Most structs have a text without one: then
/// the compiler need not look for those of the others, which is a twentieth of what the derive costs.
fn max_encoded(data: &Data<'_>) -> TokenStream {
    let Data { krate, fields, .. } = data;
    if fields.iter().any(Field::is_unbounded) {
        return quote!(::core::option::Option::None);
    }
    let fixed = fixed_bytes(fields);
    let bounds = fields.iter().map(|field| bound_of_value(data, field));
    quote! {
        {
            use #krate::__private::Unknown as _;
            #krate::__private::max_encoded(#fixed, &[#(#bounds),*])
        }
    }
}

/// The most bytes of a value, where its type or its option says it.
fn bound_of_value(data: &Data<'_>, field: &Field<'_>) -> TokenStream {
    let (krate, ty) = (&data.krate, &field.ty);
    let max_len = field.options.max_len.as_ref();
    let known = max_len.map(|max_len| {
        let bytes = max_len.value;
        quote!(::core::option::Option::Some(#bytes))
    });
    known.unwrap_or_else(|| quote!(#krate::__private::Probe::<#ty>::MAX))
}

/// `"key":` and `,` of each pair, and what the deadlines of ttl keys take: `"~":{},` once, and `"key":` with up to 11
/// digits and a comma each. A key and its aliases are never stored at once, so the longest name counts.
fn fixed_bytes(fields: &[Field<'_>]) -> usize {
    let longest = |field: &Field<'_>| {
        let names = [&field.key].into_iter().chain(&field.aliases);
        names.map(|name| names::json_len(name)).max().unwrap_or(0)
    };
    let pairs: usize = fields.iter().map(|field| longest(field) + 2).sum();
    let deadlines: Vec<usize> = fields
        .iter()
        .filter(|field| field.options.ttl.is_some())
        .map(|field| longest(field) + 13)
        .collect();
    let wrapper = if deadlines.is_empty() {
        0
    } else {
        r#""~":{},"#.len()
    };
    pairs + wrapper + deadlines.iter().sum::<usize>()
}

/// What the compiler has to see, and nobody calls:
///
/// ```text
/// impl __private::Fields<Account> for () {
///     fn read(__session_data: &Account) {
///         let _ = &raw const __session_data.uid;                 // so that "field is never read" does not fire
///         __private::standard_option::<Option<String>, String>() // so that `Option` is the one that we took it for
///     }
/// }
/// const _: () = {
///     assert!(!__private::Probe::<Maybe>::IS_OPTION, "..")       // so that no other name hides an `Option`
/// };
/// ```
fn checks(data: &Data<'_>) -> TokenStream {
    let (krate, fields) = (&data.krate, &data.fields);
    let name = data.name();
    let (impl_generics, arguments, where_clause) = data.input.generics.split_for_impl();
    let reads = fields.iter().map(|field| names::generated(field.ident));
    let options = fields
        .iter()
        .filter(|field| field.shape == Wrapping::Option)
        .map(|field| {
            let Field { whole, ty, .. } = field;
            quote!(#krate::__private::standard_option::<#whole, #ty>();)
        });
    let hidden = hidden_options(data);
    quote! {
        #[automatically_derived]
        #[doc(hidden)]
        impl #impl_generics #krate::__private::Fields<#name #arguments> for () #where_clause {
            fn read(__session_data: &#name #arguments) {
                #(let _ = &raw const __session_data.#reads;)*
                #(#options)*
            }
        }
        #hidden
    }
}

fn hidden_options(data: &Data<'_>) -> Option<TokenStream> {
    let krate = &data.krate;
    let fields = data.fields.iter().filter(|field| field.may_hide_option());
    let checks = fields.map(|field| {
        let Field { ident, ty, span, .. } = field;
        let message = format!(
            "the type of `{}` is an `Option` behind another name: write `Option` itself, or the type of its value, \
             `#[session(value = ..)]`",
            ident.unraw()
        );
        quote_spanned!(*span=> ::core::assert!(!#krate::__private::Probe::<#ty>::IS_OPTION, #message);)
    });
    let checks = quote!(#(#checks)*);
    (!checks.is_empty()).then(|| {
        quote! {
            const _: () = {
                use #krate::__private::Unknown as _;
                #checks
            };
        }
    })
}

impl Data<'_> {
    fn name(&self) -> TokenStream {
        names::generated(&self.input.ident)
    }

    fn handle(&self) -> TokenStream {
        names::generated(&self.handle)
    }

    fn vis(&self) -> TokenStream {
        names::generated(&self.input.vis)
    }

    /// `Account::UID`
    fn constant(&self, field: &Field<'_>) -> TokenStream {
        let name = self.name();
        let (_, arguments, _) = self.input.generics.split_for_impl();
        let turbofish = arguments.as_turbofish();
        let constant = &field.constant;
        quote!(#name #turbofish::#constant)
    }
}

impl Field<'_> {
    /// `get_uid`, which an editor follows to the field.
    pub(crate) fn accessor(&self, verb: &str) -> Ident {
        let span = names::generated_span(self.ident.span());
        format_ident!("{verb}_{}", self.ident.unraw(), span = span)
    }

    fn vis(&self) -> TokenStream {
        names::generated(&self.written.vis)
    }

    /// Whether nothing says how long a value may be.
    fn is_unbounded(&self) -> bool {
        const UNBOUNDED: [&str; 3] = ["String", "Vec", "HashMap"];
        let is_unbounded = match self.first_token() {
            Some(TokenTree::Ident(ident)) => UNBOUNDED.iter().any(|known| ident == known),
            _ => false,
        };
        is_unbounded && self.options.max_len.is_none()
    }

    /// Of the type.
    fn first_token(&self) -> Option<TokenTree> {
        self.ty.clone().into_iter().next()
    }

    /// Whether the type's name could be another one for `Option`. It could not be where it is one of the types that
    /// most fields have: each check takes the compiler time.
    fn may_hide_option(&self) -> bool {
        const KNOWN: [&str; 19] = [
            "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
            "u32", "u64", "u128", "usize", "String", "Vec", "HashMap",
        ];
        let is_name = match self.first_token() {
            Some(TokenTree::Ident(ident)) => KNOWN.iter().all(|known| ident != known),
            Some(TokenTree::Punct(_) | TokenTree::Group(_)) => true,
            _ => false,
        };
        self.shape == Wrapping::Plain && !self.generic && is_name
    }
}
