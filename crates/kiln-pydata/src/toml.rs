//! TOML as `tomllib` of Python reads it.
//!
//! That is TOML 1.0 with integers of any size, keys in the order in which they come, and a
//! table of its own opinion in one point or another about what may be defined again. The
//! library that reads kiln's own files reads TOML 1.1, sorts keys, and leaves dates to its user.

mod cursor;
mod number;
mod string;
mod table;
mod value;

use kiln_python::Py;

use crate::decode::{Encoding, decode};
use crate::{DataError, MAX_DEPTH};
use cursor::Cursor;
use table::{Refusal, Root};

/// Reads a TOML file (<https://toml.io/en/v1.0.0>).
///
/// # Errors
/// If it is not TOML 1.0, if it nests deeper than [`MAX_DEPTH`], or holds an integer of more
/// than 4300 digits.
pub fn toml(bytes: &[u8]) -> Result<Py, DataError> {
    let text = decode(bytes, Encoding::Utf8)?.replace("\r\n", "\n");
    let mut reader = Reader { cursor: Cursor::new(&text), root: Root::default() };
    reader.document()?;
    Ok(reader.root.into_value())
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    root: Root,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), DataError> {
        loop {
            self.cursor.skip_blanks();
            match self.cursor.here() {
                None => return Ok(()),
                Some('\n' | '#') => {}
                Some('[') => self.header()?,
                Some(c) if starts_key(c) => self.assignment()?,
                Some(_) => return Err(self.cursor.error("expected a key, a table or a comment")),
            }
            self.cursor.skip_blanks();
            self.cursor.skip_comment()?;
            match self.cursor.here() {
                None => return Ok(()),
                Some('\n') => self.cursor.advance(1),
                Some(_) => return Err(self.cursor.error("expected the end of the line")),
            }
        }
    }

    /// `[table]` or `[[list of tables]]`
    fn header(&mut self) -> Result<(), DataError> {
        let (open, close) = if self.cursor.starts_with("[[") { ("[[", "]]") } else { ("[", "]") };
        self.cursor.advance(open.len());
        self.cursor.skip_blanks();
        let key = self.cursor.key()?;
        let opened = match close {
            "]]" => self.root.open_list_item(&key),
            _ => self.root.open_table(&key),
        };
        opened.map_err(|refusal| self.refused(refusal))?;
        if !self.cursor.take(close) {
            return Err(self.cursor.error(format!("expected `{close}`")));
        }
        Ok(())
    }

    /// `key = value`
    fn assignment(&mut self) -> Result<(), DataError> {
        let (key, value) = self.cursor.pair(self.root.depth())?;
        self.root.set(&key, value).map_err(|refusal| self.refused(refusal))
    }

    fn refused(&self, refusal: Refusal) -> DataError {
        self.cursor.error(refusal.message())
    }
}

impl Cursor<'_> {
    /// A key and its value, for a table that lies `depth` levels deep.
    fn pair(&mut self, depth: usize) -> Result<(Vec<String>, Py), DataError> {
        let key = self.key()?;
        if !self.take("=") {
            return Err(self.error("expected `=` behind the key"));
        }
        self.skip_blanks();
        let value = self.value(depth + key.len())?;
        Ok((key, value))
    }

    /// The parts of a key with dots between them, and the blanks behind it.
    fn key(&mut self) -> Result<Vec<String>, DataError> {
        let mut parts = vec![self.key_part()?];
        loop {
            self.skip_blanks();
            if !self.take(".") {
                return Ok(parts);
            }
            self.skip_blanks();
            parts.push(self.key_part()?);
            if parts.len() > MAX_DEPTH {
                return Err(self.error("tables are nested too deeply"));
            }
        }
    }

    fn key_part(&mut self) -> Result<String, DataError> {
        match self.here() {
            Some('\'') => self.literal_string(),
            Some('"') => self.basic_string(),
            Some(c) if is_bare(c) => Ok(self.take_while(is_bare).to_owned()),
            _ => Err(self.error("expected a key").help("write quotes around a key with other characters")),
        }
    }
}

/// A character of a key without quotes.
fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn starts_key(c: char) -> bool {
    is_bare(c) || c == '"' || c == '\''
}
