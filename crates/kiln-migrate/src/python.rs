//! Python's text, as far as statements are concerned.

/// A statement, or the head of a block: what Python calls a logical line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    /// How many blanks stand in front of it.
    pub(crate) indent: usize,
    /// Its text on one line, without comment.
    pub(crate) text: String,
    /// The line it begins in, from 1.
    pub(crate) line: usize,
}

/// The statements of a text. What stands in brackets or in three quotes goes on over lines.
pub(crate) fn statements(text: &str) -> Vec<Statement> {
    let mut reader = Reader { rest: text, line: 1, out: Vec::new() };
    while !reader.rest.is_empty() {
        reader.statement();
    }
    reader.out
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    out: Vec<Statement>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn statement(&mut self) {
        let (line, mut indent) = (self.line, 0);
        while self.rest.starts_with([' ', '\t']) {
            indent += if self.next() == Some('\t') { 8 } else { 1 };
        }
        let (mut text, mut depth) = (String::new(), 0_usize);
        loop {
            match self.rest.chars().next() {
                None => break,
                Some('#') => {
                    let end = self.rest.find('\n').unwrap_or(self.rest.len());
                    self.rest = &self.rest[end..];
                }
                Some(quote @ ('"' | '\'')) => self.string(quote, &mut text),
                Some('\\') if self.rest.starts_with("\\\n") => {
                    self.next();
                    self.next();
                }
                Some('\n') => {
                    self.next();
                    if depth == 0 {
                        break;
                    }
                    text.push(' ');
                    self.rest = self.rest.trim_start_matches([' ', '\t']);
                }
                Some(c) => {
                    depth += usize::from(matches!(c, '(' | '[' | '{'));
                    depth = depth.saturating_sub(usize::from(matches!(c, ')' | ']' | '}')));
                    self.next();
                    text.push(c);
                }
            }
        }
        let text = text.trim().to_owned();
        if !text.is_empty() {
            self.out.push(Statement { indent, text, line });
        }
    }

    fn string(&mut self, quote: char, text: &mut String) {
        let three: String = [quote; 3].iter().collect();
        let end = if self.rest.starts_with(&three) { three } else { quote.to_string() };
        for _ in 0..end.len() {
            text.extend(self.next());
        }
        while !self.rest.is_empty() && !self.rest.starts_with(&end) {
            if self.rest.starts_with('\n') && end.len() == 1 {
                return;
            }
            let escaped = self.rest.starts_with('\\');
            text.extend(self.next());
            if escaped {
                text.extend(self.next());
            }
        }
        for _ in 0..end.len() {
            text.extend(self.next());
        }
    }
}

/// The body of the block whose head is the statement at `at`.
pub(crate) fn body(statements: &[Statement], at: usize) -> &[Statement] {
    let Some(head) = statements.get(at) else { return &[] };
    let rest = statements.get(at + 1..).unwrap_or_default();
    let end = rest.iter().position(|it| it.indent <= head.indent).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

/// The name that a `def` or `class` defines.
pub(crate) fn defined<'a>(statement: &'a Statement, keyword: &str) -> Option<&'a str> {
    let rest = statement.text.strip_prefix(keyword)?.strip_prefix(' ')?.trim_start();
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    rest.get(..end).filter(|name| !name.is_empty())
}
