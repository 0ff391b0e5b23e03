//! The places where a cookie was set earlier. Files write them as a list of tables.

use super::super::Place;
use super::super::field::Field;
use super::spelling::{Case, Spelling};
use super::value::Value;

impl Value {
    pub(super) fn places(self) -> Result<Vec<Place>, String> {
        let places = match self {
            Self::List(places) => places,
            Self::Null => return Ok(Vec::new()),
            _ => {
                return Err(format!(
                    "needs a list of tables, each a place, and this is {}: write a list into a file, or say it in code",
                    self.kind()
                ));
            }
        };
        let places = places.into_iter().enumerate();
        let places = places.map(|(at, place)| {
            let place = place.place();
            place.map_err(|complaint| format!("place {}: {complaint}", at + 1))
        });
        places.collect()
    }

    fn place(self) -> Result<Place, String> {
        let Self::Table(fields) = self else {
            return Err(format!(
                "needs a table of {FIELDS}, and this is {}",
                self.kind()
            ));
        };
        let mut place = Place::new();
        let mut seen: Vec<&Spelling> = Vec::new();
        for (name, value) in fields {
            let unknown =
                || format!("there is no field `{name}`: remove it; the fields are {FIELDS}");
            let spelling = Spelling::in_file(&name, Case::Any).ok_or_else(unknown)?;
            if let Some(other) = seen.iter().find(|other| other.field == spelling.field) {
                return Err(spelling.beside(other.text));
            }
            seen.push(spelling);
            let set = match spelling.field {
                Field::Domain => value.domain().map(|domain| place.domain = domain),
                Field::Path => value.text().map(|path| place.path = path),
                Field::Partitioned => value.bool().map(|yes| place.partitioned = yes),
                _ => return Err(unknown()),
            };
            set.map_err(|complaint| format!("{name}: {complaint}"))?;
        }
        Ok(place)
    }
}

const FIELDS: &str = "domain, path, partitioned";
