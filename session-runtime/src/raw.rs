//! A value as JSON text, away from the record: most are short, and need no allocation.

use std::io;

const SHORT: usize = 32;
/// What a longer text has room for at first.
const LONG: usize = 128;

pub enum RawValue {
    Short([u8; SHORT], usize),
    Long(Vec<u8>),
}

impl Default for RawValue {
    fn default() -> Self {
        Self::Short([0; SHORT], 0)
    }
}

impl RawValue {
    pub(crate) fn copy(bytes: &[u8]) -> Self {
        let mut text = [0; SHORT];
        match text.get_mut(..bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                Self::Short(text, bytes.len())
            }
            None => Self::Long(bytes.to_vec()),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Short(text, len) => &text[..*len],
            Self::Long(text) => text,
        }
    }

    fn append(&mut self, bytes: &[u8]) {
        if let Self::Short(text, len) = self {
            if let Some(room) = text.get_mut(*len..*len + bytes.len()) {
                room.copy_from_slice(bytes);
                *len += bytes.len();
                return;
            }
            let mut long = Vec::with_capacity(LONG);
            long.extend_from_slice(self.bytes());
            *self = Self::Long(long);
        }
        if let Self::Long(text) = self {
            text.extend_from_slice(bytes);
        }
    }
}

impl io::Write for RawValue {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.append(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{RawValue, SHORT};

    #[test]
    fn a_value_of_any_length_is_the_text_that_serde_json_writes() {
        for len in (0..3 * SHORT).chain([1_000]) {
            let text = "é".repeat(len);
            for value in [
                serde_json::json!(text),
                serde_json::json!({ "a": [text, len, null] }),
            ] {
                let mut raw = RawValue::default();
                serde_json::to_writer(&mut raw, &value).expect("a value");
                assert_eq!(raw.bytes(), value.to_string().as_bytes());
                assert_eq!(RawValue::copy(raw.bytes()).bytes(), raw.bytes());
            }
        }
    }
}
