//! Comments in a TOML text.

use std::ops::Range;

/// The places of the comments, from `#` to the end of the line, of a text that is TOML.
///
/// Outside of comments a quote begins a string, and nothing else does.
pub(crate) fn comments(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find(['#', '"', '\'']) {
        let start = at + next;
        at = match text.as_bytes()[start] {
            b'#' => {
                let end = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
                found.push(start..end);
                end
            }
            _ => start + string_length(&text[start..]),
        };
    }
    found
}

/// The length of the string that a text begins with, with its quotes.
fn string_length(text: &str) -> usize {
    let quote = &text[..1];
    let long = quote.repeat(3);
    let fence = if text.starts_with(&long) { &long } else { quote };
    let mut at = fence.len();
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(fence) {
            // Up to two quotes may stand before the closing ones.
            let quotes = rest.len() - rest.trim_start_matches(quote).len();
            return at + if fence.len() == 3 { quotes.min(5) } else { 1 };
        }
        let escaped = quote == "\"" && rest.starts_with('\\');
        let length = |it: &str| it.chars().next().map_or(0, char::len_utf8);
        at += if escaped { 1 + length(&rest[1..]) } else { length(rest) };
    }
    text.len()
}
