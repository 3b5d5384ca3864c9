//! Patterns of single names, as Python's `fnmatch` reads them.

/// A pattern of a name: `*`, `?`, `[…]` and `[!…]`; nothing is special to a leading dot.
#[derive(Clone, Debug)]
pub(crate) struct NamePattern(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    /// Any characters, or none.
    Any,
    /// One character that is not fixed.
    One(Class),
    /// This character.
    Char(char),
}

/// Which characters one place takes: those of the ranges, or, if negated, all others.
#[derive(Clone, Debug)]
struct Class {
    is_negated: bool,
    ranges: Vec<(char, char)>,
}

impl NamePattern {
    /// Reads a pattern; every text is one.
    pub(crate) fn new(pattern: &str) -> NamePattern {
        let chars: Vec<char> = pattern.chars().collect();
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some(&char) = chars.get(at) {
            at += 1;
            match char {
                '*' if matches!(pieces.last(), Some(Piece::Any)) => {}
                '*' => pieces.push(Piece::Any),
                '?' => pieces.push(Piece::One(Class { is_negated: true, ranges: Vec::new() })),
                '[' => match end_of_class(&chars, at) {
                    Some(end) => {
                        pieces.push(Piece::One(Class::new(&chars[at..end])));
                        at = end + 1;
                    }
                    None => pieces.push(Piece::Char('[')),
                },
                char => pieces.push(Piece::Char(char)),
            }
        }
        NamePattern(pieces)
    }

    /// Whether the whole name is matched.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let (mut piece, mut at) = (0, 0);
        // Where the last `*` stands, and how far it reaches so far: only that one is ever moved.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            match (self.0.get(piece), name.get(at)) {
                (None, None) => return true,
                (Some(Piece::Any), _) => {
                    retry = Some((piece, at));
                    piece += 1;
                    continue;
                }
                (Some(Piece::Char(wanted)), Some(char)) if wanted == char => {
                    (piece, at) = (piece + 1, at + 1);
                    continue;
                }
                (Some(Piece::One(class)), Some(char)) if class.takes(*char) => {
                    (piece, at) = (piece + 1, at + 1);
                    continue;
                }
                _ => {}
            }
            match retry {
                Some((star, reached)) if reached < name.len() => {
                    retry = Some((star, reached + 1));
                    (piece, at) = (star + 1, reached + 1);
                }
                _ => return false,
            }
        }
    }
}

/// Where the `]` of a class stands whose content begins at `start`; one that comes first, maybe
/// after `!`, is content.
fn end_of_class(chars: &[char], start: usize) -> Option<usize> {
    let mut from = start;
    if chars.get(from) == Some(&'!') {
        from += 1;
    }
    if chars.get(from) == Some(&']') {
        from += 1;
    }
    (from..chars.len()).find(|at| chars[*at] == ']')
}

impl Class {
    /// Reads what stands between the brackets.
    fn new(content: &[char]) -> Class {
        let chunks = chunks(content);
        // All characters, with `None` for the hyphen of a range.
        let mut all: Vec<Option<char>> = Vec::new();
        for (index, chunk) in chunks.iter().enumerate() {
            all.extend((index > 0).then_some(None));
            all.extend(chunk.iter().copied().map(Some));
        }
        let (is_negated, all) = match all.as_slice() {
            [Some('!'), rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let mut ranges = Vec::new();
        let mut at = 0;
        while let Some(start) = all.get(at) {
            let start = start.unwrap_or('-');
            match (all.get(at + 1), all.get(at + 2)) {
                (Some(None), Some(&end)) => {
                    ranges.push((start, end.unwrap_or('-')));
                    at += 3;
                }
                _ => {
                    ranges.push((start, start));
                    at += 1;
                }
            }
        }
        Class { is_negated, ranges }
    }

    fn takes(&self, char: char) -> bool {
        self.ranges.iter().any(|(start, end)| (*start..=*end).contains(&char)) != self.is_negated
    }
}

/// The content of a class, divided at the hyphens that make ranges. A range that ends before it
/// begins is taken out together with its ends.
fn chunks(content: &[char]) -> Vec<Vec<char>> {
    let mut chunks: Vec<Vec<char>> = Vec::new();
    let (mut start, mut from) = (0, if content.first() == Some(&'!') { 2 } else { 1 });
    while let Some(hyphen) = (from..content.len()).find(|at| content[*at] == '-') {
        chunks.push(content[start..hyphen].to_vec());
        // What stands after the hyphen is the end of the range, even if it is a hyphen.
        (start, from) = (hyphen + 1, hyphen + 3);
    }
    match (content.get(start..), chunks.last_mut()) {
        (Some([]) | None, Some(last)) => last.push('-'),
        (rest, _) => chunks.push(rest.unwrap_or_default().to_vec()),
    }
    for index in (1..chunks.len()).rev() {
        if chunks[index - 1].last() > chunks[index].first() {
            let after = chunks.remove(index);
            chunks[index - 1].pop();
            chunks[index - 1].extend(after.into_iter().skip(1));
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pattern, then names that match, then names that do not; each asked of Python 3.11.
    const CASES: &[(&str, &[&str], &[&str])] = &[
        ("*", &["", "a", ".hidden", "a\nb"], &[]),
        ("*.j2", &["a.j2", ".j2"], &["a.j2x", "j2"]),
        ("a*b*c", &["abc", "aXbXbXc", "abcbc"], &["ab", "abcb"]),
        ("?", &["a", "ä"], &["", "ab"]),
        ("[a-c]x", &["ax", "cx"], &["dx", "-x"]),
        ("[!a-c]x", &["dx", "-x"], &["ax"]),
        ("[]]", &["]"], &["[", "[]]"]),
        ("[!]]", &["a"], &["]"]),
        ("[", &["["], &["a"]),
        ("[a", &["[a"], &["a"]),
        ("[a-]", &["a", "-"], &["b"]),
        ("[-a]", &["a", "-"], &["b"]),
        ("[c-a]", &[], &["a", "b", "c", "-"]),
        ("[!c-a]", &["a", "b", "c"], &[]),
        ("[a-c-e]", &["a", "b", "c", "-", "e"], &["d"]),
        ("[b-ac]", &["c"], &["a", "b", "-"]),
        ("[c--!-]", &["a", "c"], &["-"]),
        ("[a--!cc]", &["a", "-"], &["c"]),
        ("[^a]", &["^", "a"], &["b"]),
        ("[\\d]", &["\\", "d"], &["1"]),
        ("[*?]", &["*", "?"], &["a"]),
        ("a.b", &["a.b"], &["axb"]),
        ("A", &["A"], &["a"]),
    ];

    #[test]
    fn names_match_as_in_python() {
        for (pattern, yes, no) in CASES {
            let compiled = NamePattern::new(pattern);
            yes.iter().for_each(|name| assert!(compiled.matches(name), "{pattern} {name:?}"));
            no.iter().for_each(|name| assert!(!compiled.matches(name), "{pattern} {name:?}"));
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = NamePattern::new(&"*a".repeat(200));
        assert!(!pattern.matches(&"a".repeat(190)));
        assert!(!pattern.matches(&("a".repeat(5000) + "b")));
    }
}
