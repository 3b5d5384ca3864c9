//! What an editor has to say of every key of a schema, as documents for `keys.mjs`.
//!
//! For every mapping of the schema there is a document with a wrong value at each key, one with
//! right values, one that asks for the values that a key can have, and one that asks which keys
//! there are.

use serde_json::{Map, Value as Json, json};

use super::layout::{Layout, Style};

/// A mapping that a schema describes.
struct Mapping<'a> {
    /// The way to it: keys, and `None` for the first item of a list.
    path: Vec<Option<&'a str>>,
    schema: &'a Json,
}

/// The documents for the schema of the file `file`, each of which begins with the line `head`.
pub(super) fn documents(schema: &Json, file: &str, head: &str, style: Style) -> Vec<Json> {
    let mut mappings = Vec::new();
    collect(schema, schema, Vec::new(), &mut mappings);
    let mut documents = Vec::new();
    for mapping in &mappings {
        let keys: Vec<Key<'_>> = keys(schema, mapping);
        let mut page = Page { file, head, style, path: &mapping.path };
        documents.extend([wrong(&mut page, mapping, &keys), right(&mut page, &keys)]);
        if style == Style::Yaml {
            documents.extend([values(&mut page, &keys), names(&mut page, &keys)]);
        }
    }
    documents
}

/// A key of a mapping.
struct Key<'a> {
    name: &'a str,
    schema: &'a Json,
}

impl Key<'_> {
    fn is_type(&self, name: &str) -> bool {
        self.schema["type"] == name
    }

    /// A value that the schema allows, if it says one.
    fn good(&self) -> Option<Json> {
        let example = self.schema["examples"].get(0).or_else(|| self.schema.get("default"));
        let choice = || self.schema["enum"].get(0).cloned();
        example.cloned().or_else(choice).or_else(|| self.is_type("boolean").then_some(Json::Bool(true)))
    }

    /// A value that it does not allow: of another type, or text that is empty.
    fn bad(&self) -> Json {
        let takes_text = self.is_type("string") || self.schema["type"].as_array().is_some();
        if takes_text && self.schema.get("enum").is_none() { json!("") } else { json!("no such value") }
    }

    /// The labels that an editor offers for the value.
    fn choices(&self) -> Vec<String> {
        let all = self.schema["enum"].as_array().into_iter().flatten();
        let all = all.map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
        let booleans = ["true", "false"].into_iter().filter(|_| self.is_type("boolean")).map(str::to_owned);
        all.chain(booleans).collect()
    }

    /// The first paragraph of what its hover says. Editors for TOML know no Markdown there.
    fn says(&self, style: Style) -> &str {
        let keyword = if style == Style::Yaml { "markdownDescription" } else { "description" };
        let text = self.schema[keyword].as_str().unwrap_or_default();
        text.split("\n\n").next().unwrap_or_default()
    }
}

/// Looks for mappings with keys of their own, from the outermost inwards.
fn collect<'a>(root: &'a Json, schema: &'a Json, path: Vec<Option<&'a str>>, found: &mut Vec<Mapping<'a>>) {
    let schema = resolved(root, schema);
    if let Some(items) = schema.get("items") {
        collect(root, items, [path, vec![None]].concat(), found);
        return;
    }
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else { return };
    found.push(Mapping { path: path.clone(), schema });
    for (name, below) in properties {
        collect(root, below, [path.clone(), vec![Some(name.as_str())]].concat(), found);
    }
}

fn keys<'a>(root: &'a Json, mapping: &Mapping<'a>) -> Vec<Key<'a>> {
    let properties = mapping.schema.get("properties").and_then(Json::as_object);
    let keys = properties.into_iter().flatten();
    keys.map(|(name, schema)| Key { name, schema: resolved(root, schema) }).collect()
}

fn resolved<'a>(root: &'a Json, schema: &'a Json) -> &'a Json {
    let place = schema.get("$ref").and_then(Json::as_str).and_then(|it| it.strip_prefix('#'));
    place.and_then(|place| root.pointer(place)).unwrap_or(schema)
}

/// What the documents of a mapping have in common.
struct Page<'a> {
    file: &'a str,
    head: &'a str,
    style: Style,
    path: &'a [Option<&'a str>],
}

impl Page<'_> {
    fn layout(&self) -> Layout {
        Layout::new(self.head, self.style, self.path)
    }

    fn about(&self, name: &str, claim: &str) -> String {
        let mut path = String::new();
        for step in self.path {
            match step {
                Some(key) if path.is_empty() => path.push_str(key),
                Some(key) => path.push_str(&format!(".{key}")),
                None => path.push_str("[]"),
            }
        }
        let dot = if path.is_empty() { "" } else { "." };
        format!("{}: `{path}{dot}{name}` {claim}", self.file)
    }

    fn document(&self, layout: Layout, fields: Json) -> Json {
        let mut document = Map::from_iter([
            ("file".to_owned(), json!(self.file)),
            ("text".to_owned(), json!(layout.text())),
        ]);
        document.extend(fields.as_object().cloned().unwrap_or_default());
        Json::Object(document)
    }
}

/// Every key has a value that it cannot have, and one key does not exist.
fn wrong(page: &mut Page<'_>, mapping: &Mapping<'_>, keys: &[Key<'_>]) -> Json {
    let mut layout = page.layout();
    let (mut flagged, mut unknown) = (Vec::new(), Vec::new());
    for key in keys {
        let at = layout.key(key.name, &key.bad());
        let says = ["not match", "Expected", "Incorrect type", "not accepted", "one of", "shorter"];
        flagged.push(json!({
            "about": page.about(key.name, "is underlined where its value is wrong"),
            "line": at.line, "from": at.value, "to": at.end, "says": says,
        }));
    }
    if mapping.schema["additionalProperties"] == json!(false) {
        let at = layout.key("no_such_key", &json!(1));
        unknown.push(json!({
            "about": page.about("no_such_key", "is underlined as unknown"),
            "line": at.line, "from": at.key, "to": at.key,
            "says": ["no_such_key", "Key must match"],
        }));
    }
    page.document(layout, json!({"flagged": flagged, "unknown": unknown}))
}

/// Every key has a value that it can have, and is explained.
fn right(page: &mut Page<'_>, keys: &[Key<'_>]) -> Json {
    let mut layout = page.layout();
    let (mut right, mut hovers) = (Vec::new(), Vec::new());
    for key in keys {
        let good = key.good();
        let at = layout.key(key.name, good.as_ref().unwrap_or(&json!("x")));
        if good.is_some() {
            right.push(json!({"about": page.about(key.name, "takes its example"), "line": at.line}));
        }
        hovers.push(json!({
            "about": page.about(key.name, "is explained"),
            "line": at.line, "column": at.key, "says": key.says(page.style),
        }));
    }
    page.document(layout, json!({"right": right, "hovers": hovers}))
}

/// Every key that has choices waits for one.
fn values(page: &mut Page<'_>, keys: &[Key<'_>]) -> Json {
    let mut layout = page.layout();
    let mut completions = Vec::new();
    for key in keys.iter().filter(|key| !key.choices().is_empty()) {
        let at = layout.open_key(key.name);
        let offers: Vec<Json> = key
            .choices()
            .into_iter()
            .map(|label| json!({"about": page.about(key.name, &format!("offers `{label}`")), "label": label}))
            .collect();
        completions.push(json!({"line": at.line, "column": at.value, "offers": offers}));
    }
    page.document(layout, json!({"completions": completions}))
}

/// Nothing stands there yet.
fn names(page: &mut Page<'_>, keys: &[Key<'_>]) -> Json {
    let mut layout = page.layout();
    let at = layout.blank();
    let offers: Vec<Json> = keys
        .iter()
        .map(|key| json!({"about": page.about(key.name, "is offered"), "label": key.name}))
        .collect();
    page.document(layout, json!({"completions": [{"line": at.line, "column": at.key, "offers": offers}]}))
}
