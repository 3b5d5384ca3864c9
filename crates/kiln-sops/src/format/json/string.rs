//! JSON strings: escapes in both directions.

use zeroize::Zeroizing;

/// What is wrong with a string, `at` bytes from its beginning.
pub(super) struct Wrong {
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) message: &'static str,
    pub(super) help: &'static str,
}

/// The string that begins here with its quote, and how long its spelling is.
pub(super) fn read(text: &str) -> Result<(Zeroizing<String>, usize), Wrong> {
    let never_closed =
        || Wrong { at: 0, length: 1, message: "this quote is never closed", help: "write the missing `\"`" };
    let end = end_of(text.as_bytes()).ok_or_else(never_closed)?;
    // An escape is never shorter than what it stands for: nothing is moved and left behind.
    let mut out = Zeroizing::new(String::with_capacity(end));
    let mut at = 1;
    while at < end {
        let rest = &text[at..end];
        let plain = rest.find(|it| it == '\\' || it < ' ').unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        at += plain;
        match rest.as_bytes().get(plain) {
            None => {}
            Some(b'\\') => {
                let (it, length) = escape(&rest[plain..]).ok_or(Wrong {
                    at,
                    length: 2,
                    message: "an escape that stands for no character",
                    help: "write `\\\\` for a backslash",
                })?;
                out.push(it);
                at += length;
            }
            Some(_) => {
                return Err(Wrong {
                    at,
                    length: 1,
                    message: "a control character inside text",
                    help: "write it as an escape, such as `\\n`",
                });
            }
        }
    }
    Ok((out, end + 1))
}

/// Where the quote is that ends the string that begins here.
fn end_of(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The character of the escape that begins here, and how long the escape is.
fn escape(text: &str) -> Option<(char, usize)> {
    let it = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(text),
        _ => return None,
    };
    Some((it, 2))
}

/// `\uXXXX`, or two of them that make one character.
fn unicode(text: &str) -> Option<(char, usize)> {
    let first = unit(text)?;
    if let (0xd800..=0xdbff, Some(second @ 0xdc00..=0xdfff)) = (first, text.get(6..).and_then(unit)) {
        return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).map(|it| (it, 12));
    }
    char::from_u32(first).map(|it| (it, 6))
}

/// The number of the `\uXXXX` that begins here.
fn unit(text: &str) -> Option<u32> {
    let hex = text.get(..6)?.strip_prefix("\\u")?;
    hex.bytes().all(|it| it.is_ascii_hexdigit()).then(|| u32::from_str_radix(hex, 16).ok())?
}

/// Writes a string as Go does, which also escapes what HTML would take for markup.
pub(super) fn write(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut plain = 0;
    for (at, it) in text.char_indices() {
        let Some(escape) = escape_of(it) else { continue };
        out.extend_from_slice(&text.as_bytes()[plain..at]);
        out.extend_from_slice(escape.as_bytes());
        plain = at + it.len_utf8();
    }
    out.extend_from_slice(&text.as_bytes()[plain..]);
    out.push(b'"');
}

fn escape_of(it: char) -> Option<String> {
    let named = match it {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
            return Some(format!("\\u{:04x}", u32::from(it)));
        }
        _ => return None,
    };
    Some(named.to_owned())
}
