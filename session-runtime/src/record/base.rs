//! The text of a record, in one buffer: what came, and behind it what was put since.

/// Where a piece of text stands in a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Text {
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }

    /// A quoted piece without its quotes.
    pub(super) fn unquoted(self) -> Self {
        Self {
            start: self.start + 1,
            end: self.end - 1,
        }
    }
}

/// Bytes that a buffer has free for a put or two.
pub(crate) const ROOM: usize = 64;
/// Bytes that are too few to be freed before the request ends.
pub(super) const LITTLE: usize = 4096;

#[derive(Clone, Default)]
pub(super) struct Base {
    bytes: Vec<u8>,
    /// How much of it came.
    came: usize,
}

impl Base {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self {
            came: bytes.len(),
            bytes,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    pub(super) fn get(&self, text: Text) -> &[u8] {
        let bytes = self.bytes.get(text.start..text.end);
        bytes.expect("a text stands in the base that it was made by")
    }

    /// Whether the text was put since.
    pub(super) fn is_put(&self, text: Text) -> bool {
        text.start >= self.came
    }

    /// How much was put since, in bytes.
    pub(super) fn put_len(&self) -> usize {
        self.bytes.len() - self.came
    }

    /// Adds what these pieces are together.
    pub(super) fn put(&mut self, pieces: &[&[u8]]) -> Text {
        let start = self.bytes.len();
        let len: usize = pieces.iter().map(|piece| piece.len()).sum();
        if self.bytes.capacity() - start < len {
            self.bytes.reserve(len + ROOM);
        }
        for piece in pieces {
            self.bytes.extend_from_slice(piece);
        }
        Text {
            start,
            end: self.bytes.len(),
        }
    }

    /// Forgets what was put after the base had this length.
    pub(super) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
        self.bytes.shrink_to(len + LITTLE);
    }

    /// Forgets what was put, but for the pieces in `kept`, which move to new places.
    pub(super) fn tidy<'t>(&mut self, kept: impl Iterator<Item = &'t mut Text>) {
        let put = self.bytes.split_off(self.came);
        for text in kept {
            if self.is_put(*text) {
                let place = text.start - self.came..text.end - self.came;
                *text = self.put(&[&put[place]]);
            }
        }
    }
}
