//! How pages speak of keys, key files and conditions.

use super::markdown::{anchor, code, series};
use super::names::{self, Ends, Reach};
use super::pack::Pack;

/// The pages of one folder.
pub(super) struct Terms<'a> {
    pub(super) pack: &'a Pack,
    /// The page of the keys, as seen from the page that speaks; empty on that page.
    pub(super) configuration: &'a str,
}

impl Terms<'_> {
    /// A key with a link to what it means, if `path` is one.
    pub(super) fn key(&self, path: &str) -> String {
        let is_key =
            self.pack.schemas.iter().flat_map(|(_, schema)| &schema.keys).any(|key| key.path == path);
        if !is_key {
            return code(path);
        }
        format!("[{}]({}#{})", code(path), self.configuration, anchor(path))
    }

    /// What something ends in: keys and key files.
    pub(super) fn ends(&self, ends: &Ends) -> Vec<String> {
        let file = |file: &String| format!("[{}]({}#key-files)", code(file), self.configuration);
        ends.keys.iter().map(|key| self.key(key)).chain(ends.files.iter().map(file)).collect()
    }

    /// The rows of a table that takes conditions apart: the condition, what the names in it
    /// stand for, and what they end in.
    pub(super) fn conditions(&self, conditions: &[&str]) -> Vec<Vec<String>> {
        let row = |condition: &&str| {
            let ends = names::ends(self.pack, condition, Reach::Influence);
            vec![code(condition), self.meaning(condition), series(&self.ends(&ends), "and")]
        };
        conditions.iter().map(row).collect()
    }

    fn meaning(&self, condition: &str) -> String {
        let texts = names::known(self.pack, condition).into_iter().map(|name| self.text(&name));
        texts.collect::<Vec<_>>().join(" ")
    }

    /// What a key or a derived value is.
    fn text(&self, name: &str) -> String {
        let keys = self.pack.schemas.iter().flat_map(|(_, schema)| &schema.keys);
        let key = keys.into_iter().find(|key| key.path == name);
        let description = key.and_then(|key| key.description.lines().next());
        let doc = || self.pack.derived(name).map(|derived| derived.doc.as_str());
        description.or_else(doc).unwrap_or_default().to_owned()
    }
}

/// When something exists.
pub(super) fn when(condition: &str) -> String {
    if condition == "true" { "always".to_owned() } else { format!("when {}", code(condition)) }
}
