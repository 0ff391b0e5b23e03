//! The examples, built once: `cargo test --test it` builds none.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The program of this example.
pub(crate) fn example(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(build).join(name)
}

fn build() -> PathBuf {
    let test = env::current_exe().expect("a path");
    let target = test.ancestors().nth(3).expect("target/debug/deps/test");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--examples", "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(status.expect("cargo").success(), "the examples are built");
    target.join("debug/examples")
}
