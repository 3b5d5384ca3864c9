//! A file with functions.

use std::sync::Arc;

use kiln_model::Diagnostic;
use kiln_python::{Dict, Py};

use super::alias::{Alias, Evaluator};
use crate::disk::Disk;
use crate::findings;
use crate::plugins::Contribution;

/// Functions and filters by name, each an expression over its parameters.
pub struct FunctionSet {
    functions: Vec<Alias>,
    filters: Vec<Alias>,
}

impl FunctionSet {
    /// The set that stands in a TOML file; `file` names it in findings.
    ///
    /// # Errors
    /// If it is not TOML, has other keys, or one of its expressions is none.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<FunctionSet, Box<Diagnostic>> {
        let refuse = |what: String| Box::new(findings::bad_function_set(file, &what));
        let root = kiln_pydata::toml(bytes).map_err(|error| refuse(error.to_string()))?;
        let Py::Dict(root) = &root else { return Err(refuse("it is no table".to_owned())) };
        let mut set = FunctionSet { functions: Vec::new(), filters: Vec::new() };
        for (key, table) in root.entries() {
            let aliases = match key.as_str() {
                Some("functions") => &mut set.functions,
                Some("filters") => &mut set.filters,
                _ => return Err(refuse("it has `[functions]` and `[filters]` alone".to_owned())),
            };
            let Py::Dict(table) = table else { return Err(refuse("these are tables".to_owned())) };
            for (name, definition) in table.entries() {
                let name = name.as_str().unwrap_or_default();
                aliases.push(alias(name, &definition).map_err(|what| refuse(format!("`{name}`: {what}")))?);
            }
        }
        Ok(set)
    }

    /// What the set gives to a run with these data. A function does not replace a value of the
    /// same name.
    pub(super) fn contribution(&self, disk: &Arc<dyn Disk>, data: &Dict) -> Contribution {
        let evaluator = Evaluator::new(disk);
        let bound = |alias: &Alias| (alias.name.to_string(), alias.bind(&evaluator));
        let unset = |alias: &&Alias| data.get_str(&alias.name).is_none();
        Contribution {
            globals: self.functions.iter().filter(unset).map(bound).collect(),
            filters: self.filters.iter().map(bound).collect(),
            ..Contribution::default()
        }
    }
}

fn alias(name: &str, definition: &Py) -> Result<Alias, String> {
    let Py::Dict(definition) = definition else { return Err("it is no table".to_owned()) };
    let (mut params, mut defaults, mut value) = (Vec::new(), Dict::default(), None);
    for (key, given) in definition.entries() {
        match (key.as_str(), given) {
            (Some("params"), Py::List(names)) => {
                let names = names.items();
                params = names.iter().filter_map(|it| it.as_str().map(Arc::from)).collect();
            }
            (Some("defaults"), Py::Dict(given)) => defaults = given,
            (Some("value"), Py::Str(expression)) => value = Some(expression),
            _ => return Err("it has `params`, `defaults` and `value` alone".to_owned()),
        }
    }
    let expression = value.ok_or("it has no `value`")?;
    Evaluator::check(&expression)?;
    Ok(Alias { name: name.into(), params, defaults, expression })
}
