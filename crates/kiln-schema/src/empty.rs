//! Optional keys that were left empty.

use kiln_model::{Diagnostics, Node, PathStep, Span, Value};
use serde_json::Value as Json;

use crate::root::Root;
use crate::schema::Schema;
use crate::walk;

impl Schema {
    /// Takes out every key that the schema does not require and whose value is an empty text,
    /// which the schema forbids. Gives those keys with the places of their values; of a mapping
    /// after those below it.
    pub fn remove_empty(&self, document: &mut Node) -> Vec<(Vec<PathStep>, Span)> {
        let wrong = self.check(document, &mut Diagnostics::new());
        let mut found = Vec::new();
        let mut walk = Walk { root: &self.root, wrong: &wrong, path: Vec::new(), found: &mut found };
        walk.remove(&[&self.root.json], document);
        found
    }
}

struct Walk<'a> {
    root: &'a Root,
    /// The places of wrong values.
    wrong: &'a [Vec<PathStep>],
    path: Vec<PathStep>,
    found: &'a mut Vec<(Vec<PathStep>, Span)>,
}

impl Walk<'_> {
    fn remove(&mut self, schemas: &[&Json], node: &mut Node) {
        match &mut node.value {
            Value::Map(map) => {
                for (key, entry) in map.iter_mut() {
                    self.step_in(schemas, PathStep::Key(key.to_owned()), &mut entry.node);
                }
                let empty: Vec<String> = map
                    .iter()
                    .filter(|(key, entry)| is_empty(&entry.node) && self.can_go(schemas, key))
                    .map(|(key, _)| key.to_owned())
                    .collect();
                for key in empty {
                    let span = map.remove(&key).map_or(Span::NONE, |entry| entry.node.span());
                    self.found.push((self.below(&key), span));
                }
            }
            Value::List(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.step_in(schemas, PathStep::Index(index), item);
                }
            }
            _ => {}
        }
    }

    fn step_in(&mut self, schemas: &[&Json], step: PathStep, child: &mut Node) {
        let below = walk::below(self.root, schemas, &step);
        self.path.push(step);
        self.remove(&below, child);
        self.path.pop();
    }

    fn can_go(&self, schemas: &[&Json], key: &str) -> bool {
        self.wrong.contains(&self.below(key)) && !walk::is_required(self.root, schemas, key)
    }

    fn below(&self, key: &str) -> Vec<PathStep> {
        self.path.iter().cloned().chain([PathStep::Key(key.to_owned())]).collect()
    }
}

/// Whether a value is text without a letter.
pub(crate) fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::String(text) => text.is_empty(),
        Value::Secret(secret) => secret.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use kiln_model::{Sources, path_text};
    use kiln_yaml::Resolution;

    use super::*;

    /// The keys that are taken out, and the document without them.
    fn without_empty(text: &str) -> (Vec<String>, String) {
        let schema = r##"{"required": ["name"], "additionalProperties": false,
            "properties": {"name": {"$ref": "#/definitions/text"}, "note": {"enum": ["a"]}, "free": {},
                "nodes": {"items": {"required": ["id"], "properties": {
                    "id": {"minLength": 1}, "tag": {"$ref": "#/definitions/text"}}}}},
            "patternProperties": {"^app_": {"minLength": 1}},
            "definitions": {"text": {"pattern": "."}}}"##;
        let schema = Schema::compile("case", schema).unwrap();
        let source = Sources::new().add("a", text);
        let mut node = kiln_yaml::compose(source, text, Resolution::Core, &mut Diagnostics::new()).unwrap();
        let removed = schema.remove_empty(&mut node);
        (removed.iter().map(|(path, _)| path_text(path)).collect(), format!("{:?}", node.value))
    }

    #[test]
    fn an_optional_key_without_text_is_taken_out_wherever_it_stands() {
        let (removed, left) = without_empty("note: ''\napp_x: \"\"\nnodes: [{id: a, tag: ''}]\nname: b\n");
        assert_eq!(removed, ["nodes[0].tag", "note", "app_x"]);
        assert_eq!(left, r#"{"nodes": [{"id": "a"}], "name": "b"}"#);
    }

    #[test]
    fn what_is_required_unknown_allowed_or_no_text_stays() {
        let text = "name: ''\nother: ''\nnote: ~\nfree: ''\nnodes: [{id: ''}]\napp_x: ' '\n";
        assert_eq!(without_empty(text).0, [""; 0]);
    }
}
