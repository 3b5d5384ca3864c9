//! Data files that are not merged into one document, held against a schema.

use kiln_model::{Diagnostics, Map, Reported, Sources, Value};
use kiln_schema::Schema;
use kiln_yaml::Resolution;

use crate::findings;
use crate::load::parse;

/// A data file that is held against a JSON Schema.
pub struct Held<'a> {
    /// How messages call the file; its ending says how it is read: `.toml`, `.json`, else YAML.
    pub path: &'a str,
    /// How YAML is read: what `Settings` say.
    pub yaml: Resolution,
    /// Its text.
    pub text: &'a str,
    /// How messages call the schema.
    pub schema_name: &'a str,
    /// The text of the schema, draft-07.
    pub schema: &'a str,
}

/// Holds a data file against its schema, and gives what it says; `writeOnly` values are secrets.
///
/// # Errors
/// If the schema is none, or the file cannot be read as what its ending says. That the file is
/// not as the schema wants it is in `sink` alone.
pub fn hold(held: &Held<'_>, sources: &mut Sources, sink: &mut Diagnostics) -> Result<Map, Reported> {
    let schema = Schema::compile(held.schema_name, held.schema)
        .map_err(|error| sink.error(findings::bad_schema(held.path, &error)))?;
    let source = sources.add(held.path, held.text);
    let mut found = Diagnostics::new();
    let parsed = parse(held.path, source, held.yaml, sources, &mut found);
    if found.has_errors() {
        kiln_schema::mask_unparsed(sources, source, &schema.secret_keys());
    }
    sink.append(found);
    let mut node = parsed?.node;
    schema.check(&node, sink);
    schema.mark_secrets(&mut node, sources);
    match node.value {
        Value::Map(map) => Ok(map),
        _ => Ok(Map::new()),
    }
}
