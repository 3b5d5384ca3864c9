//! Patterns in Go's dialect (RE2), which creation rules are written in.
//!
//! The `regex` crate reads nearly the same language. What differs is rewritten, and what
//! only one of the two knows is refused: SOPS takes a pattern it cannot read for one that
//! matches nothing, and leaves every secret in clear.

use std::iter::Peekable;
use std::str::Chars;

use regex::bytes::Regex;

/// A pattern of a creation rule, searched for anywhere in a text.
#[derive(Clone)]
pub(crate) struct Pattern {
    source: String,
    regex: Regex,
}

/// The pattern is not one that SOPS and kiln read alike.
#[derive(Debug)]
pub(crate) struct BadPattern;

impl Pattern {
    pub(crate) fn new(source: &str) -> Result<Pattern, BadPattern> {
        let regex = Regex::new(&translate(source)?).map_err(|_| BadPattern)?;
        Ok(Pattern { source: source.to_owned(), regex })
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text.as_bytes())
    }
}

fn translate(source: &str) -> Result<String, BadPattern> {
    let mut out = String::with_capacity(source.len() + 8);
    let mut chars = source.chars().peekable();
    while let Some(next) = chars.next() {
        match next {
            '\\' => escape(&mut chars, &mut out, false)?,
            '[' => class(&mut chars, &mut out)?,
            '(' => group(&mut chars, &mut out)?,
            _ => out.push(next),
        }
    }
    Ok(out)
}

/// What follows a backslash. The classes of letters are ASCII in Go.
fn escape(chars: &mut Peekable<Chars<'_>>, out: &mut String, in_class: bool) -> Result<(), BadPattern> {
    let next = chars.next().ok_or(BadPattern)?;
    match next {
        'd' => out.push_str("[0-9]"),
        'D' => out.push_str("[^0-9]"),
        'w' => out.push_str("[0-9A-Za-z_]"),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        's' => out.push_str(r"[\t\n\f\r ]"),
        'S' => out.push_str(r"[^\t\n\f\r ]"),
        'b' | 'B' if !in_class => {
            out.push_str(r"(?-u:\");
            out.push(next);
            out.push(')');
        }
        'A' | 'z' if !in_class => out.extend(['\\', next]),
        'a' | 'f' | 'n' | 'r' | 't' | 'v' | 'x' | 'p' | 'P' => out.extend(['\\', next]),
        _ if next.is_ascii_alphanumeric() || !next.is_ascii() => return Err(BadPattern),
        // Go takes these two for themselves, Rust for the edges of a word.
        '<' | '>' => out.push(next),
        _ => out.extend(['\\', next]),
    }
    Ok(())
}

/// The inside of `[…]`. Rust has operators there that Go takes for characters.
fn class(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Result<(), BadPattern> {
    out.push('[');
    if chars.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    let mut first = true;
    loop {
        match chars.next().ok_or(BadPattern)? {
            ']' if !first => break,
            ']' => out.push_str(r"\]"),
            '\\' => escape(chars, out, true)?,
            '[' if chars.peek() == Some(&':') => named_class(chars, out)?,
            '-' if chars.peek() == Some(&'-') => return Err(BadPattern),
            special @ ('[' | '&' | '~') => out.extend(['\\', special]),
            other => out.push(other),
        }
        first = false;
    }
    out.push(']');
    Ok(())
}

/// `[:alpha:]`, which both know; a `[:` that is none is refused.
fn named_class(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Result<(), BadPattern> {
    out.push('[');
    loop {
        let next = chars.next().ok_or(BadPattern)?;
        out.push(next);
        match next {
            ']' if out.ends_with(":]") => return Ok(()),
            ':' | '^' => {}
            _ if next.is_ascii_lowercase() => {}
            _ => return Err(BadPattern),
        }
    }
}

/// What follows `(`: nothing special, or flags or a name that Go knows.
fn group(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Result<(), BadPattern> {
    out.push('(');
    if chars.next_if_eq(&'?').is_none() {
        return Ok(());
    }
    out.push('?');
    match chars.peek() {
        Some('P' | '<') => Ok(()),
        _ => loop {
            let next = chars.next().ok_or(BadPattern)?;
            out.push(next);
            match next {
                ':' | ')' => return Ok(()),
                'i' | 'm' | 's' | 'U' | '-' => {}
                _ => return Err(BadPattern),
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap().is_match(text)
    }

    #[test]
    fn the_search_is_not_anchored() {
        assert!(finds("^(data|stringData)$", "stringData"));
        assert!(!finds("^(data|stringData)$", "metadata"));
        assert!(finds(r"machines/.*\.sops\.ya?ml", "a/machines/x.sops.yaml"));
        assert!(finds("pass", "my_password"));
        assert!(finds("(?i)PASS", "my_password"));
    }

    #[test]
    fn letter_classes_are_ascii() {
        assert!(!finds(r"^\w+$", "grün"));
        assert!(!finds(r"^[\d]+$", "٣"));
        assert!(finds(r"^\W$", "ü"));
        assert!(!finds(r"\s", "\u{a0}"));
        assert!(finds(r"ü\b", "üa"), "to Go `ü` is not a letter");
    }

    #[test]
    fn brackets_hold_characters_only() {
        assert!(finds("^[a[b]+$", "a[b"));
        assert!(finds("^[a&&b]+$", "a&b"));
        assert!(finds("^[]x]+$", "]x"));
        assert!(finds("^[[:upper:]-]+$", "A-B"));
    }

    #[test]
    fn what_go_cannot_read_is_refused() {
        for pattern in ["(?!x)", "(?<=x)", "(", "[a", r"\", "*", r"(a)\1", "(?x)a b", r"\u0061", "a{2,1}"] {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
    }
}
