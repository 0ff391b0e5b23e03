//! The text of a record, in one buffer to which text is only added: what came, and behind it what was put.

/// Where a piece of text stands in a buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Self {
        let place = |at| u32::try_from(at).expect("the text of a session is below 4 GiB");
        Self {
            start: place(start),
            end: place(end),
        }
    }

    pub(super) fn start(self) -> usize {
        self.start as usize
    }

    fn end(self) -> usize {
        self.end as usize
    }

    pub(super) fn len(self) -> usize {
        self.end() - self.start()
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
const LITTLE: usize = 4096;

#[derive(Clone, Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    /// How much of it came, and stays.
    came: usize,
}

impl Buffer {
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

    pub(super) fn get(&self, span: Span) -> &[u8] {
        let bytes = self.bytes.get(span.start()..span.end());
        bytes.expect("a span is of the buffer that made it")
    }

    /// Adds what these pieces are together.
    pub(super) fn put(&mut self, pieces: &[&[u8]]) -> Span {
        let start = self.bytes.len();
        let len: usize = pieces.iter().map(|piece| piece.len()).sum();
        if self.bytes.capacity() - start < len {
            self.bytes.reserve(len + ROOM);
        }
        for piece in pieces {
            self.bytes.extend_from_slice(piece);
        }
        Span::new(start, self.bytes.len())
    }

    /// Forgets what was put after the buffer had this length.
    pub(super) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
        self.bytes.shrink_to(len + LITTLE);
    }

    /// Whether so many bytes were put that it is worth looking for those that are no longer used.
    pub(super) fn has_much_put(&self) -> bool {
        self.put_len() > LITTLE
    }

    /// Forgets what was put, but for these spans, once they are the smaller part of it. They move.
    pub(super) fn compact<'s>(&mut self, used: impl Iterator<Item = &'s mut Span>) {
        let came = self.came;
        let used: Vec<_> = used.filter(|span| span.start() >= came).collect();
        let used_len: usize = used.iter().map(|span| span.len()).sum();
        if self.put_len() <= LITTLE + 2 * used_len {
            return;
        }
        let put = self.bytes.split_off(came);
        for span in used {
            *span = self.put(&[&put[span.start() - came..span.end() - came]]);
        }
    }

    fn put_len(&self) -> usize {
        self.bytes.len() - self.came
    }
}
