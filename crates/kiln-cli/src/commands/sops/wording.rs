//! Failures of the library in the words of sops, for scripts look for them.

use kiln::live::LiveError;
use kiln::sops::{
    EditError, GroupFailure, Identities, KeyFailure, KeyReason, OpenError, ReadError, RecipientError,
    SealError, Sealed, SealedError, UnwrapError, WriteError,
};

use super::failure::{Failure, code};
use super::log;
use crate::identities::NotOpened;

const FORGED: &str = "Could not decrypt with AES_GCM: cipher: message authentication failed";

/// What the system said, in the words of Go.
pub(super) fn of_system(error: &LiveError) -> &str {
    match error.reason.as_str() {
        "not found" => "no such file or directory",
        "is a folder" => "is a directory",
        other => other,
    }
}

/// A file that is not one of SOPS.
pub(super) fn not_sealed(error: &SealedError, format: &str) -> Failure {
    Failure::generic(match error {
        SealedError::NotReadable(error) => format!("Error unmarshalling input {format}: {error}"),
        other => other.to_string(),
    })
}

/// A plain file that cannot be read.
pub(super) fn not_read(error: &ReadError) -> Failure {
    Failure::new(code::UNREADABLE, format!("Error unmarshalling file: {error}"))
}

/// A plain file that its format cannot hold.
pub(super) fn not_dumped(error: &WriteError) -> Failure {
    let hint = match error {
        WriteError::NoData => {
            "\n\nThis is likely not an encrypted binary file? If not, use --output-type to select the correct \
             output type."
        }
        _ => "",
    };
    let of = if matches!(error, WriteError::NotASection(_)) { "Error marshaling to INI: " } else { "" };
    Failure::new(code::NOT_DUMPED, format!("Error dumping file: {of}{error}{hint}"))
}

/// A value that is not there.
pub(super) fn not_extracted(error: &EditError) -> Failure {
    match error {
        EditError::NotWritable(error) => not_dumped(error),
        other => Failure::generic(format!("error truncating tree: {other}")),
    }
}

/// A document that cannot be encrypted.
pub(super) fn not_encrypted(error: &SealError) -> Failure {
    match error {
        SealError::NoDocument => {
            let why = "File cannot be completely empty, it must contain at least one document";
            Failure::new(code::EMPTY, why)
        }
        SealError::AlreadyEncrypted => Failure::new(code::ENCRYPTED_ALREADY, ALREADY),
        SealError::NoRecipient => Failure::generic("Could not generate data key: [empty key group provided]"),
        SealError::BadThreshold | SealError::NotWrapped(..) | SealError::NoRandomness => {
            Failure::generic(format!("Could not generate data key: [{error}]"))
        }
        SealError::OtherKeys(_) => Failure::generic(format!("Could not generate data key: {error}")),
        other => Failure::new(code::NOT_ENCRYPTED, format!("Error encrypting tree: {other}")),
    }
}

const ALREADY: &str = "\
The file you have provided contains a top-level entry called 'sops', or for
flat file formats top-level entries starting with 'sops_'. There SOPS keeps what
it needs to open a file, so this one is probably encrypted already: use
`sops edit` to change it. If it is not, rename the entry.";

/// Something that is no recipient.
pub(super) fn not_a_recipient(text: &str, error: &RecipientError) -> Failure {
    Failure::generic(match error {
        RecipientError::UnknownType => format!("failed to parse input, unknown recipient type: {text:?}"),
        RecipientError::PrivateKey => {
            "failed to parse input: a private key was given where a recipient belongs".to_owned()
        }
        other if text.starts_with("ssh-") => format!("failed to parse input as age-ssh public key: {other}"),
        other => format!("failed to parse input as Bech32-encoded age public key: {other}"),
    })
}

/// A file that was not opened.
pub(super) fn not_opened(not: &NotOpened) -> Failure {
    let tree = |what: &str| {
        let why = format!("Error decrypting tree: Error walking tree: Could not decrypt value: {what}");
        Failure::new(code::NOT_DECRYPTED, why)
    };
    match &not.error {
        OpenError::Key(failure) => Failure::new(code::NO_KEY, without_key(failure, &not.identities)),
        OpenError::Forged(path) => tree(&format!("{FORGED} (the value at `{path}`)")),
        OpenError::NotEncrypted(path) => {
            tree(&format!("the value at `{path}` is not encrypted: it does not match sops' data format"))
        }
        OpenError::WrongType(path) => tree(&format!("the value at `{path}` is not of the type it names")),
        OpenError::NoMac(computed) => mismatch("no MAC", computed),
        OpenError::ForgedMac => Failure::new(code::MAC_MISMATCH, format!("Cannot decrypt MAC: {FORGED}")),
        OpenError::MacMismatch { file, computed } => mismatch(file, computed),
    }
}

/// One line about a file that no key opens, as commands about groups say it.
pub(super) fn without_key_in_short(not: &NotOpened) -> Failure {
    let OpenError::Key(failure) = &not.error else { return not_opened(not).into_logged() };
    let (needed, had) = (required(failure), opened(failure));
    Failure::logged(format!("Error getting data key: {needed} successful groups required, got {had}"))
}

fn mismatch(file: &str, computed: &str) -> Failure {
    Failure::new(code::MAC_MISMATCH, format!("MAC mismatch. File has {file}, computed {computed}"))
}

/// Says which comments are lost.
pub(super) fn warn_of_dropped_comments(sealed: &Sealed) {
    for path in sealed.dropped_comments() {
        log::warn(&format!("comments of the list `{path}` were left out: sops cannot encrypt them there"));
    }
}

/// How many groups it takes, where there are several.
fn required(failure: &KeyFailure) -> usize {
    if failure.groups.len() > 1 { failure.needed } else { 0 }
}

fn opened(failure: &KeyFailure) -> usize {
    failure.groups.iter().filter(|group| group.opened).count()
}

fn without_key(failure: &KeyFailure, found: &Identities) -> String {
    let groups: Vec<String> =
        failure.groups.iter().enumerate().map(|(at, group)| of_group(at, group, found)).collect();
    let (needed, had) = (required(failure), opened(failure));
    let end = if needed == 0 {
        "Recovery failed because no master key was able to decrypt the file. In order for SOPS to recover the \
         file, at least one key has to be successful, but none were."
            .to_owned()
    } else {
        format!(
            "Recovery failed because the file was encrypted with a Shamir threshold of {needed}, but only {had} \
             part(s) were successfully recovered, one for each successful key group. In order for SOPS to \
             recover the file, at least {needed} groups have to be successful. In order for a group to be \
             successful, decryption has to succeed with any of the keys in that key group."
        )
    };
    let groups = groups.join("\n\n");
    let end = wrapped(&end, 75);
    format!("Failed to get the data key required to decrypt the SOPS file.\n\n{groups}\n\n{end}")
}

fn of_group(at: usize, group: &GroupFailure, found: &Identities) -> String {
    if group.opened {
        return format!("Group {at}: SUCCESS");
    }
    let keys: Vec<String> = group.keys.iter().map(|(key, why)| of_key(key, why, found)).collect();
    format!("Group {at}: FAILED\n{}", keys.join("\n\n"))
}

fn of_key(key: &str, why: &KeyReason, found: &Identities) -> String {
    let text = wrapped(&reason(why, found), 60).replace('\n', "\n      | ");
    format!("  {key}: FAILED\n    - | {text}")
}

fn reason(why: &KeyReason, found: &Identities) -> String {
    match why {
        KeyReason::Age(UnwrapError::NoIdentity) => {
            format!("failed to load age identities{}", circumstances(found, &[]))
        }
        KeyReason::Age(UnwrapError::NoMatch(failures)) => {
            let more: Vec<String> = failures.iter().map(ToString::to_string).collect();
            format!(
                "failed to create reader for decrypting sops data key with age: identity did not match any of \
                 the recipients: incorrect identity for recipient block{}",
                circumstances(found, &more)
            )
        }
        KeyReason::Age(error) => {
            format!("failed to create reader for decrypting sops data key with age: {error}")
        }
        other => other.to_string(),
    }
}

/// What went wrong with keys, and where none were found.
fn circumstances(found: &Identities, more: &[String]) -> String {
    let mut errors: Vec<String> = found.failures().iter().map(ToString::to_string).collect();
    errors.extend_from_slice(more);
    let errors = match errors.as_slice() {
        [] => String::new(),
        errors => format!(". Errors while loading age identities: {}", errors.join("; ")),
    };
    let missing = match found.missing_places() {
        [] => String::new(),
        [one] => format!(". Did not find keys in location '{one}'."),
        [one, two] => format!(". Did not find keys in locations '{one}' and '{two}'."),
        [first @ .., last] => {
            format!(". Did not find keys in locations '{}', and '{last}'.", first.join("', '"))
        }
    };
    format!("{errors}{missing}")
}

/// Breaks lines at blanks so that none is longer than `width`, where words allow it.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree");
        assert_eq!(wrapped("far-too-long it is", 5), "far-too-long\nit is");
        assert_eq!(wrapped("", 5), "");
    }
}
