//! Secret values.

use kiln_model::{Node, PathStep, Secret, Sources, Value, path_text};
use serde_json::Value as Json;

use crate::place::Place;
use crate::root::Root;
use crate::schema::Schema;
use crate::secret_keys::SecretKeys;
use crate::walk;

impl Schema {
    /// Turns the text of every key whose schema says `writeOnly` into a secret, labelled
    /// with its path, and hides the place of its value in `sources`, whatever its type.
    ///
    /// The value of a key that the schema forbids is hidden, too, and of one that it knows by a
    /// pattern alone: it may be a secret under a misspelt name or in the wrong file.
    pub fn mark_secrets(&self, document: &mut Node, sources: &mut Sources) {
        let mut path = Vec::new();
        mark(&Place::whole(&self.root), document, &mut path, sources);
    }

    /// All keys whose schema says `writeOnly`, wherever they stand.
    pub fn secret_keys(&self) -> SecretKeys {
        let mut keys = SecretKeys::default();
        collect(&self.root, &self.root.json, &mut keys);
        keys
    }
}

fn mark(place: &Place<'_>, node: &mut Node, path: &mut Vec<PathStep>, sources: &mut Sources) {
    if place.is_open() {
        return;
    }
    if place.is_forbidden {
        sources.mask(node.span());
        return;
    }
    if place.is_secret {
        hide(node, path, sources);
        return;
    }
    for_each_child(node, path, |step, child, path| {
        let below = place.below(step);
        if below.is_by_pattern {
            sources.mask(child.span());
        }
        mark(&below, child, path, sources);
    });
}

/// Makes secrets of all text in a value that is secret.
fn hide(node: &mut Node, path: &mut Vec<PathStep>, sources: &mut Sources) {
    sources.mask(node.span());
    if let Value::String(text) = &mut node.value {
        node.value = Value::Secret(Secret::new(path_text(path), std::mem::take(text)));
        return;
    }
    for_each_child(node, path, |_, child, path| hide(child, path, sources));
}

/// Calls `visit` for everything directly in `node`, with `path` leading to it.
fn for_each_child(
    node: &mut Node,
    path: &mut Vec<PathStep>,
    mut visit: impl FnMut(&PathStep, &mut Node, &mut Vec<PathStep>),
) {
    let mut step_in = |step: PathStep, child: &mut Node| {
        path.push(step.clone());
        visit(&step, child, path);
        path.pop();
    };
    match &mut node.value {
        Value::Map(map) => {
            map.iter_mut().for_each(|(key, entry)| step_in(PathStep::Key(key.to_owned()), &mut entry.node));
        }
        Value::List(items) => {
            items.iter_mut().enumerate().for_each(|(index, item)| step_in(PathStep::Index(index), item));
        }
        _ => {}
    }
}

/// Looks for keys everywhere in a schema, its definitions included.
fn collect(root: &Root, json: &Json, keys: &mut SecretKeys) {
    match json {
        Json::Object(object) => {
            let named = object.get("properties").and_then(Json::as_object).into_iter().flatten();
            let is_secret = |schema: &Json| walk::is_secret(&root.json, schema);
            keys.names.extend(named.filter(|(_, schema)| is_secret(schema)).map(|(key, _)| key.clone()));
            let patterns = root.patterns(json).filter(|(_, schema)| is_secret(schema));
            keys.patterns.extend(patterns.map(|(pattern, _)| pattern.clone()));
            object.values().for_each(|value| collect(root, value, keys));
        }
        Json::Array(items) => items.iter().for_each(|item| collect(root, item, keys)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use kiln_model::{Diagnostics, SourceId};
    use kiln_yaml::Resolution;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let schema = r#"{"additionalProperties": false, "properties": {
            "token": {"type": "string", "writeOnly": true}, "name": {}, "open": {"type": "object"}},
            "patternProperties": {"^app_": {}, "^app_.*key$": {"type": "string", "writeOnly": true}}}"#;
        let schema = Schema::compile("case", schema).unwrap();
        let mut sources = Sources::new();
        let id: SourceId = sources.add("a", text);
        let mut node = kiln_yaml::compose(id, text, Resolution::Core, &mut Diagnostics::new()).unwrap();
        schema.mark_secrets(&mut node, &mut sources);
        assert_eq!(sources.masked_text(id), expected);
    }

    #[test]
    fn the_value_of_a_misspelt_key_is_hidden() {
        check("tokn: hunter2\nname: a\n", "tokn: *******\nname: a\n");
        check("tokn: {a: hunter2}\n", "tokn: ************\n");
    }

    #[test]
    fn a_key_is_secret_by_a_pattern_of_its_name() {
        check(
            "app_key: hunter2\napp_host: a\nap_key: hunter2\n",
            "app_key: *******\napp_host: *\nap_key: *******\n",
        );
        let schema =
            Schema::compile("case", r#"{"patternProperties": {"key$": {"writeOnly": true}}}"#).unwrap();
        let keys = schema.secret_keys();
        assert!(keys.contains("a_key") && !keys.contains("keyhole") && !keys.is_empty());
        let (mut sources, text) = (Sources::new(), "a_key: \"x\nkeyhole: y\n");
        let id = sources.add("a", text);
        crate::mask_unparsed(&mut sources, id, &keys);
        assert_eq!(sources.masked_text(id), "a_key:***\nkeyhole: y\n");
    }

    #[test]
    fn a_value_that_a_pattern_alone_knows_is_hidden_for_its_key_may_be_misspelt() {
        check("app_pasword: hunter2\nname: a\n", "app_pasword: *******\nname: a\n");
        check("app_login: {user: hunter2}\n", "app_login: ***************\n");
    }

    #[test]
    fn what_the_schema_says_nothing_about_stays_visible() {
        check("open: {a: b}\nname: [c]\n", "open: {a: b}\nname: [c]\n");
    }
}
