//! One line of a text, as far as slips are concerned.

/// A line that says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// The whole text.
    text: &'a str,
    /// Its first byte.
    begin: usize,
    /// The first byte that is no blank.
    pub(super) start: usize,
    /// The first byte behind all `- `.
    pub(super) key: usize,
    /// One past the last byte that is no blank and in no comment.
    pub(super) end: usize,
}

impl<'a> Line<'a> {
    /// The line that a byte is in.
    pub(super) fn at(text: &'a str, at: usize) -> Line<'a> {
        let at = at.min(text.len());
        let begin = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let whole = text.get(begin..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let mark = if whole.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let said = whole.get(mark..).unwrap_or_default();
        let start = begin + mark + said.len() - said.trim_start().len();
        let comment = if said.trim_start().starts_with('#') { Some(0) } else { said.find(" #") };
        let end =
            begin + mark + said.get(..comment.unwrap_or(said.len())).unwrap_or_default().trim_end().len();
        let mut key = start;
        while text.get(key..).is_some_and(|rest| rest.starts_with("- ")) {
            let rest = text.get(key + 1..).unwrap_or_default();
            key += 1 + rest.len() - rest.trim_start_matches(' ').len();
        }
        Line { text, begin: begin + mark, start, key: key.min(end.max(start)), end: end.max(start) }
    }

    /// The next line above that says something.
    pub(super) fn above(self) -> Option<Line<'a>> {
        let mut line = self;
        loop {
            let break_ = self.text.get(..line.begin)?.trim_end_matches('\u{feff}').strip_suffix('\n')?;
            line = Line::at(self.text, break_.len());
            if line.start < line.end {
                return Some(line);
            }
        }
    }

    /// The next line below that says something.
    pub(super) fn below(self) -> Option<Line<'a>> {
        let mut line = self;
        loop {
            let next = line.begin + self.text.get(line.begin..)?.find('\n')? + 1;
            line = Line::at(self.text, next);
            if line.start < line.end {
                return Some(line);
            }
        }
    }

    /// The blanks in front of it.
    pub(super) fn indentation(self) -> &'a str {
        self.text.get(self.begin..self.start).unwrap_or_default()
    }

    /// How far a byte of it is indented.
    pub(super) fn column(self, at: usize) -> usize {
        at.saturating_sub(self.begin)
    }

    /// What it says from a byte on.
    pub(super) fn from(self, at: usize) -> &'a str {
        self.text.get(at..self.end).unwrap_or_default()
    }

    /// Whether it begins an item of a list.
    pub(super) fn is_item(self) -> bool {
        self.key > self.start || self.from(self.start) == "-"
    }

    /// The second `-`, if it begins more than one item.
    pub(super) fn inner_dash(self) -> Option<usize> {
        let rest = self.text.get(self.start + 1..self.key).filter(|_| self.start < self.key)?;
        rest.find('-').map(|at| self.start + 1 + at)
    }

    /// Whether it says a key.
    pub(super) fn has_key(self) -> bool {
        let words = self.from(self.key);
        words.ends_with(':') || words.contains(": ")
    }
}
