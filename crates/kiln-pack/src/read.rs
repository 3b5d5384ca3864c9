//! From merged trees to a typed [`Pack`].

mod apps;

mod manifest;

mod rules;

mod texts;

mod tree;

use std::collections::BTreeMap;

use kiln_model::{Diagnostics, Map, Node, Origin, Reported, Value};
use kiln_schema::Schema;

use crate::layer::Layer;
use crate::pack::{Pack, Template};
use crate::{builtin, findings};

/// Texts by path.
pub(crate) type Texts = BTreeMap<String, Template>;

/// The pack that a layer says, with the texts of the project laid over it.
pub(crate) fn pack(layer: Layer, over: Texts, sink: &mut Diagnostics) -> Pack {
    let mut pack = Pack::empty();
    manifest::read(&layer.pack, &mut pack);
    rules::read(&layer, &mut pack);
    apps::read(&layer.apps, &mut pack);
    pack.versions = Node { value: Value::Map(layer.versions), origin: Origin::Default };
    pack.schemas = texts::schemas(&layer.texts);
    pack.schemas.extend(texts::schemas(&over));
    texts::read(layer.texts, over, &mut pack);
    apps::check(&pack, sink);
    rules::refuse_own_names(&pack, sink);
    pack
}

/// Holds every tree of a layer against its schema.
pub(crate) fn validate(layer: &Layer, sink: &mut Diagnostics) -> Result<(), Reported> {
    let whole = |map: &Map| Node { value: Value::Map(map.clone()), origin: Origin::Default };
    let mut documents = vec![
        ("pack", whole(&unkeyed(&layer.pack))),
        ("derive", whole(&layer.derive)),
        ("checks", whole(&layer.checks)),
        ("versions", whole(&layer.versions)),
    ];
    documents.extend(layer.apps.iter().map(|(_, entry)| ("apps", entry.node.clone())));
    let mut found = Diagnostics::new();
    for (name, node) in &documents {
        match Schema::compile(name, builtin::schema(name).unwrap_or("")) {
            Ok(schema) => {
                schema.check(node, &mut found);
            }
            Err(_) => {
                found.error(findings::internal_schema(name));
            }
        }
    }
    let outcome = found.check();
    sink.append(found);
    outcome
}

/// Turns the mappings by id of [`crate::layer`] back into lists, as the schema has them.
fn unkeyed(pack: &Map) -> Map {
    let mut pack = pack.clone();
    for name in ["secret", "generate"] {
        if let Some(node) = pack.get_mut(name)
            && let Value::Map(entries) = &node.value
        {
            node.value = Value::List(entries.iter().map(|(_, entry)| entry.node.clone()).collect());
        }
    }
    pack
}
