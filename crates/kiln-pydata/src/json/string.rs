//! Strings of JSON.

use super::Reader;
use crate::DataError;

impl Reader<'_> {
    /// The text between the quote that stands here and the next.
    pub(super) fn string(&mut self) -> Result<String, DataError> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let plain = self.rest().iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | ..0x20)).count();
            out.push_str(self.text.get(self.at..self.at + plain).unwrap_or_default());
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape(start)?),
                Some(_) => {
                    return Err(self
                        .error("a control character stands in a string")
                        .help("write it as an escape, such as `\\n`"));
                }
                None => return Err(self.error_at("a string is never closed", start)),
            }
        }
    }

    fn escape(&mut self, start: usize) -> Result<char, DataError> {
        let backslash = self.at;
        self.at += 1;
        let named = match self.peek() {
            None => return Err(self.error_at("a string is never closed", start)),
            Some(b'u') => {
                self.at += 1;
                return self.code_point(backslash);
            }
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(_) => return Err(self.error_at("JSON has no such escape", backslash)),
        };
        self.at += 1;
        Ok(named)
    }

    /// The character of four digits, or of two times four that are a surrogate pair.
    fn code_point(&mut self, backslash: usize) -> Result<char, DataError> {
        let incomplete = "`\\u` is followed by four hexadecimal digits";
        let first = self.four_digits().ok_or_else(|| self.error_at(incomplete, backslash + 1))?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let second = if self.rest().starts_with(b"\\u") { self.second_half() } else { None };
        let pair = [first as u16, second.unwrap_or_default() as u16];
        match char::decode_utf16(pair).next() {
            Some(Ok(character)) => Ok(character),
            _ => Err(self.error_at("half of a surrogate pair is not a character", backslash)),
        }
    }

    fn second_half(&mut self) -> Option<u32> {
        self.at += 2;
        self.four_digits()
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}
