//! Base64 as `base64.decodebytes` of Python reads it.

/// The bytes; none if the text is not ASCII or ends within a group of four. What is no
/// character of Base64 is passed over, and what follows the padding is not looked at.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() {
        return None;
    }
    let mut out = Vec::new();
    let (mut group, mut length, mut pads) = (0_u32, 0, 0);
    for byte in text.bytes() {
        if byte == b'=' {
            pads += 1;
            if length >= 2 && length + pads >= 4 {
                length = 0;
                break;
            }
            continue;
        }
        let Some(sextet) = sextet(byte) else { continue };
        pads = 0;
        group = group << 6 | u32::from(sextet);
        length = (length + 1) % 4;
        match length {
            2 => out.push((group >> 4) as u8),
            3 => out.push((group >> 2) as u8),
            0 => out.push(group as u8),
            _ => {}
        }
    }
    (length == 0).then_some(out)
}

fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}
