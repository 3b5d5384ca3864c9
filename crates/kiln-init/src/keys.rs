//! New keys.

use std::fmt::Write as _;

use ssh_key::private::Ed25519Keypair;
use ssh_key::{LineEnding, PrivateKey};
use zeroize::Zeroizing;

/// An SSH key pair.
pub(crate) struct SshKey {
    /// The private key in OpenSSH's format, without passphrase.
    pub(crate) private: Zeroizing<String>,
    /// The public key as one line.
    pub(crate) public: String,
}

/// A new ed25519 key; `None` if the system gives no random bytes.
pub(crate) fn ssh_ed25519() -> Option<SshKey> {
    let seed = random()?;
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&seed));
    let private = key.to_openssh(LineEnding::LF).ok()?;
    let public = key.public_key().to_openssh().ok()?;
    Some(SshKey { private, public: format!("{public}\n") })
}

/// 32 random bytes in hexadecimal as one line; `None` if the system gives none.
pub(crate) fn random_token() -> Option<Zeroizing<String>> {
    let bytes = random()?;
    let mut text = Zeroizing::new(String::with_capacity(65));
    bytes
        .iter()
        .for_each(|byte| write!(text, "{byte:02x}").expect("a string takes all that is written to it"));
    text.push('\n');
    Some(text)
}

fn random() -> Option<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ssh_key_is_in_the_format_of_openssh() {
        let key = ssh_ed25519().unwrap();
        assert!(key.private.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n"));
        assert!(key.private.ends_with("-----END OPENSSH PRIVATE KEY-----\n"));
        assert!(key.public.starts_with("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5") && key.public.ends_with('\n'));
        let read = PrivateKey::from_openssh(key.private.as_bytes()).unwrap();
        assert!(!read.is_encrypted());
        assert_eq!(read.public_key().to_openssh().unwrap(), key.public.trim_end());
    }

    #[test]
    fn a_token_is_64_digits() {
        let token = random_token().unwrap();
        let digits = token.strip_suffix('\n').unwrap();
        assert_eq!(digits.len(), 64);
        assert!(digits.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it)));
    }

    #[test]
    fn no_two_are_alike() {
        assert_ne!(random_token().unwrap(), random_token().unwrap());
        assert_ne!(ssh_ed25519().unwrap().public, ssh_ed25519().unwrap().public);
    }
}
