//! One layer: a pack's folder or a project's `overrides/`, as located trees.

use std::collections::BTreeMap;

use kiln_model::{Diagnostics, Entry, Files, Map, Node, Reported, Sources, Value};
use kiln_yaml::Resolution;

use crate::findings;
use crate::pack::Template;

/// The trees of one layer; entries are keyed by id.
#[derive(Clone, Default)]
pub(crate) struct Layer {
    /// Whether a project's entries lie over the pack's.
    pub(crate) is_override: bool,
    pub(crate) pack: Map,
    pub(crate) derive: Map,
    pub(crate) checks: Map,
    pub(crate) apps: Map,
    pub(crate) versions: Map,
    /// By path below the layer: `templates/…`, `macros/…`, `schemas/…`.
    pub(crate) texts: BTreeMap<String, Template>,
}

impl Layer {
    /// Reads the layer whose paths start with `prefix`; only a pack (no prefix) must have a
    /// `pack.toml`.
    pub(crate) fn read(
        files: &dyn Files,
        prefix: &str,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<Layer, Reported> {
        let paths = files
            .list(prefix.trim_end_matches('/'))
            .map_err(|error| sink.error(findings::unreadable(&files.display(&error.path), &error.reason)))?;
        let mut layer = Layer::default();
        if prefix.is_empty() && !paths.iter().any(|path| path == "pack.toml") {
            return Err(sink.error(findings::not_a_pack(&files.display("pack.toml"))));
        }
        for path in &paths {
            let below = path.strip_prefix(prefix).unwrap_or(path);
            // A file that cannot be read is reported; the others are still looked at.
            let is_part = layer.read_file(files, path, below, sources, sink).unwrap_or(true);
            if !is_part && !prefix.is_empty() && !is_incidental(below) {
                sink.push(findings::unused_file(&files.display(path)));
            }
        }
        Ok(layer)
    }

    /// The project's own `versions.yaml`, empty if there is none.
    pub(crate) fn versions(
        project: &dyn Files,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<Map, Reported> {
        // Whether it cannot be read is said by whoever reads its text.
        if matches!(project.read("versions.yaml"), Ok(None)) {
            return Ok(Map::new());
        }
        yaml(project, "versions.yaml", sources, sink)
    }

    /// Takes one file in; whether it is part of a layer at all.
    fn read_file(
        &mut self,
        files: &dyn Files,
        path: &str,
        below: &str,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<bool, Reported> {
        let (folder, name) = below.split_once('/').unwrap_or(("", below));
        let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
        match (folder, name) {
            ("", "pack.toml") => {
                let template = text(files, path, sources, sink)?;
                let node = kiln_yaml::toml::compose(template.source, &template.text, sink)?;
                self.pack = keyed(mapping(node, sink)?, sink);
            }
            ("", "versions.yaml") => self.versions = yaml(files, path, sources, sink)?,
            ("derive", _) if is_yaml => add(&mut self.derive, yaml(files, path, sources, sink)?, sink),
            ("checks", _) if is_yaml => add(&mut self.checks, yaml(files, path, sources, sink)?, sink),
            ("apps", _) if is_yaml => {
                let id = name.trim_end_matches(".yaml").trim_end_matches(".yml").to_owned();
                let template = text(files, path, sources, sink)?;
                let node = kiln_yaml::compose(template.source, &template.text, Resolution::Core, sink)?;
                self.add_app(id, node, sources, sink);
            }
            ("templates" | "macros" | "schemas", _) => {
                let template = text(files, path, sources, sink)?;
                self.texts.insert(below.to_owned(), template);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn add_app(&mut self, id: String, node: Node, sources: &Sources, sink: &mut Diagnostics) {
        let span = node.span();
        // A file in which nothing stands is no wish to remove the app; one that says `null` is.
        if node.is_null() && !matches!(sources.slice(span).trim(), "null" | "~") {
            sink.push(findings::unused_file(sources.path(span.source)));
            return;
        }
        if let Some(first) = self.apps.insert(id.as_str(), Entry { key: span, node }) {
            sink.error(findings::duplicate_id(&id, first.key, span));
        }
    }
}

/// Whether a file is one that people and editors leave everywhere.
fn is_incidental(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.')) || path.ends_with(".md") || path.ends_with('~')
}

fn text(
    files: &dyn Files,
    path: &str,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Template, Reported> {
    let shown = files.display(path);
    let bytes = match files.read(path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err(sink.error(findings::unreadable(&shown, "it is gone"))),
        Err(error) => return Err(sink.error(findings::unreadable(&shown, &error.reason))),
    };
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| sink.error(findings::not_text(&shown)))?;
    Ok(Template { source: sources.add(shown, text.as_str()), text })
}

fn yaml(
    files: &dyn Files,
    path: &str,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Map, Reported> {
    let template = text(files, path, sources, sink)?;
    let node = kiln_yaml::compose(template.source, &template.text, Resolution::Core, sink)?;
    mapping(node, sink)
}

fn mapping(node: Node, sink: &mut Diagnostics) -> Result<Map, Reported> {
    let span = node.span();
    match node.value {
        Value::Map(map) => Ok(map),
        Value::Null => Ok(Map::new()),
        _ => Err(sink.error(findings::not_a_mapping(span))),
    }
}

/// Takes over the entries of another file of the same folder.
fn add(map: &mut Map, more: Map, sink: &mut Diagnostics) {
    for (id, entry) in more.iter() {
        if let Some(first) = map.insert(id, entry.clone()) {
            sink.error(findings::duplicate_id(id, first.key, entry.key));
        }
    }
}

/// Turns the lists whose entries have ids into mappings by id, so that all layers merge
/// alike.
fn keyed(mut pack: Map, sink: &mut Diagnostics) -> Map {
    for name in ["secret", "generate"] {
        let Some(list) = pack.get_mut(name) else { continue };
        let Value::List(items) = &list.value else { continue };
        let mut by_id = Map::new();
        for item in items {
            let Some(id) = item.get("id").and_then(Node::as_str) else {
                sink.error(findings::missing_id(item.span()));
                continue;
            };
            let entry = Entry { key: item.span(), node: item.clone() };
            if let Some(first) = by_id.insert(id, entry) {
                sink.error(findings::duplicate_id(id, first.key, item.span()));
            }
        }
        list.value = Value::Map(by_id);
    }
    pack
}
