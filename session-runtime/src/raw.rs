//! A value as JSON text, away from the record: most are short, and need no allocation.

use std::io;

use smallvec::SmallVec;

const SHORT: usize = 32;

#[derive(Default)]
pub struct RawValue(SmallVec<[u8; SHORT]>);

impl RawValue {
    pub(crate) fn copy(bytes: &[u8]) -> Self {
        Self(SmallVec::from_slice(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl io::Write for RawValue {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
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
