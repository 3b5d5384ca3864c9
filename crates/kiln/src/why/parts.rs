//! Parts of a value that are taken away to see what depends on them: computed fields of the items
//! of a list, and key files.

use kiln_model::{Diagnostics, Map, Node, Sources, Value};
use kiln_render::{Lineage, Output};
use rayon::prelude::*;

use crate::pipeline::Prepared;

/// A part, and the project without it.
pub(super) struct Taken {
    /// The name of its entry of `derive/*.yaml`, or `secrets.ID`.
    pub(super) name: String,
    data: Map,
    outputs: Vec<Output>,
}

/// The project without each of the parts.
pub(super) fn taken(prepared: &mut Prepared, sources: &Sources) -> Vec<Taken> {
    let fields = prepared.pack.derive.iter().filter(|(_, it)| it.each.is_some());
    let fields: Vec<String> = fields.map(|(id, _)| id.clone()).collect();
    let mut found = Vec::with_capacity(fields.len() + prepared.pack.secrets.len());
    for id in fields {
        let Prepared { pack, engine, data, .. } = &mut *prepared;
        let without = kiln_config::derive_without(data, &id, pack, engine, sources);
        found.push((id, without));
    }
    let Prepared { pack, engine, data, .. } = &*prepared;
    for id in pack.secrets.keys() {
        let without = kiln_config::derive_without_key(data, id, pack, engine, sources);
        found.push((format!("secrets.{id}"), without));
    }
    let outputs = |data: &Map| kiln_render::outputs(data, pack, engine, sources, &mut Diagnostics::new());
    let with_outputs = |(name, data): (String, Map)| Taken { name, outputs: outputs(&data), data };
    found.into_par_iter().map(with_outputs).collect()
}

impl Taken {
    /// Whether a value depends on the part.
    pub(super) fn spoils(&self, name: &str) -> bool {
        self.data.get(name).is_some_and(is_spoilt)
    }

    /// Whether the output depends on the part.
    pub(super) fn changes(&self, output: &Output, lineage: &Lineage, prepared: &Prepared) -> bool {
        // A list of apps is shorter without what cannot be decided, and nothing fails.
        let mut listed = lineage.decided.listed.iter().chain(&lineage.rendered.listed);
        if listed.any(|name| self.spoils(name)) {
            return true;
        }
        let found = self.outputs.binary_search_by(|it| it.path.as_str().cmp(&output.path));
        let Some(without) = found.ok().map(|at| &self.outputs[at]) else { return true };
        match &output.template {
            Some(template) => prepared.engine.render(template, without.scope()).is_err(),
            None => false,
        }
    }
}

/// Whether a value is wrong, or something in it.
fn is_spoilt(node: &Node) -> bool {
    match &node.value {
        Value::Invalid => true,
        Value::List(items) => items.iter().any(is_spoilt),
        Value::Map(map) => map.iter().any(|(_, entry)| is_spoilt(&entry.node)),
        _ => false,
    }
}
