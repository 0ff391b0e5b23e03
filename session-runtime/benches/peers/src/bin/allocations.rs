//! Counts the allocations of every subject under every workload, one line each.

use std::alloc::System;

use peers::allocations::{Allocated, line};
use peers::client::connect;
use peers::{subjects, timing, workload};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const REQUESTS: usize = 1000;

fn main() -> Result<(), String> {
    let runtime = timing::single_thread()?;
    for workload in workload::all() {
        for subject in subjects::all() {
            let mut client = connect(&runtime, &subject, workload)?;
            client.send(REQUESTS);
            let region = Region::new(ALLOCATOR);
            client.send(REQUESTS);
            let change = region.change();
            let count = change.allocations + change.reallocations;
            let per_request = |total: usize| total as f64 / REQUESTS as f64;
            let allocated = Allocated {
                count: per_request(count),
                bytes: per_request(change.bytes_allocated),
            };
            println!("{}", line(&subject, workload, allocated));
        }
    }
    Ok(())
}
