//! Reads creation rules, and refuses what cannot be obeyed.

use kiln_model::{Diagnostics, Reported, Severity, SourceId, Span};

use super::{Policy, Rule};
use crate::document::{Entry, ListItem, Map, Node, Scalar};
use crate::findings;
use crate::pattern::Pattern;
use crate::read;
use crate::recipient::{Recipient, RecipientError};
use crate::select::{OPTIONS, Selection};

/// What SOPS takes where `stores.yaml.indent` is not set.
pub(crate) const DEFAULT_INDENT: usize = 4;

/// Kinds of keys that SOPS knows and kiln does not.
const OTHER_KEYS: [&str; 7] =
    ["azure_keyvault", "gcp_kms", "hc_vault", "hc_vault_transit_uri", "hckms", "kms", "pgp"];

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
    let rules = match read::read(text) {
        Ok(documents) => documents.first().map_or_else(Vec::new, |document| parser.rules(document)),
        Err(problems) => {
            for problem in problems {
                let span = Span::new(source, problem.at.start, problem.at.end);
                parser.sink.push(findings::policy_not_readable(&problem, span));
            }
            Vec::new()
        }
    };
    let outcome = parser.sink.check();
    sink.append(parser.sink);
    outcome.map(|()| Policy { rules })
}

struct Parser {
    source: SourceId,
    sink: Diagnostics,
}

impl Parser {
    fn rules(&mut self, document: &Map) -> Vec<Rule> {
        let indent = self.indent(document);
        let Some(entry) = document.get("creation_rules") else { return Vec::new() };
        let Node::List(list) = &entry.value else {
            if entry.value != Node::Scalar(Scalar::Null) {
                self.bad(entry, "`creation_rules` is not a list", "write each rule as an item of a list");
            }
            return Vec::new();
        };
        let mut rules = Vec::new();
        for item in &list.items {
            match item {
                ListItem::Comment(_) => {}
                ListItem::Node(Node::Map(rule)) => rules.push(self.rule(rule, entry, indent)),
                ListItem::Node(_) => {
                    self.bad(entry, "a creation rule is not a mapping", "give it `path_regex` and `age`")
                }
            }
        }
        rules
    }

    fn indent(&mut self, document: &Map) -> usize {
        let yaml = |node: &Node, key: &str| match node {
            Node::Map(map) => map.get(key).cloned(),
            _ => None,
        };
        let stores = document.get("stores").and_then(|stores| yaml(&stores.value, "yaml"));
        let Some(entry) = stores.and_then(|store| yaml(&store.value, "indent")) else {
            return DEFAULT_INDENT;
        };
        match entry.value {
            Node::Scalar(Scalar::Null | Scalar::Int(0)) => DEFAULT_INDENT,
            Node::Scalar(Scalar::Int(columns)) if (1..=9).contains(&columns) => {
                columns.unsigned_abs() as usize
            }
            _ => {
                self.bad(
                    &entry,
                    "`stores.yaml.indent` is not a number from 1 to 9",
                    "give a number of columns, such as 2",
                );
                DEFAULT_INDENT
            }
        }
    }

    fn rule(&mut self, map: &Map, list: &Entry, indent: usize) -> Rule {
        let span = match (map.entries().next(), map.entries().last()) {
            (Some(first), Some(last)) => Span::new(self.source, first.at.start, last.at.end),
            _ => self.span(list),
        };
        let mut rule = Rule {
            span,
            path: None,
            recipients: Vec::new(),
            selection: Selection::default(),
            mac_only_encrypted: false,
            indent,
        };
        let errors_before = self.sink.count(Severity::Error);
        let mut option = None;
        for entry in map.entries() {
            self.field(entry, &mut rule, &mut option);
        }
        // SOPS prefers groups to the list of the rule.
        let given = |key: &str| map.get(key).filter(|entry| !is_unset(&entry.value));
        match (given("key_groups"), given("age")) {
            (Some(groups), _) => self.key_groups(groups, &mut rule.recipients),
            (None, Some(age)) => self.recipients(age, &age.value, &mut rule.recipients),
            (None, None) => {}
        }
        if rule.recipients.is_empty() && self.sink.count(Severity::Error) == errors_before {
            self.sink.push(findings::no_recipient(span));
        }
        rule
    }

    /// `option` is the selection option that the rule has so far.
    fn field<'a>(&mut self, entry: &'a Entry, rule: &mut Rule, option: &mut Option<&'a Entry>) {
        let span = self.span(entry);
        match entry.key.as_str() {
            "path_regex" => rule.path = self.pattern(entry),
            "shamir_threshold" => self.threshold(entry),
            "mac_only_encrypted" => rule.mac_only_encrypted = self.flag(entry),
            "age" | "key_groups" | "aws_profile" => {}
            key if (OPTIONS.contains(&key) || OTHER_KEYS.contains(&key)) && is_unset(&entry.value) => {}
            key if OPTIONS.contains(&key) => {
                if let Some(first) = option.replace(entry) {
                    self.sink.push(findings::two_options(&first.key, self.span(first), key, span));
                }
                rule.selection = self.selection(entry).unwrap_or_default();
            }
            key if OTHER_KEYS.contains(&key) => self.sink.push(findings::unsupported_key_type(key, span)),
            key => {
                self.sink.push(findings::unknown_rule_key(key, kiln_model::nearest(key, KNOWN), span));
            }
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

    /// A threshold is for keys in several groups; one group has nothing to split.
    fn threshold(&mut self, entry: &Entry) {
        if !matches!(entry.value, Node::Scalar(Scalar::Null | Scalar::Int(0))) {
            let span = self.span(entry);
            self.sink.push(findings::split_key(span));
        }
    }

    fn key_groups(&mut self, entry: &Entry, recipients: &mut Vec<Recipient>) {
        let Node::List(list) = &entry.value else {
            return self.bad(entry, "`key_groups` is not a list", "write one group with a list `age`");
        };
        if list.nodes() > 1 {
            return self.sink.push(findings::split_key(self.span(entry)));
        }
        for item in &list.items {
            let ListItem::Node(Node::Map(group)) = item else { continue };
            for member in group.entries().filter(|member| !is_unset(&member.value)) {
                if member.key == "age" {
                    self.recipients(member, &member.value, recipients);
                } else {
                    let span = self.span(member);
                    self.sink.push(findings::unsupported_key_type(&member.key, span));
                }
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
            Err(RecipientError::Unsupported(kind)) => {
                self.sink.push(findings::unsupported_recipient(kind, span));
            }
            Err(RecipientError::Invalid) => {
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

/// SOPS takes an empty value for none.
fn is_unset(value: &Node) -> bool {
    match value {
        Node::Scalar(Scalar::Null) => true,
        Node::Scalar(Scalar::Text(text)) => text.is_empty(),
        Node::Scalar(_) => false,
        _ => value.is_empty(),
    }
}
