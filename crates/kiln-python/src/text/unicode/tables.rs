//! The tables, read from their text when the first question is asked.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A class of characters. The letters are those of `classes.txt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Alpha = b'a' as isize,
    Decimal = b'0' as isize,
    Digit = b'1' as isize,
    Numeric = b'n' as isize,
    Lower = b'l' as isize,
    Upper = b'u' as isize,
    Title = b't' as isize,
    Space = b's' as isize,
    Printable = b'p' as isize,
    IdentifierStart = b'i' as isize,
    IdentifierPart = b'j' as isize,
    Cased = b'c' as isize,
    CaseIgnorable = b'g' as isize,
    Assigned = b'x' as isize,
}

impl Class {
    /// Where the class is in a set of classes.
    pub(super) const fn bit(self) -> u32 {
        letter_bit(self as u8)
    }
}

const fn letter_bit(letter: u8) -> u32 {
    match letter {
        b'0' => 1 << 26,
        b'1' => 1 << 27,
        _ => 1 << (letter.wrapping_sub(b'a') & 31),
    }
}

/// Runs of characters that are of the same classes: where each begins.
struct Runs {
    starts: Vec<u32>,
    classes: Vec<u32>,
}

impl Runs {
    fn index(&self, c: char) -> usize {
        self.starts.partition_point(|&start| start <= u32::from(c)).saturating_sub(1)
    }
}

static RUNS: LazyLock<Runs> = LazyLock::new(|| {
    let mut runs = Runs { starts: Vec::new(), classes: Vec::new() };
    for line in lines(include_str!("classes.txt")) {
        let (start, letters) = line.split_once(' ').unwrap_or((line, ""));
        runs.starts.extend(u32::from_str_radix(start, 16));
        runs.classes.push(letters.bytes().fold(0, |bits, letter| bits | letter_bit(letter)));
    }
    runs
});

/// The set of the classes that the character is of.
pub(super) fn classes(c: char) -> u32 {
    RUNS.classes.get(RUNS.index(c)).copied().unwrap_or(0)
}

/// Where the run of the character begins.
pub(super) fn start_of_run(c: char) -> u32 {
    RUNS.starts.get(RUNS.index(c)).copied().unwrap_or(0)
}

/// What a word begins with where that is not the upper case, and what is compared where that
/// is not the lower case.
#[derive(Default)]
pub(super) struct Exceptions {
    pub(super) title: HashMap<char, String>,
    pub(super) fold: HashMap<char, String>,
}

static EXCEPTIONS: LazyLock<Exceptions> = LazyLock::new(|| {
    let mut exceptions = Exceptions::default();
    for line in lines(include_str!("cases.txt")) {
        let mut words = line.split(' ');
        let name = words.next();
        let mut characters =
            words.filter_map(|word| u32::from_str_radix(word, 16).ok()).filter_map(char::from_u32);
        if let Some(from) = characters.next() {
            let table = if name == Some("title") { &mut exceptions.title } else { &mut exceptions.fold };
            table.insert(from, characters.collect());
        }
    }
    exceptions
});

/// The mappings that are not as usual.
pub(super) fn exceptions() -> &'static Exceptions {
    &EXCEPTIONS
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}
