//! What is measured: an operation of the handler, the size of the session, the cookies around it.

use std::fmt;

/// What a handler does with its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Stores a whole account; prepares the others, never measured.
    Seed,
    /// The layer is there, the handler does not ask for the session.
    Untouched,
    /// Reads `uid` and `email`.
    Read,
    /// Reads the same and puts `uid + 1`.
    Write,
    /// Comes without a cookie and puts `uid`.
    New,
}

impl Operation {
    /// Whether requests carry the session's cookie.
    #[must_use]
    pub fn has_cookie(self) -> bool {
        !matches!(self, Self::Seed | Self::New)
    }

    /// Whether the answer of a cookie session has a `Set-Cookie`.
    #[must_use]
    pub fn saves(self) -> bool {
        matches!(self, Self::Seed | Self::Write | Self::New)
    }
}

/// One column of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Workload {
    pub operation: Operation,
    /// Bytes of the session's JSON.
    pub json_len: usize,
    /// Whether three cookies of others come before the session's.
    pub neighbours: bool,
}

const fn of(operation: Operation, json_len: usize) -> Workload {
    Workload {
        operation,
        json_len,
        neighbours: false,
    }
}

pub const UNTOUCHED: Workload = of(Operation::Untouched, 208);
pub const READ: Workload = of(Operation::Read, 208);
pub const WRITE: Workload = of(Operation::Write, 208);
pub const NEW: Workload = of(Operation::New, 208);
pub const READ_BESIDE_OTHERS: Workload = Workload {
    neighbours: true,
    ..READ
};
pub const READ_100: Workload = of(Operation::Read, 100);
pub const READ_1K: Workload = of(Operation::Read, 1024);
pub const READ_2900: Workload = of(Operation::Read, 2900);
pub const WRITE_100: Workload = of(Operation::Write, 100);
pub const WRITE_1K: Workload = of(Operation::Write, 1024);
pub const WRITE_2900: Workload = of(Operation::Write, 2900);

/// The four that every table begins with.
pub const MAIN: [Workload; 4] = [UNTOUCHED, READ, WRITE, NEW];
/// A session of other sizes, and one cookie among four.
pub const SIZES: [Workload; 7] = [
    READ_BESIDE_OTHERS,
    READ_100,
    READ_1K,
    READ_2900,
    WRITE_100,
    WRITE_1K,
    WRITE_2900,
];

/// Every workload, in the order of the tables.
pub fn all() -> impl Iterator<Item = Workload> {
    MAIN.into_iter().chain(SIZES)
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.operation {
            Operation::Seed => "seed",
            Operation::Untouched => "untouched",
            Operation::Read => "read 2 keys",
            Operation::Write => "read + write 1",
            Operation::New => "new session",
        })?;
        if self.neighbours {
            f.write_str(", 3 other cookies")?;
        }
        match self.json_len {
            208 => Ok(()),
            bytes => write!(f, ", {bytes} B"),
        }
    }
}
