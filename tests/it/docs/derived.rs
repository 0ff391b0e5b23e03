//! What the derive documents, as its users' `cargo doc` shows it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
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
    for private in [&["--document-private-items"][..], &[]] {
        let arguments = [&["doc", "--no-deps"], private].concat();
        let text = cargo(&arguments);
        assert!(!text.contains("warning"), "{text}");
    }
    let page = |name: &str| {
        let file = format!("target/doc/documented/struct.{name}.html");
        fs::read_to_string(PROJECT.join(file)).expect("the page of the struct")
    };
    a_constant_has_the_docs_whole(&page("Account"));
    an_accessor_has_paragraphs(&page("AccountHandle"));
    nothing_internal_is_shown(&page("Account"));
    nothing_internal_is_shown(&page("AccountHandle"));
}

fn a_constant_has_the_docs_whole(page: &str) {
    for told in [
        "Id of the signed-in user",
        "Session key <code>account.uid</code>",
        "Shown once",
        // The struct names its handle.
        "<a href=\"struct.AccountHandle.html\" title=\"struct documented::AccountHandle\"><code>AccountHandle</code></a> is the session",
        "<p>A second paragraph.</p>\n\n<div class=\"example-wrap",
        "<p>Session key <code>account.nick</code>.</p>",
        "<a href=\"struct.Account.html#structfield.uid\" title=\"field documented::Account::uid\"><code>Self::uid</code></a>",
        "<a href=\"struct.Account.html#structfield.email_address\" title=\"field documented::Account::email_address\">written by</a>",
        "Session key <code>account.ex`ample</code>; <code>\"`\\n\\n```\".to_owned()</code> where absent",
    ] {
        assert!(page.contains(told), "{told}");
    }
}

/// What only the compiler needs is on no page.
fn nothing_internal_is_shown(page: &str) {
    for untold in ["__private", "impl-Fields"] {
        assert!(!page.contains(untold), "{untold}");
    }
}

fn an_accessor_has_paragraphs(page: &str) {
    let see = |constant: &str| {
        format!(
            "<p>See <a href=\"struct.Account.html#associatedconstant.{constant}\" title=\"associated constant documented::Account::{constant}\"><code>Account::{constant}</code></a>.</p>"
        )
    };
    for told in [
        "<p>Stores <code>account.uid</code>.</p>\n<p>Id of the signed-in user, as in <code>users.id</code>.</p>",
        &see("UID"),
        "title=\"field documented::Account::uid\"><code>Account::uid</code></a>",
        "title=\"field documented::Account::email_address\">written by</a>",
        &format!("<p>Shown after its example.</p>\n{}", see("EXAMPLE")),
        "<p>With stars, as <a href=\"struct.Account.html#structfield.nick\"",
        &format!("<p>Careful.</p>\n{}", see("STRICT")),
        "<code>Account::名</code></a>.</p>",
    ] {
        assert!(page.contains(told), "{told}");
    }
    for untold in [
        "A second paragraph",
        "documented::Account::NICK.name",
        "get_hidden",
        "get_private",
    ] {
        assert!(!page.contains(untold), "{untold}");
    }
}

/// Each of the two: not once more for the constant and each accessor.
#[test]
fn an_example_of_a_field_runs_once() {
    let text = cargo(&["test", "--doc"]);
    assert!(text.contains("running 2 tests"), "{text}");
    assert!(text.contains("2 passed; 0 failed; 0 ignored"), "{text}");
}

static PROJECT: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documented");
    let runtime = root.join("session-runtime");
    let runtime = format!("{:?}", runtime.to_str().expect("a path in Unicode"));
    fs::create_dir_all(project.join("src")).expect("the directory can be made");
    let manifest = MANIFEST.replace("\"RUNTIME\"", &runtime);
    fs::write(project.join("Cargo.toml"), manifest).expect("the manifest can be written");
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock")).expect("a lock file");
    fs::copy(
        root.join("tests/it/docs/documented/lib.rs"),
        project.join("src/lib.rs"),
    )
    .expect("the crate");
    project
});

/// What cargo says of the project.
fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--manifest-path"])
        .arg(PROJECT.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(PROJECT.join("target"))
        .env("RUSTDOCFLAGS", "-D warnings")
        .output()
        .expect("cargo runs");
    let told = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&told).into_owned();
    assert!(output.status.success(), "{text}");
    text
}
