//! The pages of a pack's rules.

use std::collections::BTreeSet;

use kiln_model::{Diagnostics, Files, Sources};
use kiln_pack::{AssertRule, Pack};

use super::Page;

/// Jinja2's own delimiters of an expression.
const DELIMITERS: (&str, &str) = ("{{", "}}");

/// The rules of a pack.
#[derive(Default)]
#[non_exhaustive]
pub struct Rules {
    /// The pack: name and version; empty if it cannot be read.
    pub pack: String,
    /// Their pages, in the order in which they are checked.
    pub pages: Vec<Page>,
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// Why the pack cannot be read.
    pub diagnostics: Diagnostics,
}

/// The rules of the project's pack with its overrides; of the built-in pack where the folder holds
/// no project.
pub fn rules(project: &dyn Files) -> Rules {
    let mut rules = Rules::default();
    if let Some(pack) = super::pack_of(project, &mut rules.sources, &mut rules.diagnostics) {
        rules.pack = format!("{} {}", pack.name, pack.version);
        rules.pages = pack.checks.iter().map(|(id, rule)| page(&pack, id, rule)).collect();
    }
    rules
}

/// The pages of the rules that these findings are of.
pub(crate) fn found(pack: &Pack, found: &Diagnostics) -> Vec<Page> {
    let ids: BTreeSet<&str> = found.iter().filter_map(|it| it.code.strip_prefix("check.")).collect();
    ids.into_iter().filter_map(|id| Some(page(pack, id, pack.checks.get(id)?))).collect()
}

fn page(pack: &Pack, id: &str, rule: &AssertRule) -> Page {
    let delimiters = pack.syntax.variable.as_ref();
    let delimiters = delimiters.map_or(DELIMITERS, |(start, end)| (start.as_str(), end.as_str()));
    let item = rule.each.as_ref().map(|(list, name)| (list.text.as_str(), name.as_str()));
    Page {
        code: format!("check.{id}"),
        chapter: None,
        title: readable(&rule.message.text, delimiters),
        severity: rule.severity,
        meaning: None,
        why: rule.why.clone(),
        fix: rule.help.as_ref().map(|help| readable(&help.text, delimiters)),
        is_lenient: rule.compat,
        keys: rule.at.iter().map(|path| key(&path.text, item)).collect(),
        example: None,
        also: Vec::new(),
    }
}

/// The key at `path`, which may begin with the name of an item of a list.
fn key(path: &str, item: Option<(&str, &str)>) -> String {
    let field = item.and_then(|(list, name)| Some((list, path.strip_prefix(name)?)));
    match field.filter(|(_, field)| field.starts_with('.')) {
        Some((list, field)) => format!("{list}[]{field}"),
        None => path.to_owned(),
    }
}

/// A text with its expressions in plain braces, for people: `{node.name} is not in {node_cidr}`.
pub fn readable(template: &str, (start, end): (&str, &str)) -> String {
    let mut parts = template.split(start);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once(end).unwrap_or((part, ""));
        text.push_str(&format!("{{{}}}{rest}", placeholder(expression.trim())));
    }
    text
}

/// What an expression stands for: the two texts that it chooses from, or itself. One that
/// would end the code around it is cut to the value that it begins with.
fn placeholder(expression: &str) -> String {
    if let Some((first, second)) = choice(expression) {
        return format!("{first} or {second}");
    }
    if !expression.contains('`') {
        return expression.to_owned();
    }
    let value = expression.split('|').next().unwrap_or_default().trim();
    let is_path = value.chars().all(|it| it.is_alphanumeric() || "._".contains(it));
    if is_path { value.to_owned() } else { "…".to_owned() }
}

fn choice(expression: &str) -> Option<(&str, &str)> {
    let (first, rest) = expression.strip_prefix('\'')?.split_once('\'')?;
    let condition = rest.strip_prefix(" if ")?;
    let second = condition.strip_suffix('\'')?.rsplit_once(" else '")?.1;
    (!first.is_empty() && !second.is_empty()).then_some((first, second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_become_something_to_read() {
        let shown = |text| readable(text, ("#{", "}#"));
        assert_eq!(shown("`#{ a.b }#` is #{ 'one' if x == 'y' else 'two' }#"), "`{a.b}` is {one or two}");
        assert_eq!(shown("`#{ names | join('` and `') }#`#{ ' (`' ~ x ~ '`)' }#."), "`{names}`{…}.");
    }

    #[test]
    fn a_field_of_an_item_is_a_key_of_its_list() {
        assert_eq!(key("node.address", Some(("nodes", "node"))), "nodes[].address");
        assert_eq!(key("node_cidr", Some(("nodes", "node"))), "node_cidr");
        assert_eq!(key("node_cidr", None), "node_cidr");
    }
}
