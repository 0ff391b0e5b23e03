//! The guide keeps to the crate: every chapter is compiled, and what it quotes of the log is what the log says.

use std::fs;
use std::path::{Path, PathBuf};

fn runtime() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("session-runtime")
}

fn text(path: &str) -> String {
    fs::read_to_string(runtime().join(path)).expect("a file of the crate")
}

fn chapters() -> Vec<String> {
    let folder = fs::read_dir(runtime().join("docs/guide")).expect("the chapters");
    let names = folder.map(|file| file.expect("a file").file_name().into_string());
    names.map(|name| name.expect("text")).collect()
}

/// A chapter that no module includes is on no page, and none of its blocks is compiled.
#[test]
fn every_chapter_is_a_module_and_in_the_contents() {
    let guide = text("src/guide.rs");
    let chapters = chapters();
    assert!(chapters.len() > 15, "{chapters:?}");
    for file in chapters {
        let name = file.strip_suffix(".md").expect("a chapter is a .md file");
        assert!(
            guide.contains(&format!("guide/{file}\")]\npub mod {name} {{}}")),
            "{file}"
        );
        assert!(
            guide.contains(&format!("]({name})")) || guide.contains(&format!("](mod@{name})")),
            "{file} is not in the list of chapters"
        );
    }
}

/// `ignore` is for what can't be compiled, and Rust can.
#[test]
fn no_block_of_a_chapter_is_left_out() {
    for file in chapters() {
        let chapter = text(&format!("docs/guide/{file}"));
        assert!(
            !chapter.contains(",ignore") && !chapter.contains("```ignore"),
            "{file}"
        );
    }
}

/// Whoever searches for an event finds it here, so the words are the same.
#[test]
fn events_are_quoted_word_for_word() {
    let source = text("src/log.rs") + &text("src/error/text.rs") + &text("src/error/missing.rs");
    let events: String = source
        .split("\\\n")
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.trim_start() })
        .collect();
    let chapter = text("docs/guide/lost_sessions.md");
    let mut checked = 0;
    for quoted in quotations(&chapter) {
        let event = quoted
            .strip_prefix("changes to the session dropped: ")
            .unwrap_or(&quoted);
        // Texts of errors and of other programs are shorter, or begin with the key.
        if event.len() < 30 || event.starts_with('\'') {
            continue;
        }
        assert!(events.contains(event), "{event}");
        checked += 1;
    }
    assert!(
        checked >= 8,
        "only {checked} events were found in the chapter"
    );
    for reason in [
        "not_secure",
        "outside_domain",
        "outside_path",
        "unknown_key",
        "bad_mac",
        "future",
        "ahead",
    ] {
        assert!(events.contains(&format!("=> \"{reason}\"")), "{reason}");
        assert!(chapter.contains(&format!("`{reason}`")), "{reason}");
    }
}

/// What stands between double quotes; `\"` is one of the text.
fn quotations(text: &str) -> Vec<String> {
    let hidden = text.replace("\\\"", "\u{0}");
    let odd = hidden.split('"').skip(1).step_by(2);
    odd.map(|quoted| quoted.replace('\u{0}', "\\\"").replace('\n', " "))
        .collect()
}
