//! Letters without regard to case, and the spaces between words.

use kiln_python::letters::is_space;

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
