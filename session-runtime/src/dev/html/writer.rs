//! Writes HTML: our own markup unchanged, all other text escaped.

#[derive(Default)]
pub(super) struct Html(String);

impl Html {
    /// Markup of ours.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Writes any text, in an element or in an attribute's double quotes.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '\n' | '\t' => self.0.push(letter),
                letter if deceives(letter) => self.0.push('\u{fffd}'),
                letter => self.0.push(letter),
            }
        }
        self
    }

    pub(super) fn number(&mut self, number: impl TryInto<u64>) -> &mut Self {
        let number = number.try_into().unwrap_or(u64::MAX);
        self.0.push_str(itoa::Buffer::new().format(number));
        self
    }

    /// The share of the limit as a bar. `wide` is for the bar of the whole session.
    pub(super) fn bar(&mut self, size: usize, limit: usize, label: &str, wide: bool) -> &mut Self {
        self.raw(if wide {
            "<meter class=\"wide\""
        } else {
            "<meter"
        });
        self.raw(" min=\"0\" max=\"").number(limit);
        self.raw("\" high=\"").number(limit / 10 * 9);
        self.raw("\" value=\"").number(size.min(limit));
        self.raw("\" aria-label=\"").text(label).raw("\"></meter> ");
        self.number(size)
    }

    pub(super) fn row(&mut self, term: &'static str, text: &str) -> &mut Self {
        self.raw("<dt>").raw(term).raw("</dt><dd>").text(text);
        self.raw("</dd>")
    }

    /// Begins a table with these columns.
    pub(super) fn table(&mut self, columns: &[&'static str]) -> &mut Self {
        self.raw("<table><thead><tr>");
        for column in columns {
            self.raw("<th scope=\"col\">").raw(column).raw("</th>");
        }
        self.raw("</tr></thead><tbody>")
    }

    /// Begins a cell. The cell repeats its column's name for layouts without a table head.
    pub(super) fn cell(&mut self, column: &'static str) -> &mut Self {
        self.raw("<td data-label=\"").raw(column).raw("\">")
    }
}

/// Whether it is a control character, or changes the direction of the text around it.
fn deceives(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl From<Html> for String {
    fn from(html: Html) -> Self {
        html.0
    }
}
