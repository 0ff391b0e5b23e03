//! All that is public stands in `docs/public-api.txt`, so that no change of it goes unseen.
//!
//! The list is made from rustdoc's JSON, which changes with the toolchain: it is compared on the one that CI pins.
//! `SESSION_API=write SESSION_UI_EXACT=1 cargo test --test ui public` writes it anew.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use public_api::{Builder, PublicApi};

const LIST: &str = "docs/public-api.txt";

/// The crates whose types users meet; those of others could not be updated without a break.
const KNOWN: [&str; 11] = [
    "alloc",
    "axum_core",
    "cookie::same_site::SameSite",
    "core",
    "http",
    "pin_project_lite::__private",
    "serde_core",
    "session_runtime",
    "std",
    "tower_layer",
    "tower_service",
];

#[test]
fn what_is_public_is_listed_and_names_no_type_of_a_crate_that_is_our_own_business() {
    if !super::is_exact() {
        eprintln!("skipped: SESSION_UI_EXACT=1 compares the list on the toolchain that CI pins");
        return;
    }
    let list = public_api().to_string();
    for line in list.lines() {
        for (at, _) in line.match_indices("::") {
            let path = path_around(line, at);
            assert!(is_known(path), "{path} in {line}");
        }
    }
    if env::var("SESSION_API").is_ok_and(|word| word == "write") {
        fs::write(LIST, &list).expect("the list can be written");
    }
    let listed = fs::read_to_string(LIST).expect("the list");
    let lacks = |lines: &str, line: &str| !lines.lines().any(|other| other == line);
    let added: Vec<_> = list.lines().filter(|line| lacks(&listed, line)).collect();
    let removed: Vec<_> = listed.lines().filter(|line| lacks(&list, line)).collect();
    assert!(
        list == listed,
        "what is public has changed: added {added:#?}, removed {removed:#?}; where that is meant, \
         `SESSION_API=write SESSION_UI_EXACT=1 cargo test --test ui public` lists it"
    );
}

/// Whether it is of a crate that users meet, or begins with a type: `Self::Future`, `<T as Trait>::Item`.
fn is_known(path: &str) -> bool {
    let is_of_crate = path.starts_with(|c: char| c.is_lowercase());
    let mut rests = KNOWN.iter().filter_map(|known| path.strip_prefix(known));
    !is_of_crate || rests.any(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The whole path that this `::` stands in.
fn path_around(line: &str, at: usize) -> &str {
    let is_apart = |c: char| !(c.is_alphanumeric() || c == '_' || c == ':');
    let begin = line[..at].rfind(is_apart).map_or(0, |before| before + 1);
    let end = line[at..].find(is_apart).map_or(line.len(), |len| at + len);
    &line[begin..end]
}

fn public_api() -> PublicApi {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("public-api");
    let made = Command::new(env!("CARGO"))
        .args([
            "rustdoc",
            "--quiet",
            "--package",
            "session-runtime",
            "--lib",
            "--all-features",
        ])
        .arg("--target-dir")
        .arg(&target)
        .args(["--", "-Zunstable-options", "--output-format", "json"])
        // Stable tools take no `-Z` without it.
        .env("RUSTC_BOOTSTRAP", "1")
        .status();
    assert!(made.expect("cargo runs").success(), "rustdoc's JSON");
    Builder::from_rustdoc_json(target.join("doc/session_runtime.json"))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .expect("rustdoc's JSON is of a version that this list can be made of")
}
