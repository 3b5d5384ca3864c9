//! What goes over the socket: a subset of Python's `marshal`, version 2.
//!
//! Python reads and writes it without importing anything, at the speed of C. The format is that
//! of `Python/marshal.c`: a letter for the type, then lengths and numbers in little endian.

use std::sync::Arc;

/// How deep tuples may lie in each other.
const DEEPEST: usize = 500;

/// A value as it goes over the socket.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wire {
    /// `None`.
    None,
    /// A `bool`.
    Bool(bool),
    /// An `int` of 64 bits.
    Int(i64),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Text(Arc<str>),
    /// A `str` that is no Unicode text: half of a surrogate pair stands alone in it.
    BadText,
    /// A `bytes`.
    Bytes(Arc<[u8]>),
    /// A `tuple` or `list`.
    Items(Vec<Wire>),
}

impl Wire {
    /// A text.
    pub(crate) fn text(text: &str) -> Wire {
        Wire::Text(text.into())
    }

    /// The items; none if this is no tuple.
    pub(crate) fn items(&self) -> &[Wire] {
        match self {
            Wire::Items(items) => items,
            _ => &[],
        }
    }

    /// The integer; -1 if this is none.
    pub(crate) fn int(&self) -> i64 {
        match self {
            Wire::Int(number) => *number,
            Wire::Bool(truth) => i64::from(*truth),
            _ => -1,
        }
    }

    /// The number of a container or handle; 0, which is none, if this is no such number.
    pub(crate) fn id(&self) -> u64 {
        u64::try_from(self.int()).unwrap_or(0)
    }

    /// The text; empty if this is none.
    pub(crate) fn as_text(&self) -> &str {
        match self {
            Wire::Text(text) => text,
            _ => "",
        }
    }
}

/// The bytes of a value.
pub(crate) fn write(value: &Wire, out: &mut Vec<u8>) {
    match value {
        Wire::None | Wire::BadText => out.push(b'N'),
        Wire::Bool(truth) => out.push(if *truth { b'T' } else { b'F' }),
        Wire::Int(number) => write_int(*number, out),
        Wire::Float(number) => {
            out.push(b'g');
            out.extend(number.to_le_bytes());
        }
        Wire::Text(text) => write_bytes(b'u', text.as_bytes(), out),
        Wire::Bytes(bytes) => write_bytes(b's', bytes, out),
        Wire::Items(items) => {
            out.push(b'(');
            out.extend(size(items.len()));
            items.iter().for_each(|item| write(item, out));
        }
    }
}

/// A size in 32 bits. What is larger than that fails the bound on messages.
fn size(size: usize) -> [u8; 4] {
    u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes()
}

fn write_bytes(kind: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    out.extend(size(bytes.len()));
    out.extend(bytes);
}

/// Beyond 32 bits an integer is written in digits of 15 bits, the sign being that of their count.
fn write_int(number: i64, out: &mut Vec<u8>) {
    if let Ok(small) = i32::try_from(number) {
        out.push(b'i');
        out.extend(small.to_le_bytes());
        return;
    }
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    while rest > 0 {
        digits.extend(u16::try_from(rest & 0x7fff).unwrap_or(0).to_le_bytes());
        rest >>= 15;
    }
    let count = i32::try_from(digits.len() / 2).unwrap_or(0);
    out.push(b'l');
    out.extend((if number < 0 { -count } else { count }).to_le_bytes());
    out.extend(digits);
}

/// Reads a value; none if the bytes are not one.
pub(crate) fn read(bytes: &[u8]) -> Option<Wire> {
    let mut rest = bytes;
    let value = read_value(&mut rest, 0)?;
    rest.is_empty().then_some(value)
}

fn read_value(rest: &mut &[u8], depth: usize) -> Option<Wire> {
    let [kind] = take::<1>(rest)?;
    Some(match kind {
        b'N' => Wire::None,
        b'T' => Wire::Bool(true),
        b'F' => Wire::Bool(false),
        b'i' => Wire::Int(i32::from_le_bytes(take(rest)?).into()),
        b'l' => Wire::Int(read_long(rest)?),
        b'g' => Wire::Float(f64::from_le_bytes(take(rest)?)),
        b'u' => match std::str::from_utf8(take_sized(rest)?) {
            Ok(text) => Wire::Text(text.into()),
            Err(_) => Wire::BadText,
        },
        b's' => Wire::Bytes(take_sized(rest)?.into()),
        b'(' | b'[' if depth < DEEPEST => {
            let count = usize::try_from(u32::from_le_bytes(take(rest)?)).ok()?;
            // Each item takes a byte at least, so that a wrong count reserves no memory.
            let mut items = Vec::with_capacity(count.min(rest.len()));
            for _ in 0..count {
                items.push(read_value(rest, depth + 1)?);
            }
            Wire::Items(items)
        }
        _ => return None,
    })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk()?;
    *rest = left;
    Some(*taken)
}

fn take_sized<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let size = usize::try_from(u32::from_le_bytes(take(rest)?)).ok()?;
    let (taken, left) = rest.split_at_checked(size)?;
    *rest = left;
    Some(taken)
}

fn read_long(rest: &mut &[u8]) -> Option<i64> {
    let count = i32::from_le_bytes(take(rest)?);
    let mut number: i128 = 0;
    for place in 0..count.unsigned_abs() {
        let digit = u16::from_le_bytes(take(rest)?);
        number |= i128::from(digit).checked_shl(place.checked_mul(15)?)?;
    }
    i64::try_from(if count < 0 { -number } else { number }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `marshal.dumps(('a', 1, 2**40, -5, 1.5, b'x', [True], None, '\ud800'), 2)` gives in
    /// CPython 3.11.
    const DUMPED: &[u8] = b"(\t\0\0\0u\x01\0\0\0ai\x01\0\0\0l\x03\0\0\0\0\0\0\0\0\x04i\xfb\xff\xff\xff\
        g\0\0\0\0\0\0\xf8?s\x01\0\0\0x[\x01\0\0\0TNu\x03\0\0\0\xed\xa0\x80";

    #[test]
    fn what_python_writes_is_read() {
        let expected = Wire::Items(vec![
            Wire::text("a"),
            Wire::Int(1),
            Wire::Int(1 << 40),
            Wire::Int(-5),
            Wire::Float(1.5),
            Wire::Bytes(b"x".as_slice().into()),
            Wire::Items(vec![Wire::Bool(true)]),
            Wire::None,
            Wire::BadText,
        ]);
        assert_eq!(read(DUMPED), Some(expected));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let numbers = [0, 1, -1, i64::MAX, i64::MIN, 1 << 31, -(1 << 31), -(1 << 31) - 1, 0x7fff_8000];
        let value = Wire::Items(numbers.into_iter().map(Wire::Int).collect());
        let mut bytes = Vec::new();
        write(&value, &mut bytes);
        assert_eq!(read(&bytes), Some(value));
    }

    #[test]
    fn what_is_cut_short_is_nothing() {
        for end in 0..DUMPED.len() {
            assert_eq!(read(&DUMPED[..end]), None);
        }
        let deep: Vec<u8> =
            std::iter::repeat_n(b"(\x01\0\0\0".as_slice(), 100_000).flatten().copied().collect();
        assert_eq!(read(&deep), None);
    }
}
