//! What a file is to be encrypted as.

use std::collections::BTreeSet;

use kiln_age::Recipient;

use crate::keys;
use crate::metadata::Metadata;
use crate::select::{OPTIONS, Selection};

/// To whom a file is encrypted, and what in it.
#[derive(Clone)]
pub struct Terms {
    pub(crate) groups: Vec<Vec<Recipient>>,
    pub(crate) threshold: usize,
    /// `None` where no option is set.
    pub(crate) selection: Option<Selection>,
    pub(crate) mac_only_encrypted: bool,
}

/// A selection option that cannot be obeyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSelection {
    /// There is no such option.
    Unknown,
    /// Its pattern is not one that Go's `regexp` reads.
    Pattern,
}

impl Terms {
    /// Encrypts to these groups of recipients: to one group whole, to several in shares.
    pub fn new(groups: Vec<Vec<Recipient>>) -> Terms {
        Terms { groups, threshold: 0, selection: None, mac_only_encrypted: false }
    }

    /// The groups of recipients.
    pub fn groups(&self) -> &[Vec<Recipient>] {
        &self.groups
    }

    /// Encrypts to other groups of recipients.
    pub fn set_groups(&mut self, groups: Vec<Vec<Recipient>>) {
        self.groups = groups;
    }

    /// How many of several groups have to be opened; 0 for all of them.
    pub fn threshold(&self) -> usize {
        self.threshold
    }

    /// Sets how many of several groups have to be opened; 0 for all of them.
    pub fn set_threshold(&mut self, threshold: usize) {
        self.threshold = threshold;
    }

    /// Whether values that stay in clear are left out of the MAC.
    pub fn mac_only_encrypted(&self) -> bool {
        self.mac_only_encrypted
    }

    /// Leaves values that stay in clear out of the MAC, or not.
    pub fn set_mac_only_encrypted(&mut self, only: bool) {
        self.mac_only_encrypted = only;
    }

    /// The selection option that is set, by its name such as `encrypted_regex`, and its
    /// value.
    pub fn selection(&self) -> Option<(&'static str, &str)> {
        self.selection.as_ref().and_then(Selection::option)
    }

    /// Selects what is encrypted by one of the six options of SOPS, in place of the one
    /// that is set.
    ///
    /// # Errors
    /// If there is no such option, or its pattern cannot be read.
    pub fn select(&mut self, option: &str, value: &str) -> Result<(), BadSelection> {
        if !OPTIONS.contains(&option) {
            return Err(BadSelection::Unknown);
        }
        self.selection = Some(Selection::new(option, value).ok_or(BadSelection::Pattern)?);
        Ok(())
    }

    /// The threshold that a file names: that of several groups is never left open.
    pub(crate) fn file_threshold(&self) -> usize {
        let is_open = self.groups.len() > 1 && self.threshold == 0;
        if is_open { self.groups.len() } else { self.threshold }
    }

    /// Whether a file was encrypted to the same recipients and under the same options.
    pub(crate) fn are_met_by(&self, metadata: &Metadata, selection: &Selection) -> bool {
        // What a binary file names as its option selects the same: everything.
        let is_binary = matches!(selection, Selection::Everything);
        self.has_groups_of(metadata)
            && (is_binary || metadata.selection.option() == selection.option())
            && metadata.mac_only_encrypted == self.mac_only_encrypted
    }

    /// Whether a file has these groups of recipients and this threshold.
    pub(crate) fn has_groups_of(&self, metadata: &Metadata) -> bool {
        let needed = keys::needed(metadata.groups.len(), metadata.threshold);
        self.groups.len() == metadata.groups.len()
            && keys::needed(self.groups.len(), self.threshold) == needed
            && self.groups.iter().zip(&metadata.groups).all(|(wanted, group)| {
                let wanted: BTreeSet<_> = wanted.iter().map(Recipient::as_str).collect();
                wanted == group.age.iter().map(|it| it.recipient.as_str()).collect()
            })
    }
}
