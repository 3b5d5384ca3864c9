//! Check: the pack's rules are held against the whole document.

use std::collections::BTreeSet;

use kiln_jinja::{Engine, Scope};
use kiln_model::{Diagnostic, Diagnostics, Map, Node, PathStep, Severity, Sources, Span, split_path};
use kiln_pack::{AssertRule, Expr, Pack};

use crate::expressions::condition;
use crate::findings;

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
        let Some(message) = self.text(&self.rule.message, scope, sink) else { return };
        let mut diagnostic = Diagnostic::new(self.rule.severity, format!("check.{}", self.id), message);
        let mut label = self.rule.label.as_ref().and_then(|label| self.text(label, scope, sink));
        for path in &self.rule.at {
            let span = self.node(&path.text, item).map_or(Span::NONE, Node::span);
            let text = label.take().unwrap_or_else(|| format!("`{}` is set here", path.text));
            diagnostic = diagnostic.label(span, text);
        }
        diagnostic.help = self.rule.help.as_ref().and_then(|help| self.text(help, scope, sink));
        if self.rule.severity == Severity::Error {
            sink.error(diagnostic);
        } else {
            sink.push(diagnostic);
        }
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
