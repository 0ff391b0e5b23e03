//! Measures session-runtime beside its peers and prints what came out as Markdown.
//!
//! ```text
//! peers [--rounds N] [--no-instructions]   the tables, and the charts in docs/benchmarks/
//! peers instructions [--save]              compares instruction counts with the committed baseline, or replaces it
//! peers allocations                        fails where a request of ours allocates more often than promised
//! peers times ROUNDS                       ours beside the floor and tower-cookies, and no more: for work on the speed
//! peers drive SUBJECT WORKLOAD [TIMES]     300 requests, TIMES over, and nothing else: for a profiler
//! ```

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use peers::allocations::Allocations;
use peers::chart::{self, Bar, Tone};
use peers::goals::{Goal, Run};
use peers::instructions::{self, Instructions};
use peers::subject::{Role, Subject};
use peers::subjects;
use peers::timing::Figures;
use peers::workload::{self, MAIN, SIZES, Workload};
use peers::{allocations, table, timing};

const ROUNDS: usize = 200;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["drive", subject, workload] => instructions::drive(subject, workload, 1),
        ["drive", subject, workload, times] => {
            instructions::drive(subject, workload, times.parse().unwrap_or(1))
        }
        ["times", rounds] => times(rounds),
        ["instructions"] => check_instructions(),
        ["allocations"] => check_allocations(),
        ["instructions", "--save"] => {
            count_ours().and_then(|counts| instructions::save(&counts, &baseline_file()))
        }
        options => compare(options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn baseline_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.tsv")
}

fn count_ours() -> Result<Instructions, String> {
    let subjects = subjects::all();
    let ours: Vec<&Subject> = subjects
        .iter()
        .filter(|subject| subject.role == Role::Ours)
        .collect();
    instructions::measure(&ours, &workload::all().collect::<Vec<_>>())
}

fn check_instructions() -> Result<(), String> {
    let regressions =
        instructions::regressions(&count_ours()?, &instructions::load(&baseline_file())?);
    if regressions.is_empty() {
        println!("no instruction count is more than 5 % over the baseline");
        return Ok(());
    }
    Err(regressions.join("\n"))
}

fn check_allocations() -> Result<(), String> {
    let run = Run {
        subjects: &subjects::all(),
        own: &Figures::default(),
        allocations: &allocations::measure()?,
    };
    let goals = run.allocation_goals();
    println!("{}", table::goals(&goals));
    if goals.iter().all(Goal::is_met) {
        return Ok(());
    }
    Err("a request allocates more often than promised".to_owned())
}

fn rounds(options: &[&str]) -> Result<usize, String> {
    match options.iter().position(|&option| option == "--rounds") {
        None => Ok(ROUNDS),
        Some(at) => {
            let number = options.get(at + 1).ok_or("--rounds needs a number")?;
            number
                .parse()
                .map_err(|_| format!("--rounds {number}: no number"))
        }
    }
}

fn times(rounds: &str) -> Result<(), String> {
    let rounds = rounds
        .parse()
        .map_err(|_| format!("{rounds}: no number of rounds"))?;
    let mut subjects = subjects::all();
    subjects
        .retain(|subject| subject.role != Role::Peer || subject.name.starts_with("tower-cookies"));
    let workloads: Vec<Workload> = workload::all().collect();
    let timing = timing::measure(&subjects, &workloads, rounds)?;
    let run = Run {
        subjects: &subjects,
        own: &timing.own,
        allocations: &Allocations::default(),
    };
    println!(
        "{}\n{}",
        table::times(&run, &MAIN),
        table::times(&run, &SIZES)
    );
    Ok(())
}

fn compare(options: &[&str]) -> Result<(), String> {
    let subjects = subjects::all();
    let workloads: Vec<Workload> = workload::all().collect();
    let timing = timing::measure(&subjects, &workloads, rounds(options)?)?;
    let allocations = allocations::measure()?;
    let counts = if options.contains(&"--no-instructions") || !instructions::available() {
        Instructions::new()
    } else {
        instructions::measure(&subjects.iter().collect::<Vec<_>>(), &MAIN)?
    };
    let run = Run {
        subjects: &subjects,
        own: &timing.own,
        allocations: &allocations,
    };
    let report = report(&run, &allocations, &counts);
    println!("{report}");
    write_docs(&run, &report)
}

fn report(run: &Run, allocations: &Allocations, counts: &Instructions) -> String {
    let mut text = format!("{}\n\n", circumstances());
    let sections = [
        (
            "Nanoseconds of CPU time per request beyond the bare framework",
            table::times(run, &MAIN),
        ),
        (
            "The same, as multiples of the primitives / of the best peer",
            table::ratios(run),
        ),
        ("Other requests, nanoseconds", table::times(run, &SIZES)),
        (
            "Allocations / bytes per request beyond the bare framework",
            table::allocations(run.subjects, allocations),
        ),
        (
            "Instructions per request beyond the bare framework",
            table::instructions(run.subjects, counts),
        ),
        ("Goals", table::goals(&run.goals())),
    ];
    for (title, table) in sections {
        let _ = writeln!(text, "## {title}\n\n{table}");
    }
    text
}

/// The machine, the day and the command.
fn circumstances() -> String {
    let first_line = |program: &str, argument: &str| {
        let output = Command::new(program).arg(argument).output().ok()?;
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .next()
            .map(str::to_owned)
    };
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or("unknown");
    format!(
        "{}, {} cores, {}, {}\n`cargo run --release --manifest-path session-runtime/benches/peers/Cargo.toml`",
        model.trim_start_matches([' ', '\t', ':']),
        std::thread::available_parallelism().map_or(0, usize::from),
        first_line("rustc", "--version").unwrap_or_default(),
        first_line("date", "+%Y-%m-%d").unwrap_or_default(),
    )
}

fn write_docs(run: &Run, report: &str) -> Result<(), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/benchmarks");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let write = |name: &str, text: &str| {
        fs::write(folder.join(name), text).map_err(|error| format!("{name}: {error}"))
    };
    for (workload, name) in
        MAIN.into_iter()
            .zip(["untouched.svg", "read.svg", "write.svg", "new.svg"])
    {
        write(name, &chart(run, workload))?;
    }
    write(
        "peers.md",
        &format!("# session-runtime beside its peers\n\n{report}"),
    )
}

fn chart(run: &Run, workload: Workload) -> String {
    let shown = run
        .subjects
        .iter()
        .filter(|subject| subject.role != Role::Baseline);
    let bars = shown.map(|subject| Bar {
        label: subject.name.replace(
            "empty layer, boxed future, one Arc in the extensions",
            "boxed layer with an Arc",
        ),
        value: run.own(subject.name, workload),
        tone: match subject.role {
            Role::Ours => Tone::Ours,
            Role::Peer => Tone::Peer,
            _ => Tone::Floor,
        },
    });
    chart::draw(
        &format!("{workload}: ns of CPU time per request beyond the framework"),
        bars.collect(),
    )
}
