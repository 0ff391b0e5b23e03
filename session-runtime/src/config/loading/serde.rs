//! `Deserialize` and `Serialize`, so that a configuration can be part of a larger one.

use core::fmt;

use cookie::SameSite;
use serde::de::Visitor;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

use super::super::{CookieStoreConfig, Place};
use super::key_file;
use super::spelling::{Case, Says, Spelling};
use super::value::{Value, WITHOUT_END};
use crate::time::seconds;

/// Reads a map with the names of [`ConfigLoader`](crate::ConfigLoader). A missing field has its default.
/// [`CookieStore::new`](crate::CookieStore::new) reports a missing name or key, so that the key can still be set from
/// elsewhere.
impl<'de> Deserialize<'de> for CookieStoreConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // If it asked for a map, the format itself would report a text, and quote it.
        deserializer.deserialize_any(ConfigVisitor)
    }
}

struct ConfigVisitor;

impl<'de> Visitor<'de> for ConfigVisitor {
    type Value = CookieStoreConfig;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fields of a session cookie's configuration")
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<CookieStoreConfig, E> {
        // The text is not shown, since it may be a key.
        Err(E::custom(
            "a text stands where the fields of a session cookie's configuration should: write `key` and `name`",
        ))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CookieStoreConfig, A::Error> {
        let mut config = CookieStoreConfig::new("", "");
        let mut seen: Vec<&Spelling> = Vec::new();
        while let Some(spelling) = map.next_key_seed(Named)? {
            if let Some(other) = seen.iter().find(|other| other.field == spelling.field) {
                return Err(A::Error::custom(spelling.beside(other.text)));
            }
            seen.push(spelling);
            map.next_value_seed(Setting(&mut config, spelling))?;
        }
        Ok(config)
    }
}

/// A field's name.
struct Named;

impl<'de> DeserializeSeed<'de> for Named {
    type Value = &'static Spelling;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let name = String::deserialize(deserializer)?;
        // The format is not known here, and some readers change the case of names.
        Spelling::in_file(&name, Case::Any)
            .ok_or_else(|| D::Error::custom(Spelling::unknown(&name)))
    }
}

/// A field's value. It is set here and not in the map's visitor, so that formats with line numbers name the value's
/// line.
struct Setting<'c>(&'c mut CookieStoreConfig, &'static Spelling);

impl<'de> DeserializeSeed<'de> for Setting<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self(config, spelling) = self;
        let value = Value::deserialize(deserializer)?;
        let value = match spelling.says {
            Says::Value | Says::Opposite => Ok(value),
            Says::File => read_key_file(value),
        };
        let set = value.and_then(|value| config.set(spelling, value));
        set.map_err(|complaint| D::Error::custom(format!("{}: {complaint}", spelling.text)))
    }
}

fn read_key_file(path: Value) -> Result<Value, String> {
    let path = path.file()?;
    if path.is_relative() {
        let shown = path.display();
        return Err(format!(
            "{shown} is relative to a file that is not known here: write its whole path"
        ));
    }
    key_file::read(&path).map(Value::Text)
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, true or false")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(format!("{value:?}")))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from_text(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::from_text(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        // `serde_json` passes a fraction as this map if its feature `arbitrary_precision` is on.
        const NUMBER: &str = "$serde_json::private::Number";
        let mut fields = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == NUMBER {
                return map.next_value().map(Value::Number);
            }
            fields.push((name, map.next_value()?));
        }
        Ok(Value::Table(fields))
    }
}

/// Writes every field but the key, and no settings of Go's format. Durations are whole seconds.
impl Serialize for CookieStoreConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const FIELDS: usize = 15;
        let mut fields = serializer.serialize_struct("CookieStoreConfig", FIELDS)?;
        fields.serialize_field("name", &self.name)?;
        match &self.domain {
            Some(domain) => fields.serialize_field("domain", domain)?,
            None => fields.skip_field("domain")?,
        }
        fields.serialize_field("path", &self.path)?;
        fields.serialize_field("max_age", &self.max_age.as_secs())?;
        match self.refresh_after {
            Some(age) => fields.serialize_field("refresh_after", &age.as_secs())?,
            None => fields.skip_field("refresh_after")?,
        }
        match self.absolute_max_age {
            Some(age) => fields.serialize_field("absolute_max_age", &age.as_secs())?,
            None => fields.serialize_field("absolute_max_age", WITHOUT_END)?,
        }
        fields.serialize_field("http_only", &self.http_only)?;
        fields.serialize_field("secure", &self.secure)?;
        fields.serialize_field("same_site", same_site(self.same_site))?;
        fields.serialize_field("partitioned", &self.partitioned)?;
        fields.serialize_field("encrypted", &self.encrypted)?;
        match self.accept_signed_until {
            Some(until) => fields.serialize_field("accept_signed_until", &seconds(until))?,
            None => fields.skip_field("accept_signed_until")?,
        }
        fields.serialize_field("context", &self.context)?;
        fields.serialize_field("max_size", &self.max_size)?;
        if self.formerly.is_empty() {
            fields.skip_field("formerly")?;
        } else {
            let places: Vec<PlaceText<'_>> = self.formerly.iter().map(PlaceText).collect();
            fields.serialize_field("formerly", &places)?;
        }
        fields.end()
    }
}

/// A place as files write it.
pub(super) struct PlaceText<'p>(pub(super) &'p Place);

impl Serialize for PlaceText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(place) = self;
        let mut fields = serializer.serialize_struct("Place", 3)?;
        match &place.domain {
            Some(domain) => fields.serialize_field("domain", domain)?,
            None => fields.skip_field("domain")?,
        }
        fields.serialize_field("path", &place.path)?;
        fields.serialize_field("partitioned", &place.partitioned)?;
        fields.end()
    }
}

pub(super) fn same_site(same_site: SameSite) -> &'static str {
    match same_site {
        SameSite::Strict => "Strict",
        SameSite::Lax => "Lax",
        SameSite::None => "None",
    }
}
