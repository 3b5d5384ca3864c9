//! The armored age file around one secret.

use std::cell::{Cell, RefCell};
use std::io::Read;
use std::iter;

use age::armor::ArmoredReader;
use age::{DecryptError, Decryptor, EncryptError};
use age_core::format::{FileKey, Stanza};
use zeroize::Zeroizing;

use crate::error::{PluginError, UnwrapError, WrapError};
use crate::{MAX_SECRET, plugin};

/// The largest armored text that is read: far more than the header of any known recipient.
const MAX_ARMORED: usize = 64 * 1024;

/// The most lines that a header may have; age takes a time that grows with their square. Each
/// recipient takes three or so.
const MAX_LINES: usize = 256;

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";

/// An armored file for one recipient that holds `secret`, with `\n` at the end of each line.
/// `program` is the plugin that stands behind the recipient, if one does.
pub(crate) fn seal(
    recipient: &impl age::Recipient,
    secret: &[u8],
    program: Option<&str>,
) -> Result<String, WrapError> {
    if secret.len() > MAX_SECRET {
        return Err(WrapError::TooLong);
    }
    // age itself would panic where there is no randomness.
    getrandom::fill(&mut [0; 1]).map_err(|_| WrapError::NoRandomness)?;
    let armored = age::encrypt_and_armor(recipient, secret).map_err(|error| match (error, program) {
        (EncryptError::Plugin(errors), Some(program)) => WrapError::Plugin(plugin::refusal(program, &errors)),
        (_, Some(program)) => WrapError::Plugin(PluginError::Broken(program.to_owned())),
        (_, None) => WrapError::NoRandomness,
    })?;
    // The armor has the line ends of the platform; what it becomes a part of has `\n`.
    Ok(armored.replace("\r\n", "\n"))
}

/// An age file whose header was read.
pub(crate) struct Sealed {
    bytes: Vec<u8>,
    stanzas: Vec<Stanza>,
}

impl Sealed {
    /// Reads the header of an armored file. Its authenticity shows only when it is opened.
    pub(crate) fn read(armored: &str) -> Result<Sealed, UnwrapError> {
        if armored.len() > MAX_ARMORED {
            return Err(UnwrapError::TooLarge);
        }
        let armored = armored.trim_ascii();
        // age would read a file without armor too, which is no text of ours.
        if !armored.starts_with(BEGIN) {
            return Err(UnwrapError::Malformed);
        }
        let bytes = without_armor(armored.as_bytes()).ok_or(UnwrapError::Malformed)?;
        let peek = Peek::default();
        match decrypt(&bytes, &peek) {
            Err(UnwrapError::NoMatch(_)) => Ok(Sealed { bytes, stanzas: peek.0.into_inner() }),
            Err(error) => Err(error),
            Ok(_) => Err(UnwrapError::Malformed),
        }
    }

    /// The header's lines for its recipients.
    pub(crate) fn stanzas(&self) -> &[Stanza] {
        &self.stanzas
    }

    /// What the file holds, if `key` is its key.
    pub(crate) fn open(&self, key: FileKey) -> Result<Zeroizing<Vec<u8>>, UnwrapError> {
        decrypt(&self.bytes, &Known(Cell::new(Some(key))))
    }
}

/// The bytes of an age file, whether it is in armor or not; `None` if the armor is damaged or
/// the header has more lines than any that is of use.
pub(crate) fn without_armor(file: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    ArmoredReader::new(file).read_to_end(&mut bytes).ok()?;
    let end = bytes.windows(4).position(|it| it == b"\n---").unwrap_or(bytes.len());
    let lines = bytes[..end].iter().filter(|byte| **byte == b'\n').count();
    (lines <= MAX_LINES).then_some(bytes)
}

fn decrypt(bytes: &[u8], identity: &dyn age::Identity) -> Result<Zeroizing<Vec<u8>>, UnwrapError> {
    let decryptor = Decryptor::new_buffered(bytes).map_err(header_error)?;
    let mut reader = decryptor.decrypt(iter::once(identity)).map_err(header_error)?;
    // One byte more than may come, so that nothing is moved and left behind unwiped.
    let mut secret = Zeroizing::new(vec![0; MAX_SECRET + 1]);
    let mut length = 0;
    while length < secret.len() {
        match reader.read(&mut secret[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(_) => return Err(UnwrapError::Forged),
        }
    }
    if length > MAX_SECRET {
        return Err(UnwrapError::TooLarge);
    }
    secret.truncate(length);
    Ok(secret)
}

fn header_error(error: DecryptError) -> UnwrapError {
    match error {
        DecryptError::NoMatchingKeys => UnwrapError::NoMatch(Vec::new()),
        DecryptError::InvalidMac | DecryptError::DecryptionFailed => UnwrapError::Forged,
        DecryptError::UnknownFormat => UnwrapError::UnknownVersion,
        _ => UnwrapError::Malformed,
    }
}

/// Opens nothing, and keeps what it was asked to open.
#[derive(Default)]
struct Peek(RefCell<Vec<Stanza>>);

impl age::Identity for Peek {
    fn unwrap_stanza(&self, _: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        None
    }

    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, DecryptError>> {
        let copy = |it: &Stanza| Stanza { tag: it.tag.clone(), args: it.args.clone(), body: it.body.clone() };
        *self.0.borrow_mut() = stanzas.iter().map(copy).collect();
        None
    }
}

/// The key of the file itself, found before.
struct Known(Cell<Option<FileKey>>);

impl age::Identity for Known {
    fn unwrap_stanza(&self, _: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        self.0.take().map(Ok)
    }
}
