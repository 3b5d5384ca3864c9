//! String literals: where they end, and what their escapes mean.

use std::borrow::Cow;

/// An escape that means nothing: where it is in the literal, and why.
pub(super) struct BadEscape {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) message: &'static str,
    pub(super) help: &'static str,
}

/// Where the literal that begins at `start` ends: the place of the closing quote.
pub(super) fn end(text: &str, start: usize, quote: u8) -> Option<usize> {
    let mut at = start;
    loop {
        at += memchr::memchr2(quote, b'\\', text.as_bytes().get(at..)?)?;
        if text.as_bytes()[at] == quote {
            return Some(at);
        }
        // Whatever follows a backslash does not close the literal; were it a part of a
        // character of several bytes, no byte of that is a quote or a backslash.
        at += 2;
    }
}

/// The text of a literal, with line breaks as `newline`.
///
/// Jinja2 has Python decode the literal as `unicode-escape`, and writes what is not ASCII as
/// an escape before that: a backslash before such a character escapes the backslash of that
/// escape, which is why it is then spelt out. Unknown escapes stay as they are.
pub(super) fn decode<'s>(literal: &'s str, newline: &str) -> Result<Cow<'s, str>, BadEscape> {
    let plain = newline == "\n" || !literal.contains('\n');
    if plain && memchr::memchr(b'\\', literal.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(literal));
    }
    let mut text = String::with_capacity(literal.len());
    let mut rest = literal;
    while let Some(at) = rest.find(['\\', '\n']) {
        text.push_str(&rest[..at]);
        if let Some(after) = rest[at..].strip_prefix('\n') {
            text.push_str(newline);
            rest = after;
            continue;
        }
        let start = literal.len() - rest.len() + at;
        let escape = Escape { literal, start, newline };
        let len = escape.decode(&mut text)?;
        rest = &literal[start + len..];
    }
    text.push_str(rest);
    Ok(Cow::Owned(text))
}

/// An escape of a literal.
struct Escape<'s> {
    literal: &'s str,
    /// Where its backslash is.
    start: usize,
    newline: &'s str,
}

impl Escape<'_> {
    /// Adds what it means to `text`; gives its length.
    fn decode(&self, text: &mut String) -> Result<usize, BadEscape> {
        let body = &self.literal[self.start + 1..];
        let Some(first) = body.chars().next() else {
            return Err(self.bad(1, "this backslash escapes nothing", "write `\\\\` for a backslash"));
        };
        let simple = match first {
            '\\' | '\'' | '"' => first,
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            'x' => return self.hexadecimal(text, 2),
            'u' => return self.hexadecimal(text, 4),
            'U' => return self.hexadecimal(text, 8),
            'N' => return self.named(text),
            '0'..='7' => return self.octal(text),
            '\n' => {
                match self.newline.strip_prefix('\n') {
                    Some(rest) => text.push_str(rest),
                    None => {
                        text.push('\\');
                        text.push_str(self.newline);
                    }
                }
                return Ok(2);
            }
            _ => {
                text.push('\\');
                spell(text, first);
                return Ok(1 + first.len_utf8());
            }
        };
        text.push(simple);
        Ok(2)
    }

    fn octal(&self, text: &mut String) -> Result<usize, BadEscape> {
        let digits =
            self.literal[self.start + 1..].bytes().take(3).take_while(|byte| (b'0'..b'8').contains(byte));
        let (value, len) =
            digits.fold((0, 1), |(value, len), digit| (value * 8 + u32::from(digit - b'0'), len + 1));
        text.extend(char::from_u32(value));
        Ok(len)
    }

    fn hexadecimal(&self, text: &mut String, digits: usize) -> Result<usize, BadEscape> {
        let end = self.start + 2 + digits;
        let body = self.literal.get(self.start + 2..end);
        let Some(body) = body.filter(|body| body.bytes().all(|byte| byte.is_ascii_hexdigit())) else {
            let help = match digits {
                2 => "`\\x` takes two hexadecimal digits",
                4 => "`\\u` takes four hexadecimal digits",
                _ => "`\\U` takes eight hexadecimal digits",
            };
            return Err(self.bad(2, "this escape is too short", help));
        };
        let value = u32::from_str_radix(body, 16).ok().and_then(char::from_u32);
        let Some(character) = value else {
            let help = "characters go up to `10ffff`, without the halves `d800` to `dfff`";
            return Err(self.bad(2 + digits, "there is no such character", help));
        };
        text.push(character);
        Ok(2 + digits)
    }

    fn named(&self, text: &mut String) -> Result<usize, BadEscape> {
        let body = &self.literal[self.start + 2..];
        let name = body.strip_prefix('{').and_then(|body| body.split_once('}')).map(|(name, _)| name);
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            return Err(self.bad(2, "this escape names no character", "write `\\N{BULLET}`, or `\\\\N`"));
        };
        let len = name.len() + 4;
        let Some(character) = character_named(name) else {
            return Err(self.bad(len, "there is no character of this name", "write `\\u` and its number"));
        };
        text.push(character);
        Ok(len)
    }

    fn bad(&self, len: usize, message: &'static str, help: &'static str) -> BadEscape {
        BadEscape { start: self.start, end: self.start + len, message, help }
    }
}

/// The character of a name or alias. Python takes small letters for capitals, and no other
/// liberty with a name.
fn character_named(name: &str) -> Option<char> {
    let character = unicode_names2::character(name)?;
    let full = unicode_names2::name(character).map(|full| full.to_string()).unwrap_or_default();
    let letters = |name: &str| name.replace([' ', '-', '_'], "").to_ascii_uppercase();
    let is_alias = letters(name) != letters(&full);
    (is_alias || name.eq_ignore_ascii_case(&full)).then_some(character)
}

/// A character as it comes out behind an escaped backslash.
fn spell(text: &mut String, character: char) {
    let code = character as u32;
    match code {
        0..0x80 => text.push(character),
        0x80..0x100 => text.push_str(&format!("x{code:02x}")),
        0x100..0x10000 => text.push_str(&format!("u{code:04x}")),
        _ => text.push_str(&format!("U{code:08x}")),
    }
}
