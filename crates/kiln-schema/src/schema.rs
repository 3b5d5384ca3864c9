//! A compiled schema, and what can be asked of it.

use std::fmt;

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value as Json;

use crate::formats::FORMATS;
use crate::root::Root;
use crate::walk;

/// A JSON Schema, draft-07.
pub struct Schema {
    pub(crate) root: Root,
    /// That of a schema that is known to be one is made when a document is held against it.
    validator: Option<Validator>,
}

/// Why a schema cannot be used. Says it in our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    schema: String,
    problem: String,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the schema `{}` {}", self.schema, self.problem)
    }
}

impl std::error::Error for SchemaError {}

/// What a schema says of one key, for help texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its `description`.
    pub description: Option<String>,
    /// Its `x-expected`.
    pub expected: Option<String>,
    /// Its `default`, as JSON.
    pub default: Option<String>,
    /// Whether it must be given.
    pub required: bool,
    /// Whether its value is secret.
    pub secret: bool,
}

impl Schema {
    /// Compiles the JSON text of a schema. `name` is what the error calls it.
    ///
    /// # Errors
    /// If the text is not JSON, is not a schema of draft-07, refers to something outside
    /// itself, or uses a format that is not `ipv4`, `ipv4-cidr` or `fqdn`.
    pub fn compile(name: &str, text: &str) -> Result<Schema, SchemaError> {
        let json = parse(name, text)?;
        if let Some(format) = unknown_format(&json) {
            return Err(fail(name, format!("uses the unknown format `{format}`")));
        }
        let validator = validator(name, &json)?;
        Ok(Schema { root: Root::new(json), validator: Some(validator) })
    }

    /// As [`compile`](Schema::compile), for a text that is known to be a schema, such as one of
    /// kiln's own: of its keys only those are compiled that a document has. Most documents have
    /// few of them, and patterns take long to compile.
    ///
    /// # Errors
    /// If the text is not JSON.
    pub fn known(name: &str, text: &str) -> Result<Schema, SchemaError> {
        Ok(Schema { root: Root::new(parse(name, text)?), validator: None })
    }

    /// Gives every violation in a document to `take`.
    pub(crate) fn violations(&self, document: &Json, mut take: impl FnMut(&ValidationError<'_>)) {
        // A schema that is known to be one compiles.
        let of_parts = || validator("", &cut_down(&self.root.json, document)).ok();
        let own = if self.validator.is_none() { of_parts() } else { None };
        for validator in self.validator.iter().chain(&own) {
            validator.iter_errors(document).for_each(|error| take(&error));
        }
    }

    /// The names of the keys at the top, in the schema's order.
    pub fn property_names(&self) -> Vec<String> {
        let properties = self.root.json.get("properties").and_then(Json::as_object);
        properties.into_iter().flat_map(|all| all.keys().cloned()).collect()
    }

    /// Whether the key `name` may stand at the top.
    pub fn allows(&self, name: &str) -> bool {
        let json = &self.root.json;
        json.get("additionalProperties") != Some(&Json::Bool(false))
            || json.get("properties").is_some_and(|all| all.get(name).is_some())
            || self.root.matching(json, name).next().is_some()
    }

    /// What the schema says of the key `name` at the top, if it knows it.
    pub fn property(&self, name: &str) -> Option<Property> {
        let schema = self.root.json.get("properties")?.get(name)?;
        let text = |annotation| walk::annotation(&self.root.json, &[schema], annotation).map(str::to_owned);
        let required = self.root.json.get("required").and_then(Json::as_array);
        Some(Property {
            description: text("description"),
            expected: text("x-expected"),
            default: schema.get("default").map(Json::to_string),
            required: required.is_some_and(|all| all.iter().any(|it| it == name)),
            secret: walk::is_secret(&self.root.json, schema),
        })
    }
}

fn fail(name: &str, problem: String) -> SchemaError {
    SchemaError { schema: name.to_owned(), problem }
}

fn parse(name: &str, text: &str) -> Result<Json, SchemaError> {
    serde_json::from_str(text).map_err(|error| {
        fail(name, format!("is not JSON (line {}, column {})", error.line(), error.column()))
    })
}

fn validator(name: &str, json: &Json) -> Result<Validator, SchemaError> {
    let mut options = jsonschema::draft7::options().should_validate_formats(true);
    for (format, check) in FORMATS {
        options = options.with_format(format, check);
    }
    options.build(json).map_err(|error| fail(name, problem(error.kind(), error.instance_path().as_str())))
}

/// The schema without what it says of keys that the document does not have.
fn cut_down(schema: &Json, document: &Json) -> Json {
    let Json::Object(schema) = schema else { return schema.clone() };
    let keyword = |(name, value): (&String, &Json)| {
        let value = match value {
            Json::Object(properties) if name == "properties" => properties
                .iter()
                .map(|(key, value)| {
                    let value = if document.get(key).is_some() { value.clone() } else { Json::Bool(true) };
                    (key.clone(), value)
                })
                .collect(),
            _ => value.clone(),
        };
        (name.clone(), value)
    };
    schema.iter().map(keyword).collect()
}

fn problem(kind: &Kind, place: &str) -> String {
    match kind {
        Kind::Referencing(_) => {
            "refers to something outside itself, or to something that is not there".to_owned()
        }
        _ if place.is_empty() => "is not a schema of draft-07".to_owned(),
        _ => format!("is not a schema of draft-07 at `{place}`"),
    }
}

/// A format without a check, wherever it is used as a keyword.
fn unknown_format(json: &Json) -> Option<&str> {
    match json {
        Json::Object(object) => {
            let own = object.get("format").and_then(Json::as_str);
            let unknown = own.filter(|own| FORMATS.iter().all(|(known, _)| known != own));
            // Values that happen to look like schemas are not schemas.
            let data = ["default", "const", "enum", "examples"];
            let inner = object.iter().filter(|(key, _)| !data.contains(&key.as_str()));
            unknown.or_else(|| inner.into_iter().find_map(|(_, value)| unknown_format(value)))
        }
        Json::Array(items) => items.iter().find_map(unknown_format),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error(text: &str) -> String {
        Schema::compile("x", text).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_bad_schema_is_refused_in_our_words() {
        assert_eq!(error("{\n  oops"), "the schema `x` is not JSON (line 2, column 3)");
        assert_eq!(error(r#"{"type": "strin"}"#), "the schema `x` is not a schema of draft-07 at `/type`");
        assert_eq!(
            error(r#"{"properties": {"a": {"format": "ipv5"}}}"#),
            "the schema `x` uses the unknown format `ipv5`"
        );
        let outside = "the schema `x` refers to something outside itself, or to something that is not there";
        assert_eq!(error(r##"{"$ref": "#/definitions/a"}"##), outside);
        assert_eq!(error(r#"{"$ref": "https://example.com/a.json"}"#), outside);
        assert_eq!(error(r#"{"$ref": "file:///etc/passwd"}"#), outside);
    }

    #[test]
    fn what_a_document_does_not_have_is_not_compiled_and_still_known() {
        let text = r#"{"additionalProperties": false, "required": ["a"],
            "properties": {"a": {"type": "integer"}, "b": {"pattern": "("}}}"#;
        assert!(Schema::compile("x", text).is_err());
        let schema = Schema::known("x", text).unwrap();
        let found = |document: Json| {
            let mut count = 0;
            schema.violations(&document, |_| count += 1);
            count
        };
        assert_eq!([found(json!({"a": 1})), found(json!({"a": "1"})), found(json!({}))], [0, 1, 1]);
        assert_eq!(found(json!({"a": 1, "c": 1})), 1);
    }

    #[test]
    fn a_property_is_described() {
        let schema = Schema::compile(
            "x",
            r#"{"required": ["b"], "properties": {
                "b": {"description": "A b.", "x-expected": "a b", "writeOnly": true},
                "a": {"default": [1]}}}"#,
        )
        .unwrap();
        let mut names = schema.property_names();
        names.sort();
        assert_eq!(names, ["a", "b"]);
        let b = schema.property("b").unwrap();
        assert_eq!((b.description.as_deref(), b.expected.as_deref()), (Some("A b."), Some("a b")));
        assert!(b.required && b.secret && b.default.is_none());
        assert_eq!(schema.property("a").unwrap().default.as_deref(), Some("[1]"));
        assert_eq!(schema.property("c"), None);
    }
}
