//! The keys that a JSON Schema describes, one after the other.

use serde_yaml::{Mapping, Value};

use super::markdown::{code, series};
use crate::Result;

/// The schema of a data file.
pub(super) struct Schema {
    pub(super) description: String,
    pub(super) keys: Vec<Key>,
    /// What it says of keys that are called alike.
    pub(super) patterns: Vec<Key>,
}

/// One key.
pub(super) struct Key {
    /// Where it stands, such as `nodes[].name`.
    pub(super) path: String,
    /// The group that it begins.
    pub(super) group: Option<String>,
    /// Markdown.
    pub(super) description: String,
    /// The words for its type.
    pub(super) kind: String,
    /// What values it takes.
    pub(super) expected: String,
    /// What the items of a list have to be, unless they have keys of their own.
    pub(super) item: Option<String>,
    pub(super) required: Required,
    pub(super) default: Option<Value>,
    pub(super) examples: Vec<Value>,
    pub(super) is_secret: bool,
    /// Whether nothing reads it in this version.
    pub(super) is_unused: bool,
}

/// Whether a key has to be set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Required {
    Yes,
    No,
    /// Unless one of these keys is set.
    Unless(Vec<String>),
}

impl Key {
    /// Whether it stands at the margin of its file.
    pub(super) fn is_top(&self) -> bool {
        !self.path.contains(['.', '['])
    }
}

impl Schema {
    /// Reads a schema; JSON is YAML, and that reader keeps the order of keys.
    ///
    /// # Errors
    /// If it is no schema of a mapping, or says something that no page tells.
    pub(super) fn read(text: &str) -> Result<Schema> {
        let root: Value = serde_yaml::from_str(text)?;
        let mut keys = Vec::new();
        collect(&root, "", &mut keys)?;
        let mut patterns = Vec::new();
        let alike = root.get("patternProperties").and_then(Value::as_mapping).into_iter().flatten();
        for (pattern, schema) in alike {
            patterns.push(key(pattern.as_str().ok_or("a key is not a text")?, schema, Required::No)?);
        }
        Ok(Schema { description: text_of(&root, "description")?, keys, patterns })
    }
}

fn collect(schema: &Value, prefix: &str, keys: &mut Vec<Key>) -> Result<()> {
    let properties = schema.get("properties").and_then(Value::as_mapping);
    for (name, property) in properties.ok_or("a mapping without `properties`")? {
        let name = name.as_str().ok_or("a key is not a text")?;
        let path = format!("{prefix}{name}");
        let key = key(&path, property, required(schema, name)?);
        keys.push(key.map_err(|error| format!("`{path}`: {error}"))?);
        if property.get("properties").is_some() {
            collect(property, &format!("{path}."), keys)?;
        }
        if let Some(items) = property.get("items").filter(|items| items.get("properties").is_some()) {
            collect(items, &format!("{path}[]."), keys)?;
        }
    }
    Ok(())
}

fn key(path: &str, schema: &Value, required: Required) -> Result<Key> {
    let items = schema.get("items").filter(|items| items.get("properties").is_none());
    let examples = schema.get("examples").and_then(Value::as_sequence).cloned();
    let flag = |name: &str| schema.get(name).and_then(Value::as_bool).unwrap_or(false);
    Ok(Key {
        path: path.to_owned(),
        group: schema.get("x-group").and_then(Value::as_str).map(str::to_owned),
        description: text_of(schema, "markdownDescription")?,
        kind: kind(schema)?,
        expected: text_of(schema, "x-expected")?,
        item: items.map(|items| text_of(items, "x-expected")).transpose()?,
        required,
        default: schema.get("default").cloned(),
        examples: examples.unwrap_or_default(),
        is_secret: flag("writeOnly"),
        is_unused: flag("x-unused"),
    })
}

fn text_of(schema: &Value, key: &str) -> Result<String> {
    let text = schema.get(key).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| format!("the schema has no `{key}`").into())
}

fn kind(schema: &Value) -> Result<String> {
    let types = match schema.get("type") {
        Some(Value::Sequence(types)) => types.clone(),
        Some(one) => vec![one.clone()],
        None => return Err("the schema has no `type`".into()),
    };
    let mut words = Vec::new();
    for name in types.iter().filter_map(Value::as_str) {
        words.push(match name {
            "string" => "text".to_owned(),
            "integer" => "whole number".to_owned(),
            "array" => match schema.get("items") {
                Some(items) => format!("list of {}", plural(&kind(items)?)),
                None => "list".to_owned(),
            },
            "object" => "mapping".to_owned(),
            other => other.to_owned(),
        });
    }
    Ok(series(&words, "or"))
}

fn plural(kind: &str) -> String {
    if kind == "text" { "texts".to_owned() } else { format!("{kind}s") }
}

fn required(schema: &Value, name: &str) -> Result<Required> {
    if names(schema).iter().any(|it| it == name) {
        return Ok(Required::Yes);
    }
    let (condition, then) = match (schema.get("if"), schema.get("then")) {
        (Some(condition), Some(then)) => (condition, then),
        (None, None) => return Ok(Required::No),
        _ => return Err("`if` and `then` belong together".into()),
    };
    let others = condition.get("not").map(names).filter(|it| !it.is_empty());
    let others = others.ok_or("a condition that is not about a missing key")?;
    let is_meant = names(then).iter().any(|it| it == name);
    Ok(if is_meant { Required::Unless(others) } else { Required::No })
}

fn names(schema: &Value) -> Vec<String> {
    let list = schema.get("required").and_then(Value::as_sequence);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A value as somebody would write it in one line of YAML, as code.
pub(super) fn inline(value: &Value) -> String {
    code(&flow(value))
}

fn flow(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        Value::Sequence(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Mapping(entries) => format!("{{{}}}", fields(entries)),
        other => serde_json::to_string(other).expect("a value of YAML without tags is one of JSON"),
    }
}

fn fields(entries: &Mapping) -> String {
    let field = |(key, value)| format!("{}: {}", flow(key), flow(value));
    entries.iter().map(field).collect::<Vec<_>>().join(", ")
}

/// Whether a text needs no quotes.
fn is_plain(text: &str) -> bool {
    let alone = serde_yaml::from_str::<Value>(&format!("[{text}]"));
    alone.is_ok_and(|it| it == Value::Sequence(vec![Value::String(text.to_owned())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_where_they_need_it() {
        let shown = |json: &str| flow(&serde_yaml::from_str(json).unwrap());
        assert_eq!(shown(r#"["1.2", "a b", "c: d", true]"#), r#"["1.2", a b, "c: d", true]"#);
        assert_eq!(shown(r#"{"start": "0 2 * * 0", "n": 4}"#), "{start: 0 2 * * 0, n: 4}");
    }

    #[test]
    fn a_key_can_stand_in_for_another() {
        let schema = "{properties: {}, required: [c], if: {not: {required: [a]}}, then: {required: [b]}}";
        let schema: Value = serde_yaml::from_str(schema).unwrap();
        assert_eq!(required(&schema, "a").unwrap(), Required::No);
        assert_eq!(required(&schema, "b").unwrap(), Required::Unless(vec!["a".to_owned()]));
        assert_eq!(required(&schema, "c").unwrap(), Required::Yes);
    }
}
