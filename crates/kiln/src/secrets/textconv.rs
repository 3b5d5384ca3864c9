//! `kiln secrets textconv`: what git shows of an encrypted file.

use kiln_age::{Identities, NoDialog};
use kiln_sops::{Format, MacCheck, OpenError, Sealed, SealedError, Stores};
use zeroize::Zeroizing;

/// What is to be shown of a file.
pub struct Shown {
    /// The decrypted text; of a file that is not encrypted or cannot be opened, its own bytes.
    pub text: Zeroizing<Vec<u8>>,
    /// Why it is not decrypted, if it should be.
    pub note: Option<String>,
}

/// Decrypts the bytes of a file for a reader.
///
/// There is always something to show: a file that cannot be opened is shown as it is, so that a
/// reader of differences sees which values changed.
pub fn textconv(bytes: &[u8], format: Format, identities: &Identities) -> Shown {
    match decrypt(bytes, format, identities) {
        Ok(text) => Shown { text, note: None },
        Err(note) => Shown { text: Zeroizing::new(bytes.to_vec()), note },
    }
}

fn decrypt(
    bytes: &[u8],
    format: Format,
    identities: &Identities,
) -> Result<Zeroizing<Vec<u8>>, Option<String>> {
    let sealed = match Sealed::read(bytes, format) {
        Ok(sealed) => sealed,
        Err(SealedError::NotEncrypted) => return Err(None),
        Err(_) if !has_ciphertext(bytes) => return Err(None),
        Err(SealedError::NotReadable(_)) => {
            return Err(Some(format!("it is damaged: it is not {}", format.name())));
        }
        Err(error) => return Err(Some(error.to_string())),
    };
    let opened = sealed.open(identities, MacCheck::Verify, &NoDialog).map_err(|error| {
        Some(match error {
            OpenError::Key(_) if identities.is_empty() => "there is no key at hand".to_owned(),
            error => error.to_string(),
        })
    })?;
    let written = opened.plain().write(format, &Stores::default());
    written.map_err(|error| Some(error.to_string()))
}

/// Whether there are encrypted values in a file that is perhaps no SOPS file any more.
pub(super) fn has_ciphertext(bytes: &[u8]) -> bool {
    let mark = b"ENC[AES256_GCM,data:";
    bytes.windows(mark.len()).any(|window| window == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_sops_file_is_shown_without_a_note() {
        for text in ["a: 1\n", "", "{{ x\n"] {
            let shown = textconv(text.as_bytes(), Format::Yaml, &Identities::new());
            assert_eq!((shown.text.as_slice(), shown.note), (text.as_bytes(), None));
        }
    }

    #[test]
    fn what_was_one_is_shown_with_the_reason() {
        let text = b"<<<<<<<\na: ENC[AES256_GCM,data:a,iv:a,tag:a,type:str]\n";
        let shown = textconv(text, Format::Yaml, &Identities::new());
        assert_eq!(shown.text.as_slice(), text);
        assert_eq!(shown.note.as_deref(), Some("it is damaged: it is not yaml"));
    }
}
