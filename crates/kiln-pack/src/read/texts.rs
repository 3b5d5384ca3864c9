//! Templates, macros, schemas, and the files that override them.

use std::collections::BTreeMap;

use super::Texts;
use crate::pack::{OverrideFile, Pack, Template};

/// Sorts texts by what they are. A file of `over` replaces the template of its name, and
/// may stand for the output of its name.
pub(super) fn read(base: Texts, over: Texts, pack: &mut Pack) {
    for (path, template) in base {
        if let Some(name) = template_name(&path) {
            pack.templates.insert(name.to_owned(), template);
        }
    }
    for (path, template) in over {
        let Some(name) = template_name(&path) else { continue };
        let replaces_template = pack.templates.contains_key(name);
        if path.starts_with("macros/") || name.ends_with(".j2") {
            pack.templates.insert(name.to_owned(), template.clone());
        }
        if !path.starts_with("macros/") {
            let output = name.strip_suffix(".j2");
            let is_template = output.is_some();
            let file = OverrideFile { template, is_template, replaces_template };
            pack.overrides.insert(output.unwrap_or(name).to_owned(), file);
        }
    }
}

/// The schemas of a layer by name.
pub(super) fn schemas(texts: &Texts) -> BTreeMap<String, Template> {
    texts
        .iter()
        .filter_map(|(path, template)| {
            let name = path.strip_prefix("schemas/")?.strip_suffix(".schema.json")?;
            Some((name.to_owned(), template.clone()))
        })
        .collect()
}

fn template_name(path: &str) -> Option<&str> {
    if path.starts_with("macros/") { Some(path) } else { path.strip_prefix("templates/") }
}
