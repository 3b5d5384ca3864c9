//! The data key, wrapped for groups of recipients, and had back.

use std::fmt;

use kiln_age::{Dialog, Identities, Recipient, UnwrapError, WrapError};
use zeroize::Zeroizing;

use crate::cipher::{DataKey, NoRandomness};
use crate::metadata::{Group, Metadata, Wrapped};
use crate::shamir::{self, Share};

/// Why a data key was not wrapped.
#[derive(Debug)]
pub(crate) enum NotWrapped {
    NoRandomness,
    /// What this recipient said.
    Recipient(String, WrapError),
}

impl From<NoRandomness> for NotWrapped {
    fn from(_: NoRandomness) -> NotWrapped {
        NotWrapped::NoRandomness
    }
}

/// Why a file was not opened: for each group of keys what each of them said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFailure {
    /// The groups, in the order of the file.
    pub groups: Vec<GroupFailure>,
    /// How many groups have to be opened.
    pub needed: usize,
}

/// What the keys of a group said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFailure {
    /// Whether one of the keys opened the group.
    pub opened: bool,
    /// The recipient of each key that did not, or its kind where kiln does not know it, with
    /// the reason.
    pub keys: Vec<(String, KeyReason)>,
}

/// Why one key did not open its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyReason {
    /// None of the identities is the recipient's, or it refused.
    Age(UnwrapError),
    /// kiln opens age keys alone.
    OtherKind,
    /// Something was had, but no data key.
    NotADataKey,
}

impl fmt::Display for KeyReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyReason::Age(error) => error.fmt(f),
            KeyReason::OtherKind => f.write_str("keys of this kind are not supported"),
            KeyReason::NotADataKey => f.write_str("it holds no data key"),
        }
    }
}

/// Wraps the data key: whole for one group, in shares for several.
///
/// `threshold` is how many of several groups open the file, 0 for all of them.
pub(crate) fn wrap(
    key: &DataKey,
    groups: &[Vec<Recipient>],
    threshold: usize,
    dialog: &dyn Dialog,
) -> Result<Vec<Group>, NotWrapped> {
    let shares = match groups {
        [_] => vec![Zeroizing::new(key.expose().to_vec())],
        _ => shamir::split(key.expose(), count(groups.len()), count(needed(groups.len(), threshold)))?,
    };
    let wrapped = groups.iter().zip(&shares).map(|(recipients, share)| {
        let age = recipients.iter().map(|recipient| wrap_for(share, recipient, dialog));
        Ok(Group { age: age.collect::<Result<_, NotWrapped>>()?, others: Vec::new() })
    });
    wrapped.collect()
}

/// Wraps a data key, or a share of it, for one recipient.
pub(crate) fn wrap_for(
    share: &[u8],
    recipient: &Recipient,
    dialog: &dyn Dialog,
) -> Result<Wrapped, NotWrapped> {
    match recipient.wrap(share, dialog) {
        Ok(enc) => Ok(Wrapped { recipient: recipient.as_str().to_owned(), enc }),
        Err(error) => Err(NotWrapped::Recipient(recipient.as_str().to_owned(), error)),
    }
}

/// The data key of a file.
pub(crate) fn unwrap(
    metadata: &Metadata,
    identities: &Identities,
    dialog: &dyn Dialog,
) -> Result<DataKey, KeyFailure> {
    let groups = metadata.groups.len();
    let needed = needed(groups, metadata.threshold);
    let mut shares: Vec<Share> = Vec::new();
    let mut failures = Vec::with_capacity(groups);
    for group in &metadata.groups {
        let (share, keys) = open_group(group, identities, dialog);
        failures.push(GroupFailure { opened: share.is_some(), keys });
        shares.extend(share);
    }
    let key = match groups {
        1 => shares.pop(),
        _ if shares.len() < needed => None,
        _ => shamir::combine(&shares),
    };
    let key = key.and_then(|key| DataKey::from_bytes(&key));
    key.ok_or(KeyFailure { groups: failures, needed })
}

/// How many groups open a file.
pub(crate) fn needed(groups: usize, threshold: usize) -> usize {
    match (groups, threshold) {
        (0 | 1, _) => 1,
        (_, 0) => groups,
        _ => threshold,
    }
}

fn open_group(
    group: &Group,
    identities: &Identities,
    dialog: &dyn Dialog,
) -> (Option<Share>, Vec<(String, KeyReason)>) {
    let mut failures: Vec<(String, KeyReason)> =
        group.others.iter().map(|(kind, _)| (kind.clone(), KeyReason::OtherKind)).collect();
    for wrapped in &group.age {
        match identities.unwrap(&wrapped.enc, &wrapped.recipient, dialog) {
            // A share has one byte more than the key.
            Ok(share) if matches!(share.len(), 32 | 33) => return (Some(share), failures),
            Ok(_) => failures.push((wrapped.recipient.clone(), KeyReason::NotADataKey)),
            Err(error) => failures.push((wrapped.recipient.clone(), KeyReason::Age(error))),
        }
    }
    (None, failures)
}

fn count(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}
