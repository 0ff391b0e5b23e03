//! Loads a configuration from files and the environment over defaults. Every error names its source.

mod draft;
mod environment;
mod file;
mod key_file;
mod places;
mod serde;
mod spelling;
mod template;
mod value;

use core::fmt;
use std::ffi::OsString;
use std::path::PathBuf;

use self::draft::Draft;
use super::CookieStoreConfig;
use crate::error::ConfigError;

/// Reads a [`CookieStoreConfig`] from files and the environment; [`CookieStoreConfig::load`] makes one.
///
/// The environment beats files, later files beat earlier ones, files beat the [`defaults`](Self::defaults).
///
/// ```no_run
/// use session_runtime::{CookieStoreConfig, SessionLayer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = CookieStoreConfig::load()
///     .file("session.toml")
///     .optional_file("session.local.toml")
///     .env("APP_SESSION") // APP_SESSION_KEY holds the key
///     .build()?;
/// let sessions = SessionLayer::new(config)?;
/// # Ok(())
/// # }
/// ```
///
/// # Names
///
/// Files have the fields of [`CookieStoreConfig`], or Go's `Name`, `Key`, `Domain`, `Path`, `MaxAge`, `NoHTTPOnly` and
/// `NoSecure`. As in Go, YAML has them in lower case too, and JSON in any case. `key_file` is the path of a file that
/// holds the key. A relative path begins at the folder of the file that names it; in a variable, at the process's
/// working directory.
///
/// A variable is the prefix, `_` and either name. The name may be in any case and with or without `_`:
/// `APP_SESSION_MAX_AGE`, `APP_SESSION_MaxAge` and `APP_SESSION_MAXAGE` are the same. The prefix is accepted as it is
/// written and in capitals. A variable that is set but empty counts as unset. A repeated field in one source is an
/// error, and so is an unknown name. So choose a prefix that nothing else uses.
///
/// # Values
///
/// Durations are whole seconds; `accept_signed_until` is in seconds since 1970. `absolute_max_age = "none"` means no
/// limit, and a blank `domain` means no domain. `formerly` is a list of tables with `domain`, `path` and `partitioned`.
/// The environment can't set it. In texts, such as variables, `true`, `yes`, `on` and `1` are true, and `false`, `no`,
/// `off` and `0` are false.
#[must_use = "nothing is read before `build`"]
#[derive(Clone)]
pub struct ConfigLoader {
    defaults: CookieStoreConfig,
    files: Vec<File>,
    environments: Vec<Environment>,
}

#[derive(Clone, Debug)]
struct File {
    path: PathBuf,
    may_be_absent: bool,
}

#[derive(Clone)]
struct Environment {
    prefix: String,
    /// `None`: the process's own variables.
    variables: Option<Vec<(OsString, OsString)>>,
}

impl CookieStoreConfig {
    /// Begins to load a configuration from files and the environment.
    pub fn load() -> ConfigLoader {
        ConfigLoader {
            defaults: Self::new("", ""),
            files: Vec::new(),
            environments: Vec::new(),
        }
    }
}

impl ConfigLoader {
    /// Sets the values of fields that no source sets, instead of the defaults of [`CookieStoreConfig::new`].
    pub fn defaults(mut self, config: CookieStoreConfig) -> Self {
        self.defaults = config;
        self
    }

    /// A file that must exist: `.toml`, `.yaml`, `.yml` or `.json`.
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        let (path, may_be_absent) = (path.into(), false);
        self.files.push(File {
            path,
            may_be_absent,
        });
        self
    }

    /// A file that is read if it exists.
    pub fn optional_file(mut self, path: impl Into<PathBuf>) -> Self {
        let (path, may_be_absent) = (path.into(), true);
        self.files.push(File {
            path,
            may_be_absent,
        });
        self
    }

    /// The variables of the process that begin with `prefix` and `_`.
    pub fn env(mut self, prefix: impl Into<String>) -> Self {
        let (prefix, variables) = (prefix.into(), None);
        self.environments.push(Environment { prefix, variables });
        self
    }

    /// As [`env`](Self::env), with these variables instead of the process's: for tests, and variables from elsewhere.
    pub fn env_from<N, V>(
        mut self,
        prefix: impl Into<String>,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let variables = variables.into_iter();
        let variables = variables.map(|(name, value)| (name.into(), value.into()));
        self.environments.push(Environment {
            prefix: prefix.into(),
            variables: Some(variables.collect()),
        });
        self
    }

    /// Reads every source, and checks the whole as [`CookieStore::new`](crate::CookieStore::new) does.
    ///
    /// [`ConfigError`] names every wrong field with its file and line or its variable, and says what to write instead.
    /// It never shows a key.
    pub fn build(self) -> Result<CookieStoreConfig, ConfigError> {
        let mut draft = Draft::new(self.defaults);
        for file in self.files {
            draft.read_file(&file.path, file.may_be_absent);
        }
        for Environment { prefix, variables } in self.environments {
            match variables {
                Some(variables) => draft.read_variables(&prefix, variables),
                None => draft.read_variables(&prefix, std::env::vars_os()),
            }
        }
        draft.finish()
    }
}

impl fmt::Debug for ConfigLoader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let environments = self.environments.iter();
        let prefixes: Vec<&str> = environments.map(|env| env.prefix.as_str()).collect();
        f.debug_struct("ConfigLoader")
            .field("defaults", &self.defaults)
            .field("files", &self.files)
            .field("env", &prefixes)
            .finish()
    }
}
