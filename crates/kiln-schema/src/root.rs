//! A whole schema as JSON, and what its `patternProperties` match.

use std::collections::BTreeMap;
use std::sync::Arc;

use jsonschema::Validator;
use serde_json::{Value as Json, json};

/// The outermost schema, which references lead into.
pub(crate) struct Root {
    pub(crate) json: Json,
    patterns: Patterns,
}

/// Compiled patterns by their text.
type Patterns = BTreeMap<String, Pattern>;

/// A pattern for names, in the dialect of the validator.
pub(crate) type Pattern = Arc<Validator>;

impl Root {
    /// `json` is a schema that the validator takes.
    pub(crate) fn new(json: Json) -> Root {
        let mut patterns = Patterns::new();
        collect(&json, &mut patterns);
        Root { json, patterns }
    }

    /// The patterns of a part with what each says of the names that it matches.
    pub(crate) fn patterns<'a>(&'a self, part: &'a Json) -> impl Iterator<Item = (&'a Pattern, &'a Json)> {
        let all = part.get("patternProperties").and_then(Json::as_object);
        all.into_iter().flatten().filter_map(|(text, schema)| Some((self.patterns.get(text)?, schema)))
    }

    /// What the patterns of a part say of the key `name`.
    pub(crate) fn matching<'a>(&'a self, part: &'a Json, name: &str) -> impl Iterator<Item = &'a Json> {
        let matches = move |pattern: &Pattern| is_match(pattern, name);
        self.patterns(part).filter(move |(pattern, _)| matches(pattern)).map(|(_, schema)| schema)
    }
}

pub(crate) fn is_match(pattern: &Pattern, name: &str) -> bool {
    pattern.is_valid(&Json::String(name.to_owned()))
}

/// Looks for patterns everywhere; what only looks like a schema does no harm.
fn collect(json: &Json, found: &mut Patterns) {
    match json {
        Json::Object(object) => {
            for text in object
                .get("patternProperties")
                .and_then(Json::as_object)
                .into_iter()
                .flat_map(|all| all.keys())
            {
                if let Ok(pattern) = jsonschema::draft7::new(&json!({ "pattern": text })) {
                    found.insert(text.clone(), Arc::new(pattern));
                }
            }
            object.values().for_each(|value| collect(value, found));
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}
