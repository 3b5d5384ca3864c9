//! The classes of characters that Python's regular expressions know.

use kiln_python::{Args, Py};

/// Python's `\s`.
pub(super) fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\x1c'..='\x1f')
}

/// Python's `\w`.
pub(super) fn is_word(letter: char) -> bool {
    if letter.is_ascii() { letter.is_ascii_alphanumeric() || letter == '_' } else { ask(letter, "isalnum") }
}

/// Python's `\d`.
pub(super) fn is_digit(letter: char) -> bool {
    if letter.is_ascii() { letter.is_ascii_digit() } else { ask(letter, "isdecimal") }
}

fn ask(letter: char, method: &str) -> bool {
    let answer = Py::str(letter.to_string()).call_method(method, Args::default());
    matches!(answer, Ok(Py::Bool(true)))
}

/// The small ASCII letter that Python takes `letter` for where case is ignored: the long s, the
/// sign of Kelvin and Turkish i's are letters of ASCII then. Any other character is itself.
pub(super) fn fold(letter: char) -> char {
    match letter {
        'ſ' => 's',
        '\u{212a}' => 'k',
        'İ' | 'ı' => 'i',
        _ => letter.to_ascii_lowercase(),
    }
}

/// `text` split where runs of spaces begin and end. The first part is a word, which may be empty,
/// then spaces and words take turns.
pub(super) fn split_spaces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    let mut in_word = true;
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.find(|letter| is_space(letter) == in_word).unwrap_or(text.len());
        let (part, tail) = text.split_at(end);
        rest = (!tail.is_empty()).then_some(tail);
        in_word = !in_word;
        Some(part)
    })
}
