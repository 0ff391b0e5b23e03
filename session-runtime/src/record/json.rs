//! JSON's grammar (RFC 8259), walked without decoding: where a string or a value ends. No recursion, so that depth
//! costs no stack. The text is known to be UTF-8.

/// A place in JSON text. Every step answers `None` where the grammar is broken.
pub(super) struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

/// A string as it stands in the text, quotes included.
pub(super) struct Quoted {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) escaped: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline]
    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte <= b' ')
            && let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek()
        {
            self.at += 1;
        }
    }

    /// Skips space, then `byte` if it is next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Whether nothing but space is left.
    pub(super) fn at_end(&mut self) -> bool {
        self.skip_space();
        self.at == self.text.len()
    }

    pub(super) fn string(&mut self) -> Option<Quoted> {
        self.skip_space();
        let start = self.at;
        if self.peek() != Some(b'"') {
            return None;
        }
        let mut escaped = false;
        self.at += 1;
        loop {
            self.at += plain_len(self.text.get(self.at..)?);
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return None,
            }
        }
        self.at += 1;
        Some(Quoted {
            start,
            end: self.at,
            escaped,
        })
    }

    fn escape(&mut self) -> Option<()> {
        let tail = self.text.get(self.at + 1..)?;
        let len = match *tail.first()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 1,
            b'u' if tail.get(1..5)?.iter().all(u8::is_ascii_hexdigit) => 5,
            _ => return None,
        };
        self.at += 1 + len;
        Some(())
    }

    /// Skips one value and says where it starts and ends.
    pub(super) fn value(&mut self) -> Option<(usize, usize)> {
        self.skip_space();
        let start = self.at;
        let mut open = Nesting::default();
        loop {
            self.skip_space();
            match self.peek()? {
                b'{' => {
                    self.at += 1;
                    if !self.eat(b'}') {
                        open.push(true);
                        self.member_name()?;
                        continue;
                    }
                }
                b'[' => {
                    self.at += 1;
                    if !self.eat(b']') {
                        open.push(false);
                        continue;
                    }
                }
                _ => self.scalar()?,
            }
            if self.close(&mut open)? {
                return Some((start, self.at));
            }
        }
    }

    /// After a value: closes what ends here; true when nothing is open, else the next value follows.
    fn close(&mut self, open: &mut Nesting) -> Option<bool> {
        while let Some(object) = open.top() {
            if self.eat(b',') {
                if object {
                    self.member_name()?;
                }
                return Some(false);
            }
            if !self.eat(if object { b'}' } else { b']' }) {
                return None;
            }
            open.pop();
        }
        Some(true)
    }

    fn member_name(&mut self) -> Option<()> {
        self.string()?;
        self.eat(b':').then_some(())
    }

    fn scalar(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => self.number(),
        }
    }

    fn literal(&mut self, word: &[u8]) -> Option<()> {
        self.text.get(self.at..)?.strip_prefix(word)?;
        self.at += word.len();
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > from).then_some(())
    }
}

/// How many bytes stand before the first quote, backslash or control character. Looks at eight at once.
fn plain_len(text: &[u8]) -> usize {
    let (words, tail) = text.as_chunks();
    for (i, word) in words.iter().enumerate() {
        let special = special(u64::from_le_bytes(*word));
        if special != 0 {
            return i * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let special = |&byte: &u8| byte == b'"' || byte == b'\\' || byte < 0x20;
    let plain = tail.iter().position(special).unwrap_or(tail.len());
    words.len() * 8 + plain
}

/// Marks the high bit of each byte that is a quote, a backslash or a control character. Above the first of them it may
/// mark others ("Bit Twiddling Hacks", <https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord>).
fn special(word: u64) -> u64 {
    const EACH: u64 = u64::MAX / 0xff;
    let less = |word: u64, than: u64| word.wrapping_sub(EACH * than) & !word;
    let is = |byte: u8| less(word ^ EACH * u64::from(byte), 1);
    (less(word, 0x20) | is(b'"') | is(b'\\')) & (EACH * 0x80)
}

/// Whether the text stands in JSON as it is.
pub(super) fn is_plain(text: &[u8]) -> bool {
    plain_len(text) == text.len()
}

/// Which containers are open, a bit each: true for an object.
#[derive(Default)]
struct Nesting {
    full: Vec<u64>,
    bits: u64,
    len: u32,
}

impl Nesting {
    fn push(&mut self, object: bool) {
        if self.len == u64::BITS {
            self.full.push(self.bits);
            self.len = 0;
        }
        self.bits = self.bits << 1 | u64::from(object);
        self.len += 1;
    }

    fn pop(&mut self) {
        self.bits >>= 1;
        self.len -= 1;
        if self.len == 0
            && let Some(bits) = self.full.pop()
        {
            self.bits = bits;
            self.len = u64::BITS;
        }
    }

    fn top(&self) -> Option<bool> {
        (self.len > 0).then_some(self.bits & 1 == 1)
    }
}

/// How many containers are open at the deepest place of a text that is known to be JSON.
pub(crate) fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for &byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests;
