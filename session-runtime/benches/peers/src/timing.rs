//! CPU time of this thread, in interleaved rounds: every subject runs under every workload once a round, so that what
//! disturbs the machine disturbs all alike. A figure is the median over the rounds.

use std::collections::HashMap;
use std::rc::Rc;

use cpu_time::ThreadTime;
use tokio::runtime::Runtime;

use crate::client::{Client, connect};
use crate::subject::Subject;
use crate::workload::Workload;

/// Requests of one subject between two looks at the clock: some hundred microseconds.
const BATCH: usize = 200;
/// Requests before each batch, so that no subject pays for finding another's code and data in the caches.
const LEAD_IN: usize = 100;
/// Rounds that are not counted.
const WARM_UP: usize = 3;

/// A subject's own cost by name and workload: bare framework subtracted.
pub type Figures = HashMap<(&'static str, Workload), f64>;

/// What one run measured, in nanoseconds of CPU time per request.
pub struct Timing {
    /// Median of the whole request.
    pub whole: Figures,
    /// Median of the differences to the bare framework in the same round.
    pub own: Figures,
}

struct Lane {
    name: &'static str,
    baseline: &'static str,
    client: Box<dyn Client>,
    samples: Vec<f64>,
}

/// Measures all subjects under all workloads.
///
/// # Errors
/// Where a subject does not answer as expected.
pub fn measure(
    subjects: &[Subject],
    workloads: &[Workload],
    rounds: usize,
) -> Result<Timing, String> {
    let runtime = single_thread()?;
    let mut grid = Vec::new();
    for &workload in workloads {
        grid.push((workload, lanes(&runtime, subjects, workload)?));
    }
    for round in 0..WARM_UP + rounds {
        for (_, lanes) in &mut grid {
            run_round(lanes, round);
        }
    }
    Ok(summarise(&grid))
}

/// The runtime that calls subjects in process.
///
/// # Errors
/// Where the operating system refuses it.
pub fn single_thread() -> Result<Rc<Runtime>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.map(Rc::new).map_err(|error| error.to_string())
}

fn lanes(
    runtime: &Rc<Runtime>,
    subjects: &[Subject],
    workload: Workload,
) -> Result<Vec<Lane>, String> {
    let lane = |subject: &Subject| {
        Ok(Lane {
            name: subject.name,
            baseline: subject.baseline(),
            client: connect(runtime, subject, workload)?,
            samples: Vec::new(),
        })
    };
    subjects.iter().map(lane).collect()
}

/// Begins with another lane each round, so that none always runs after the same one.
fn run_round(lanes: &mut [Lane], round: usize) {
    for turn in 0..lanes.len() {
        let next = (turn + round) % lanes.len();
        let lane = &mut lanes[next];
        lane.client.send(LEAD_IN);
        let start = ThreadTime::now();
        lane.client.send(BATCH);
        let spent = start.elapsed();
        if round >= WARM_UP {
            lane.samples.push(spent.as_secs_f64() * 1e9 / BATCH as f64);
        }
    }
}

fn summarise(grid: &[(Workload, Vec<Lane>)]) -> Timing {
    let mut timing = Timing {
        whole: Figures::new(),
        own: Figures::new(),
    };
    for (workload, lanes) in grid {
        for lane in lanes {
            timing
                .whole
                .insert((lane.name, *workload), median(lane.samples.clone()));
            if let Some(base) = lanes.iter().find(|base| base.name == lane.baseline) {
                let own = lane
                    .samples
                    .iter()
                    .zip(&base.samples)
                    .map(|(whole, bare)| whole - bare);
                timing
                    .own
                    .insert((lane.name, *workload), median(own.collect()));
            }
        }
    }
    timing
}

/// The middle of the samples, the mean of the two middle ones where their number is even.
#[must_use]
pub fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    let (low, high) = (samples.len().saturating_sub(1) / 2, samples.len() / 2);
    match (samples.get(low), samples.get(high)) {
        (Some(low), Some(high)) => f64::midpoint(*low, *high),
        _ => f64::NAN,
    }
}
