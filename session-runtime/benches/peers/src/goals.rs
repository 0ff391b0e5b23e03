//! What session-runtime promises, as ratios within one run.

use crate::allocations::Allocations;
use crate::subject::{Role, Subject};
use crate::subjects::{ideal, ours, primitives, tower_cookies, tower_sessions};
use crate::timing::Figures;
use crate::workload::{self as w, Workload};

/// One promise and what was measured.
pub struct Goal {
    pub what: &'static str,
    pub measured: f64,
    pub limit: f64,
}

impl Goal {
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.measured <= self.limit
    }
}

/// A run's figures, asked by name.
pub struct Run<'a> {
    pub subjects: &'a [Subject],
    pub own: &'a Figures,
    pub allocations: &'a Allocations,
}

impl Run<'_> {
    /// The subject's own nanoseconds.
    #[must_use]
    pub fn own(&self, name: &'static str, workload: Workload) -> f64 {
        self.own.get(&(name, workload)).copied().unwrap_or(f64::NAN)
    }

    fn allocations(&self, workload: Workload) -> f64 {
        self.allocations
            .get(&(ours::SIGNED, workload))
            .map_or(f64::NAN, |allocated| allocated.count)
    }

    /// The cheapest peer among those that are admitted.
    #[must_use]
    pub fn best_peer(&self, workload: Workload, admits: impl Fn(&Subject) -> bool) -> f64 {
        let peers = self
            .subjects
            .iter()
            .filter(|subject| subject.role == Role::Peer && admits(subject));
        peers
            .map(|peer| self.own(peer.name, workload))
            .fold(f64::NAN, f64::min)
    }

    /// Nanoseconds for each further KB of session.
    fn slope(&self, name: &'static str, small: Workload, large: Workload) -> f64 {
        let kilobytes = (large.json_len - small.json_len) as f64 / 1000.0;
        (self.own(name, large) - self.own(name, small)) / kilobytes
    }

    fn slope_ratio(&self, small: Workload, large: Workload) -> f64 {
        self.slope(ours::SIGNED, small, large) / self.slope(primitives::SIGNED, small, large)
    }

    /// Every promise.
    #[must_use]
    pub fn goals(&self) -> Vec<Goal> {
        [
            self.time_goals(),
            self.stored_goals(),
            self.growth_goals(),
            self.allocation_goals(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn time_goals(&self) -> Vec<Goal> {
        let ours = |workload| self.own(ours::SIGNED, workload);
        let ideal = |workload| ours(workload) / self.own(ideal::SIGNED, workload);
        let best = |workload| ours(workload) / self.best_peer(workload, |_| true);
        let best_cookie = self.best_peer(w::WRITE, |subject| !subject.server_side);
        let cookies = self.own(tower_cookies::SIGNED, w::UNTOUCHED);
        let goal = |what, measured, limit| Goal {
            what,
            measured,
            limit,
        };
        vec![
            goal("untouched / by hand", ideal(w::UNTOUCHED), 1.30),
            goal("read / by hand", ideal(w::READ), 1.38),
            goal("write / by hand", ideal(w::WRITE), 1.38),
            goal("new / by hand", ideal(w::NEW), 1.33),
            goal(
                "untouched / tower-cookies",
                ours(w::UNTOUCHED) / cookies,
                1.15,
            ),
            goal("read / best peer", best(w::READ), 0.75),
            goal(
                "write / best cookie peer",
                ours(w::WRITE) / best_cookie,
                0.68,
            ),
            goal("new / best peer", best(w::NEW), 1.08),
        ]
    }

    /// Beside the same store of another crate.
    fn stored_goals(&self) -> Vec<Goal> {
        let ratio = |workload| {
            self.own(ours::IN_MEMORY, workload) / self.own(tower_sessions::IN_MEMORY, workload)
        };
        vec![
            Goal {
                what: "read from memory / tower-sessions'",
                measured: ratio(w::READ),
                limit: 0.80,
            },
            Goal {
                what: "write to memory / tower-sessions'",
                measured: ratio(w::WRITE),
                limit: 0.60,
            },
        ]
    }

    fn growth_goals(&self) -> Vec<Goal> {
        let ours = |workload| self.own(ours::SIGNED, workload);
        let read = ours(w::READ);
        let goal = |what, measured, limit| Goal {
            what,
            measured,
            limit,
        };
        vec![
            goal(
                "encrypted read / signed read",
                self.own(ours::ENCRYPTED, w::READ) / read,
                1.32,
            ),
            goal(
                "read beside 3 cookies / read",
                ours(w::READ_BESIDE_OTHERS) / read,
                1.05,
            ),
            goal(
                "16 keys / 1 key, read",
                self.own(ours::SIXTEEN_KEYS, w::READ) / read,
                1.05,
            ),
            goal(
                "read, ns per KB / primitives'",
                self.slope_ratio(w::READ_100, w::READ_2900),
                1.2,
            ),
            goal(
                "write, ns per KB / primitives'",
                self.slope_ratio(w::WRITE_100, w::WRITE_2900),
                1.2,
            ),
        ]
    }

    /// The promises that hold on every machine.
    #[must_use]
    pub fn allocation_goals(&self) -> Vec<Goal> {
        let goal = |what, workload, limit| Goal {
            what,
            measured: self.allocations(workload),
            limit,
        };
        vec![
            goal("allocations, untouched", w::UNTOUCHED, 5.0),
            goal("allocations, read", w::READ, 7.0),
            goal("allocations, write", w::WRITE, 9.0),
            goal("allocations, new session", w::NEW, 8.0),
        ]
    }
}
