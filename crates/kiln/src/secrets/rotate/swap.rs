//! How recipients change, and with them the key file.

use std::collections::BTreeSet;

use kiln_age::{Identities, Recipient};
use kiln_model::{Diagnostics, Files, Reported, Secret};
use kiln_sops::Sealed;
use zeroize::Zeroizing;

use super::files::Keys;
use super::rules::{common_recipients, mapped};
use super::{Change, NewKey, Rotation, RotationRequest, Work};
use crate::files::text_of;
use crate::secrets::findings;
use crate::secrets::key_file::KeyFile;
use crate::secrets::rules::Replacements;
use crate::secrets::tree::{RULES, Tree};

/// How recipients change.
pub(super) struct Swap {
    pub(super) change: Change,
    /// The recipients that go, each with what comes instead, for a new key.
    pub(super) replacements: Replacements,
    /// The new key.
    pub(super) new: Option<KeyFile>,
    /// The lines of the old private keys, which files may hold a copy of.
    pub(super) copies: Vec<Zeroizing<String>>,
}

impl Swap {
    pub(super) fn of(
        request: &RotationRequest<'_>,
        old: &KeyFile,
        tree: &Tree<'_>,
        sink: &mut Diagnostics,
    ) -> Result<Swap, Reported> {
        let mut swap = Swap {
            change: request.change.clone(),
            replacements: Replacements::new(),
            new: None,
            copies: Vec::new(),
        };
        match request.change {
            Change::AsRuled => {}
            Change::To(recipients) => {
                for recipient in recipients {
                    if Recipient::parse(recipient).is_err() {
                        return Err(sink.error(findings::no_recipient(recipient)));
                    }
                }
            }
            Change::NewKey { post_quantum, keep_old } => {
                let text = if *post_quantum {
                    kiln_sops::generate_post_quantum(request.now)
                } else {
                    kiln_sops::generate(request.now)
                };
                let text = text.ok_or_else(|| sink.error(findings::no_randomness()))?;
                let new = KeyFile::new(&old.path, Some(Secret::new(old.path.as_str(), text.as_str())));
                let recipient = new.identities.recipients();
                for gone in replaceable(request, old, tree, sink)? {
                    let mut stead: Vec<String> = keep_old.then(|| gone.clone()).into_iter().collect();
                    stead.extend(recipient.iter().cloned());
                    swap.replacements.insert(gone, stead);
                }
                swap.copies = old.private_lines();
                swap.new = Some(new);
            }
        }
        Ok(swap)
    }

    /// The identities that will open the files, and prove their data keys.
    pub(super) fn identities<'a>(&'a self, opening: &Keys<'a>) -> &'a Identities {
        match &self.new {
            Some(new) => &new.identities,
            None => opening.first(),
        }
    }

    /// The groups that a file gets; `None` if nothing says.
    pub(super) fn groups(
        &self,
        sealed: &Sealed,
        path: &str,
        tree: &Tree<'_>,
    ) -> Option<(Vec<Vec<String>>, usize)> {
        let own = super::files::recipients(sealed);
        let is_new_key = matches!(self.change, Change::NewKey { .. });
        if is_new_key && !own.iter().flatten().any(|it| self.replacements.contains_key(it)) {
            return Some((own, sealed.threshold()));
        }
        match (tree.rule_for(path), &self.change) {
            // No MAC covers the recipients of a file, so where a rule names some, those count.
            (Some(rule), _) => {
                let terms = rule.terms();
                let names = |group: &Vec<Recipient>| group.iter().map(|it| it.as_str().to_owned()).collect();
                let groups: Vec<Vec<String>> = terms.groups().iter().map(names).collect();
                let is_open = groups.len() > 1 && terms.threshold() == 0;
                let threshold = if is_open { groups.len() } else { terms.threshold() };
                Some((groups, threshold))
            }
            (None, Change::NewKey { .. }) => {
                let groups = own.iter().map(|group| mapped(group, &self.replacements)).collect();
                Some((groups, sealed.threshold()))
            }
            (None, Change::To(recipients)) if own.len() == 1 => Some((vec![recipients.clone()], 0)),
            (None, _) => None,
        }
    }

    /// What is to become of the key file.
    pub(super) fn key(
        &self,
        old: &KeyFile,
        tree: &Tree<'_>,
        request: &RotationRequest<'_>,
        done: &Rotation,
    ) -> Option<NewKey> {
        let private = |path: &str, text: Zeroizing<String>| kiln_init::key_file(path, text);
        let as_it_was = || {
            // The old key file is copied as it is.
            old.text.as_ref().map(|text| private(&old.path, text.expose().to_owned().into()))
        };
        let is_rendered = tree.rules.contains_key("") && is_recorded(request.files);
        let ruled = tree.rules.get("").and_then(|rules| common_recipients(&rules.policy));
        match &self.new {
            Some(new) => {
                let names = ruled.filter(|_| is_rendered).unwrap_or_else(|| new.identities.recipients());
                let backup = old.text.as_ref().map(|text| {
                    let path = free_name(request.files, &format!("{}.old-{}", old.path, request.now));
                    // The old key goes nowhere but into a key file of its own.
                    private(&path, text.expose().to_owned().into())
                });
                Some(NewKey {
                    path: old.path.clone(),
                    backup,
                    meanwhile: Some(private(&old.path, new.with(old))),
                    last: private(&old.path, new.naming(&names)),
                    before: as_it_was(),
                })
            }
            None => {
                let changes = done.changes.iter().any(|(path, work)| path == RULES && *work == Work::Rules);
                let names = ruled.filter(|_| is_rendered && changes && old.text.is_some())?;
                Some(NewKey {
                    path: old.path.clone(),
                    backup: None,
                    meanwhile: None,
                    last: private(&old.path, old.naming(&names)),
                    before: as_it_was(),
                })
            }
        }
    }
}

/// The recipients whose place a new key takes: those of the project's key file; without one, the
/// one recipient of the rules that is somebody's here.
fn replaceable(
    request: &RotationRequest<'_>,
    old: &KeyFile,
    tree: &Tree<'_>,
    sink: &mut Diagnostics,
) -> Result<Vec<String>, Reported> {
    let own = old.identities.recipients();
    if old.text.is_some() && own.is_empty() {
        return Err(sink.error(findings::no_key_in(&old.path)));
    }
    let ruled: BTreeSet<String> = tree
        .rules
        .values()
        .flat_map(|rules| rules.policy.rules())
        .flat_map(|rule| rule.terms().groups().iter().flatten().map(|it| it.as_str().to_owned()))
        .collect();
    // A key file that nothing was encrypted to yet, of a run that was cut short, counts for nothing.
    if !own.is_empty() && (ruled.is_empty() || own.iter().any(|recipient| ruled.contains(recipient))) {
        return Ok(own);
    }
    let mut own: Vec<String> = request.identities.recipients();
    own.sort();
    own.dedup();
    own.retain(|recipient| ruled.contains(recipient));
    match own.as_slice() {
        [_] => Ok(own),
        _ => Err(sink.error(findings::no_key_to_replace(&old.path, own.len()))),
    }
}

/// Whether the rules at the top are an output of `configure`.
fn is_recorded(files: &dyn Files) -> bool {
    let lock = text_of(files, kiln_disk::LOCK_FILE).unwrap_or_default();
    lock.lines().any(|line| line.starts_with("\".sops.yaml\" = "))
}

/// The name, or one like it that no file has.
fn free_name(files: &dyn Files, name: &str) -> String {
    let is_free = |name: &String| files.read(name).is_ok_and(|file| file.is_none());
    let names = std::iter::once(name.to_owned()).chain((2..).map(|at| format!("{name}-{at}")));
    let mut names = names.take(100);
    names.find(is_free).unwrap_or_else(|| name.to_owned())
}
