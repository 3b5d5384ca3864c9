//! The creation rules with other recipients.

use std::collections::{BTreeMap, BTreeSet};

use kiln_age::Recipient;
use kiln_model::{Diagnostics, Reported};
use kiln_sops::Policy;

use super::swap::Swap;
use super::{Change, Rotation};
use crate::secrets::findings;
use crate::secrets::rules::{Replacements, replaced};
use crate::secrets::tree::{RULES, Tree};

/// The rules with the new recipients, by path. The tree has them from then on.
pub(super) fn new_rules(
    tree: &mut Tree<'_>,
    swap: &Swap,
    done: &mut Rotation,
) -> Result<BTreeMap<String, String>, Reported> {
    let mut changed = BTreeMap::new();
    let mut outcome = Ok(());
    for (folder, rules) in &mut tree.rules {
        let path = format!("{folder}{RULES}");
        let replacements = match &swap.change {
            Change::AsRuled => continue,
            Change::NewKey { .. } => swap.replacements.clone(),
            Change::To(to) => match common_recipients(&rules.policy) {
                Some(from) => exchange(&from, to),
                None if !rules.policy.has_rules() => continue,
                None => {
                    outcome = Err(done.diagnostics.error(findings::rules_differ(&path)));
                    continue;
                }
            },
        };
        let text = replaced(&rules.text, &replacements);
        if text == rules.text {
            continue;
        }
        let source = done.sources.add(path.as_str(), text.as_str());
        let policy = Policy::parse_as_needed(source, &text, &mut Diagnostics::new());
        match policy {
            Ok(policy) if says(&policy, &rules.policy, &replacements) => {
                rules.policy = policy;
                rules.text.clone_from(&text);
                changed.insert(path, text);
            }
            _ => outcome = Err(done.diagnostics.error(findings::rules_not_changed(&path))),
        }
    }
    outcome.map(|()| changed)
}

/// The recipients of every rule, if all rules have the same, in one group.
pub(super) fn common_recipients(policy: &Policy) -> Option<Vec<String>> {
    let mut all = policy.rules().map(|rule| match rule.terms().groups() {
        [group] => Some(group.iter().map(|it| it.as_str().to_owned()).collect::<Vec<_>>()),
        _ => None,
    });
    let first = all.next()??;
    let set: BTreeSet<String> = first.iter().cloned().collect();
    let same =
        |other: Option<Vec<String>>| other.is_some_and(|it| it.into_iter().collect::<BTreeSet<_>>() == set);
    all.all(same).then_some(first)
}

/// What makes one list of recipients another: the first that goes, or else the first, brings
/// those that come.
fn exchange(from: &[String], to: &[String]) -> Replacements {
    let added: Vec<String> = to.iter().filter(|it| !from.contains(it)).cloned().collect();
    let mut gone = from.iter().filter(|it| !to.contains(it));
    let mut replacements = Replacements::new();
    match (gone.next(), from.first()) {
        (Some(first), _) => _ = replacements.insert(first.clone(), added),
        (None, Some(first)) if !added.is_empty() => {
            let with = std::iter::once(first.clone()).chain(added).collect();
            replacements.insert(first.clone(), with);
        }
        (None, _) => {}
    }
    replacements.extend(gone.map(|it| (it.clone(), Vec::new())));
    replacements
}

/// Whether every rule says what the old one said, with the recipients replaced.
fn says(new: &Policy, old: &Policy, replacements: &Replacements) -> bool {
    let groups = |policy: &Policy, replacements: &Replacements| -> Vec<Vec<BTreeSet<String>>> {
        let names = |group: &Vec<Recipient>| {
            let names: Vec<String> = group.iter().map(|it| it.as_str().to_owned()).collect();
            mapped(&names, replacements).into_iter().collect()
        };
        policy.rules().map(|rule| rule.terms().groups().iter().map(names).collect()).collect()
    };
    let sound = |policy: &Policy| policy.rules().filter(|rule| rule.problems().has_errors()).count();
    sound(new) == sound(old) && groups(new, &Replacements::new()) == groups(old, replacements)
}

/// The recipients with some replaced, each once.
pub(super) fn mapped(group: &[String], replacements: &Replacements) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for recipient in group {
        let stead = replacements.get(recipient).map_or(std::slice::from_ref(recipient), Vec::as_slice);
        for it in stead {
            if !out.contains(it) {
                out.push(it.clone());
            }
        }
    }
    out
}
