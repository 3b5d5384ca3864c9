//! New templates of old ones.

use crate::generate::{expression, statement};
use crate::random::Random;
use crate::words::{any_word, word};

/// How often something may be repeated at once.
const REPEATS: usize = 40;

/// Changes the first `size` bytes of `data`, which has room for `max_size`; gives the new size.
///
/// Half of the changes are those of libFuzzer; the others know what a token is.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random::new(seed);
    let text = match std::str::from_utf8(&data[..size]) {
        Ok(text) if !random.once_in(2) => text.to_owned(),
        _ => return libfuzzer_sys::fuzzer_mutate(data, size, max_size),
    };
    let text = changed(&text, &mut random);
    put(text.as_bytes(), &mut data[..max_size])
}

/// Puts pieces of two inputs together in `out`; gives the size.
pub fn cross(one: &[u8], other: &[u8], out: &mut [u8], seed: u32) -> usize {
    let mut random = Random::new(seed);
    let (one, other) = (String::from_utf8_lossy(one), String::from_utf8_lossy(other));
    let (one, other) = (tokens(&one), tokens(&other));
    let (from, to) = range(one.len(), &mut random);
    let (start, end) = range(other.len(), &mut random);
    let text: String = [&one[..from], &other[start..end], &one[to..]].concat().concat();
    put(text.as_bytes(), out)
}

fn put(bytes: &[u8], out: &mut [u8]) -> usize {
    let size = bytes.len().min(out.len());
    out[..size].copy_from_slice(&bytes[..size]);
    size
}

fn changed(text: &str, random: &mut Random) -> String {
    let tokens = tokens(text);
    let (start, end) = range(tokens.len(), random);
    let before = tokens[..start].concat();
    let piece = tokens[start..end].concat();
    let after = tokens[end..].concat();
    match random.below(14) {
        0 => format!("{before}{after}"),
        1 => format!("{before}{}{after}", piece.repeat(2 + random.below(REPEATS))),
        2 => format!("{before}{}{piece}{after}", any_word(random)),
        3 => format!("{before}{}{after}", any_word(random)),
        4 => format!("{before}({piece}){after}"),
        5 => format!("{before}{}{piece}{after}", expression(random, 3)),
        6 => format!("{before}{}{after}", expression(random, 2)),
        7 => format!("{before}{{{{ {} }}}}{piece}{after}", expression(random, 3)),
        8 | 9 => format!("{before}{}{after}", statement(random, &piece)),
        10 => format!("{before}{piece}|{}{after}", word("filters", random)),
        11 => format!("{before}{piece}.{}{after}", word("attributes", random)),
        12 => format!("{} {text}", word("settings", random)),
        _ => format!("{after}{piece}{before}"),
    }
}

/// Two places in a row of tokens, in order and mostly near to each other.
fn range(length: usize, random: &mut Random) -> (usize, usize) {
    let start = random.below(length + 1);
    let most = if random.once_in(4) { length } else { 6 };
    (start, length.min(start + random.below(most + 1)))
}

/// Words, runs of blanks, and all else character by character, tags apart.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_of_its_kind: fn(char) -> bool = match first {
            _ if first.is_alphanumeric() || first == '_' => |it| it.is_alphanumeric() || it == '_',
            _ if first.is_whitespace() => char::is_whitespace,
            '{' | '%' | '}' => |it| matches!(it, '{' | '%' | '}'),
            _ => |_| false,
        };
        let length = rest.find(|it| !is_of_its_kind(it)).unwrap_or(rest.len()).max(first.len_utf8());
        let (token, others) = rest.split_at(length);
        tokens.push(token);
        rest = others;
    }
    tokens
}
