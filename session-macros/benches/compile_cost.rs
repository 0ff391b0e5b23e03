//! What the derive costs at compile time: `cargo bench -p session-macros --profile dev --bench compile_cost`.
//!
//! 100 structs of 10 fields, without a derive, with serde's `Serialize` and `Deserialize`, and with `SessionData`, each
//! built over and over, in turn; what a derive adds is its time less the one without. Then the macro crates
//! themselves, `session-macros` and `thiserror-impl`. The goals: 0.55 of what serde adds, 1.1 of `thiserror-impl`'s.
//!
//! With `-- instructions` it counts the compiler's instructions (valgrind's cachegrind) instead of time: other work on the
//! machine does not change them.

use std::error::Error;
use std::ffi::OsStr;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;
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

/// Where this program, in the place of the compiler, tells what it counted.
const COUNTED: &str = "SESSION_COMPILE_COST";
/// The crate whose compilation it counts, as the compiler calls it.
const CRATE: &str = "SESSION_COMPILE_COST_CRATE";

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<ExitCode> {
    if let Some(counted) = env::var_os(COUNTED) {
        return compile(Path::new(&counted));
    }
    let counts = env::args().any(|argument| argument == "instructions");
    compare(&Workspace::new(counts)?)?;
    Ok(ExitCode::SUCCESS)
}

fn compare(workspace: &Workspace) -> Outcome<()> {
    for command in ["check", "build"] {
        let [plain, serde, session] = workspace.structs(command)?;
        workspace.report(
            &format!("cargo {command}, added"),
            ("serde", serde - plain),
            ("SessionData", session - plain),
        );
    }
    let [peer, ours] = workspace.macros()?;
    workspace.report(
        "the macro crate",
        ("thiserror-impl", peer),
        ("session-macros", ours),
    );
    Ok(())
}

/// Calls the compiler in cargo's place, and counts where the crate is one of the measured.
fn compile(counted: &Path) -> Outcome<ExitCode> {
    let mut arguments = env::args_os().skip(1);
    let compiler = arguments.next().ok_or("cargo names the compiler")?;
    let arguments: Vec<_> = arguments.collect();
    let measured = env::var_os(CRATE).ok_or("the crate to measure has a name")?;
    let is_measured = arguments
        .windows(2)
        .any(|pair| pair[0] == "--crate-name" && pair[1] == measured);
    let mut command = if is_measured {
        let mut command = Command::new("valgrind");
        command.args(["--tool=cachegrind", "--cache-sim=no"]);
        command.arg("--cachegrind-out-file=/dev/null");
        command.arg(format!("--log-file={}", counted.display()));
        command.arg(compiler);
        command
    } else {
        Command::new(compiler)
    };
    let status = command.args(arguments).status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A generated workspace, built in a target directory of its own.
struct Workspace {
    root: PathBuf,
    /// Whether instructions are counted; else time is taken.
    counts: bool,
}

impl Workspace {
    fn new(counts: bool) -> Outcome<Self> {
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
        Ok(Self { root, counts })
    }

    fn report(&self, what: &str, (peer, peer_cost): (&str, f64), (ours, cost): (&str, f64)) {
        let ratio = cost / peer_cost;
        let unit = if self.counts { "M instructions" } else { "s" };
        println!("{what}: {peer} {peer_cost:.2} {unit}, {ours} {cost:.2} {unit}, ratio {ratio:.3}");
    }

    /// Instructions hardly differ from one compilation to the next.
    fn rounds(&self) -> usize {
        if self.counts { 1 } else { ROUNDS }
    }

    /// The least cost of each variant.
    fn structs(&self, command: &str) -> Outcome<[f64; 3]> {
        self.cargo(&[command, "--workspace"])?;
        let mut least = [f64::MAX; 3];
        for _ in 0..self.rounds() {
            for ((name, _), least) in VARIANTS.iter().zip(&mut least) {
                let source = self.root.join(name).join("src/lib.rs");
                fs::write(&source, fs::read(&source)?)?;
                *least = self.cost(command, name)?.min(*least);
            }
        }
        Ok(least)
    }

    fn macros(&self) -> Outcome<[f64; 2]> {
        let mut least = [f64::MAX; 2];
        for _ in 0..self.rounds() {
            for (name, least) in ["thiserror-impl", "session-macros"].iter().zip(&mut least) {
                self.cargo(&["clean", "-p", name])?;
                *least = self.cost("build", name)?.min(*least);
            }
        }
        Ok(least)
    }

    /// Seconds of wall time, or millions of the compiler's instructions.
    fn cost(&self, command: &str, name: &str) -> Outcome<f64> {
        let arguments = [command, "-p", name];
        if !self.counts {
            let start = Instant::now();
            self.cargo(&arguments)?;
            return Ok(start.elapsed().as_secs_f64());
        }
        let counted = self.root.join("counted");
        let wrapper = env::current_exe()?;
        let name = name.replace('-', "_");
        self.cargo_with(
            &arguments,
            &[
                ("RUSTC_WRAPPER", wrapper.as_os_str()),
                (COUNTED, counted.as_os_str()),
                (CRATE, name.as_ref()),
            ],
        )?;
        let log = fs::read_to_string(&counted)?;
        let (_, count) = log.rsplit_once("refs:").ok_or("valgrind counted nothing")?;
        let digits = count.trim().replace(',', "");
        fs::remove_file(counted)?;
        Ok(digits.parse::<f64>()? / 1e6)
    }

    fn cargo(&self, arguments: &[&str]) -> Outcome<()> {
        self.cargo_with(arguments, &[])
    }

    fn cargo_with(&self, arguments: &[&str], variables: &[(&str, &OsStr)]) -> Outcome<()> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(arguments)
            .arg("--quiet")
            .current_dir(&self.root);
        command
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .env("CARGO_INCREMENTAL", "0")
            .envs(variables.iter().copied());
        if command.status()?.success() {
            Ok(())
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
