//! YAML as `yaml.safe_load_all` of PyYAML reads it.
//!
//! That is YAML 1.1 with PyYAML's own understanding of it, which differs from YAML 1.2 in what
//! separates tokens (a tab does not), in what ends a line, in what may be a key, and in what a
//! scalar without quotes is. A library for YAML 1.2 accepts other texts and gives other values,
//! so the text is taken apart here: characters ([`cursor`]) to tokens ([`scanner`]) to nodes
//! ([`parser`], [`resolve`]) to values ([`construct`]).

mod construct;
mod cursor;
mod node;
mod parser;
mod resolve;
mod scanner;
mod token;

use kiln_python::Py;

use crate::DataError;
use crate::decode::{Encoding, decode};
use parser::Parser;

/// Reads all documents of a YAML file. A document that is empty is `None`. What an alias stands
/// for is the same list or mapping as where its anchor stands.
///
/// # Errors
/// If PyYAML's safe loader would not read it. Beyond that, if it nests deeper than
/// [`crate::MAX_DEPTH`], if merge keys multiply its entries to more than a million, or if an
/// escape is half of a surrogate pair, which Python alone could hold.
pub fn yaml(bytes: &[u8]) -> Result<Vec<Py>, DataError> {
    let encoding = match bytes {
        [0xFF, 0xFE, ..] => Encoding::Utf16 { big: false },
        [0xFE, 0xFF, ..] => Encoding::Utf16 { big: true },
        _ => Encoding::Utf8,
    };
    let text = decode(bytes, encoding)?;
    if let Some((offset, _)) = text.char_indices().find(|(_, c)| !is_allowed(*c)) {
        return Err(DataError::at("this character may not stand in YAML", &text, offset)
            .help("write it as an escape in double quotes, such as `\"\\x07\"`"));
    }
    let mut parser = Parser::new(&text);
    let mut documents = Vec::new();
    while let Some(document) = parser.document()? {
        documents.push(construct::construct(document)?);
    }
    Ok(documents)
}

/// Whether a character may stand in a text of YAML 1.1, as PyYAML sees it.
fn is_allowed(c: char) -> bool {
    matches!(c,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}'
        | '\u{10000}'..)
}
