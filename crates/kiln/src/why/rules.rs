//! The rules of a pack, and the keys they are about.

use std::collections::BTreeSet;

use kiln_jinja::Engine;
use kiln_pack::{AssertRule, Expr, Pack};

use super::Rule;
use super::ancestors::Ancestors;

/// Every rule. Unlike outputs, rules are taken by what they say: one that does not apply now is
/// about its keys all the same.
pub(super) fn rules(pack: &Pack, engine: &Engine, ancestors: &Ancestors<'_>) -> Vec<Rule> {
    pack.checks.iter().map(|(id, rule)| one(id, rule, pack, engine, ancestors)).collect()
}

fn one(id: &str, rule: &AssertRule, pack: &Pack, engine: &Engine, ancestors: &Ancestors<'_>) -> Rule {
    let expressions =
        || [&rule.when, &rule.assert].into_iter().chain(rule.each.as_ref().map(|(each, _)| each));
    let mut names: BTreeSet<String> = expressions().flat_map(|it| engine.names_in(&it.text)).collect();
    for function in names.clone().iter().filter_map(|name| pack.functions.get(name)) {
        names.extend(engine.names_in(&function.value.text));
        function.params.iter().for_each(|param| {
            names.remove(param);
        });
    }
    names.retain(|name| !pack.functions.contains_key(name));
    if let Some((_, item)) = &rule.each {
        names.remove(item);
    }
    let mut keys = ancestors.keys(names.iter().map(String::as_str));
    for (field, key) in names.iter().flat_map(|list| ancestors.fields(list)) {
        if expressions().any(|expr| says(expr, key)) {
            keys.extend(ancestors.keys_of_part(field));
        }
    }
    Rule { code: format!("check.{id}"), span: rule.assert.span, names, keys }
}

/// Whether an expression says a word.
fn says(expr: &Expr, word: &str) -> bool {
    expr.text.split(|it: char| !(it.is_alphanumeric() || it == '_')).any(|it| it == word)
}
