//! Brings two changed versions of a SOPS file together.

mod tree;

pub(crate) use tree::documents_say_same as says_same;

use std::collections::BTreeSet;
use std::fmt;

use kiln_age::{Dialog, Identities, Recipient};

use crate::encrypt::with_proof;
use crate::metadata::Metadata;
use crate::opened::Opened;
use crate::plain::Plain;
use crate::policy::Rule;
use crate::seal::{SealError, prepare};
use crate::sealed::Sealed;
use crate::select::Selection;
use crate::terms::Terms;

/// What came of a merge.
pub struct Merged {
    /// Whose bytes hold the outcome.
    pub file: MergedFile,
    /// What both sides changed, each in another way: key paths, and names of fields of the
    /// `sops` block. There, what our side says stands.
    pub conflicts: Vec<String>,
}

/// Whose bytes hold the outcome of a merge.
pub enum MergedFile {
    /// Our file, as it is.
    Ours,
    /// Their file, as it is.
    Theirs,
    /// A file of its own.
    New(Box<Sealed>),
}

/// Why two versions were not merged. Holds no value.
#[derive(Debug)]
pub enum MergeError {
    /// A file names this recipient, which cannot be encrypted to.
    BadRecipient(String),
    /// The outcome could not be encrypted.
    NotSealed(SealError),
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MergeError::BadRecipient(recipient) => write!(f, "`{recipient}` is no recipient"),
            MergeError::NotSealed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for MergeError {}

/// Who merges, and where.
pub struct Merging<'a> {
    /// The path that the proof of the data key is bound to.
    pub path: &'a str,
    /// The creation rule of our side for the file.
    pub rule: Option<&'a Rule>,
    /// The identities that may have proven the data key.
    pub identities: &'a Identities,
    /// The time in seconds since 1970.
    pub now: u64,
    /// Answers what plugins ask.
    pub dialog: &'a dyn Dialog,
}

impl Opened {
    /// Merges what two sides made of `base`, or of nothing.
    ///
    /// Values, recipients and options are merged, each by itself. Our data key stays where the
    /// file proves it and nobody loses it; then only values that are not ours are encrypted anew.
    ///
    /// # Errors
    /// If the outcome cannot be encrypted.
    pub fn merge(
        self,
        base: Option<&Opened>,
        theirs: &Opened,
        merging: &Merging<'_>,
    ) -> Result<Merged, MergeError> {
        let ours = self;
        let (documents, mut conflicts) = tree::merge(
            base.map_or(&[][..], |base| &base.plain.documents),
            &ours.plain.documents,
            &theirs.plain.documents,
        );
        let plain = Plain { documents, format: ours.plain.format };
        let terms = terms(
            base.map(|base| &base.metadata),
            &ours.metadata,
            &theirs.metadata,
            merging,
            &mut conflicts,
        )?;
        let says = |side: &Opened| {
            terms.are_met_by(&side.metadata, &terms.selection_for(plain.format))
                && side.plain.documents == plain.documents
        };
        let file = if says(&ours) {
            MergedFile::Ours
        } else if says(theirs) {
            MergedFile::Theirs
        } else {
            let is_proven = ours.is_proven(merging.path, merging.identities);
            let (plain, _) =
                prepare(plain, &terms.selection_for(ours.plain.format)).map_err(MergeError::NotSealed)?;
            let metadata = ours.metadata.clone();
            let others = metadata.other_keys();
            let (sealed, key) = ours
                .change(plain, &terms, &others, is_proven, merging.now, merging.dialog)
                .map_err(MergeError::NotSealed)?;
            MergedFile::New(Box::new(with_proof(sealed, &key, merging.path, merging.identities)))
        };
        Ok(Merged { file, conflicts })
    }
}

/// Recipients and options, each merged by itself.
///
/// No MAC covers them: whoever can write to the repository can name another recipient, or an
/// option that leaves in clear what we are about to add. So what only the other side changed
/// stands if it takes something away, or if the rule says so too.
fn terms(
    base: Option<&Metadata>,
    ours: &Metadata,
    theirs: &Metadata,
    merging: &Merging<'_>,
    conflicts: &mut Vec<String>,
) -> Result<Terms, MergeError> {
    let mut choose = |field: &str, choice: Option<Side>, is_ruled: bool| match choice {
        Some(Side::Ours) => ours,
        Some(Side::Theirs) if is_ruled => theirs,
        _ => {
            conflicts.push(field.to_owned());
            ours
        }
    };
    let rule = merging.rule.map(Rule::terms);
    let option = |it: &Metadata| it.selection.option().map(|(option, value)| (option, value.to_owned()));
    let selection = choose(
        "the option that selects what is encrypted",
        three_way(base.map(option).as_ref(), &option(ours), &option(theirs)),
        rule.is_some_and(|rule| {
            rule.selection_for(crate::Format::Yaml).option() == theirs.selection.option()
        }),
    );
    let only = |it: &Metadata| it.mac_only_encrypted;
    let mac = choose(
        "mac_only_encrypted",
        three_way(base.map(only).as_ref(), &only(ours), &only(theirs)),
        rule.is_some_and(|rule| rule.mac_only_encrypted == theirs.mac_only_encrypted),
    );
    let all = [base, Some(ours), Some(theirs)];
    let (threshold, groups) = if all.iter().flatten().all(|it| it.groups.len() == 1) {
        let named: BTreeSet<&str> =
            rule.iter().flat_map(|rule| rule.groups.iter().flatten()).map(Recipient::as_str).collect();
        (0, vec![one_group(base, ours, theirs, &named, conflicts)])
    } else {
        let choice = three_way(base.map(shape).as_ref(), &shape(ours), &shape(theirs));
        shape(choose("the groups of recipients", choice, rule.is_some_and(|rule| rule.has_groups_of(theirs))))
    };
    let mut terms = Terms::new(groups.iter().map(|group| parse(group)).collect::<Result<_, _>>()?);
    terms.set_threshold(threshold);
    terms.mac_only_encrypted = mac.mac_only_encrypted;
    terms.selection = Some(selection.selection.clone()).filter(|it| !matches!(it, Selection::Everything));
    Ok(terms)
}

fn parse(group: &[String]) -> Result<Vec<Recipient>, MergeError> {
    let parsed = group.iter().map(|recipient| {
        Recipient::parse(recipient).map_err(|_| MergeError::BadRecipient(recipient.clone()))
    });
    parsed.collect()
}

/// How many groups are needed, and who is in each.
fn shape(metadata: &Metadata) -> (usize, Vec<Vec<String>>) {
    let groups = metadata.groups.iter();
    let groups = groups.map(|group| group.age.iter().map(|it| it.recipient.clone()).collect());
    (metadata.threshold, groups.collect())
}

/// Our recipients without those that the other side removed, and with those that it added and
/// the rule names.
fn one_group(
    base: Option<&Metadata>,
    ours: &Metadata,
    theirs: &Metadata,
    named: &BTreeSet<&str>,
    conflicts: &mut Vec<String>,
) -> Vec<String> {
    let names = |it: &Metadata| shape(it).1.into_iter().flatten().collect::<Vec<String>>();
    let base: BTreeSet<String> = base.map(names).unwrap_or_default().into_iter().collect();
    let theirs = names(theirs);
    let mut merged = names(ours);
    merged.retain(|it| theirs.contains(it) || !base.contains(it));
    for recipient in theirs {
        if base.contains(&recipient) || merged.contains(&recipient) {
            continue;
        }
        if named.contains(recipient.as_str()) {
            merged.push(recipient);
        } else {
            conflicts.push(format!("the recipient `{recipient}`, which no rule here names"));
        }
    }
    merged
}

/// One of two sides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Ours,
    Theirs,
}

/// Whose value stands; `None` if both changed it, each in another way.
fn three_way<T: PartialEq>(base: Option<&T>, ours: &T, theirs: &T) -> Option<Side> {
    if ours == theirs || base == Some(theirs) {
        Some(Side::Ours)
    } else if base == Some(ours) {
        Some(Side::Theirs)
    } else {
        None
    }
}
