//! Where block scalars and block sequences begin, which the parser does not say.

/// The byte range of a block scalar from its `|` or `>` to the end of its last line.
///
/// The parser's range `start..end` begins behind the first line's indentation and runs on
/// to the next token. `before` is where the previous event ends.
pub(super) fn range(text: &str, before: usize, start: usize, end: usize) -> (usize, usize) {
    let between = text.get(before..end).unwrap_or_default();
    let Some(header) = first(between, &['|', '>']) else { return (start, end) };
    let indicator = between[header..].find(char::is_whitespace).unwrap_or(between.len() - header);
    let content = text.get(start..end).unwrap_or_default().trim_end();
    let content_end = if content.is_empty() { 0 } else { start + content.len() };
    (before + header, content_end.max(before + header + indicator))
}

/// Where the first of `indicators` stands in what lies between one event and the content
/// of the next: an anchor, a tag, comments and other indicators may come first.
pub(super) fn first(between: &str, indicators: &[char]) -> Option<usize> {
    let mut at = 0;
    while let Some(rest) = between.get(at..) {
        match rest.chars().next()? {
            '#' => at += rest.find('\n')?,
            '&' | '!' => at += rest.find(char::is_whitespace)?,
            found if indicators.contains(&found) => return Some(at),
            other => at += other.len_utf8(),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, before: &str, content: &str, expected: &str) {
        let start = text.find(content).unwrap();
        let (start, end) = range(text, text.find(before).unwrap() + before.len(), start, text.len());
        assert_eq!(&text[start..end], expected);
    }

    #[test]
    fn header_and_lines_belong_to_the_range() {
        check("a: |-\n  x\n  y\n\n", "a", "x", "|-\n  x\n  y");
        check("a: &n|m !t>\n # |\n  >2\n  x\n", "a", "x", ">2\n  x");
    }
}
