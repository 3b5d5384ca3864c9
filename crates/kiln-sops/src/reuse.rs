//! Whether the file that is there can stay as it is.

use kiln_model::{Diagnostics, Rendered, Reported};

use crate::decrypt::{self, DecryptError, Plain};
use crate::document::Document;
use crate::findings;
use crate::policy::Rule;
use crate::recipient::Identity;

/// What is to become of the file that is there.
pub(crate) enum Previous {
    /// It says the same, to the same recipients, under the same options.
    Keep,
    /// It is to be replaced: it differs, or it is no SOPS file.
    Replace,
}

/// Compares the file that is there with what is about to be encrypted.
///
/// # Errors
/// If it is a SOPS file that cannot be opened and verified: what stands in it could not
/// be had back once it is replaced.
pub(crate) fn judge(
    output: &Rendered,
    documents: &[Document],
    rule: &Rule,
    previous: &[u8],
    identity: Option<&Identity>,
    sink: &mut Diagnostics,
) -> Result<Previous, Reported> {
    let Some(identity) = identity else {
        return if is_damaged(previous) || decrypt::is_encrypted(previous) {
            Err(sink.error(findings::previous_without_key(output)))
        } else {
            Ok(Previous::Replace)
        };
    };
    let text = std::str::from_utf8(previous).unwrap_or_default();
    match decrypt::open(text, identity) {
        Ok(plain) if is_same(&plain, documents, rule) => Ok(Previous::Keep),
        Ok(_) => Ok(Previous::Replace),
        Err(DecryptError::WrongKey | DecryptError::SplitKey) => {
            Err(sink.error(findings::previous_unreadable(output)))
        }
        Err(DecryptError::NotYaml | DecryptError::NotEncrypted) if !is_damaged(previous) => {
            Ok(Previous::Replace)
        }
        Err(error) => Err(sink.error(findings::previous_tampered(output, &error.to_string()))),
    }
}

/// Encrypted values are left of a SOPS file that was broken, by a merge for example.
fn is_damaged(bytes: &[u8]) -> bool {
    let mark = b"ENC[AES256_GCM,data:";
    bytes.windows(mark.len()).any(|window| window == mark)
}

fn is_same(plain: &Plain, documents: &[Document], rule: &Rule) -> bool {
    let metadata = &plain.metadata;
    plain.documents == documents
        && metadata.recipients() == rule.recipient_set()
        && metadata.selection.option() == rule.selection.option()
        && metadata.mac_only_encrypted == rule.mac_only_encrypted
        && !metadata.other_keys
}
