//! The pages of a pack's rules.

use std::collections::BTreeSet;

use kiln_model::{Diagnostics, Files, Sources};
use kiln_pack::{AssertRule, Pack};

use super::Page;
use super::words::{keys, readable};

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
        keys: keys(rule.at.iter().map(|path| path.text.as_str()), item, delimiters),
        example: None,
        also: Vec::new(),
    }
}
