//! Which keys hold secrets.

use std::collections::BTreeSet;

use crate::root::{Pattern, is_match};

/// The keys that schemas call `writeOnly`: names, and patterns of names.
#[derive(Clone, Default)]
pub struct SecretKeys {
    pub(crate) names: BTreeSet<String>,
    pub(crate) patterns: Vec<Pattern>,
}

impl SecretKeys {
    /// Whether a key of this name holds a secret.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name) || self.patterns.iter().any(|pattern| is_match(pattern, name))
    }

    /// Whether no key does.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.patterns.is_empty()
    }
}

impl FromIterator<String> for SecretKeys {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> SecretKeys {
        SecretKeys { names: names.into_iter().collect(), patterns: Vec::new() }
    }
}

impl FromIterator<SecretKeys> for SecretKeys {
    fn from_iter<I: IntoIterator<Item = SecretKeys>>(parts: I) -> SecretKeys {
        parts.into_iter().fold(SecretKeys::default(), |mut all, part| {
            all.names.extend(part.names);
            all.patterns.extend(part.patterns);
            all
        })
    }
}
