//! What operators are told of the store. No event carries a key, a value, or an id in clear.
#![cfg_attr(not(feature = "tracing"), allow(unused_variables))]

use super::StoreError;

macro_rules! event {
    ($level:ident, $($message:tt)*) => {
        #[cfg(feature = "tracing")]
        tracing::$level!(target: "session_runtime", $($message)*)
    };
}
