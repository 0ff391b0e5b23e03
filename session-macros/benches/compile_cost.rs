//! What the derive costs at compile time: `cargo bench -p session-macros --profile dev --bench compile_cost`.
//!
//! 100 structs of 10 fields, without a derive, with serde's `Serialize` and `Deserialize`, and with `SessionData`, each
//! built over and over, in turn; what a derive adds is its time less the one without. Then the macro crates
//! themselves, `session-macros` and `thiserror-impl`. The goals: 0.55 of serde's added time, 1.1 of `thiserror-impl`'s.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

const STRUCTS: usize = 100;
const ROUNDS: usize = 5;
const TYPES: [&str; 10] = [
    "i64",
    "String",
    "Option<String>",
    "bool",
    "u32",
    "Vec<String>",
    "f64",
    "Option<i64>",
    "u8",
    "char",
];
const VARIANTS: [(&str, &str); 3] = [
    ("cost-plain", ""),
    (
        "cost-serde",
        "#[derive(serde::Serialize, serde::Deserialize)]",
    ),
    ("cost-session", "#[derive(session_runtime::SessionData)]"),
];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let workspace = Workspace::new()?;
    for command in ["check", "build"] {
        let [plain, serde, session] = workspace.structs(command)?;
        let (serde, session) = (serde.saturating_sub(plain), session.saturating_sub(plain));
        report(
            &format!("cargo {command}, added"),
            ("serde", serde),
            ("SessionData", session),
        );
    }
    let [peer, ours] = workspace.macros()?;
    report(
        "the macro crate",
        ("thiserror-impl", peer),
        ("session-macros", ours),
    );
    Ok(())
}

fn report(what: &str, (peer, peer_time): (&str, Duration), (ours, time): (&str, Duration)) {
    let ratio = time.as_secs_f64() / peer_time.as_secs_f64();
    println!("{what}: {peer} {peer_time:.2?}, {ours} {time:.2?}, ratio {ratio:.2}");
}

/// A generated workspace, built in a target directory of its own.
struct Workspace {
    root: PathBuf,
}

impl Workspace {
    fn new() -> Outcome<Self> {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_cost");
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .ok_or("a workspace")?;
        fs::create_dir_all(&root)?;
        fs::copy(repository.join("Cargo.lock"), root.join("Cargo.lock"))?;
        let members: Vec<&str> = VARIANTS.iter().map(|(name, _)| *name).collect();
        fs::write(
            root.join("Cargo.toml"),
            format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n"),
        )?;
        for (name, derive) in VARIANTS {
            fs::create_dir_all(root.join(name).join("src"))?;
            fs::write(
                root.join(name).join("Cargo.toml"),
                manifest(name, repository),
            )?;
            fs::write(root.join(name).join("src/lib.rs"), structs(derive)?)?;
        }
        Ok(Self { root })
    }

    /// The shortest time of each variant.
    fn structs(&self, command: &str) -> Outcome<[Duration; 3]> {
        self.cargo(&[command, "--workspace"])?;
        let mut shortest = [Duration::MAX; 3];
        for _ in 0..ROUNDS {
            for ((name, _), shortest) in VARIANTS.iter().zip(&mut shortest) {
                let source = self.root.join(name).join("src/lib.rs");
                fs::write(&source, fs::read(&source)?)?;
                *shortest = self.cargo(&[command, "-p", name])?.min(*shortest);
            }
        }
        Ok(shortest)
    }

    fn macros(&self) -> Outcome<[Duration; 2]> {
        let mut shortest = [Duration::MAX; 2];
        for _ in 0..ROUNDS {
            for (name, shortest) in ["thiserror-impl", "session-macros"]
                .iter()
                .zip(&mut shortest)
            {
                self.cargo(&["clean", "-p", name])?;
                *shortest = self.cargo(&["build", "-p", name])?.min(*shortest);
            }
        }
        Ok(shortest)
    }

    fn cargo(&self, arguments: &[&str]) -> Outcome<Duration> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(arguments)
            .arg("--quiet")
            .current_dir(&self.root);
        command
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .env("CARGO_INCREMENTAL", "0");
        let start = Instant::now();
        let status = command.status()?;
        let time = start.elapsed();
        if status.success() {
            Ok(time)
        } else {
            Err(format!("cargo {arguments:?} failed").into())
        }
    }
}

fn manifest(name: &str, repository: &Path) -> String {
    let runtime = repository.join("session-runtime").display().to_string();
    format!(
        "[package]\nname = {name:?}\nedition = \"2024\"\n\n[dependencies]\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         session-runtime = {{ path = {runtime:?} }}\nthiserror-impl = \"2\"\n"
    )
}

fn structs(derive: &str) -> Outcome<String> {
    let mut source = String::new();
    for i in 0..STRUCTS {
        writeln!(source, "{derive}\npub struct Data{i} {{")?;
        for (j, ty) in TYPES.iter().enumerate() {
            writeln!(source, "    pub field{j}_of{i}: {ty},")?;
        }
        source.push_str("}\n");
    }
    Ok(source)
}
