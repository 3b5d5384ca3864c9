//! What may have been meant.

use std::collections::BTreeSet;

use kiln_model::nearest;
use kiln_python::{Fault, FaultKind};
use kiln_syntax::{Span, Stmt, StmtKind};

use super::way::Way;
use super::{Around, blame};
use crate::lower::walk::Visitor;

/// How to mend a fault, where that is to be known only in its place. `is_said`: whether a
/// template says its word.
pub(super) fn help(fault: &Fault, is_said: bool, way: &Way<'_>, around: &Around<'_>) -> Option<String> {
    let word = fault.word().filter(|_| is_said)?;
    if fault.is_about_variable() {
        return Some(variable(word, way, around));
    }
    if fault.kind() == FaultKind::TemplateNotFound {
        let templates = around.shared.template_names();
        return Some(did_you_mean(word, templates.iter().map(|name| &**name)).unwrap_or_else(|| {
            "templates are named by their path below the folder of templates".to_owned()
        }));
    }
    // Names of keys are data, too.
    let is_data = fault.kind() == FaultKind::UndefinedError && around.discreet;
    let near = did_you_mean(word, fault.known().iter().map(String::as_str).filter(|_| !is_data));
    let is_unknown = matches!(fault.code(), Some("unknown-filter" | "unknown-test"));
    near.or_else(|| is_unknown.then(|| UNKNOWN.to_owned()))
}

/// What is said where no filter or test is like the one that was meant.
pub(crate) const UNKNOWN: &str =
    "there are those of Jinja2 and those that kiln adds; a function is called as `name(…)`";

fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let others = known.filter(|it| *it != word && !it.is_empty());
    nearest(word, others).map(|near| format!("did you mean `{near}`?"))
}

/// How to mend that a variable is not defined.
fn variable(name: &str, way: &Way<'_>, around: &Around<'_>) -> String {
    let own = own_names(way, around);
    if around.names.iter().any(|it| it == name) {
        return "an imported template sees no variables; import it `with context`, or pass the value"
            .to_owned();
    }
    if own.contains(name) {
        return format!("`{name}` is set, but not here: a loop, macro or block keeps its names to itself");
    }
    let globals = around.shared.globals();
    let known = around.names.iter().map(String::as_str).chain(globals.keys().map(|it| &**it));
    did_you_mean(name, known.chain(own.iter().map(String::as_str)))
        .unwrap_or_else(|| "names are the keys of the data, and what the template sets before".to_owned())
}

/// The names that the innermost template sets somewhere.
fn own_names(way: &Way<'_>, around: &Around<'_>) -> BTreeSet<String> {
    let mut stores = Stores(BTreeSet::new());
    if let Some((text, is_expression)) = way.text() {
        // An error in it would have been found before it ran.
        let _ = blame::look_through(text, is_expression, &around.shared.settings.syntax, &mut stores);
    }
    stores.0
}

struct Stores(BTreeSet<String>);

impl Visitor for Stores {
    fn store(&mut self, name: &str, _: Span) {
        self.0.insert(name.to_owned());
    }

    fn enter(&mut self, stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Macro(it) => self.0.extend([it.name.name.clone()]),
            StmtKind::Import(it) => self.0.extend([it.target.name.clone()]),
            StmtKind::FromImport(it) => {
                let names = it.names.iter().map(|(name, alias)| alias.as_ref().unwrap_or(name));
                self.0.extend(names.map(|name| name.name.clone()));
            }
            _ => {}
        }
        true
    }
}
