//! What stands in a text beside its tree: comments, and how a value is written.

use std::ops::Range;

use crate::events::{EventKind, events};
use crate::readings::is_text_to_all;
use crate::{quote, toml};

/// The language of a data file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// JSON, which has no comments.
    Json,
}

impl Language {
    /// The language that the name of a file tells; YAML if it ends in neither `.toml` nor `.json`.
    pub fn of(path: &str) -> Language {
        match path.rsplit('.').next() {
            Some("toml") => Language::Toml,
            Some("json") => Language::Json,
            _ => Language::Yaml,
        }
    }
}

/// The places of the comments in a text, from `#` to the end of the line; none if the text cannot
/// be read. A `#` in quoted text or in a block of text begins no comment.
pub fn comments(text: &str, language: Language) -> Vec<Range<usize>> {
    match language {
        Language::Yaml => {
            let found = events(text).unwrap_or_default().into_iter();
            let comments = found.filter(|event| matches!(event.kind, EventKind::Comment { .. }));
            comments.map(|event| event.start..event.end).collect()
        }
        Language::Toml => toml::comments(text),
        Language::Json => Vec::new(),
    }
}

/// Text as it is written in the place of a value that is written as `old`: in quotes of the same
/// kind, or without if it is text so for every reader. `None` where `old` is written over several
/// lines, or where it is no value in one piece.
pub fn rewrite(old: &str, new: &str, language: Language) -> Option<String> {
    let is_one_line = !old.contains(['\n', '\r']) && !new.chars().any(char::is_control);
    if !is_one_line || old.is_empty() {
        return None;
    }
    match (language, old.as_bytes()[0]) {
        (Language::Json | Language::Toml, _) if old.starts_with("\"\"\"") || old.starts_with("'''") => None,
        (_, b'"') => Some(quote(new)),
        (Language::Yaml, b'\'') => Some(format!("'{}'", new.replace('\'', "''"))),
        (Language::Toml, b'\'') if !new.contains('\'') => Some(format!("'{new}'")),
        (Language::Toml, b'\'') => Some(quote(new)),
        (Language::Yaml, b'|' | b'>' | b'&' | b'*' | b'!' | b'[' | b'{') => None,
        (Language::Yaml, _) => Some(if is_plain_text(new) { new.to_owned() } else { quote(new) }),
        (Language::Toml | Language::Json, _) => None,
    }
}

/// Whether every reader of YAML takes this for text, without quotes and wherever it stands.
fn is_plain_text(text: &str) -> bool {
    let is_harmless = |it: char| it.is_ascii_alphanumeric() || "_./-:".contains(it);
    text.starts_with(|it: char| it.is_ascii_alphanumeric())
        && text.chars().all(is_harmless)
        && !text.ends_with(':')
        && is_text_to_all(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn commented(text: &str, language: Language, expected: &[&str]) {
        let found: Vec<&str> = comments(text, language).into_iter().map(|it| &text[it]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_comment_of_yaml_is_told_from_text() {
        commented("a: b # one\n# two\nc: 'x # y' # three\n", Language::Yaml, &["# one", "# two", "# three"]);
        commented("a: x#y\nb: |\n  # text\n# last", Language::Yaml, &["# last"]);
        commented("a: ä # ö\r\nb: 1\r\n", Language::Yaml, &["# ö"]);
    }

    #[test]
    fn a_comment_of_toml_is_told_from_text() {
        commented("a = 'x # y' # one\n#two\n", Language::Toml, &["# one", "#two"]);
        commented("a = \"\"\"\n# text \\\" \"\"\" # one\n", Language::Toml, &["# one"]);
        commented(
            "a = '''\n# it's text''' # one\r\nb = \"\\\"#\" # two",
            Language::Toml,
            &["# one", "# two"],
        );
        commented("'a#b' = \"\" # one\n", Language::Toml, &["# one"]);
    }

    #[test]
    fn json_has_no_comments() {
        commented("{\"a\": \"# b\"}", Language::Json, &[]);
    }

    #[test]
    fn text_keeps_the_quotes_of_what_it_replaces() {
        let yaml = |old, new| rewrite(old, new, Language::Yaml);
        assert_eq!(yaml("10.0.0.1/8", "10.0.0.0/8").as_deref(), Some("10.0.0.0/8"));
        assert_eq!(yaml("'10.0.0.1/8'", "10.0.0.0/8").as_deref(), Some("'10.0.0.0/8'"));
        assert_eq!(yaml("\"10.0.0.1/8\"", "10.0.0.0/8").as_deref(), Some("\"10.0.0.0/8\""));
        assert_eq!(rewrite("'a'", "b", Language::Toml).as_deref(), Some("'b'"));
        assert_eq!(rewrite("'a'", "it's", Language::Toml).as_deref(), Some("\"it's\""));
        assert_eq!(rewrite("\"a\"", "b", Language::Json).as_deref(), Some("\"b\""));
    }

    #[test]
    fn what_a_reader_takes_for_something_else_gets_quotes() {
        for (text, expected) in
            [("1.2", "\"1.2\""), ("12:30:45", "\"12:30:45\""), ("on", "\"on\""), ("a: b", "\"a: b\"")]
        {
            assert_eq!(rewrite("v1", text, Language::Yaml).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_not_in_one_piece_is_left_alone() {
        for old in ["|\n  a\n", ">-\n  a", "*a", "[a]", "a\n  b", ""] {
            assert_eq!(rewrite(old, "b", Language::Yaml), None, "{old}");
        }
        assert_eq!(rewrite("\"\"\"a\"\"\"", "b", Language::Toml), None);
        assert_eq!(rewrite("1", "b", Language::Toml), None);
        assert_eq!(rewrite("1", "b", Language::Json), None);
    }
}
