//! For tests that look at events beside tests that don't: a callsite that is met first where nobody listens, at the
//! moment when somebody begins to, would stay silent. So somebody always listens.

use std::sync::Once;

use tracing_subscriber::Registry;

/// Lets every callsite find a subscriber, whichever test meets it first.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::subscriber::set_global_default(Registry::default()).expect("the first");
    });
}
