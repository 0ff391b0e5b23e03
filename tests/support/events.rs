//! What the crate tells operators.

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::SubscriberExt;

use crate::listening;

/// What was logged while this lives, on this thread: each event with its level, message and fields.
pub(crate) struct Events {
    lines: Arc<Mutex<Vec<String>>>,
    _guard: DefaultGuard,
}

impl Events {
    /// The crate's.
    pub(crate) fn capture() -> Self {
        Self::of(|target| target == "session_runtime")
    }

    /// Everybody's.
    pub(crate) fn capture_all() -> Self {
        Self::of(|_| true)
    }

    fn of(is_of: fn(&str) -> bool) -> Self {
        listening::listen();
        let lines = Arc::default();
        let subscriber = Registry::default().with(Capture(Arc::clone(&lines), is_of));
        Self {
            lines,
            _guard: tracing::subscriber::set_default(subscriber),
        }
    }

    /// Every event since the last call.
    pub(crate) fn take_all(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap())
    }

    /// The events since the last call, but for what became of sessions as it should.
    pub(crate) fn take(&self) -> Vec<String> {
        let lines = self.take_all();
        let closed = |line: &String| line.contains(CLOSED);
        lines.into_iter().filter(|line| !closed(line)).collect()
    }

    /// What became of the sessions since the last call, one word for each response.
    pub(crate) fn outcomes(&self) -> Vec<String> {
        let lines = self.take_all();
        let reason = |line: &String| {
            let is_outcome =
                line.contains(CLOSED) || line.contains("message=changes to the session dropped");
            let reason = line.split("reason=\"").nth(1)?.split('"').next()?;
            is_outcome.then(|| reason.to_owned())
        };
        lines.iter().filter_map(reason).collect()
    }
}

const CLOSED: &str = "message=session closed";

struct Capture(Arc<Mutex<Vec<String>>>, fn(&str) -> bool);

impl<S: Subscriber> tracing_subscriber::Layer<S> for Capture {
    fn on_event(&self, event: &Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if self.1(event.metadata().target()) {
            let mut line = Line(event.metadata().level().to_string());
            event.record(&mut line);
            self.0.lock().unwrap().push(line.0);
        }
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").expect("a string takes all");
    }
}
