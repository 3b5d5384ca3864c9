//! The classes of characters that Python's regular expressions know.

use crate::text::unicode::{self, Class};

/// `\w`: letters and digits of all scripts, and the underscore.
pub fn is_word(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric() || letter == '_';
    }
    unicode::is(Class::Alpha, letter) || unicode::is(Class::Numeric, letter)
}

/// `\d`: decimal digits of all scripts.
pub fn is_digit(letter: char) -> bool {
    unicode::decimal(letter).is_some()
}

/// `\s`: spaces, and the separators of ASCII.
pub fn is_space(letter: char) -> bool {
    unicode::is_space(letter)
}
