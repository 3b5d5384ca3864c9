//! Text: the methods of `str`, `bytes` and `Markup`, and formatting.

mod case;
mod encoding;
mod floats;
mod format;
mod html;
mod integers;
mod methods;
mod parse;
mod percent;
mod predicates;
mod search;
mod shape;
mod split;
mod subject;
mod translate;
pub(crate) mod unicode;

pub use format::format_value;
pub use html::escape;
pub use parse::{float, int, parse_float, parse_int};

pub(crate) use methods::{method, method_names, number_method};
pub(crate) use percent::percent;

use subject::Kind;

/// Whether a character is a space in text of a kind; in bytes, those of ASCII alone are.
fn space(kind: Kind) -> fn(char) -> bool {
    match kind {
        Kind::Bytes => |c| matches!(c, '\t'..='\r' | ' '),
        _ => unicode::is_space,
    }
}

/// The characters of a text from one place to another, as far as there are any.
fn between(text: &str, start: usize, end: usize) -> &str {
    let place = |text: &str, count: usize| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    let rest = text.get(place(text, start)..).unwrap_or("");
    rest.get(..place(rest, end.saturating_sub(start))).unwrap_or("")
}
