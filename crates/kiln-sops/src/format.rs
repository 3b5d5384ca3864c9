//! The formats of files that SOPS encrypts, each read and written as SOPS does it.

mod binary;
mod block;
mod dotenv;
mod flatten;
mod ini;
mod json;
mod problem;
mod yaml;

use std::fmt;

use zeroize::Zeroizing;

pub(crate) use self::block::{append_block, has_reserved_key, take_block};
pub(crate) use self::problem::{Problem, ProblemKind};
use crate::document::{Document, Node, Scalar};
use crate::{number, time};

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// YAML, of one or several documents.
    Yaml,
    /// JSON with an object at the top.
    Json,
    /// Lines of `KEY=value`.
    Dotenv,
    /// Sections of `key = value`.
    Ini,
    /// Anything else, encrypted as a whole.
    Binary,
}

impl Format {
    /// The format of a file of this name; [`Format::Binary`] if its ending says nothing.
    pub fn of_path(path: &str) -> Format {
        let endings = [
            (".yaml", Format::Yaml),
            (".yml", Format::Yaml),
            (".json", Format::Json),
            (".env", Format::Dotenv),
            (".ini", Format::Ini),
        ];
        endings
            .iter()
            .find(|(ending, _)| path.ends_with(ending))
            .map_or(Format::Binary, |(_, format)| *format)
    }

    /// The format that options of `sops` call so; nothing for other names.
    pub fn named(name: &str) -> Option<Format> {
        [Format::Yaml, Format::Json, Format::Dotenv, Format::Ini, Format::Binary]
            .into_iter()
            .find(|format| format.name() == name)
    }

    /// What options of `sops` call the format.
    pub fn name(self) -> &'static str {
        match self {
            Format::Yaml => "yaml",
            Format::Json => "json",
            Format::Dotenv => "dotenv",
            Format::Ini => "ini",
            Format::Binary => "binary",
        }
    }
}

/// How far levels are indented: `stores` of a `.sops.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stores {
    /// Columns per level in YAML, from 2 to 9; anything else acts as 2.
    pub yaml_indent: usize,
    /// Spaces per level in JSON; `None` is a tab.
    pub json_indent: Option<usize>,
    /// Spaces per level in the JSON around encrypted binary data; `None` is a tab.
    pub binary_indent: Option<usize>,
}

impl Default for Stores {
    /// What SOPS does without settings: four columns in YAML, tabs in JSON.
    fn default() -> Stores {
        Stores { yaml_indent: 4, json_indent: None, binary_indent: None }
    }
}

impl Stores {
    /// Sets `stores.yaml.indent`; says whether there is such an indentation. 0 stands for
    /// the default, and what go-yaml cannot do acts as 2.
    pub fn set_yaml_indent(&mut self, columns: i64) -> bool {
        self.yaml_indent = match columns {
            0 => Stores::default().yaml_indent,
            2..=9 => columns.unsigned_abs() as usize,
            _ => 2,
        };
        columns >= 0
    }

    /// Sets `stores.json.indent`; says whether there is such an indentation. -1 stands for
    /// a tab.
    pub fn set_json_indent(&mut self, columns: i64) -> bool {
        self.json_indent = usize::try_from(columns).ok();
        columns >= -1
    }

    /// Sets `stores.json_binary.indent`, as [`Stores::set_json_indent`] does.
    pub fn set_binary_indent(&mut self, columns: i64) -> bool {
        self.binary_indent = usize::try_from(columns).ok();
        columns >= -1
    }
}

/// Why documents cannot be written in a format. Holds the path of a value, never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// An encrypted file of this format holds one document, and there are several.
    SeveralDocuments(Format),
    /// A dotenv file holds no lists and maps.
    Nested(String),
    /// An INI file holds sections at the top, and what stands here is none.
    NotASection(String),
    /// A binary file holds nothing but data, under the key `data`.
    NoData,
    /// A value is not UTF-8, which JSON has to be.
    NotText(String),
    /// A number is infinite or none, which JSON has no spelling for.
    NotANumber(String),
    /// A key, value or comment would be read back as something else.
    Unreadable(Format, String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::SeveralDocuments(format) => {
                write!(f, "a file of format {} holds one document, and there are several", format.name())
            }
            WriteError::Nested(path) => {
                write!(f, "cannot use complex value in dotenv file; offending key {path}")
            }
            WriteError::NotASection(path) => write!(
                f,
                "Error encoding section: Section values should always be TreeBranches; offending key {path}"
            ),
            WriteError::NoData => f.write_str("error emitting binary store: no binary data found in tree"),
            WriteError::NotText(path) => {
                write!(f, "the value at `{path}` is not UTF-8, which JSON has to be")
            }
            WriteError::NotANumber(path) => {
                write!(f, "the number at `{path}` is infinite or not a number, which JSON cannot hold")
            }
            WriteError::Unreadable(format, path) => {
                write!(
                    f,
                    "what stands at `{path}` cannot be read back from a file of format {}",
                    format.name()
                )
            }
        }
    }
}

impl std::error::Error for WriteError {}

/// The longest text that is read as something else than binary data, in bytes. A tree takes
/// many times the memory of its text.
const MAX_TEXT: usize = 32 << 20;

/// The documents of a plain file. There is at least one in every format but YAML.
///
/// # Errors
/// Everything that is wrong with it, or the first thing if what follows is not understood.
pub(crate) fn read(format: Format, bytes: &[u8]) -> Result<Vec<Document>, Vec<Problem>> {
    if format != Format::Binary && bytes.len() > MAX_TEXT {
        return Err(vec![Problem::new(ProblemKind::TooLong, bytes, 0..0)]);
    }
    match format {
        Format::Yaml => yaml::read(bytes),
        Format::Json => json::read(bytes).map(one),
        Format::Dotenv => dotenv::read(bytes).map(one),
        Format::Ini => ini::read(bytes).map(one),
        Format::Binary => Ok(vec![binary::wrap(bytes)]),
    }
}

/// The documents of an encrypted file, with its metadata still in them.
///
/// # Errors
/// As for [`read`].
pub(crate) fn read_sealed(format: Format, bytes: &[u8]) -> Result<Vec<Document>, Vec<Problem>> {
    match format {
        Format::Binary => json::read(bytes).map(one),
        _ => read(format, bytes),
    }
}

/// The bytes of a plain file. Formats that hold one document take the first, as SOPS does.
///
/// # Errors
/// If the format cannot hold what stands in the documents.
pub(crate) fn write(
    format: Format,
    documents: &[Document],
    stores: &Stores,
) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    let empty = Document::default();
    let first = documents.first().unwrap_or(&empty);
    match format {
        Format::Yaml => Ok(yaml::write(documents, stores.yaml_indent)),
        Format::Json => json::write(first, stores.json_indent),
        Format::Dotenv => dotenv::write(first),
        Format::Ini => ini::write(first),
        Format::Binary => binary::unwrap(first),
    }
}

/// The bytes of an encrypted file, whose documents have their metadata in them.
///
/// # Errors
/// As for [`write`]; also if there are several documents and the format holds one.
pub(crate) fn write_sealed(
    format: Format,
    documents: &[Document],
    stores: &Stores,
) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    match (format, documents) {
        (Format::Yaml, _) => write(format, documents, stores),
        (Format::Binary, [document]) => json::write(document, stores.binary_indent),
        (_, [_]) => write(format, documents, stores),
        _ => Err(WriteError::SeveralDocuments(format)),
    }
}

/// One value by itself, as a file of the format would hold it; never a text or a mapping,
/// which are written otherwise.
///
/// # Errors
/// If the format holds no such value.
pub(crate) fn write_value(
    format: Format,
    node: &Node,
    stores: &Stores,
) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    match (format, node) {
        (Format::Yaml, _) => Ok(yaml::write_value(node, stores.yaml_indent)),
        (Format::Json, _) => json::write_value(node, stores.json_indent),
        (Format::Dotenv | Format::Ini, Node::Scalar(scalar)) => Ok(plain_scalar(scalar)),
        (Format::Dotenv | Format::Ini, _) => Err(WriteError::Nested(String::new())),
        (Format::Binary, _) => Err(WriteError::NoData),
    }
}

/// A scalar as formats write it that know nothing but text.
pub(crate) fn plain_scalar(scalar: &Scalar) -> Zeroizing<Vec<u8>> {
    let text = match scalar {
        Scalar::Null => "<nil>".to_owned(),
        Scalar::Bool(it) => it.to_string(),
        Scalar::Int(it) => it.to_string(),
        Scalar::Float(it) => number::general(*it),
        Scalar::Time(it) => time::seconds(it).unwrap_or_else(|| it.clone()),
        Scalar::Text(it) => return Zeroizing::new(it.as_bytes().to_vec()),
        Scalar::Bytes(it) => return it.clone(),
    };
    Zeroizing::new(text.into_bytes())
}

fn one(document: Document) -> Vec<Document> {
    vec![document]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_a_path_decides_the_format() {
        for (path, format) in [
            ("a/b.sops.yaml", Format::Yaml),
            ("a.yml", Format::Yaml),
            ("a.json", Format::Json),
            (".env", Format::Dotenv),
            ("prod.env", Format::Dotenv),
            ("a.ini", Format::Ini),
            ("a.YAML", Format::Binary),
            ("a.env.txt", Format::Binary),
            ("env", Format::Binary),
        ] {
            assert_eq!(Format::of_path(path), format, "{path}");
        }
    }

    #[test]
    fn a_format_has_the_name_that_options_use() {
        assert_eq!(Format::named("dotenv"), Some(Format::Dotenv));
        assert_eq!(Format::named("plaintext"), None);
    }
}
