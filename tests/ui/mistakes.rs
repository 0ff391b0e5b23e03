//! What the derive answers to mistakes: each file in a folder beside this one makes one, and does not compile.
//!
//! The texts are the compiler's too, so they are compared on the toolchain that CI pins, where `SESSION_UI_EXACT=1`.
//! Elsewhere each file must fail to compile. `TRYBUILD=overwrite SESSION_UI_EXACT=1` writes the texts anew.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use trybuild::TestCases;

/// So many mistakes that a run that finds fewer files looks in the wrong place.
const AT_LEAST: usize = 130;

#[test]
fn every_mistake_is_answered() {
    let files = files().expect("tests/ui can be read");
    assert!(files.len() >= AT_LEAST, "{} files", files.len());
    if super::is_exact() {
        TestCases::new().compile_fail("tests/ui/*/*.rs");
    } else if let Ok(copies) = env::var("SESSION_UI_COPIES") {
        TestCases::new().compile_fail(format!("{copies}/*/*.rs"));
    } else {
        fail_in_whatever_words(&files);
    }
}

fn files() -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for kind in fs::read_dir("tests/ui")? {
        let kind = kind?.path();
        if kind.is_dir() {
            for file in fs::read_dir(kind)? {
                files.push(file?.path());
            }
        }
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    Ok(files)
}

/// trybuild compares texts always, unless told to write them: so this very test runs again, over copies, and writes.
fn fail_in_whatever_words(files: &[PathBuf]) {
    let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    // Left by an earlier run, if at all.
    let _ = fs::remove_dir_all(&copies);
    for file in files {
        let copy = copies.join(file.strip_prefix("tests/ui").expect("found there"));
        fs::create_dir_all(copy.parent().expect("its kind")).expect("the directory can be made");
        fs::copy(file, copy).expect("the file can be copied");
    }
    let test = env::current_exe().expect("this test runs");
    let status = Command::new(test)
        .env("SESSION_UI_COPIES", &copies)
        .env("TRYBUILD", "overwrite")
        .status();
    assert!(
        status.expect("this test runs again").success(),
        "a mistake compiles"
    );
}
