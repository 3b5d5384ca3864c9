//! JSON strings and their escapes.

use super::{Read, Reader};

impl Reader<'_> {
    /// Consumes a string, which begins here.
    pub(super) fn string(&mut self) -> Read<String> {
        let open = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            match self.rest().chars().next() {
                Some('"') => break,
                Some('\\') => out.push(self.escape()?),
                Some(char) if char >= ' ' => {
                    out.push(char);
                    self.at += char.len_utf8();
                }
                Some('\n' | '\r') | None => {
                    self.at = open;
                    return Err(
                        self.wrong("this quote is never closed", "write the missing `\"` on the same line")
                    );
                }
                Some(_) => {
                    return Err(
                        self.wrong("a control character inside text", "write it as an escape, such as `\\t`")
                    );
                }
            }
        }
        self.at += 1;
        Ok(out)
    }

    /// Consumes a backslash and what belongs to it.
    fn escape(&mut self) -> Read<char> {
        let char = match self.rest().chars().nth(1) {
            Some(it @ ('"' | '\\' | '/')) => it,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode(),
            _ => return Err(self.wrong("an escape that JSON does not have", "write `\\\\` for a backslash")),
        };
        self.at += 2;
        Ok(char)
    }

    /// Consumes `\uXXXX`, or two of them that make one character.
    fn unicode(&mut self) -> Read<char> {
        let high = self.unit(0);
        let low = self.unit(6);
        let pair = match (high, low) {
            (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                Some((0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), 12))
            }
            (Some(single), _) => Some((single, 6)),
            (None, _) => None,
        };
        match pair.and_then(|(code, length)| Some((char::from_u32(code)?, length))) {
            Some((char, length)) => {
                self.at += length;
                Ok(char)
            }
            None => Err(self.wrong("an escape that stands for no character", "write the character itself")),
        }
    }

    /// The number of a `\uXXXX` that begins `offset` bytes from here.
    fn unit(&self, offset: usize) -> Option<u32> {
        let hex = self.rest().get(offset..offset + 6)?.strip_prefix("\\u")?;
        hex.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(hex, 16).ok())?
    }
}
