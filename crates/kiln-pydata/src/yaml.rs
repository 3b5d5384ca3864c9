//! YAML as `yaml.safe_load_all` of PyYAML reads it.
//!
//! That is YAML 1.1 with PyYAML's own understanding of it, which differs from YAML 1.2 in what
//! separates tokens (a tab does not), in what ends a line, in what may be a key, and in what a
//! scalar without quotes is. A library for YAML 1.2 accepts other texts and gives other values,
//! so the text is taken apart here: characters ([`cursor`]) to tokens ([`scanner`]) to nodes
//! ([`parser`], [`resolve`]) to values ([`construct`]).

mod construct;
mod cursor;
mod located;
mod node;
mod parser;
mod resolve;
mod scanner;
mod token;

use kiln_python::Py;

use crate::DataError;
use crate::decode::{Encoding, decode};
use parser::Parser;

pub use located::{Content, Document, Item};

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
    Ok(yaml_documents(&text)?.iter().map(|document| document.root().value()).collect())
}

/// Reads all documents of a YAML text into values that know their places.
///
/// # Errors
/// As [`yaml`].
pub fn yaml_documents(text: &str) -> Result<Vec<Document>, DataError> {
    let mut parser = parser(text)?;
    let mut documents = Vec::new();
    while let Some(document) = parser.document()? {
        documents.push(construct::construct(document)?);
    }
    Ok(documents)
}

/// The one document of a YAML text, as `yaml.safe_load` reads it.
pub struct Single {
    /// The document; none if the text is empty.
    pub document: Option<Document>,
    /// The byte at which a second one begins. PyYAML refuses such a text, and does not look at
    /// what follows.
    pub second: Option<usize>,
}

/// Reads the one document of a YAML text into values that know their places.
///
/// # Errors
/// As [`yaml`], but of a second document nothing but its beginning is looked at.
pub fn yaml_document(text: &str) -> Result<Single, DataError> {
    let mut parser = parser(text)?;
    let Some(first) = parser.document()? else { return Ok(Single { document: None, second: None }) };
    let second = parser.start()?.map(|start| start.offset);
    Ok(Single { document: Some(construct::construct(first)?), second })
}

fn parser(text: &str) -> Result<Parser, DataError> {
    match text.char_indices().find(|(_, c)| !is_allowed(*c)) {
        None => Ok(Parser::new(text)),
        Some((offset, _)) => Err(DataError::at("this character may not stand in YAML", text, offset)
            .help("write it as an escape in double quotes, such as `\"\\x07\"`")),
    }
}

/// What a scalar without quotes, tag and line break is; none if PyYAML refuses it as a value.
pub fn yaml_scalar(text: &str) -> Option<Py> {
    construct::plain(text)
}

/// Whether a character may stand in a text of YAML 1.1, as PyYAML sees it.
fn is_allowed(c: char) -> bool {
    matches!(c,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}'
        | '\u{10000}'..)
}
