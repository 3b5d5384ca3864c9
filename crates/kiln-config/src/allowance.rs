//! Comments that silence findings: `# kiln: allow CODE reason`.

use std::ops::Range;

use kiln_model::{SourceId, Span};
use kiln_yaml::Language;

/// A comment of a data file that says which warning or note is not wanted at a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The code of the finding; empty if the comment names none.
    pub code: String,
    /// Whether the comment says why.
    pub has_reason: bool,
    /// The comment.
    pub span: Span,
    /// The line that it is about: its own, or the one that follows if it stands alone.
    line: Range<usize>,
}

impl Allowance {
    /// Whether it is about what stands at a place.
    pub fn covers(&self, place: Span) -> bool {
        let is_on_line = |at: u32| (self.line.start..=self.line.end).contains(&(at as usize));
        place.source == self.span.source && is_on_line(place.start)
    }
}

/// What the comments of a data file allow. One in a text that cannot be read allows nothing.
pub(crate) fn allowances(path: &str, source: SourceId, text: &str) -> Vec<Allowance> {
    // Few files have one, and to look for comments is to read the file once more.
    if !text.contains("kiln:") {
        return Vec::new();
    }
    let comments = kiln_yaml::comments(text, Language::of(path));
    let mut found = Vec::new();
    for comment in &comments {
        let Some((code, reason)) = directive(&text[comment.clone()]) else { continue };
        found.push(Allowance {
            code: code.to_owned(),
            has_reason: !reason.is_empty(),
            span: Span::new(source, comment.start, comment.end),
            line: line_of(comment, &comments, text),
        });
    }
    found
}

/// Code and reason of a comment that allows something.
fn directive(comment: &str) -> Option<(&str, &str)> {
    let text = comment.strip_prefix('#')?.trim().strip_prefix("kiln:")?;
    let rest = text.trim_start().strip_prefix("allow")?;
    if rest.starts_with(|it: char| !it.is_whitespace()) {
        return None;
    }
    let rest = rest.trim_start();
    Some(rest.split_once(char::is_whitespace).map_or((rest, ""), |(code, reason)| (code, reason.trim())))
}

/// The line that a comment is about: the first one from its own on that holds more than comments.
fn line_of(comment: &Range<usize>, comments: &[Range<usize>], text: &str) -> Range<usize> {
    let mut line = whole_line(comment.start, text);
    while let Some(alone) = comments.iter().find(|it| line.contains(&it.start) && is_alone(it, &line, text)) {
        let next = text[alone.end..].find('\n').map_or(text.len(), |length| alone.end + length + 1);
        if next == line.start || next >= text.len() {
            break;
        }
        line = whole_line(next, text);
    }
    line
}

fn is_alone(comment: &Range<usize>, line: &Range<usize>, text: &str) -> bool {
    text[line.start..comment.start].trim_matches([' ', '\t', '\u{feff}']).is_empty()
}

/// The line that a byte stands in, without its line break.
fn whole_line(at: usize, text: &str) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    start..text[at..].find('\n').map_or(text.len(), |length| at + length)
}

#[cfg(test)]
mod tests {
    use kiln_model::Sources;

    use super::*;

    /// For each comment that allows something its code, whether it has a reason, and its line.
    fn read<'a>(path: &str, text: &'a str) -> Vec<(String, bool, &'a str)> {
        let source = Sources::new().add(path, text);
        let found = allowances(path, source, text).into_iter();
        found.map(|it| (it.code, it.has_reason, text[it.line].trim_end())).collect()
    }

    #[test]
    fn a_comment_is_about_its_line_or_the_next() {
        let text = "a: 1  # kiln: allow check.x it is so\n# kiln: allow check.y why\n# more\n#kiln:allow check.z\nb: 2\n";
        let expected = [
            ("check.x".to_owned(), true, "a: 1  # kiln: allow check.x it is so"),
            ("check.y".to_owned(), true, "b: 2"),
            ("check.z".to_owned(), false, "b: 2"),
        ];
        assert_eq!(read("a.yaml", text), expected);
        assert_eq!(read("a.toml", &text.replace(": ", " = ").replace("kiln =", "kiln:")).len(), 3);
    }

    #[test]
    fn a_blank_line_ends_what_a_comment_is_about() {
        assert_eq!(read("a.yaml", "# kiln: allow check.x why\n\na: 1\n"), [("check.x".to_owned(), true, "")]);
        assert_eq!(
            read("a.yaml", "a: 1\n# kiln: allow check.x why"),
            [("check.x".to_owned(), true, "# kiln: allow check.x why")]
        );
    }

    #[test]
    fn text_and_other_comments_allow_nothing() {
        for text in [
            "a: '# kiln: allow check.x y'\n",
            "# kiln: allowed check.x\na: 1\n",
            "a: 1 # kiln is fine\n",
            "a: |\n  # kiln: allow check.x y\n",
        ] {
            assert_eq!(read("a.yaml", text), [], "{text}");
        }
        assert_eq!(read("a.json", "{\"a\": \"# kiln: allow check.x y\"}"), []);
        assert_eq!(read("a.yaml", "a: [ # kiln: allow check.x y\n"), []);
    }

    #[test]
    fn windows_line_breaks_and_a_byte_order_mark_change_nothing() {
        let text = "\u{feff}# kiln: allow check.x why\r\na: 1\r\n";
        assert_eq!(read("a.yaml", text), [("check.x".to_owned(), true, "a: 1")]);
    }

    #[test]
    fn a_code_may_be_missing() {
        assert_eq!(read("a.yaml", "a: 1 # kiln: allow\n"), [(String::new(), false, "a: 1 # kiln: allow")]);
    }
}
