//! The files that are given to others.

use std::collections::BTreeSet;

use kiln_age::{Dialog, Identities, Recipient};
use kiln_model::{Artifact, Diagnostic, Reported};
use kiln_sops::{Entrusted, FileKey, Format, MacCheck, OpenError, Opened, Plain, Sealed, SealedError};

use super::swap::Swap;
use super::{ClusterSecret, Rotation, RotationRequest, Work};
use crate::secrets::findings;
use crate::secrets::key_file::KeyFile;
use crate::secrets::tree::{Tree, is_named_so};

/// A file that is to be given to somebody else.
pub(super) struct Affected {
    pub(super) path: String,
    pub(super) sealed: Sealed,
    pub(super) from: Vec<Vec<String>>,
    pub(super) groups: Vec<Vec<String>>,
    pub(super) threshold: usize,
}

/// The files whose recipients change.
pub(super) fn affected(tree: &Tree<'_>, swap: &Swap, done: &mut Rotation) -> Result<Vec<Affected>, Reported> {
    let mut found = Vec::new();
    for path in tree.paths.iter().filter(|path| tree.is_secret(path)) {
        let name = tree.files.display(path);
        let bytes = match tree.files.read(path) {
            Ok(bytes) => bytes.unwrap_or_default(),
            Err(error) => {
                done.diagnostics.error(findings::unreadable(&error));
                continue;
            }
        };
        let sealed = match Sealed::read(&bytes, Format::of_path(path)) {
            Ok(sealed) => sealed,
            Err(SealedError::NotEncrypted) => {
                done.diagnostics.error(findings::not_encrypted(&name, !is_named_so(path)));
                continue;
            }
            Err(error) => {
                done.diagnostics.error(findings::not_rotated(&name, &error.to_string()));
                continue;
            }
        };
        if let Some(rule) = tree.rule_for(path).filter(|rule| rule.problems().has_errors()) {
            rule.problems().iter().for_each(|problem| done.diagnostics.push(problem.clone()));
            done.diagnostics.error(findings::not_rotated(&name, "its creation rule cannot be obeyed"));
            continue;
        }
        let from = recipients(&sealed);
        let Some((groups, threshold)) = swap.groups(&sealed, path, tree) else {
            done.diagnostics.push(findings::no_rule(&name, !tree.rules.is_empty()));
            done.kept += 1;
            continue;
        };
        let sets = |groups: &[Vec<String>]| -> Vec<BTreeSet<String>> {
            groups.iter().map(|group| group.iter().cloned().collect()).collect()
        };
        let is_same = sets(&from) == sets(&groups) && (groups.len() < 2 || threshold == sealed.threshold());
        if is_same {
            done.kept += 1;
        } else {
            if tree.rule_for(path).is_none() {
                done.diagnostics.push(findings::no_rule(&name, !tree.rules.is_empty()));
            }
            found.push(Affected { path: path.clone(), sealed, from, groups, threshold });
        }
    }
    done.diagnostics.check().map(|()| found)
}

/// The age recipients of each group of a file.
pub(super) fn recipients(sealed: &Sealed) -> Vec<Vec<String>> {
    let names = |group: Vec<FileKey>| {
        let names = group.into_iter().filter_map(|key| match key {
            FileKey::Age(recipient) => Some(recipient),
            FileKey::Other(_) => None,
        });
        names.collect()
    };
    sealed.groups().into_iter().map(names).collect()
}

/// A file for its new recipients.
pub(super) struct Rewritten {
    pub(super) artifact: Artifact,
    pub(super) work: Work,
    pub(super) clusters: Vec<ClusterSecret>,
}

pub(super) fn rewrite(
    file: &Affected,
    tree: &Tree<'_>,
    swap: &Swap,
    keys: &Keys<'_>,
    request: &RotationRequest<'_>,
) -> Result<Rewritten, Box<Diagnostic>> {
    let name = tree.files.display(&file.path);
    let not_rotated = |what: String| Box::new(findings::not_rotated(&name, &what));
    let opened = keys.open(&file.sealed, request.dialog).map_err(|error| not_rotated(error.to_string()))?;
    let mut plain = opened.plain().clone();
    let clusters = replace_copies(&mut plain, swap, &file.path);
    let parsed = file.groups.iter().map(|group| group.iter().map(|it| Recipient::parse(it)).collect());
    let groups: Vec<Vec<Recipient>> =
        parsed.collect::<Result<_, _>>().map_err(|_| not_rotated("a recipient of it is none".to_owned()))?;
    let path = tree.proof_path(&file.path);
    let to = Entrusted {
        groups,
        threshold: file.threshold,
        path,
        from: keys.prover(&opened, path),
        to: swap.identities(keys),
        now: request.now,
        dialog: request.dialog,
    };
    let changed = plain.clone();
    let sealed = opened
        .entrust(&file.sealed, (!clusters.is_empty()).then_some(plain), &to)
        .map_err(|error| not_rotated(error.to_string()))?;
    prove(&sealed, &changed, swap, keys, request).ok_or_else(|| Box::new(findings::locks_out(&name)))?;
    let artifact = sealed
        .artifact(&file.path, &tree.stores_for(&file.path))
        .map_err(|error| not_rotated(error.to_string()))?;
    let copies = swap.new.iter().flat_map(KeyFile::private_lines);
    if copies.into_iter().any(|key| holds(artifact.bytes(), key.as_bytes())) {
        return Err(not_rotated("it holds the private key in a value that is not encrypted".to_owned()));
    }
    let loses = file.from.iter().flatten().any(|it| !file.groups.iter().flatten().any(|to| to == it));
    let work = if loses || file.from.len() != file.groups.len() { Work::Rotated } else { Work::Rewrapped };
    Ok(Rewritten { artifact, work, clusters })
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len().max(1)).any(|window| window == text)
}

/// Opens the new file with the keys it is for; `None` if it does not say what it should.
fn prove(
    sealed: &Sealed,
    plain: &Plain,
    swap: &Swap,
    keys: &Keys<'_>,
    request: &RotationRequest<'_>,
) -> Option<()> {
    let opened = match &swap.new {
        Some(new) => sealed.open(&new.identities, MacCheck::Verify, request.dialog),
        None => keys.open(sealed, request.dialog),
    };
    opened.ok().filter(|opened| opened.plain().says_same(plain)).map(|_| ())
}

/// Puts the new private key where a file holds the old one.
fn replace_copies(plain: &mut Plain, swap: &Swap, path: &str) -> Vec<ClusterSecret> {
    let mut clusters = Vec::new();
    let Some(new) = swap.new.as_ref().and_then(|new| new.private_lines().into_iter().next()) else {
        return clusters;
    };
    for old in &swap.copies {
        for found in plain.replace_text(old, &new) {
            let text = |keys: &[&str]| plain.text_at(found.document, keys).map(str::to_owned);
            let key = found.path.last().cloned().unwrap_or_default();
            clusters.push(ClusterSecret {
                path: path.to_owned(),
                namespace: text(&["metadata", "namespace"]),
                name: match text(&["kind"]).as_deref() {
                    Some("Secret") => text(&["metadata", "name"]).unwrap_or_default(),
                    _ => String::new(),
                },
                key,
            });
        }
    }
    clusters
}

/// Who loses files, and who gets some.
pub(super) fn movements(files: &[Affected]) -> (Vec<String>, Vec<String>) {
    let (mut removed, mut added) = (BTreeSet::new(), BTreeSet::new());
    for file in files {
        let from: BTreeSet<&String> = file.from.iter().flatten().collect();
        let to: BTreeSet<&String> = file.groups.iter().flatten().collect();
        removed.extend(from.difference(&to).map(|it| (*it).clone()));
        added.extend(to.difference(&from).map(|it| (*it).clone()));
    }
    (removed.into_iter().collect(), added.into_iter().collect())
}

/// The keys that may open files.
pub(super) struct Keys<'a> {
    pub(super) given: &'a Identities,
    /// Those of the project's key file.
    pub(super) own: &'a Identities,
}

impl<'a> Keys<'a> {
    /// The project's key proves data keys, if there is one.
    pub(super) fn first(&self) -> &'a Identities {
        if self.own.is_empty() { self.given } else { self.own }
    }

    fn open(&self, sealed: &Sealed, dialog: &dyn Dialog) -> Result<Opened, OpenError> {
        match sealed.open(self.first(), MacCheck::Verify, dialog) {
            Err(OpenError::Key(_)) => sealed.open(self.given, MacCheck::Verify, dialog),
            outcome => outcome,
        }
    }

    /// Whichever of them proves that this data key is ours.
    fn prover(&self, opened: &Opened, path: &str) -> &'a Identities {
        if opened.is_proven(path, self.own) { self.own } else { self.given }
    }
}
