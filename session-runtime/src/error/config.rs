//! What is wrong with a configuration.

use core::fmt;

/// A configuration that can't work. The message says what to change.
#[derive(Clone)]
pub struct ConfigError {
    message: String,
    cause: Option<Box<ConfigError>>,
}

impl ConfigError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            cause: None,
        }
    }

    /// Adds the cause and what to change, if the message has a fixed text.
    #[cfg(feature = "config")]
    pub(crate) fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(Box::new(Self::new(cause)));
        self
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_tuple("ConfigError");
        debug.field(&self.message);
        if let Some(cause) = &self.cause {
            debug.field(&cause.message);
        }
        debug.finish()
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

impl From<core::convert::Infallible> for ConfigError {
    fn from(never: core::convert::Infallible) -> Self {
        match never {}
    }
}
