//! Creation rules: which outputs are encrypted, to whom, and what in them.

mod parse;

use std::collections::BTreeSet;

use kiln_model::{Diagnostics, Reported, SourceId, Span};

pub(crate) use self::parse::DEFAULT_INDENT;
use crate::pattern::Pattern;
use crate::recipient::Recipient;
use crate::select::Selection;

/// The creation rules of a `.sops.yaml`.
///
/// The format is that of SOPS 3.13: `creation_rules` with `path_regex`, `age` or one
/// group of `key_groups`, one of the six selection options, and `mac_only_encrypted`;
/// and `stores.yaml.indent`.
pub struct Policy {
    rules: Vec<Rule>,
}

/// One creation rule.
pub struct Rule {
    /// Where the rule stands.
    pub(crate) span: Span,
    /// Without a pattern the rule is for every path.
    pub(crate) path: Option<Pattern>,
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) selection: Selection,
    pub(crate) mac_only_encrypted: bool,
    /// Columns per level of what is written.
    pub(crate) indent: usize,
}

impl Policy {
    /// Reads `text`, which stands in `source`.
    ///
    /// # Errors
    /// If anything in it cannot be obeyed: text that is not YAML, a pattern that SOPS
    /// would silently ignore, a recipient or kind of key that is not supported, two
    /// selection options in one rule. Everything found is in `sink`.
    pub fn parse(source: SourceId, text: &str, sink: &mut Diagnostics) -> Result<Policy, Reported> {
        parse::parse(source, text, sink)
    }

    /// The first rule for a path, given relative to the folder of the `.sops.yaml`.
    pub fn rule_for(&self, path: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.path.as_ref().is_none_or(|pattern| pattern.is_match(path)))
    }
}

impl Rule {
    /// Whether the rule is for the paths that match its pattern alone, and not for every path.
    pub fn has_pattern(&self) -> bool {
        self.path.is_some()
    }

    pub(crate) fn recipient_set(&self) -> BTreeSet<&str> {
        self.recipients.iter().map(Recipient::as_str).collect()
    }
}
