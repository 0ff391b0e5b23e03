//! What the derive documents, as its users' `cargo doc` shows it.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const MANIFEST: &str = r#"[package]
name = "documented"
version = "0.0.0"
edition = "2024"

[dependencies]
serde = "1"
session-runtime = { path = "RUNTIME" }

[workspace]
"#;

/// A crate of its own with the derive's every option, and with warnings denied.
#[test]
fn a_crate_with_sessions_is_documented_without_a_warning() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documented");
    let runtime = format!("{:?}", root.join("session-runtime"));
    fs::create_dir_all(project.join("src")).expect("the directory can be made");
    let manifest = MANIFEST.replace("\"RUNTIME\"", &runtime);
    fs::write(project.join("Cargo.toml"), manifest).expect("the manifest can be written");
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock")).expect("a lock file");
    fs::copy(
        root.join("tests/documented/lib.rs"),
        project.join("src/lib.rs"),
    )
    .expect("the crate");
    for private in [&["--document-private-items"][..], &[]] {
        let output = Command::new(env!("CARGO"))
            .args(["doc", "--offline", "--no-deps", "--manifest-path"])
            .arg(project.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(project.join("target"))
            .args(private)
            .env("RUSTDOCFLAGS", "-D warnings")
            .output()
            .expect("cargo runs");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}");
        assert!(!text.contains("warning"), "{text}");
    }
    let page = project.join("target/doc/documented/struct.Account.html");
    let page = fs::read_to_string(page).expect("the page of the struct");
    for told in [
        "Id of the signed-in user",
        "Session key <code>account.uid</code>",
        "Shown once",
    ] {
        assert!(page.contains(told), "{told}");
    }
}
