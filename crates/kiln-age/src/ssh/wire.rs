//! As much of the formats of SSH keys as has to be known before age reads them.
//!
//! age panics at numbers of a form that no program writes, takes any number of rounds that a
//! key file asks for, and keeps the secret of a key to itself.
//! Sources: [RFC 4251], section 5; [PROTOCOL.key] of OpenSSH.
//!
//! [RFC 4251]: https://www.rfc-editor.org/rfc/rfc4251#section-5
//! [PROTOCOL.key]: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key

/// Reads the fields of a key one after the other.
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Fields<'a> {
        Fields(bytes)
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(usize::try_from(length).ok()?)
    }

    /// A number above one, as all numbers of a sound key are.
    fn integer(&mut self) -> Option<&'a [u8]> {
        let bytes = self.string()?;
        let start = bytes.iter().position(|byte| *byte != 0)?;
        (bytes[start..] != [1]).then_some(bytes)
    }
}

/// Whether the blob of a public key has the fields of an RSA or Ed25519 key, and nothing else.
pub(super) fn is_sound_public(blob: &[u8]) -> bool {
    let mut fields = Fields::new(blob);
    let is_complete = match fields.string() {
        Some(b"ssh-rsa") => fields.integer().is_some() && fields.integer().is_some(),
        Some(b"ssh-ed25519") => fields.string().is_some_and(|point| point.len() == 32),
        _ => false,
    };
    is_complete && fields.0.is_empty()
}

/// The kind of a public key, by its blob.
pub(super) fn kind_of(blob: &[u8]) -> Option<String> {
    let kind = Fields::new(blob).string()?;
    let is_name = !kind.is_empty() && kind.len() <= 64 && kind.iter().all(u8::is_ascii_graphic);
    is_name.then(|| String::from_utf8_lossy(kind).into_owned())
}

/// A private key in OpenSSH's own format, taken apart as far as it is not encrypted.
pub(super) struct OpenSsh<'a> {
    /// How it is encrypted: `none` if it is not.
    pub(super) cipher: &'a [u8],
    /// How often the passphrase is hashed.
    pub(super) rounds: u32,
    /// The public half.
    pub(super) public: &'a [u8],
    private: &'a [u8],
}

impl<'a> OpenSsh<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<OpenSsh<'a>> {
        let mut fields = Fields::new(bytes.strip_prefix(b"openssh-key-v1\0")?);
        let cipher = fields.string()?;
        let _derivation = fields.string()?;
        let mut options = Fields::new(fields.string()?);
        let rounds = if cipher == b"none" { 0 } else { options.string().and_then(|_| options.number())? };
        if fields.number()? != 1 {
            return None;
        }
        Some(OpenSsh { cipher, rounds, public: fields.string()?, private: fields.string()? })
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.cipher != b"none"
    }

    /// The number or the bytes that only the holder of an unencrypted key knows; `None` if
    /// the key is not sound.
    pub(super) fn secret(&self) -> Option<&'a [u8]> {
        let mut fields = Fields::new(self.private);
        if fields.number()? != fields.number()? {
            return None;
        }
        match fields.string()? {
            b"ssh-rsa" => {
                // n, e, d, the inverse of q, p, q
                let numbers: Vec<&[u8]> = (0..6).map_while(|_| fields.integer()).collect();
                if numbers.len() == 6 { Some(numbers[2]) } else { None }
            }
            b"ssh-ed25519" => fields.string().and_then(|_| fields.string()).filter(|key| key.len() == 64),
            _ => None,
        }
    }
}
