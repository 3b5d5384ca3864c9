//! Finding the parts of a schema that speak of a value.

use kiln_model::PathStep;
use serde_json::Value as Json;

use crate::root::Root;

/// The schema and every schema that it combines: behind `$ref`, in `allOf`, `anyOf`,
/// `oneOf`, `then` and `else`. Annotations beside a `$ref` count, although its siblings do
/// not validate in draft-07.
pub(crate) fn parts<'a>(root: &'a Json, schema: &'a Json) -> Vec<&'a Json> {
    let mut found = vec![schema];
    let mut next = 0;
    while let Some(part) = found.get(next).copied() {
        next += 1;
        let lists =
            ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|it| part.get(it)?.as_array()).flatten();
        let single = ["then", "else"].into_iter().filter_map(|keyword| part.get(keyword));
        // A schema may refer to itself.
        for more in reference(root, part).into_iter().chain(lists).chain(single) {
            add_new(&mut found, more);
        }
    }
    found
}

fn add_new<'a>(all: &mut Vec<&'a Json>, one: &'a Json) {
    if !all.iter().any(|known| std::ptr::eq(*known, one)) {
        all.push(one);
    }
}

/// What the `$ref` of a schema leads to, inside the same schema.
pub(crate) fn reference<'a>(root: &'a Json, schema: &'a Json) -> Option<&'a Json> {
    root.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

/// The schemas of what stands one step below a value with these schemas, each once.
pub(crate) fn below<'a>(root: &'a Root, schemas: &[&'a Json], step: &PathStep) -> Vec<&'a Json> {
    let mut found = Vec::new();
    for part in schemas.iter().flat_map(|schema| parts(&root.json, schema)) {
        child(root, part, step).into_iter().for_each(|more| add_new(&mut found, more));
    }
    found
}

/// The schemas that one part has for what stands one step below.
pub(crate) fn child<'a>(root: &'a Root, part: &'a Json, step: &PathStep) -> Vec<&'a Json> {
    match step {
        PathStep::Key(key) => {
            let named = part.get("properties").and_then(|all| all.get(key));
            let mut found: Vec<&Json> = named.into_iter().chain(root.matching(part, key)).collect();
            if found.is_empty() {
                // `true` says nothing of a value.
                found.extend(part.get("additionalProperties").filter(|it| **it != Json::Bool(true)));
            }
            found
        }
        PathStep::Index(index) => match part.get("items") {
            Some(Json::Array(each)) => each.get(*index).or(part.get("additionalItems")).into_iter().collect(),
            other => other.into_iter().collect(),
        },
    }
}

/// The schemas of what stands at `steps`, and whether it or what it lies in is secret.
pub(crate) fn at<'a>(root: &'a Root, steps: &[PathStep]) -> (Vec<&'a Json>, bool) {
    let mut schemas = vec![&root.json];
    let mut secret = is_secret(&root.json, &root.json);
    for step in steps {
        schemas = below(root, &schemas, step);
        secret |= schemas.iter().any(|schema| is_secret(&root.json, schema));
    }
    (schemas, secret)
}

/// Whether one of the schemas asks for the key, be it under a condition.
pub(crate) fn is_required(root: &Root, schemas: &[&Json], key: &str) -> bool {
    let parts = schemas.iter().flat_map(|schema| parts(&root.json, schema));
    let mut required = parts.filter_map(|part| part.get("required")?.as_array()).flatten();
    required.any(|name| name == key)
}

/// Whether values of this schema are secret.
pub(crate) fn is_secret(root: &Json, schema: &Json) -> bool {
    parts(root, schema).into_iter().any(|part| part.get("writeOnly") == Some(&Json::Bool(true)))
}

/// The text of an annotation, from the first of `schemas` that has it.
pub(crate) fn annotation<'a>(root: &'a Json, schemas: &[&'a Json], name: &str) -> Option<&'a str> {
    schemas
        .iter()
        .flat_map(|schema| parts(root, schema))
        .find_map(|part| part.get(name).and_then(Json::as_str))
}
