//! Keys as text: Bech32 without its limit of length.

use age_core::primitives::{bech32_decode, bech32_encode};
use bech32::Hrp;
use zeroize::Zeroizing;

/// The `N` bytes behind a prefix; `None` if the text has another prefix, another length or a
/// wrong checksum.
pub(crate) fn decode<const N: usize>(text: &str, prefix: &str) -> Option<Zeroizing<[u8; N]>> {
    bech32_decode(
        text,
        |_| (),
        |found| if found.as_str() == prefix { Ok(()) } else { Err(()) },
        |_, bytes| {
            if bytes.len() != N {
                return Err(());
            }
            let mut found = Zeroizing::new([0; N]);
            found.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
            Ok(found)
        },
    )
    .ok()
}

/// The text of a public key, in lower case.
pub(crate) fn encode(prefix: &str, bytes: &[u8]) -> String {
    bech32_encode(Hrp::parse_unchecked(prefix), bytes)
}

/// The text of a private key, in upper case.
pub(crate) fn encode_private(prefix: &str, bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(encode(prefix, bytes));
    text.make_ascii_uppercase();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_their_text_alone() {
        let text = encode("age", &[7; 32]);
        assert_eq!(decode::<32>(&text, "age").as_deref(), Some(&[7; 32]));
        assert!(decode::<32>(&text, "age1pq").is_none(), "another prefix");
        assert!(decode::<31>(&text, "age").is_none(), "another length");
        let damaged = text.replacen('q', "p", 1);
        assert!(decode::<32>(&damaged, "age").is_none() || damaged == text, "a wrong checksum");
    }

    #[test]
    fn a_private_key_is_written_in_upper_case() {
        let text = encode_private("AGE-SECRET-KEY-", &[7; 32]);
        assert!(text.starts_with("AGE-SECRET-KEY-1") && text.to_ascii_uppercase() == *text);
        assert_eq!(decode::<32>(&text, "AGE-SECRET-KEY-").as_deref(), Some(&[7; 32]));
    }
}
