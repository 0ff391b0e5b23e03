//! What holds for every example.

use std::fs;
use std::path::{Path, PathBuf};

/// Served by a test file of their own name.
const TESTED_ELSEWHERE: [&str; 2] = ["devices", "quickstart"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder");
    entries.map(|entry| entry.expect("a file").path()).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("text")
}

/// Name and text of each example that is one file.
fn examples() -> Vec<(String, String)> {
    let files = files("examples").into_iter().filter(|path| path.is_file());
    let named = files.map(|path| {
        let name = path.file_stem().expect("a name").to_string_lossy();
        (name.into_owned(), read(&path))
    });
    let examples: Vec<_> = named.collect();
    assert!(examples.len() > 10, "{examples:?}");
    examples
}

#[test]
fn each_is_driven_by_a_test() {
    let tests: String = files("tests/it/examples")
        .iter()
        .map(|path| read(path))
        .collect();
    for (name, _) in examples() {
        if TESTED_ELSEWHERE.contains(&name.as_str()) {
            let file = root().join(format!("tests/it/examples/{name}.rs"));
            assert!(file.is_file(), "{name}");
        } else {
            let starts = [
                format!("start(\"{name}\")"),
                format!("start_with(\"{name}\""),
            ];
            assert!(starts.iter().any(|start| tests.contains(start)), "{name}");
        }
    }
}

#[test]
fn each_says_what_it_shows_and_how_to_run_it() {
    for (name, text) in examples() {
        let header: Vec<&str> = text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .collect();
        let header = header.join("\n");
        let command = format!("cargo run --example {name}");
        assert!(header.contains(&command), "{name}: {header}");
    }
}

/// Who copies an example copies how it treats errors.
#[test]
fn none_panics_on_bad_input() {
    for (name, text) in examples() {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for panic in [".unwrap()", ".expect(", "panic!", "unreachable!"] {
            assert!(!code.contains(panic), "{name}: {panic}");
        }
    }
}
