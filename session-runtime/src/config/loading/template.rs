//! Writes a configuration as a TOML file with comments.

use core::fmt::{Display, Write};

use super::super::{CookieStoreConfig, Place};
use super::serde::{PlaceText, same_site};
use super::value::WITHOUT_END;
use crate::time::seconds;

impl CookieStoreConfig {
    /// The configuration as a TOML file that explains every field. The key is left out.
    ///
    /// ```
    /// use session_runtime::CookieStoreConfig;
    ///
    /// let template = CookieStoreConfig::new("__Host-myapp", "").to_toml_template();
    /// assert!(template.contains("\nmax_age = 2592000\n"));
    /// ```
    #[must_use]
    pub fn to_toml_template(&self) -> String {
        let mut template = Template(HEAD.to_owned());
        self.write_scope(&mut template);
        self.write_times(&mut template);
        self.write_protection(&mut template);
        template.0
    }

    fn write_scope(&self, template: &mut Template) {
        template.set(
            "The cookie's name. With the prefix __Host- browsers enforce `secure`, the path / and no domain.",
            "name",
            text(&self.name),
        );
        template.set_or_show(
            "The domain whose subdomains get the cookie too; left out: this host alone.",
            "domain",
            self.domain.as_deref().map(text),
            text("example.org"),
        );
        template.set(
            "The path below which the cookie is sent.",
            "path",
            text(&self.path),
        );
        let former = places(&self.formerly);
        template.set_or_show(
            "Where earlier versions of the service set this cookie, so that it is removed there.",
            "formerly",
            (!self.formerly.is_empty()).then_some(former),
            places(&[Place::new().domain("example.org")]),
        );
    }

    fn write_times(&self, template: &mut Template) {
        template.set(
            "Seconds that a session lives after its cookie was last issued; 0: until the browser closes, a day at most.",
            "max_age",
            self.max_age.as_secs(),
        );
        template.set_or_show(
            "Seconds after which a session that is used is issued again; left out: half of its lifetime.",
            "refresh_after",
            self.refresh_after.map(|age| age.as_secs()),
            60,
        );
        let absolute = self.absolute_max_age.map(|age| age.as_secs().to_string());
        template.set(
            "Seconds that a session lives at most after sign-in; \"none\": without end.",
            "absolute_max_age",
            absolute.unwrap_or_else(|| text(WITHOUT_END)),
        );
    }

    fn write_protection(&self, template: &mut Template) {
        template.set(
            "Hidden from scripts in the page.",
            "http_only",
            self.http_only,
        );
        template.set("Sent over https only.", "secure", self.secure);
        template.set(
            "Which requests from other sites carry the cookie: \"Strict\", \"Lax\" or \"None\".",
            "same_site",
            text(same_site(self.same_site)),
        );
        template.set(
            "Kept apart for every top-level site (CHIPS).",
            "partitioned",
            self.partitioned,
        );
        template.set("Encrypted, not only signed.", "encrypted", self.encrypted);
        template.set_or_show(
            "Until when cookies that are only signed are still read, in seconds since 1970; left out: never.",
            "accept_signed_until",
            self.accept_signed_until.map(seconds),
            0,
        );
        template.set(
            "What the keys are bound to besides the name, such as \"staging\".",
            "context",
            text(&self.context),
        );
        template.set(
            "The most bytes of name and value together; 4096 is the most that browsers keep.",
            "max_size",
            self.max_size,
        );
    }
}

const HEAD: &str = "\
# The session cookie.

# The key is a secret: give it by the environment (KEY or KEY_FILE after the prefix), by key_file, the path of a file
# that holds nothing else, or by a file that only the service can read. `openssl rand -base64 32` makes one. Several are
# separated by commas: the first signs, all verify.
# key = \"\"
";

struct Template(String);

impl Template {
    fn set(&mut self, comment: &str, name: &str, value: impl Display) {
        // Writing to a `String` can't fail.
        let _ = write!(self.0, "\n# {comment}\n{name} = {value}\n");
    }

    /// A field that is unset shows an example.
    fn set_or_show<T: Display>(&mut self, comment: &str, name: &str, value: Option<T>, example: T) {
        match value {
            Some(value) => self.set(comment, name, value),
            None => {
                let _ = write!(self.0, "\n# {comment}\n# {name} = {example}\n");
            }
        }
    }
}

/// A text as TOML writes it.
fn text(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn places(places: &[Place]) -> toml::Value {
    let places = places.iter().map(|place| {
        let table = toml::Value::try_from(PlaceText(place));
        table.expect("TOML has a form for texts and for a bool")
    });
    toml::Value::Array(places.collect())
}
