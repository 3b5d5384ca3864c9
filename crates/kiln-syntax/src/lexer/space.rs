//! White space, as Python's regular expressions know it.

/// Whether Python's `\s` matches the character: the white space of Unicode and the four
/// separators of ASCII.
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\x1c'..='\x1f').contains(&character)
}

/// The end of the white space of `text` that begins at `start`.
pub(crate) fn skip(text: &str, start: usize) -> usize {
    skip_while(text, start, is_space)
}

/// The end of the characters from `start` for which `wanted` holds.
pub(crate) fn skip_while(text: &str, start: usize, wanted: impl Fn(char) -> bool) -> usize {
    let rest = &text[start..];
    start + rest.find(|character| !wanted(character)).unwrap_or(rest.len())
}

/// What `then` gives for the position after as many as possible of the characters from
/// `start` for which `wanted` holds: a delimiter may itself begin with white space.
pub(crate) fn skip_then<T>(
    text: &str,
    start: usize,
    wanted: impl Fn(char) -> bool,
    then: impl Fn(usize) -> Option<T>,
) -> Option<T> {
    let mut end = skip_while(text, start, wanted);
    loop {
        if let Some(found) = then(end) {
            return Some(found);
        }
        end = start + text[start..end].char_indices().next_back()?.0;
    }
}
