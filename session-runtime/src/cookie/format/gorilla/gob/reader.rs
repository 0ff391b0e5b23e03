//! A cursor over the messages of a gob stream. It reads the integers from which gob builds all values.

use core::ops::Range;

use super::Malformed;

pub(super) type Result<T, E = Malformed> = core::result::Result<T, E>;

pub(super) struct Reader<'a> {
    input: &'a [u8],
    at: usize,
    /// The end of the current message.
    end: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Self {
            input,
            at: 0,
            end: 0,
        }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn message_ended(&self) -> bool {
        self.at == self.end
    }

    /// Moves to the next message. The current message must have been read to its end.
    pub(super) fn next_message(&mut self) -> Result<()> {
        self.end = self.input.len();
        let length = self.length()?;
        self.end = self.at + length;
        Ok(())
    }

    /// A value below 128 is one byte. A larger value is the negated count of its bytes, then the bytes in big-endian
    /// order.
    pub(super) fn uint(&mut self) -> Result<u64> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        let count = usize::from(first.wrapping_neg());
        if count > 8 {
            return Err(Malformed("an integer of more than 8 bytes"));
        }
        let mut value = 0;
        for _ in 0..count {
            value = value << 8 | u64::from(self.byte()?);
        }
        Ok(value)
    }

    /// The lowest bit is the sign. The bits of a negative number are complemented.
    pub(super) fn int(&mut self) -> Result<i64> {
        let bits = self.uint()?;
        let magnitude = (bits >> 1).cast_signed();
        Ok(if bits & 1 == 0 { magnitude } else { !magnitude })
    }

    /// Gob reverses the bytes of a float, so that round numbers are short.
    pub(super) fn float(&mut self) -> Result<f64> {
        Ok(f64::from_bits(self.uint()?.swap_bytes()))
    }

    /// A type id, which Go holds in 32 bits.
    pub(super) fn id(&mut self) -> Result<i64> {
        let id = self.int()?;
        if i32::try_from(id).is_err() {
            return Err(Malformed("a type id of more than 32 bits"));
        }
        Ok(id)
    }

    pub(super) fn range(&mut self) -> Result<Range<usize>> {
        let length = self.length()?;
        let start = self.at;
        self.at += length;
        Ok(start..self.at)
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8]> {
        let range = self.range()?;
        Ok(&self.input[range])
    }

    fn length(&mut self) -> Result<usize> {
        let length = usize::try_from(self.uint()?).unwrap_or(usize::MAX);
        if length > self.end - self.at {
            return Err(Malformed("a length beyond the end"));
        }
        Ok(length)
    }

    fn byte(&mut self) -> Result<u8> {
        if self.message_ended() {
            return Err(Malformed("it ends too early"));
        }
        let byte = self.input[self.at];
        self.at += 1;
        Ok(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(input: &[u8]) -> Reader<'_> {
        let mut reader = Reader::new(input);
        reader.end = input.len();
        reader
    }

    #[test]
    fn integers_of_the_gob_documentation() {
        assert_eq!(reader(&[0]).uint(), Ok(0));
        assert_eq!(reader(&[7]).uint(), Ok(7));
        assert_eq!(reader(&[0xfe, 0x01, 0x00]).uint(), Ok(256));
        assert_eq!(
            reader(&[0xf8, 255, 255, 255, 255, 255, 255, 255, 255]).uint(),
            Ok(u64::MAX)
        );
        assert_eq!(reader(&[0x01]).int(), Ok(-1));
        assert_eq!(reader(&[0xff, 0x81]).int(), Ok(-65));
        assert_eq!(reader(&[0xfe, 0x31, 0x40]).float(), Ok(17.0));
    }

    #[test]
    fn what_ends_too_early_or_is_too_long_is_malformed() {
        for input in [
            &[][..],
            &[0xff],
            &[0xfe, 1],
            &[0xf7, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            &[0x80],
        ] {
            assert!(reader(input).uint().is_err(), "{input:?}");
        }
        for input in [&[1][..], &[0xf8, 255, 255, 255, 255, 255, 255, 255, 255, 0]] {
            assert!(reader(input).bytes().is_err(), "{input:?}");
        }
    }
}
