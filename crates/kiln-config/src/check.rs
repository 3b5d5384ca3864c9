//! Check: the pack's rules are held against the whole document.

use std::collections::BTreeSet;

use kiln_jinja::{Engine, Scope};
use kiln_model::{
    Diagnostic, Diagnostics, Map, Node, Origin, PathStep, Severity, Sources, Span, Value, split_path,
};
use kiln_pack::{AssertRule, Expr, Pack};

use crate::expressions::condition;
use crate::findings;
use crate::load::is_sealed_name;

/// Reports every rule that does not hold, once per item for rules over lists.
///
/// Gives the keys that are at fault for an error: the culprits of the broken rules.
pub fn check(
    data: &Map,
    pack: &Pack,
    engine: &Engine,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> BTreeSet<String> {
    let scope = Scope::new(data);
    let mut culprits = BTreeSet::new();
    for (id, rule) in &pack.checks {
        let checker = Checker { id, rule, data, engine, sources };
        match &rule.each {
            None => checker.check(&scope, None, &mut culprits, sink),
            Some((each, name)) => {
                for item in checker.items(each, &scope, sink) {
                    let scope = scope.with(name.as_str(), &item.value);
                    checker.check(&scope, Some((name, &item)), &mut culprits, sink);
                }
            }
        }
    }
    culprits
}

/// One rule.
struct Checker<'a> {
    id: &'a str,
    rule: &'a AssertRule,
    data: &'a Map,
    engine: &'a Engine,
    sources: &'a Sources,
}

impl Checker<'_> {
    /// The items of a list. Those of a list of the data keep their places.
    fn items(&self, each: &Expr, scope: &Scope, sink: &mut Diagnostics) -> Vec<Node> {
        if let Some(list) = self.node(&each.text, None).and_then(Node::as_list) {
            return list.to_vec();
        }
        self.engine.items(&each.text, scope).unwrap_or_else(|failure| {
            failure.report("check", each.span, self.sources, sink);
            Vec::new()
        })
    }

    fn check(
        &self,
        scope: &Scope,
        item: Option<(&str, &Node)>,
        culprits: &mut BTreeSet<String>,
        sink: &mut Diagnostics,
    ) {
        let rule = self.rule;
        let holds = |expr: &Expr, sink: &mut Diagnostics| {
            condition(self.engine, expr, scope, "check", self.sources, sink)
        };
        if holds(&rule.when, sink) == Some(true) && holds(&rule.assert, sink) == Some(false) {
            self.report(scope, item, sink);
            if rule.severity == Severity::Error {
                culprits.extend(rule.at.first().and_then(|path| self.top_level_key(&path.text)));
            }
        }
    }

    /// The key of the data that a path leads into; that of the list, for a path into an item.
    fn top_level_key(&self, path: &str) -> Option<String> {
        let PathStep::Key(first) = split_path(path)?.swap_remove(0) else { return None };
        match &self.rule.each {
            Some((each, name)) if *name == first => Some(each.text.clone()),
            _ => Some(first),
        }
    }

    fn report(&self, scope: &Scope, item: Option<(&str, &Node)>, sink: &mut Diagnostics) {
        let encrypted = self.encrypted_file();
        let mut text = |template: &Expr| match &encrypted {
            // The words of a rule may repeat any value that it looks at.
            Some(_) => None,
            None => self.text(template, scope, sink),
        };
        let message = match &encrypted {
            Some(file) => findings::silent_rule(self.id, file),
            None => match text(&self.rule.message) {
                Some(message) => message,
                None => return,
            },
        };
        let mut diagnostic = Diagnostic::new(self.rule.severity, format!("check.{}", self.id), message);
        let mut label = self.rule.label.as_ref().and_then(&mut text);
        let help = self.rule.help.as_ref().and_then(&mut text);
        for path in &self.rule.at {
            let span = self.node(&path.text, item).map_or(Span::NONE, Node::span);
            let text = label.take().unwrap_or_else(|| format!("`{}` is set here", path.text));
            diagnostic = diagnostic.label(span, text);
        }
        diagnostic.help = help.or_else(|| encrypted.map(|_| findings::look_up(self.id)));
        if self.rule.severity == Severity::Error {
            sink.error(diagnostic);
        } else {
            sink.push(diagnostic);
        }
    }

    /// The encrypted data file that a value comes from which the rule's words may repeat.
    fn encrypted_file(&self) -> Option<String> {
        let rule = self.rule;
        let words = [Some(&rule.message), rule.label.as_ref(), rule.help.as_ref()];
        let mut names: BTreeSet<String> =
            words.into_iter().flatten().flat_map(|words| self.engine.names_in_text(&words.text)).collect();
        // The item of a list is a name of its own.
        names.extend(rule.each.iter().flat_map(|(each, _)| self.engine.names_in(&each.text)));
        let mut found = names.iter().filter_map(|name| self.data.get(name));
        found.find_map(|node| encrypted_in(node, self.sources))
    }

    fn text(&self, template: &Expr, scope: &Scope, sink: &mut Diagnostics) -> Option<String> {
        match self.engine.render_text(&template.text, scope) {
            Ok(printed) if printed.reveals.is_empty() => Some(printed.text.trim().to_owned()),
            Ok(printed) => {
                let label = printed.reveals[0].label();
                sink.error(findings::secret_in_message(self.id, label, template.span));
                None
            }
            Err(failure) => {
                failure.report("check", template.span, self.sources, sink);
                None
            }
        }
    }

    /// The node at a key path, which may start with the name of the item.
    fn node<'n>(&'n self, path: &str, item: Option<(&str, &'n Node)>) -> Option<&'n Node> {
        let steps = split_path(path)?;
        let (PathStep::Key(first), rest) = steps.split_first()? else { return None };
        match item {
            Some((name, node)) if name == first => node.walk(rest),
            _ => self.data.get(first)?.walk(rest),
        }
    }
}

/// The encrypted data file that something in a value comes from.
fn encrypted_in(node: &Node, sources: &Sources) -> Option<String> {
    let spans = match &node.origin {
        Origin::At(span) => std::slice::from_ref(span),
        Origin::Derived { from, .. } => from,
        Origin::Default | Origin::Absent => &[],
    };
    let is_sealed = |span: &&Span| is_sealed_name(sources.path(span.source)) && sources.hides(**span);
    if let Some(span) = spans.iter().find(is_sealed) {
        return Some(sources.path(span.source).to_owned());
    }
    match &node.value {
        Value::Map(map) => map.iter().find_map(|(_, entry)| encrypted_in(&entry.node, sources)),
        Value::List(items) => items.iter().find_map(|item| encrypted_in(item, sources)),
        _ => None,
    }
}
