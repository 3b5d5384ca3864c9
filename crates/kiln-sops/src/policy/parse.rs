//! Reads creation rules, and refuses what cannot be obeyed.

use std::mem;

use kiln_age::{Kind, Recipient};
use kiln_model::{Diagnostics, Reported, SourceId, Span};

use super::{Policy, Rule};
use crate::document::{Entry, ListItem, Map, Node, Scalar};
use crate::format::Stores;
use crate::pattern::Pattern;
use crate::select::{OPTIONS, Selection};
use crate::terms::Terms;
use crate::{findings, read, seal};

/// Kinds of keys that SOPS knows and kiln does not, with the name of their list in a file.
const OTHER_KEYS: [(&str, &str); 7] = [
    ("azure_keyvault", "azure_kv"),
    ("gcp_kms", "gcp_kms"),
    ("hc_vault", "hc_vault"),
    ("hc_vault_transit_uri", "hc_vault"),
    ("hckms", "hckms"),
    ("kms", "kms"),
    ("pgp", "pgp"),
];

/// All keys of a rule that kiln reads.
const KNOWN: [&str; 11] = [
    "age",
    "encrypted_comment_regex",
    "encrypted_regex",
    "encrypted_suffix",
    "key_groups",
    "mac_only_encrypted",
    "path_regex",
    "shamir_threshold",
    "unencrypted_comment_regex",
    "unencrypted_regex",
    "unencrypted_suffix",
];

pub(super) fn parse(source: SourceId, text: &str, sink: &mut Diagnostics) -> Result<Policy, Reported> {
    let mut parser = Parser { source, sink: Diagnostics::new() };
    let mut policy = Policy { rules: None, stores: Stores::default() };
    match read::read(text) {
        Ok(documents) => {
            if let Some(document) = documents.first() {
                policy.stores = parser.stores(document);
                policy.rules = parser.rules(document, &policy.stores);
            }
        }
        Err(problems) => {
            for problem in problems {
                let span = Span::new(source, problem.at.start, problem.at.end);
                parser.sink.push(findings::policy_not_readable(&problem, span));
            }
        }
    }
    let outcome = parser.sink.check();
    sink.append(parser.sink);
    outcome.map(|()| policy)
}

struct Parser {
    source: SourceId,
    /// What was found in the rule that is being read, or outside of the rules.
    sink: Diagnostics,
}

impl Parser {
    fn rules(&mut self, document: &Map, stores: &Stores) -> Option<Vec<Rule>> {
        let entry = document.get("creation_rules")?;
        let Node::List(list) = &entry.value else {
            if entry.value != Node::Scalar(Scalar::Null) {
                self.bad(entry, "`creation_rules` is not a list", "write each rule as an item of a list");
            }
            return None;
        };
        let mut rules = Vec::new();
        for item in &list.items {
            match item {
                ListItem::Comment(_) => {}
                ListItem::Node(Node::Map(rule)) => {
                    let outside = mem::replace(&mut self.sink, Diagnostics::new());
                    let mut rule = self.rule(rule, entry, stores);
                    rule.problems = mem::replace(&mut self.sink, outside);
                    rules.push(rule);
                }
                ListItem::Node(_) => {
                    self.bad(entry, "a creation rule is not a mapping", "give it `path_regex` and `age`")
                }
            }
        }
        Some(rules)
    }

    fn stores(&mut self, document: &Map) -> Stores {
        let mut stores = Stores::default();
        for (store, set) in STORES {
            let Some(entry) = indent(document, store) else { continue };
            let columns = match entry.value {
                Node::Scalar(Scalar::Null) => continue,
                Node::Scalar(Scalar::Int(columns)) => Some(columns),
                _ => None,
            };
            if !columns.is_some_and(|columns| set(&mut stores, columns)) {
                self.bad(
                    entry,
                    &format!("`stores.{store}.indent` is not a number of columns"),
                    "give a number of columns, such as 2",
                );
            }
        }
        stores
    }

    fn rule(&mut self, map: &Map, list: &Entry, stores: &Stores) -> Rule {
        let span = match (map.entries().next(), map.entries().last()) {
            (Some(first), Some(last)) => Span::new(self.source, first.at.start, last.at.end),
            _ => self.span(list),
        };
        let mut rule = Rule {
            span,
            path: None,
            terms: Terms::new(Vec::new()),
            other_keys: Vec::new(),
            stores: *stores,
            problems: Diagnostics::new(),
        };
        let mut option = None;
        for entry in map.entries() {
            self.field(entry, &mut rule, &mut option);
        }
        // SOPS prefers groups to the list of the rule.
        let given = |key: &str| map.get(key).filter(|entry| !is_unset(&entry.value));
        let mut group = Vec::new();
        match (given("key_groups"), given("age")) {
            (Some(groups), _) => self.key_groups(groups, &mut rule),
            (None, age) => {
                if let Some(age) = age {
                    self.recipients(age, &age.value, &mut group);
                }
                rule.terms.groups = vec![group];
            }
        }
        self.check_groups(&rule);
        rule
    }

    /// Groups that nobody, or not enough, could open.
    fn check_groups(&mut self, rule: &Rule) {
        if self.sink.has_errors() || !rule.other_keys.is_empty() {
            return;
        }
        let terms = &rule.terms;
        if terms.groups.is_empty() || terms.groups.iter().any(Vec::is_empty) {
            self.sink.push(findings::no_recipient(rule.span));
        } else if seal::check_groups(terms).is_err() {
            self.sink.push(findings::bad_threshold(rule.span, terms.groups.len()));
        }
        let is_safe = |recipient: &&Recipient| recipient.kind() == Kind::PostQuantum;
        let all = || terms.groups.iter().flatten();
        if all().any(|it| is_safe(&it)) && !all().all(|it| is_safe(&it)) {
            self.sink.push(findings::mixed_recipients(rule.span));
        }
    }

    /// `option` is the selection option that the rule has so far.
    fn field<'a>(&mut self, entry: &'a Entry, rule: &mut Rule, option: &mut Option<&'a Entry>) {
        let span = self.span(entry);
        match entry.key.as_str() {
            "path_regex" => rule.path = self.pattern(entry),
            "shamir_threshold" => rule.terms.threshold = self.threshold(entry),
            "mac_only_encrypted" => rule.terms.mac_only_encrypted = self.flag(entry),
            "age" | "key_groups" | "aws_profile" => {}
            key if (OPTIONS.contains(&key) || other_key(key).is_some()) && is_unset(&entry.value) => {}
            key if OPTIONS.contains(&key) => {
                if let Some(first) = option.replace(entry) {
                    self.sink.push(findings::two_options(&first.key, self.span(first), key, span));
                }
                rule.terms.selection = self.selection(entry);
            }
            key => match other_key(key) {
                Some(kind) => rule.other_keys.push((kind, span)),
                None => {
                    self.sink.push(findings::unknown_rule_key(key, kiln_model::nearest(key, KNOWN), span));
                }
            },
        }
    }

    fn pattern(&mut self, entry: &Entry) -> Option<Pattern> {
        if is_unset(&entry.value) {
            return None;
        }
        let pattern = entry.value.as_text().and_then(|source| Pattern::new(source).ok());
        if pattern.is_none() {
            let span = self.span(entry);
            self.sink.push(findings::bad_pattern(&entry.key, span));
        }
        pattern
    }

    fn selection(&mut self, entry: &Entry) -> Option<Selection> {
        let selection = entry.value.as_text().and_then(|value| Selection::new(&entry.key, value));
        if selection.is_none() {
            let span = self.span(entry);
            self.sink.push(findings::bad_pattern(&entry.key, span));
        }
        selection
    }

    fn flag(&mut self, entry: &Entry) -> bool {
        match entry.value {
            Node::Scalar(Scalar::Bool(it)) => it,
            Node::Scalar(Scalar::Null) => false,
            _ => {
                self.bad(entry, "`mac_only_encrypted` is not a boolean", "write `true` or `false`");
                false
            }
        }
    }

    fn threshold(&mut self, entry: &Entry) -> usize {
        match entry.value {
            Node::Scalar(Scalar::Null) => 0,
            Node::Scalar(Scalar::Int(it)) if (0..=255).contains(&it) => it.unsigned_abs() as usize,
            _ => {
                self.bad(
                    entry,
                    "`shamir_threshold` is not a number of groups",
                    "write how many of the `key_groups` have to be opened",
                );
                0
            }
        }
    }

    fn key_groups(&mut self, entry: &Entry, rule: &mut Rule) {
        let Node::List(list) = &entry.value else {
            return self.bad(entry, "`key_groups` is not a list", "write each group with a list `age`");
        };
        for item in &list.items {
            let ListItem::Node(item) = item else { continue };
            let mut group = Vec::new();
            self.key_group(entry, item, rule, &mut group);
            rule.terms.groups.push(group);
        }
    }

    fn key_group(&mut self, entry: &Entry, group: &Node, rule: &mut Rule, recipients: &mut Vec<Recipient>) {
        let Node::Map(group) = group else {
            return self.bad(entry, "a group of keys is not a mapping", "give it a list `age`");
        };
        for member in group.entries().filter(|member| !is_unset(&member.value)) {
            match (member.key.as_str(), &member.value) {
                ("age", keys) => self.recipients(member, keys, recipients),
                ("merge", Node::List(groups)) => {
                    for item in &groups.items {
                        if let ListItem::Node(item) = item {
                            self.key_group(member, item, rule, recipients);
                        }
                    }
                }
                (key, _) => match other_key(key) {
                    Some(kind) => rule.other_keys.push((kind, self.span(member))),
                    None => {
                        let nearest = kiln_model::nearest(key, ["age", "merge"]);
                        let finding = findings::unknown_rule_key(key, nearest, self.span(member));
                        self.sink.push(finding);
                    }
                },
            }
        }
    }

    fn recipients(&mut self, entry: &Entry, value: &Node, recipients: &mut Vec<Recipient>) {
        match value {
            Node::Scalar(Scalar::Null) => {}
            Node::Scalar(Scalar::Text(text)) => {
                text.split(',')
                    .map(str::trim)
                    .filter(|it| !it.is_empty())
                    .for_each(|it| self.recipient(entry, it, recipients));
            }
            Node::List(list) => {
                for item in &list.items {
                    if let ListItem::Node(item @ Node::Scalar(_)) = item {
                        self.recipients(entry, item, recipients);
                    }
                }
            }
            _ => {
                self.bad(entry, "`age` is neither a text nor a list of texts", "list the recipients, `age1…`")
            }
        }
    }

    fn recipient(&mut self, entry: &Entry, text: &str, recipients: &mut Vec<Recipient>) {
        let span = self.span(entry);
        match Recipient::parse(text) {
            Ok(new) if recipients.iter().any(|known| known.as_str() == new.as_str()) => {}
            Ok(new) => recipients.push(new),
            Err(_) => {
                // Should it be a private key, no excerpt may show it.
                let is_private = text.contains("AGE-SECRET-KEY") || text.contains("AGE-PLUGIN");
                self.sink.push(findings::bad_recipient(if is_private { Span::NONE } else { span }));
            }
        }
    }

    fn bad(&mut self, entry: &Entry, message: &str, help: &str) {
        let span = self.span(entry);
        self.sink.push(findings::bad_rule(message, help, span));
    }

    fn span(&self, entry: &Entry) -> Span {
        Span::new(self.source, entry.at.start, entry.at.end)
    }
}

/// Sets the indentation of a store; says whether there can be such a one.
type SetIndent = fn(&mut Stores, i64) -> bool;

/// The stores that have an indentation.
const STORES: [(&str, SetIndent); 3] = [
    ("yaml", Stores::set_yaml_indent),
    ("json", Stores::set_json_indent),
    ("json_binary", Stores::set_binary_indent),
];

fn indent<'a>(document: &'a Map, store: &str) -> Option<&'a Entry> {
    let inside = |entry: &'a Entry| match &entry.value {
        Node::Map(map) => Some(map),
        _ => None,
    };
    let stores = inside(document.get("stores")?)?;
    inside(stores.get(store)?)?.get("indent")
}

/// The name that a file has for the list of these keys.
fn other_key(key: &str) -> Option<&'static str> {
    OTHER_KEYS.iter().find(|(name, _)| *name == key).map(|(_, kind)| *kind)
}

/// SOPS takes an empty value for none.
fn is_unset(value: &Node) -> bool {
    match value {
        Node::Scalar(Scalar::Null) => true,
        Node::Scalar(Scalar::Text(text)) => text.is_empty(),
        Node::Scalar(_) => false,
        _ => value.is_empty(),
    }
}
