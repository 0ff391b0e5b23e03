//! The whole derive without a compiler: its expansions word for word, and no panic whatever it is given.

use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::TokenStream;
use proptest::prelude::*;
use syn::visit::{self, Visit};
use syn::{File, Item, PatIdent};

use crate::derive;

/// What is written for each struct in `tests/expand/`. `SESSION_EXPAND=write` writes it anew.
#[test]
fn expansions_are_the_ones_that_were_read() {
    for input in inputs() {
        let expansion = prettyplease::unparse(&expansion_of(&input));
        let expected = input.with_extension("expanded.rs");
        if env::var("SESSION_EXPAND").is_ok_and(|mode| mode == "write") {
            fs::write(expected, expansion).expect("the expansion can be written");
        } else {
            let expected = fs::read_to_string(expected).expect("the expansion can be read");
            assert!(
                expansion == expected,
                "{} expands to\n{expansion}",
                input.display()
            );
        }
    }
}

/// A pattern is another thing where the user has a constant of its name.
#[test]
fn local_names_are_no_names_of_the_users() {
    struct Locals(Vec<String>);

    impl<'ast> Visit<'ast> for Locals {
        fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
            self.0.push(pattern.ident.to_string());
            visit::visit_pat_ident(self, pattern);
        }
    }

    let mut locals = Locals(Vec::new());
    for input in inputs() {
        locals.visit_file(&expansion_of(&input));
    }
    assert!(locals.0.len() > 50, "{} patterns", locals.0.len());
    let is_ours = |name: &String| name.starts_with("__session_");
    assert_eq!(locals.0.iter().find(|name| !is_ours(name)), None);
}

fn inputs() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand");
    let is_input = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.and_then(|name| name.strip_suffix(".rs"))
            .is_some_and(|name| !name.contains('.'))
    };
    let entries = fs::read_dir(directory).expect("tests/expand can be read");
    let inputs: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(is_input)
        .collect();
    assert!(inputs.len() >= 10, "{} inputs", inputs.len());
    inputs
}

fn expansion_of(input: &Path) -> File {
    let source = fs::read_to_string(input).expect("the input can be read");
    let tokens = derive(source.parse().expect("the input is Rust"));
    syn::parse2(tokens).expect("the expansion is Rust")
}

/// The expansion, which must be Rust, and the number of errors in it.
fn errors_of(input: &str) -> Result<usize, TestCaseError> {
    let tokens: TokenStream = input
        .parse()
        .map_err(|_| TestCaseError::reject("no tokens"))?;
    let expansion = derive(tokens);
    let file: File = syn::parse2(expansion.clone()).map_err(|error| {
        TestCaseError::fail(format!("{error} in the expansion of {input}: {expansion}"))
    })?;
    let is_error = |item: &&Item| matches!(item, Item::Macro(item) if item.mac.path.segments.last().is_some_and(|last| last.ident == "compile_error"));
    Ok(file.items.iter().filter(is_error).count())
}

/// Options of a field, each good by itself.
const GOOD: &[&str] = &[
    "flash",
    "private",
    "default",
    "default = f(a, b)",
    "default = Map::<K, V>::new()",
    "default = <Map<K, V>>::new()",
    "default = || -> Option<u8> { None }()",
    "default = a >> b",
    "ttl = \"15m\"",
    "ttl = \"400d\"",
    "max_len = 1",
    "max_len = 4_096",
    "value = String",
    "value = HashMap<String, Vec<u8>>",
    "rename = \"ü \\\" x\"",
    "rename = r#\"q\"#",
];

/// Each one error, whatever stands beside it.
const BAD: &[&str] = &[
    "flahs",
    "flash = true",
    "flash(1)",
    "private = \"yes\"",
    "ttl",
    "ttl = 15",
    "ttl = \"\"",
    "ttl = \"ü\"",
    "ttl = \"15é\"",
    "ttl = \"99999999999999999999s\"",
    "max_len = -1",
    "max_len = 0",
    "max_len = 1e3",
    "max_len = 0xfffff",
    "missing = 200",
    "missing = \"404\"",
    "value = 7",
    "value = \"u8\"",
    "rename",
    "rename = b\"x\"",
    "rename = {}",
    "rename = 'x'",
    "\"flash\"",
    "7",
    "prefix = \"x\"",
    "crate = x",
    "unknown = a::b",
    "unknown(a, b)",
    "default =",
    "::",
    "#",
    "=> x",
];

const TYPES: &[&str] = &[
    "u8",
    "Option<u8>",
    "::std::option::Option<T>",
    "(Option<T>)",
    "[T; N]",
    "[u8; Self::N]",
    "HashMap<T, Vec<Self>>",
    "(T, bool)",
    "Option",
    "Option<>",
    "Option<u8, u8>",
    "<T as Iterator>::Item",
    "fn(T) -> u8",
    "m!(T)",
    "dyn Fn(&str) -> T",
    "&'static str",
    "&mut [T]",
    "str",
    "[u8]",
    "impl Copy",
    "_",
    "!",
    "*const u8",
    "for<'a> fn(&'a u8)",
];

const FIELDS: &[&str] = &[
    "uid", "r#type", "größe", "名", "returnTo", "_", "__", "_x1", "ŉ", "ǆ", "ß", "keys", "UID",
    "a", "b", "c", "d", "r#match",
];

const GENERICS: &[&str] = &[
    "",
    "<T>",
    "<T: Copy + 'static = u8>",
    "<T, const N: usize = 3>",
    "<'a, T>",
    "<#[x] T>",
];

/// What a macro can be handed as tokens, brackets balanced.
fn soup() -> impl Strategy<Value = String> {
    let words = [
        "struct", "enum", "union", "A", "T", "'a", "where", "pub", "(crate)", "crate", "self",
        "Self", "session", "#", "!", "=", ",", ";", ":", "::", "<", ">", "->", "&", "\"x\"", "'c'",
        "7", "1.5", "r#type", "flash", "ttl", "rename", "ü",
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(str::to_owned);
    let group = |inner: BoxedStrategy<String>| {
        (
            prop::sample::select(vec![("(", ")"), ("[", "]"), ("{", "}")]),
            prop::collection::vec(inner, 0..6),
        )
            .prop_map(|((open, close), words)| format!("{open}{}{close}", words.join(" ")))
    };
    let tree = word.prop_recursive(4, 64, 6, move |inner| group(inner.boxed()));
    prop::collection::vec(tree, 0..12).prop_map(|words| words.join(" "))
}

fn options(from: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(from), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_tokens_panic(head in soup(), options in soup(), of_field in soup(), ty in soup()) {
        errors_of(&head)?;
        errors_of(&format!("#[session({options})] struct A {{ #[session({of_field})] x: u8 }}"))?;
        errors_of(&format!("#[session{options}] struct A {{ #[session {of_field}] x: {ty} }}"))?;
        errors_of(&format!("struct A<{options}> where {ty} {{ x: {of_field} }}"))?;
    }

    #[test]
    fn no_struct_panics(
        generics in prop::sample::select(GENERICS),
        fields in prop::collection::vec(
            (prop::sample::select(FIELDS), prop::sample::select(TYPES), options(GOOD), options(BAD)), 0..6),
    ) {
        let fields = fields.iter().map(|(name, ty, good, bad)| {
            format!("#[session({})] #[session({})] {name}: {ty},", good.join(", "), bad.join(", "))
        });
        errors_of(&format!("struct A {generics} {{ {} }}", fields.collect::<String>()))?;
    }

    /// Each wrong option is told, once, and none of the good ones.
    #[test]
    fn as_many_errors_as_mistakes(fields in prop::collection::vec((prop::sample::select(GOOD), options(BAD)), 1..6)) {
        let mistakes: usize = fields.iter().map(|(_, bad)| bad.len()).sum();
        let fields = fields.iter().enumerate().map(|(i, (good, bad))| {
            let good = good.replace("\"ü \\\" x\"", &format!("\"ü{i}\"")).replace("\"q\"", &format!("\"q{i}\""));
            let options = [vec![good.as_str()], bad.clone()].concat();
            format!("#[session({})] x{i}: u8,", options.join(", "))
        });
        prop_assert_eq!(errors_of(&format!("struct A {{ {} }}", fields.collect::<String>()))?, mistakes);
    }
}
