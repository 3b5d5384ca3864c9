//! Creation rules: which outputs are encrypted, to whom, and what in them.

mod parse;
mod recipients;

use kiln_model::{Diagnostics, Reported, SourceId, Span};

pub use self::recipients::recipients_in;
use crate::format::Stores;
use crate::pattern::Pattern;
use crate::terms::Terms;

/// The creation rules of a `.sops.yaml`.
///
/// The format is that of SOPS 3.13: `creation_rules` with `path_regex`, `age` or
/// `key_groups` with `shamir_threshold`, one of the six selection options, and
/// `mac_only_encrypted`; and the indentations of `stores`.
pub struct Policy {
    rules: Option<Vec<Rule>>,
    stores: Stores,
}

/// One creation rule.
pub struct Rule {
    /// Where the rule stands.
    pub(crate) span: Span,
    /// Without a pattern the rule is for every path.
    pub(crate) path: Option<Pattern>,
    pub(crate) terms: Terms,
    /// Keys of other kinds that the rule names: the name of their list in a file, and where.
    pub(crate) other_keys: Vec<(&'static str, Span)>,
    pub(crate) stores: Stores,
    pub(crate) problems: Diagnostics,
}

impl Policy {
    /// Reads `text`, which stands in `source`.
    ///
    /// # Errors
    /// If anything in it cannot be obeyed: text that is not YAML, a pattern that SOPS
    /// would silently ignore, something that is no recipient, two selection options in one
    /// rule. Everything found is in `sink`. Keys of other kinds than age's are found when
    /// their rule is used.
    pub fn parse(source: SourceId, text: &str, sink: &mut Diagnostics) -> Result<Policy, Reported> {
        let policy = Policy::parse_as_needed(source, text, sink)?;
        let mut found = Diagnostics::new();
        let problems = policy.rules.iter().flatten().flat_map(|rule| rule.problems.iter());
        problems.for_each(|problem| found.push(problem.clone()));
        let outcome = found.check();
        sink.append(found);
        outcome.map(|()| policy)
    }

    /// As [`Policy::parse`], but what is wrong with a rule stays with it, in
    /// [`Rule::problems`], as it does for `sops`: it matters if the rule is used.
    ///
    /// # Errors
    /// If the text is not YAML, or its `creation_rules` or `stores` are not of the form they
    /// must have.
    pub fn parse_as_needed(source: SourceId, text: &str, sink: &mut Diagnostics) -> Result<Policy, Reported> {
        parse::parse(source, text, sink)
    }

    /// The first rule for a path, given relative to the folder of the `.sops.yaml`.
    pub fn rule_for(&self, path: &str) -> Option<&Rule> {
        let mut rules = self.rules.iter().flatten();
        rules.find(|rule| rule.path.as_ref().is_none_or(|pattern| pattern.is_match(path)))
    }

    /// All rules, in their order.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().flatten()
    }

    /// Whether there are `creation_rules`, of which there may be none.
    pub fn has_rules(&self) -> bool {
        self.rules.is_some()
    }

    /// The indentations that `stores` names.
    pub fn stores(&self) -> &Stores {
        &self.stores
    }
}

impl Rule {
    /// Whether the rule is for the paths that match its pattern alone, and not for every path.
    pub fn has_pattern(&self) -> bool {
        self.path.is_some()
    }

    /// To whom the rule encrypts, and what.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The kinds of keys the rule names that kiln cannot encrypt to, such as `pgp`.
    pub fn other_kinds(&self) -> impl Iterator<Item = &'static str> {
        self.other_keys.iter().map(|(kind, _)| *kind)
    }

    /// What is wrong with the rule, and what it says in vain.
    pub fn problems(&self) -> &Diagnostics {
        &self.problems
    }

    /// Where the rule stands.
    pub fn span(&self) -> Span {
        self.span
    }
}
