//! One layer: a pack's folder or a project's `overrides/`, as located trees.

use std::collections::BTreeMap;

use kiln_model::{Diagnostics, Entry, Files, Map, Node, Reported, Sources, Value};

use crate::findings;
use crate::kind::Kind;
use crate::pack::Template;
use crate::part::{Part, Spread};

/// The lists of `pack.toml` whose entries have ids.
pub(crate) const KEYED: [&str; 3] = ["secret", "generate", "tool"];

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
    /// `pack.toml`. `stored` knows the trees that were read when kiln was built.
    pub(crate) fn read(
        files: &dyn Files,
        prefix: &str,
        stored: &dyn Fn(&str) -> Option<&'static [u8]>,
        spread: Spread<'_>,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<Layer, Reported> {
        let paths = files
            .list(prefix.trim_end_matches('/'))
            .map_err(|error| sink.error(findings::unreadable(&files.display(&error.path), &error.reason)))?;
        if prefix.is_empty() && !paths.iter().any(|path| path == "pack.toml") {
            return Err(sink.error(findings::not_a_pack(&files.display("pack.toml"))));
        }
        let part = |path: &String| {
            let part = Part::read(files, path, path.strip_prefix(prefix).unwrap_or(path), sources)?;
            Some(part.with_stored(stored(path)))
        };
        let parts: Vec<Option<Part>> = paths.iter().map(part).collect();
        spread(parts.len(), &|number| parts[number].iter().for_each(Part::parse));
        let mut layer = Layer::default();
        for (path, part) in paths.iter().zip(parts) {
            match part {
                // A file that cannot be read is reported; the others are still looked at.
                Some(part) => drop(layer.take_in(part, sources, sink)),
                None if prefix.is_empty() || is_incidental(path) => {}
                None => sink.push(findings::unused_file(&files.display(path))),
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
        let part = Part::read(project, "versions.yaml", "versions.yaml", sources);
        part.map_or_else(|| Ok(Map::new()), |part| mapping(part.into_tree(sink)?, sink))
    }

    /// Takes one file in.
    fn take_in(&mut self, part: Part, sources: &Sources, sink: &mut Diagnostics) -> Result<(), Reported> {
        match part.kind {
            Kind::Pack => self.pack = keyed(mapping(part.into_tree(sink)?, sink)?, sink),
            Kind::Versions => self.versions = mapping(part.into_tree(sink)?, sink)?,
            Kind::Derive => add(&mut self.derive, mapping(part.into_tree(sink)?, sink)?, sink),
            Kind::Checks => add(&mut self.checks, mapping(part.into_tree(sink)?, sink)?, sink),
            Kind::App => {
                let id = part.below.trim_start_matches("apps/");
                let id = id.trim_end_matches(".yaml").trim_end_matches(".yml").to_owned();
                self.add_app(id, part.into_tree(sink)?, sources, sink);
            }
            Kind::Text => {
                let below = part.below.clone();
                self.texts.insert(below, part.into_text(sink)?);
            }
        }
        Ok(())
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
    for name in KEYED {
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
