//! Random sessions.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

/// Random values by the names of their Go types, the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// splitmix64
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn float(&mut self) -> f64 {
        let float = f64::from_bits(self.next());
        if float.is_finite() && float.fract() != 0.0 {
            float
        } else {
            1.234_567_890_123e-7
        }
    }

    pub(crate) fn text(&mut self) -> String {
        let alphabet = [
            "a", "Z", "\"", "\\", "\u{0}", "\n", "é", "日", "😀", "<", "|", "\u{2028}", "=", " ",
        ];
        (0..self.below(12))
            .map(|_| alphabet[usize::try_from(self.below(14)).unwrap()])
            .collect()
    }

    fn integer(&mut self, name: &str) -> Value {
        let bits = name
            .trim_start_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .unwrap_or(64);
        let narrowed = self.next() >> (64 - bits) >> self.below(bits);
        if name.contains('u') {
            json!(narrowed)
        } else {
            json!(narrowed.cast_signed() << (64 - bits) >> (64 - bits))
        }
    }

    fn scalar(&mut self, name: &str) -> Value {
        match name {
            "bool" => json!(self.below(2) == 0),
            "string" => json!(self.text()),
            "float32" => json!(f32::from_bits(
                u32::try_from(self.next() >> 34).unwrap() | 1
            )),
            "float64" => json!(self.float()),
            integer => self.integer(integer),
        }
    }

    pub(crate) fn entry(&mut self, number: u64) -> Value {
        const SCALARS: [&str; 15] = [
            "bool", "string", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16",
            "uint32", "uint64", "uintptr", "float32", "float64",
        ];
        const OTHER: [&str; 10] = [
            "nil",
            "NaN",
            "complex128",
            "main.User",
            "[]main.User",
            "time.Time",
            "[]interface {}",
            "map[string]int",
            "map[string][]string",
            "[]uint8",
        ];
        let scalar = SCALARS[usize::try_from(self.below(15)).unwrap()];
        let key = if self.below(20) == 0 {
            String::new()
        } else {
            format!("k{number}{}", self.text())
        };
        let (name, value) = match self.below(4) {
            0 => {
                let name = OTHER[usize::try_from(self.below(10)).unwrap()];
                (name.to_owned(), self.other(name))
            }
            1 if scalar != "uint8" && scalar != "uintptr" => {
                let count = self.below(4);
                (
                    format!("[]{scalar}"),
                    (0..count).map(|_| self.scalar(scalar)).collect(),
                )
            }
            _ => (scalar.to_owned(), self.scalar(scalar)),
        };
        json!({"Key": key, "Type": name, "Value": value})
    }

    fn other(&mut self, name: &str) -> Value {
        let user = json!({"Name": self.text(), "Age": self.below(99), "Tags": [self.text()]});
        match name {
            "main.User" => user,
            "[]main.User" => json!([user, {}]),
            "time.Time" => json!("2017-07-14T02:40:00.000000005Z"),
            "[]interface {}" => json!([self.text(), self.float(), null, true]),
            "map[string]int" => json!({"one": self.below(9)}),
            "map[string][]string" => json!({"a": [self.text()], "b": ["x", ""]}),
            "[]uint8" => json!(BASE64_STANDARD.encode(self.text())),
            _ => Value::Null,
        }
    }
}
