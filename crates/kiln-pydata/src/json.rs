//! JSON as `json.load` of Python reads it.

mod string;

use kiln_python::{Dict, Py, parse_int};

use crate::decode::{Encoding, decode};
use crate::{DataError, MAX_DEPTH};

/// Reads a JSON file. The constants `NaN`, `Infinity` and `-Infinity` are numbers, integers are
/// of any size, and of equal keys the last value counts; UTF-16 and UTF-32 are recognised.
///
/// # Errors
/// If it is not JSON, holds an integer of more than 4300 digits, nests deeper than
/// [`MAX_DEPTH`], or has half a surrogate pair, which Python alone could hold.
pub fn json(bytes: &[u8]) -> Result<Py, DataError> {
    let (encoding, mark) = encoding(bytes);
    let text = decode(bytes.get(mark..).unwrap_or_default(), encoding)?;
    let mut reader = Reader { text: &text, at: 0 };
    reader.skip_space();
    let value = reader.value(0)?;
    reader.skip_space();
    if reader.at < text.len() {
        return Err(reader.error("there is more behind the end of the value"));
    }
    Ok(value)
}

/// The encoding, and the length of the byte order mark, by the rules of RFC 4627: the first two
/// characters of a JSON text are ASCII, so the zeros among their bytes tell.
fn encoding(bytes: &[u8]) -> (Encoding, usize) {
    let (big, little) = (true, false);
    match bytes {
        [0, 0, 0xFE, 0xFF, ..] => (Encoding::Utf32 { big }, 4),
        [0xFF, 0xFE, 0, 0, ..] => (Encoding::Utf32 { big: little }, 4),
        [0xFE, 0xFF, ..] => (Encoding::Utf16 { big }, 2),
        [0xFF, 0xFE, ..] => (Encoding::Utf16 { big: little }, 2),
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        [0, 0, _, _, ..] => (Encoding::Utf32 { big }, 0),
        [0, _, _, _, ..] | [0, _] => (Encoding::Utf16 { big }, 0),
        [_, 0, 0, 0, ..] => (Encoding::Utf32 { big: little }, 0),
        [_, 0, _, _, ..] | [_, 0] => (Encoding::Utf16 { big: little }, 0),
        _ => (Encoding::Utf8, 0),
    }
}

/// Words that stand for values.
const WORDS: [(&str, Py); 6] = [
    ("null", Py::None),
    ("true", Py::Bool(true)),
    ("false", Py::Bool(false)),
    ("NaN", Py::Float(f64::NAN)),
    ("Infinity", Py::Float(f64::INFINITY)),
    ("-Infinity", Py::Float(f64::NEG_INFINITY)),
];

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_space(&mut self) {
        self.at += self.rest().iter().take_while(|byte| b" \t\n\r".contains(byte)).count();
    }

    fn error(&self, message: &str) -> DataError {
        self.error_at(message, self.at)
    }

    fn error_at(&self, message: &str, at: usize) -> DataError {
        DataError::at(message, self.text, at)
    }

    fn value(&mut self, depth: usize) -> Result<Py, DataError> {
        if depth > MAX_DEPTH {
            return Err(self.error("values are nested too deeply"));
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Py::str),
            _ => self.word_or_number(),
        }
    }

    fn word_or_number(&mut self) -> Result<Py, DataError> {
        for (word, value) in &WORDS {
            if self.rest().starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value.clone());
            }
        }
        self.number().unwrap_or_else(|| Err(self.error("expected a value")))
    }

    /// A number; none if there is none. A fraction or exponent that is incomplete is left for
    /// the next step to stumble over.
    fn number(&mut self) -> Option<Result<Py, DataError>> {
        let rest = self.rest();
        let digits = |from: usize| {
            rest.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
        };
        let sign = usize::from(rest.first() == Some(&b'-'));
        let whole = if rest.get(sign) == Some(&b'0') { 1 } else { digits(sign) };
        if whole == 0 {
            return None;
        }
        let integer = sign + whole;
        let mut end = integer;
        if rest.get(end) == Some(&b'.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
        }
        if matches!(rest.get(end), Some(b'e' | b'E')) {
            let exponent = end + 1 + usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
            if digits(exponent) > 0 {
                end = exponent + digits(exponent);
            }
        }
        let text = self.text.get(self.at..self.at + end)?;
        let number = if end == integer { parse_int(text, 10).ok() } else { text.parse().ok().map(Py::Float) };
        let start = self.at;
        self.at += end;
        Some(number.ok_or_else(|| self.error_at("an integer has too many digits", start)))
    }

    fn array(&mut self, depth: usize) -> Result<Py, DataError> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.take(b']') {
            return Ok(Py::list(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Py::list(items));
            }
            self.comma()?;
        }
    }

    fn object(&mut self, depth: usize) -> Result<Py, DataError> {
        self.at += 1;
        let entries = Dict::default();
        self.skip_space();
        if self.take(b'}') {
            return Ok(Py::Dict(entries));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.error("expected a key in double quotes"));
            }
            let key = self.string()?;
            self.skip_space();
            if !self.take(b':') {
                return Err(self.error("expected `:` behind the key"));
            }
            self.skip_space();
            let value = self.value(depth + 1)?;
            let unhashable = |_| self.error("this is no key");
            entries.insert(Py::str(key), value).map_err(unhashable)?;
            self.skip_space();
            if self.take(b'}') {
                return Ok(Py::Dict(entries));
            }
            self.comma()?;
        }
    }

    /// The comma between two items, and the space behind it.
    fn comma(&mut self) -> Result<(), DataError> {
        if !self.take(b',') {
            return Err(self.error("expected `,`"));
        }
        self.skip_space();
        Ok(())
    }
}
