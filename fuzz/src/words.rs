//! The words of the language, from the dictionary that the fuzzer uses too.

use std::sync::LazyLock;

use crate::random::Random;

/// The dictionary, in libFuzzer's format: a string a line. A comment `# name:` begins a section.
const DICTIONARY: &str = include_str!("../templates.dict");

static SECTIONS: LazyLock<Vec<(&'static str, Vec<String>)>> = LazyLock::new(|| {
    let mut sections: Vec<(&str, Vec<String>)> = Vec::new();
    for line in DICTIONARY.lines() {
        if let Some(name) = line.strip_prefix("# ").and_then(|it| it.strip_suffix(':')) {
            sections.push((name, Vec::new()));
        }
        let word = line.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        if let (Some(word), Some((_, words))) = (word, sections.last_mut()) {
            words.push(unescaped(word));
        }
    }
    sections
});

/// One of the words of a section of the dictionary.
pub(crate) fn word(section: &str, random: &mut Random) -> &'static str {
    let words = SECTIONS.iter().find(|(name, _)| *name == section).map(|(_, words)| words.as_slice());
    words.and_then(|words| words.get(random.below(words.len()))).map_or("", String::as_str)
}

/// One of all words.
pub(crate) fn any_word(random: &mut Random) -> &'static str {
    let (section, _) = &SECTIONS[random.below(SECTIONS.len())];
    word(section, random)
}

/// `\\`, `\"` and `\xAB`, as libFuzzer reads them.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'\\', [b'x', high, low, after @ ..]) => {
                let digit = |it: &u8| char::from(*it).to_digit(16).unwrap_or_default() as u8;
                bytes.push(digit(high) * 16 + digit(low));
                rest = after;
            }
            (b'\\', [escaped, after @ ..]) => {
                bytes.push(*escaped);
                rest = after;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
