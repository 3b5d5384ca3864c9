//! What can be said of a SOPS file without a key.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::Range;

use crate::cipher;
use crate::document::{Document, Entry, ListItem, Map, Node, Scalar};
use crate::policy::Rule;
use crate::sealed::Sealed;
use crate::select::Selection;
use crate::walk::{Leaf, walk};

/// Something in which a file is not as its creation rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The rule names this recipient, and the file is not encrypted to it.
    Missing(String),
    /// The file is encrypted to this recipient, which the rule does not name.
    Surplus(String),
    /// The recipients are in other groups, or another number of groups opens the file.
    Groups,
    /// The keys of these kinds are not the same: those of the file, and those of the rule.
    OtherKeys(Vec<String>, Vec<String>),
    /// What is encrypted is chosen otherwise: by the file, and by the rule. A text is an option
    /// with its value.
    Selection(String, String),
    /// `mac_only_encrypted` is this in the file, and the opposite in the rule.
    MacOnlyEncrypted(bool),
}

/// A value that should be encrypted and stands in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearValue {
    /// The keys that lead to it, with dots between them.
    pub path: String,
    /// Where its key and the value stand in the bytes of the file.
    pub at: Range<usize>,
}

impl Sealed {
    /// In what the file is not as the rule says. Needs no key.
    pub fn differences(&self, rule: &Rule) -> Vec<Difference> {
        let selection = rule.terms().selection_for(self.format());
        let mut found = self.other_recipients(rule);
        let own: BTreeSet<&str> = self.metadata.other_keys();
        let named: BTreeSet<&str> = rule.other_kinds().collect();
        if own != named {
            let list = |kinds: BTreeSet<&str>| kinds.into_iter().map(str::to_owned).collect();
            found.push(Difference::OtherKeys(list(own), list(named)));
        }
        let is_binary = matches!(selection, Selection::Everything);
        if !is_binary && self.metadata.selection.option() != selection.option() {
            found.push(Difference::Selection(spelled(&self.metadata.selection), spelled(&selection)));
        }
        if self.metadata.mac_only_encrypted != rule.terms().mac_only_encrypted() {
            found.push(Difference::MacOnlyEncrypted(self.metadata.mac_only_encrypted));
        }
        found
    }

    fn other_recipients(&self, rule: &Rule) -> Vec<Difference> {
        let own: BTreeSet<&str> = self
            .metadata
            .groups
            .iter()
            .flat_map(|group| &group.age)
            .map(|wrapped| wrapped.recipient.as_str())
            .collect();
        let named: BTreeSet<&str> =
            rule.terms().groups().iter().flatten().map(kiln_age::Recipient::as_str).collect();
        let missing = named.difference(&own).map(|it| Difference::Missing((*it).to_owned()));
        let surplus = own.difference(&named).map(|it| Difference::Surplus((*it).to_owned()));
        let found: Vec<_> = missing.chain(surplus).collect();
        let is_regrouped =
            found.is_empty() && !named.is_empty() && !rule.terms().has_groups_of(&self.metadata);
        if is_regrouped { vec![Difference::Groups] } else { found }
    }

    /// Where the first value with these keys, with dots between them, stands in the bytes of the
    /// file.
    pub fn place_of(&self, path: &str) -> Option<Range<usize>> {
        let mut places = Vec::new();
        self.documents.iter().for_each(|document| places_in_map(document, &mut places));
        let mut places = places.into_iter();
        let mut documents = self.documents.clone();
        let mut found = None;
        let Ok(()) = walk(&mut documents, &Selection::Everything, &mut |leaf, place, _| {
            if let Leaf::Key = leaf {
                let at = places.next();
                if found.is_none() && place.path.join(".") == path {
                    found = at;
                }
            }
            Ok::<(), Infallible>(())
        });
        found
    }

    /// The values that stand in clear, though the option of the file selects them, or that of
    /// the rule. Needs no key.
    pub fn clear_values(&self, rule: Option<&Rule>) -> Vec<ClearValue> {
        // A binary file is all one value, whatever its metadata says.
        let own = match self.format() {
            crate::Format::Binary => Selection::Everything,
            _ => self.metadata.selection.clone(),
        };
        let mut found = in_clear(&self.documents, &own);
        let ruled = rule.map(|rule| rule.terms().selection_for(self.format()));
        if let Some(ruled) = ruled.filter(|ruled| ruled.option() != own.option()) {
            found.extend(in_clear(&self.documents, &ruled));
        }
        found.sort_by(|one, other| (one.at.start, &one.path).cmp(&(other.at.start, &other.path)));
        found.dedup();
        found
    }
}

fn spelled(selection: &Selection) -> String {
    selection.option().map_or_else(|| "everything".to_owned(), |(option, value)| format!("{option}: {value}"))
}

fn in_clear(documents: &[Document], selection: &Selection) -> Vec<ClearValue> {
    let mut places = Vec::new();
    documents.iter().for_each(|document| places_in_map(document, &mut places));
    let mut places = places.into_iter();
    let mut above: Vec<Range<usize>> = Vec::new();
    let mut found = Vec::new();
    let mut documents = documents.to_vec();
    let Ok(()) = walk(&mut documents, selection, &mut |leaf, place, selected| {
        match leaf {
            Leaf::Key => {
                above.truncate(place.path.len().saturating_sub(1));
                above.push(places.next().unwrap_or_default());
            }
            Leaf::Scalar(scalar) if selected && is_clear(scalar) => {
                let at = above.get(place.path.len().wrapping_sub(1)).cloned().unwrap_or_default();
                found.push(ClearValue { path: place.path.join("."), at });
            }
            Leaf::Scalar(_) | Leaf::Comment(_) => {}
        }
        Ok::<(), Infallible>(())
    });
    found
}

/// Where every entry stands, in the order in which [`walk`] comes to them.
fn places_in_map(map: &Map, places: &mut Vec<Range<usize>>) {
    for Entry { value, at, .. } in map.entries() {
        places.push(at.clone());
        places_in_node(value, places);
    }
}

fn places_in_node(node: &Node, places: &mut Vec<Range<usize>>) {
    match node {
        Node::Scalar(_) => {}
        Node::Map(map) => places_in_map(map, places),
        Node::List(list) => {
            for item in &list.items {
                if let ListItem::Node(node) = item {
                    places_in_node(node, places);
                }
            }
        }
    }
}

/// Whether SOPS would have encrypted this, and has not.
fn is_clear(scalar: &Scalar) -> bool {
    match scalar {
        Scalar::Text(text) => cipher::kind(scalar).is_some() && !cipher::is_sealed(text),
        _ => cipher::kind(scalar).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use kiln_model::{Diagnostics, Sources};

    use super::*;
    use crate::{Format, Policy};

    const BLOCK: &str = "sops:\n  age:\n  - recipient: age1a\n    enc: x\n  lastmodified: \"2026-11-20T12:00:00Z\"\n  mac: ENC[x]\n  encrypted_regex: ^data$\n  version: 3.13.3\n";
    const ENC: &str = "ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]";

    fn sealed(text: &str) -> Sealed {
        Sealed::read(format!("{text}{BLOCK}").as_bytes(), Format::Yaml).unwrap()
    }

    fn policy(text: &str) -> Policy {
        let source = Sources::new().add(".sops.yaml", text);
        Policy::parse_as_needed(source, text, &mut Diagnostics::new()).unwrap()
    }

    fn clear(text: &str, rule: Option<&str>) -> Vec<String> {
        let policy = rule.map(policy);
        let rule = policy.as_ref().and_then(|policy| policy.rule_for("a.yaml"));
        sealed(text).clear_values(rule).into_iter().map(|it| it.path).collect()
    }

    #[test]
    fn only_what_is_selected_and_says_something_is_missing_its_encryption() {
        let text = format!(
            "kind: x\ndata:\n  a: {ENC}\n  b: plain\n  c: 5\n  d:\n  - {ENC}\n  - k: true\n  e: \"\"\n  f: null\n"
        );
        assert_eq!(clear(&text, None), ["data.b", "data.c", "data.d.k"]);
    }

    #[test]
    fn the_rule_counts_beside_the_option_of_the_file() {
        let rule = "creation_rules:\n- age: age1a\n  encrypted_regex: ^(data|stringData)$\n";
        assert_eq!(clear("data:\n  a: x\nstringData:\n  b: y\n", Some(rule)), ["data.a", "stringData.b"]);
    }

    #[test]
    fn a_value_of_a_list_has_the_place_of_the_key_of_the_list() {
        let text = format!("data:\n  l:\n  - k: {ENC}\n  - plain\n");
        let found = sealed(&text).clear_values(None);
        assert_eq!(found.len(), 1);
        assert!(text[found[0].at.clone()].starts_with("l:"), "{:?}", found[0].at);
    }

    #[test]
    fn every_difference_from_the_rule_is_named() {
        let rule = format!(
            "creation_rules:\n- age: {}\n  mac_only_encrypted: true\n",
            "age1zncwnvm5lhdp7yqmg6fzyn7wq07rjj6rv5nqamqsc0j5tej2ns0sxvy230"
        );
        let policy = policy(&rule);
        let found = sealed("data:\n  a: x\n").differences(policy.rule_for("a.yaml").unwrap());
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(matches!(&found[0], Difference::Missing(it) if it.starts_with("age1zncw")));
        assert_eq!(found[1], Difference::Surplus("age1a".to_owned()));
        assert_eq!(
            found[2],
            Difference::Selection(
                "encrypted_regex: ^data$".to_owned(),
                "unencrypted_suffix: _unencrypted".to_owned()
            )
        );
        assert_eq!(found[3], Difference::MacOnlyEncrypted(false));
    }
}
