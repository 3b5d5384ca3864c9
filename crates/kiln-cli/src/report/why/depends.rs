//! What depends on a key or a computed value.

use std::collections::{BTreeMap, BTreeSet};

use kiln::Span;
use kiln::why::{Computed, Rule, Told, Why};

/// What depends on a key or a computed value.
pub(super) struct Dependents<'a> {
    pub(super) values: BTreeMap<&'a String, &'a Computed>,
    pub(super) rules: Vec<&'a Rule>,
    pub(super) outputs: Vec<Dependent<'a>>,
}

/// An output that depends on something.
pub(super) struct Dependent<'a> {
    pub(super) told: &'a Told,
    /// Where its template says it, or one of the values that follow from it; else where it begins.
    pub(super) span: Span,
    /// The computed value that stands between them.
    pub(super) through: Option<&'a str>,
    /// Whether the template itself uses it.
    pub(super) is_used: bool,
    /// Whether it, or what follows from it, decides whether the output is there.
    is_decided: bool,
}

impl Dependent<'_> {
    /// How it depends, in a few words; nothing where the template says it itself.
    pub(super) fn how(&self) -> String {
        match self.through {
            Some(name) => format!("through `{name}`"),
            None if self.is_used => String::new(),
            None if self.is_decided => "decides whether it is there, or what is beside it".to_owned(),
            None => "decides how it is encrypted".to_owned(),
        }
    }
}

/// Everything that depends on `key`.
pub(super) fn dependents<'a>(why: &'a Why, key: &str) -> Dependents<'a> {
    let follows = following(why, key);
    // Of a key it is known exactly; of a computed value, what looked at it is taken.
    let is_key = why.keys.contains_key(key);
    let depends = |name: &str, keys: &BTreeSet<String>| {
        if is_key { keys.contains(key) } else { follows.contains(name) }
    };
    let values = why.values.iter().filter(|(name, it)| *name != key && depends(name, &it.keys));
    let values: BTreeMap<&String, &Computed> = values.collect();
    let uses = |names: &BTreeSet<String>| names.iter().any(|name| name == key || values.contains_key(name));
    let rules = why.rules.iter().filter(|it| if is_key { it.keys.contains(key) } else { uses(&it.names) });
    let outputs =
        why.outputs.iter().filter(|it| if is_key { it.keys.contains(key) } else { uses(&it.values) });
    let outputs = outputs.map(|told| dependent(told, key, &values)).collect();
    Dependents { rules: rules.collect(), outputs, values }
}

fn dependent<'a>(told: &'a Told, key: &str, values: &BTreeMap<&'a String, &'a Computed>) -> Dependent<'a> {
    let own = told.names.get(key);
    let through = told.names.iter().find(|(name, _)| values.contains_key(name));
    let field = || told.values.iter().find(|name| name.contains("[]") && values.contains_key(name));
    let (span, through) = match (own, through) {
        (Some(span), _) => (*span, None),
        (None, Some((name, span))) => (*span, Some(name.as_str())),
        (None, None) => (Span::NONE, field().map(String::as_str)),
    };
    let span = if span.is_none() { told.template.span } else { span };
    let is_decided = told.decided_by.iter().any(|name| name == key || values.contains_key(name));
    Dependent { told, span, through, is_used: own.is_some(), is_decided }
}

/// The computed values that follow from `key`, by the names that they were computed from.
fn following<'a>(why: &'a Why, key: &str) -> BTreeSet<&'a str> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = found.len();
        for (name, value) in &why.values {
            if value.from.iter().any(|from| from == key || found.contains(from.as_str())) {
                found.insert(name);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}
