//! The encodings.

use std::borrow::Cow;

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    Ascii,
    Latin1,
    Utf8 {
        mark: bool,
    },
    /// Units of two bytes; the order is that of the mark, or little, if none is given.
    Utf16(Option<Order>),
    /// Units of four bytes.
    Utf32(Option<Order>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// What bytes are decoded to.
pub(super) enum Unit<'a> {
    Text(Cow<'a, str>),
    Invalid(&'a [u8]),
}

impl Codec {
    /// The encoding that Python calls so.
    pub(super) fn named(name: &str) -> Option<Codec> {
        let name: String =
            name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        Some(match name.as_str() {
            "ascii" | "us_ascii" | "646" | "ansi_x3_4_1968" | "ansi_x3_4_1986" | "iso646_us" | "us"
            | "cp367" | "ibm367" | "iso_646.irv_1991" | "iso_ir_6" | "csascii" => Codec::Ascii,
            "latin1" | "latin_1" | "iso_8859_1" | "iso8859_1" | "iso8859" | "8859" | "cp819" | "ibm819"
            | "l1" | "latin" | "csisolatin1" | "iso_ir_100" | "iso_8859_1_1987" => Codec::Latin1,
            "utf_8" | "utf8" | "u8" | "utf" | "utf8_ucs2" | "utf8_ucs4" | "cp65001" => {
                Codec::Utf8 { mark: false }
            }
            "utf_8_sig" => Codec::Utf8 { mark: true },
            "utf_16" | "utf16" | "u16" => Codec::Utf16(None),
            "utf_16_le" | "utf_16le" | "unicodelittleunmarked" => Codec::Utf16(Some(Order::Little)),
            "utf_16_be" | "utf_16be" | "unicodebigunmarked" => Codec::Utf16(Some(Order::Big)),
            "utf_32" | "utf32" | "u32" => Codec::Utf32(None),
            "utf_32_le" | "utf_32le" => Codec::Utf32(Some(Order::Little)),
            "utf_32_be" | "utf_32be" => Codec::Utf32(Some(Order::Big)),
            _ => return None,
        })
    }

    /// What encoded text begins with.
    pub(super) fn mark(self) -> &'static [u8] {
        match self {
            Codec::Utf8 { mark: true } => b"\xef\xbb\xbf",
            Codec::Utf16(None) => b"\xff\xfe",
            Codec::Utf32(None) => b"\xff\xfe\0\0",
            _ => b"",
        }
    }

    /// Appends a character, if the encoding has it.
    pub(super) fn push(self, c: char, out: &mut Vec<u8>) -> bool {
        match self {
            Codec::Ascii | Codec::Latin1 => {
                let Ok(byte) = u8::try_from(c) else { return false };
                if self == Codec::Ascii && !byte.is_ascii() {
                    return false;
                }
                out.push(byte);
            }
            Codec::Utf8 { .. } => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            Codec::Utf16(order) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    match order {
                        Some(Order::Big) => out.extend(unit.to_be_bytes()),
                        _ => out.extend(unit.to_le_bytes()),
                    }
                }
            }
            Codec::Utf32(Some(Order::Big)) => out.extend(u32::from(c).to_be_bytes()),
            Codec::Utf32(_) => out.extend(u32::from(c).to_le_bytes()),
        }
        true
    }

    /// The characters of bytes, and what among them is none.
    pub(super) fn units(self, bytes: &[u8]) -> Vec<Unit<'_>> {
        let single = |byte: &u8| Unit::Text(char::from(*byte).to_string().into());
        match self {
            Codec::Latin1 => bytes.iter().map(single).collect(),
            Codec::Ascii => bytes
                .chunks(1)
                .map(|byte| match byte {
                    [ascii] if ascii.is_ascii() => single(ascii),
                    _ => Unit::Invalid(byte),
                })
                .collect(),
            Codec::Utf8 { mark } => {
                let bytes = if mark { bytes.strip_prefix(self.mark()).unwrap_or(bytes) } else { bytes };
                let mut units = Vec::new();
                for chunk in bytes.utf8_chunks() {
                    units.push(Unit::Text(chunk.valid().into()));
                    if !chunk.invalid().is_empty() {
                        units.push(Unit::Invalid(chunk.invalid()));
                    }
                }
                units
            }
            Codec::Utf16(order) => {
                let (order, bytes) = marked(order, bytes, [b"\xff\xfe", b"\xfe\xff"]);
                utf16(order, bytes)
            }
            Codec::Utf32(order) => {
                let (order, bytes) = marked(order, bytes, [b"\xff\xfe\0\0", b"\0\0\xfe\xff"]);
                utf32(order, bytes)
            }
        }
    }
}

/// The order that bytes are in, and what follows the mark that says it, if none is given.
fn marked<'a>(order: Option<Order>, bytes: &'a [u8], [little, big]: [&[u8]; 2]) -> (Order, &'a [u8]) {
    if let Some(order) = order {
        return (order, bytes);
    }
    if let Some(bytes) = bytes.strip_prefix(big) {
        return (Order::Big, bytes);
    }
    (Order::Little, bytes.strip_prefix(little).unwrap_or(bytes))
}

fn utf16(order: Order, bytes: &[u8]) -> Vec<Unit<'_>> {
    let unit = |bytes: &[u8]| {
        let unit: [u8; 2] = bytes.get(..2)?.try_into().ok()?;
        Some(if order == Order::Big { u16::from_be_bytes(unit) } else { u16::from_le_bytes(unit) })
    };
    let (mut units, mut rest) = (Vec::new(), bytes);
    while !rest.is_empty() {
        let first = unit(rest);
        let second = rest.get(2..).and_then(unit);
        let decoded = |units: &[u16]| char::decode_utf16(units.iter().copied()).next().and_then(|c| c.ok());
        let (length, character) = match (first, second) {
            (Some(first @ 0xD800..=0xDBFF), Some(second)) => match decoded(&[first, second]) {
                Some(c) => (4, Some(c)),
                None => (2, None),
            },
            // The first half of a pair takes with it what is left of the second.
            (Some(0xD800..=0xDBFF), None) => (rest.len(), None),
            (Some(first), _) => (2, decoded(&[first])),
            (None, _) => (rest.len(), None),
        };
        let (taken, after) = rest.split_at(length.min(rest.len()));
        units.push(character.map_or(Unit::Invalid(taken), |c| Unit::Text(c.to_string().into())));
        rest = after;
    }
    units
}

fn utf32(order: Order, bytes: &[u8]) -> Vec<Unit<'_>> {
    let character = |bytes: &[u8]| {
        let unit: [u8; 4] = bytes.try_into().ok()?;
        let code = if order == Order::Big { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) };
        char::from_u32(code)
    };
    let unit = |bytes| match character(bytes) {
        Some(c) => Unit::Text(c.to_string().into()),
        None => Unit::Invalid(bytes),
    };
    bytes.chunks(4).map(unit).collect()
}
