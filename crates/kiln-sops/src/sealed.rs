//! A SOPS file, still encrypted.

use std::fmt;

use crate::document::Document;
use crate::format::{self, Format, Problem, Stores};
use crate::metadata::{BadMetadata, Metadata};

/// A SOPS file. What it says in clear is known; its values and its MAC are not verified.
#[derive(Clone)]
pub struct Sealed {
    pub(crate) documents: Vec<Document>,
    pub(crate) metadata: Metadata,
    pub(crate) format: Format,
    pub(crate) dropped_comments: Vec<String>,
}

/// Why bytes are not of a format. Holds no value of them.
pub struct ReadError {
    pub(crate) problems: Vec<Problem>,
}

/// Why bytes were not read as a SOPS file.
#[derive(Debug)]
pub enum SealedError {
    /// They are not of the format at all.
    NotReadable(ReadError),
    /// They have no `sops` block.
    NotEncrypted,
    /// Their `sops` block is damaged.
    BadMetadata(BadMetadata),
    /// Their lines end in CRLF, as git for Windows makes them; in a format where all but the
    /// line feed belongs to the value, that damages the `sops` block.
    LineEnds,
}

/// A key that opens a file, or a share of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKey {
    /// An age recipient.
    Age(String),
    /// A list of keys of another kind, such as `pgp`.
    Other(String),
}

impl Sealed {
    /// Reads a SOPS file. Needs no key.
    ///
    /// # Errors
    /// If it is not one.
    pub fn read(bytes: &[u8], format: Format) -> Result<Sealed, SealedError> {
        let mut documents = format::read_sealed(format, bytes)
            .map_err(|problems| SealedError::NotReadable(ReadError { problems }))?;
        let block = format::take_block(format, &mut documents).ok_or(SealedError::NotEncrypted)?;
        let metadata = Metadata::read(&block).map_err(|error| match format {
            Format::Dotenv if bytes.windows(2).any(|pair| pair == b"\r\n") => SealedError::LineEnds,
            _ => SealedError::BadMetadata(error),
        })?;
        Ok(Sealed { documents, metadata, format, dropped_comments: Vec::new() })
    }

    /// The bytes of the file in the style of SOPS.
    pub fn write(&self, format: Format, stores: &Stores) -> Result<Vec<u8>, format::WriteError> {
        let mut documents = self.documents.clone();
        format::append_block(format, &mut documents, self.metadata.to_node());
        format::write_sealed(format, &documents, stores).map(|bytes| bytes.to_vec())
    }

    /// The format it was read from, or is to be written in.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The keys of each group.
    pub fn groups(&self) -> Vec<Vec<FileKey>> {
        let keys = self.metadata.groups.iter().map(|group| {
            let others = group.others.iter().map(|(kind, _)| FileKey::Other(kind.clone()));
            others.chain(group.age.iter().map(|it| FileKey::Age(it.recipient.clone()))).collect()
        });
        keys.collect()
    }

    /// How many of several groups have to be opened; 0 where the file does not say.
    pub fn threshold(&self) -> usize {
        self.metadata.threshold
    }

    /// When it was encrypted or changed last: RFC 3339 in seconds.
    pub fn last_modified(&self) -> &str {
        &self.metadata.last_modified
    }

    /// Whether it has a MAC, without which nothing shows a change.
    pub fn has_mac(&self) -> bool {
        self.metadata.mac.is_some()
    }

    /// The lists, by key path, whose comments were left out because SOPS cannot encrypt
    /// them there.
    pub fn dropped_comments(&self) -> &[String] {
        &self.dropped_comments
    }
}

impl ReadError {
    /// What is wrong, with the line it is in, counted from 1.
    pub fn problems(&self) -> impl Iterator<Item = (usize, String)> {
        self.problems.iter().map(|problem| (problem.line, problem.to_string()))
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (line, what)) in self.problems().enumerate() {
            let comma = if at == 0 { "" } else { "; " };
            write!(f, "{comma}line {line}: {what}")?;
        }
        Ok(())
    }
}

/// Values are in no problem, so this shows none.
impl fmt::Debug for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ReadError {}

impl fmt::Display for SealedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SealedError::NotReadable(error) => error.fmt(f),
            SealedError::NotEncrypted => f.write_str("sops metadata not found"),
            SealedError::BadMetadata(what) => write!(f, "its `sops` block is damaged: {what}"),
            SealedError::LineEnds => f.write_str(
                "its lines end in CRLF, which damages an encrypted file; keep `eol=lf` for it in `.gitattributes`",
            ),
        }
    }
}

impl std::error::Error for SealedError {}

impl fmt::Display for BadMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BadMetadata::NotAMapping => "it is not a mapping",
            BadMetadata::NoKeys => "it names no key that opens the file",
            BadMetadata::BadRecipient => "an entry of `age` has no `recipient` or no `enc`",
            BadMetadata::BadTime => "`lastmodified` is missing or no RFC 3339 time",
            BadMetadata::BadVersion => "`version` is missing or no version such as `3.13.3`",
            BadMetadata::TwoSelections => "two options say what is encrypted",
            BadMetadata::BadPattern => "a pattern that says what is encrypted cannot be read",
            BadMetadata::BadFlag => "`mac_only_encrypted` is no boolean",
            BadMetadata::BadThreshold => "`shamir_threshold` is no number of its groups",
        })
    }
}
