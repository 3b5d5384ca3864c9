//! Data files to fill in, from their schemas.

use kiln_model::{Node, Value};

use crate::prose::wrap;

/// How deep mappings are written out. A schema may refer to itself.
const MAX_DEPTH: usize = 6;

const GUIDE: &str = "Fill in the keys that stand without a `#`. The others are optional: take the `#` \
                     away, and its block's, to set one.";

const SECRET: &str = "This file holds secrets: `.gitignore` keeps it out of git, so keep a copy elsewhere.";

/// A data file that has to be filled in.
pub struct Outline {
    /// The YAML text.
    pub text: String,
    /// The paths of the keys that have to be filled in, in the order of the file.
    pub required: Vec<String>,
    /// Whether what has to be filled in can be secret.
    pub is_secret: bool,
}

/// The file that the JSON Schema `schema` describes, with a modeline that leads editors to
/// the schema at `place`.
///
/// Required keys stand there without a value; optional ones are commented out and show
/// their default, else their first example. Above each stand its `description` and
/// `x-expected`. `x-group` begins a group of keys, and `x-ask: true` treats a key
/// that most projects need as a required one. A key that says `x-unused: true` is left out:
/// nothing reads it yet. Secrets are the keys that say
/// `writeOnly`.
pub fn outline(schema: &Node, place: &str) -> Outline {
    let mut writer = Writer { root: schema, lines: Vec::new(), required: Vec::new() };
    writer.lines.push(format!("# yaml-language-server: $schema={place}"));
    let is_secret = has_secret(schema);
    for text in [text(schema, "description"), Some(GUIDE), is_secret.then_some(SECRET)] {
        text.into_iter().for_each(|text| writer.prose(text, 0));
    }
    writer.lines.push(String::new());
    writer.mapping(schema, &Place { path: "", indent: 0, is_item: false, depth: 0 });
    Outline { text: writer.lines.join("\n") + "\n", required: writer.required, is_secret }
}

/// Where a mapping stands.
struct Place<'a> {
    /// The keys that lead to it.
    path: &'a str,
    indent: usize,
    /// Whether it is an item of a list.
    is_item: bool,
    depth: usize,
}

/// One key of a mapping.
struct Key<'a> {
    name: &'a str,
    schema: &'a Node,
    /// Whether it stands there without a `#`.
    is_given: bool,
    /// How much it is needed, in words.
    need: &'a str,
    /// Whether it bears the dash of its item.
    is_first: bool,
}

struct Writer<'a> {
    root: &'a Node,
    lines: Vec<String>,
    required: Vec<String>,
}

impl<'a> Writer<'a> {
    fn mapping(&mut self, schema: &'a Node, place: &Place<'_>) {
        let required = schema.get("required").and_then(Node::as_list).unwrap_or(&[]);
        let is_required = |name: &str| required.iter().any(|it| it.as_str() == Some(name));
        let properties = schema.get("properties").and_then(Node::as_map);
        let mut keys: Vec<(&str, &Node)> =
            properties.iter().flat_map(|all| all.iter()).map(|(name, entry)| (name, &entry.node)).collect();
        keys.retain(|(_, schema)| schema.get("x-unused").and_then(Node::as_bool) != Some(true));
        if place.is_item {
            // The dash of an item stands before a key that is given.
            keys.sort_by_key(|(name, _)| !is_required(name));
        }
        for (index, (name, schema)) in keys.into_iter().enumerate() {
            let is_first = place.is_item && index == 0;
            let is_asked = schema.get("x-ask").and_then(Node::as_bool) == Some(true);
            let need = match (is_required(name) || is_first, is_asked) {
                (true, _) => "Required",
                (false, true) => "Usually needed",
                (false, false) => "Optional",
            };
            self.key(&Key { name, schema, is_given: need != "Optional", need, is_first }, place);
            self.lines.push(String::new());
        }
        while self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
    }

    fn key(&mut self, key: &Key<'a>, place: &Place<'_>) {
        let schema = self.resolve(key.schema);
        let either = |name| text(key.schema, name).or_else(|| text(schema, name));
        let column = place.indent - if key.is_first { 2 } else { 0 };
        if let Some(group) = text(key.schema, "x-group").filter(|_| place.depth == 0) {
            self.lines.extend([format!("### {group}"), String::new()]);
        }
        either("description").into_iter().for_each(|text| self.prose(text, column));
        let (shown, label) = if key.is_given { (None, "") } else { shown(key.schema, schema) };
        let nested = self.nested(schema).filter(|_| place.depth < MAX_DEPTH);
        let label = if nested.is_some() { "" } else { label };
        self.prose(&remark(key.need, either("x-expected"), label), column);
        let code = self.lines.len();
        let dash = if key.is_first { "- " } else { "" };
        self.lines.push(format!("{}{dash}{}:", " ".repeat(column), key.name));
        let path = format!("{}{}", place.path, key.name);
        let known = self.required.len();
        match (nested, shown) {
            (Some(nested), _) => self.below(nested, &path, place),
            (None, Some(value)) => self.value(value, place.indent),
            (None, None) => self.required.push(path),
        }
        if !key.is_given {
            self.required.truncate(known);
            self.lines[code..].iter_mut().for_each(|line| comment_out(line, column));
        }
    }

    /// What is written below a key whose value is a mapping or a list of mappings.
    fn below(&mut self, nested: Nested<'a>, path: &str, place: &Place<'_>) {
        let (schema, path, more, is_item) = match nested {
            Nested::Mapping(schema) => (schema, format!("{path}."), 2, false),
            Nested::List(schema) => (schema, format!("{path}[0]."), 4, true),
        };
        let place = Place { path: &path, indent: place.indent + more, is_item, depth: place.depth + 1 };
        self.mapping(schema, &place);
    }

    /// Puts a value behind the key that was written last.
    fn value(&mut self, value: &Value, indent: usize) {
        if let (Some(flow), Some(line)) = (flow(value), self.lines.last_mut()) {
            line.push_str(&format!(" {flow}"));
            return;
        }
        let blanks = " ".repeat(indent + 2);
        self.lines.extend(kiln_yaml::to_yaml(value).lines().map(|line| format!("{blanks}{line}")));
    }

    fn nested(&self, schema: &'a Node) -> Option<Nested<'a>> {
        let has_keys = |schema: &Node| {
            schema.get("properties").and_then(Node::as_map).is_some_and(|properties| !properties.is_empty())
        };
        if has_keys(schema) {
            return Some(Nested::Mapping(schema));
        }
        let items = self.resolve(schema.get("items")?);
        has_keys(items).then_some(Nested::List(items))
    }

    /// What a reference inside the schema leads to.
    fn resolve(&self, schema: &'a Node) -> &'a Node {
        let mut schema = schema;
        for _ in 0..MAX_DEPTH {
            let Some(place) = text(schema, "$ref").and_then(|it| it.strip_prefix('#')) else { break };
            let found = place.split('/').filter(|part| !part.is_empty()).try_fold(self.root, Node::get);
            let Some(found) = found else { break };
            schema = found;
        }
        schema
    }

    fn prose(&mut self, text: &str, indent: usize) {
        let blanks = " ".repeat(indent);
        self.lines
            .extend(wrap(text, indent).iter().map(|line| format!("{blanks}# {line}").trim_end().to_owned()));
    }
}

/// A value with keys of its own.
enum Nested<'a> {
    Mapping(&'a Node),
    List(&'a Node),
}

/// The value that an optional key shows, and what that is.
fn shown<'a>(own: &'a Node, schema: &'a Node) -> (Option<&'a Value>, &'static str) {
    let either = |name| own.get(name).or_else(|| schema.get(name)).map(|node| &node.value);
    let example = match either("examples") {
        Some(Value::List(items)) => items.first().map(|item| &item.value),
        _ => None,
    };
    match (either("default"), example) {
        (Some(Value::List(items)), Some(example)) if items.is_empty() => (Some(example), "Example"),
        (Some(Value::Map(map)), Some(example)) if map.is_empty() => (Some(example), "Example"),
        (Some(default), _) => (Some(default), "Default"),
        (None, Some(example)) => (Some(example), "Example"),
        (None, None) => (None, ""),
    }
}

/// The last line above a key.
fn remark(need: &str, expected: Option<&str>, label: &str) -> String {
    let label = if label.is_empty() { String::new() } else { format!(" {label}:") };
    match expected {
        Some(expected) => format!("{need}: {expected}.{label}"),
        None => format!("{need}.{label}"),
    }
}

/// A value on one line, `None` if it needs more.
fn flow(value: &Value) -> Option<String> {
    let scalar = |value: &Value| {
        let text = kiln_yaml::to_yaml(value).trim_end().to_owned();
        (!matches!(value, Value::List(_) | Value::Map(_)) && !text.contains('\n')).then_some(text)
    };
    let item = |node: &Node| {
        let text = scalar(&node.value)?;
        let is_plain = !text.starts_with(['"', '\'']) && !text.contains(['[', ']', '{', '}', ',', '#', ':']);
        Some(if is_plain { text } else { kiln_yaml::quote(node.as_str()?) })
    };
    match value {
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(item).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Map(map) => map.is_empty().then(|| "{}".to_owned()),
        _ => scalar(value),
    }
}

fn comment_out(line: &mut String, column: usize) {
    if !line.is_empty() {
        line.insert(column, '#');
    }
}

fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Node::as_str)
}

/// Whether a key anywhere in a schema is `writeOnly`.
fn has_secret(schema: &Node) -> bool {
    match &schema.value {
        Value::Map(map) => {
            schema.get("writeOnly").and_then(Node::as_bool) == Some(true)
                || map.iter().any(|(_, entry)| has_secret(&entry.node))
        }
        Value::List(items) => items.iter().any(has_secret),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
