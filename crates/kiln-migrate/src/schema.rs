//! CUE schemas to JSON Schemas of draft-07.

use kiln_model::Files;

use crate::cue::{self, Cue, Field};
use crate::json::Json;

/// A CUE schema, and what became of it.
pub(crate) struct Schema {
    path: String,
    /// The name of the data file without its ending.
    pub(crate) name: String,
    /// The new schema; none if the file has no `#Config`.
    pub(crate) text: Option<String>,
    /// What could not be said in it: lines and words.
    remarks: Vec<(usize, String)>,
}

/// The definition that the settings are checked against.
const ROOT: &str = "#Config";

/// Every CUE schema of the project.
pub(crate) fn of_project(files: &dyn Files) -> Vec<Schema> {
    let paths = files.list("").unwrap_or_default();
    let is_schema = |path: &&String| path.ends_with(".cue") && !path.starts_with("cue.mod/");
    paths.iter().filter(is_schema).filter_map(|path| Schema::read(path, files)).collect()
}

impl Schema {
    fn read(path: &str, files: &dyn Files) -> Option<Schema> {
        let bytes = files.read(path).ok()??;
        let text = std::str::from_utf8(&bytes).ok()?;
        let file = path.rsplit('/').next()?;
        let name = file.trim_end_matches(".cue").trim_end_matches(".schema").to_owned();
        let mut translator = Translator::default();
        let text = translator.file(&cue::parse(text));
        Some(Schema { path: path.to_owned(), name, text, remarks: translator.remarks })
    }

    /// The path of the new schema.
    pub(crate) fn target(&self) -> String {
        format!("schemas/{}.schema.json", self.name)
    }

    pub(crate) fn fact(&self) -> String {
        match self.text {
            Some(_) => self.path.clone(),
            None => format!("{} (without {ROOT})", self.path),
        }
    }

    pub(crate) fn by_hand(&self) -> Vec<String> {
        if self.text.is_none() {
            return vec![format!("`{}` has no {ROOT}: it was not translated.", self.path)];
        }
        self.remarks.iter().map(|(line, what)| format!("{}:{line}: {what}", self.path)).collect()
    }
}

#[derive(Default)]
struct Translator {
    remarks: Vec<(usize, String)>,
    line: usize,
}

/// The keywords of a schema.
type Keywords = Vec<(String, Json)>;

fn keyword(name: &str, value: Json) -> (String, Json) {
    (name.to_owned(), value)
}

fn of_type(name: &str) -> Keywords {
    vec![keyword("type", Json::text(name))]
}

impl Translator {
    fn file(&mut self, fields: &[Field]) -> Option<String> {
        let root = fields.iter().find(|field| field.name == ROOT)?;
        let Some(Cue::Struct(settings)) = &root.value else { return None };
        let mut schema = vec![keyword("$schema", Json::text("http://json-schema.org/draft-07/schema#"))];
        schema.extend(self.object(settings));
        let mut definitions = Vec::new();
        for field in fields.iter().filter(|field| field.name.starts_with('#') && field.name != ROOT) {
            self.line = field.line;
            let Some(value) = &field.value else { continue };
            let translated = self.schema(value);
            definitions.push(keyword(field.name.trim_start_matches('#'), Json::Object(translated)));
        }
        if !definitions.is_empty() {
            schema.push(keyword("definitions", Json::Object(definitions)));
        }
        Some(Json::Object(schema).pretty())
    }

    fn object(&mut self, fields: &[Field]) -> Keywords {
        let (mut properties, mut required) = (Vec::new(), Vec::new());
        for field in fields {
            self.line = field.line;
            if field.name.starts_with('_') {
                self.remark(format!(
                    "`{}` checks values against each other: write a rule for it.",
                    field.name
                ));
                continue;
            }
            let keywords = match &field.value {
                Some(value) => self.schema(value),
                None => {
                    self.remark(format!("`{}` was not translated: it takes any value now.", field.name));
                    Vec::new()
                }
            };
            let has_default = keywords.iter().any(|(name, _)| name == "default");
            if !field.optional && !has_default {
                required.push(Json::text(&field.name));
            }
            properties.push(keyword(&field.name, Json::Object(keywords)));
        }
        let mut schema = of_type("object");
        schema.push(keyword("additionalProperties", Json::Bool(false)));
        if !required.is_empty() {
            schema.push(keyword("required", Json::List(required)));
        }
        schema.push(keyword("properties", Json::Object(properties)));
        schema
    }

    fn remark(&mut self, what: String) {
        self.remarks.push((self.line, what));
    }

    fn schema(&mut self, value: &Cue) -> Keywords {
        match value {
            Cue::Name(name) => self.named(name),
            Cue::Text(_) | Cue::Number(_) => vec![keyword("const", literal(value))],
            Cue::Match(pattern) => {
                let mut schema = of_type("string");
                schema.push(keyword("pattern", Json::text(pattern)));
                schema
            }
            Cue::Not(other) => self.not(other),
            Cue::Bound(sign, number) => {
                let name = match sign.as_str() {
                    ">=" => "minimum",
                    ">" => "exclusiveMinimum",
                    "<=" => "maximum",
                    _ => "exclusiveMaximum",
                };
                vec![keyword("type", Json::text("number")), keyword(name, Json::Number(number.clone()))]
            }
            Cue::List(item) => {
                let items = self.schema(item);
                let mut schema = of_type("array");
                schema.push(keyword("items", Json::Object(items)));
                schema
            }
            Cue::Struct(fields) => self.object(fields),
            Cue::And(parts) => self.all(parts),
            Cue::Or(options) => self.any(options),
        }
    }

    fn named(&mut self, name: &str) -> Keywords {
        if let Some(definition) = name.strip_prefix('#') {
            return vec![keyword("$ref", Json::text(format!("#/definitions/{definition}")))];
        }
        let format =
            |format: &str| vec![keyword("type", Json::text("string")), keyword("format", Json::text(format))];
        match name {
            "string" => of_type("string"),
            "bool" => of_type("boolean"),
            "int" | "uint" => of_type("integer"),
            "number" | "float" => of_type("number"),
            "true" => vec![keyword("const", Json::Bool(true))],
            "false" => vec![keyword("const", Json::Bool(false))],
            "net.IPv4" => format("ipv4"),
            "net.IPCIDR" => format("ipv4-cidr"),
            "net.FQDN" => format("fqdn"),
            "_" => Vec::new(),
            _ => {
                self.remark(format!("`{name}` has no counterpart: any value is taken."));
                Vec::new()
            }
        }
    }

    fn not(&mut self, other: &Cue) -> Keywords {
        match other {
            Cue::Text(text) if text.is_empty() => vec![keyword("minLength", Json::Number("1".to_owned()))],
            Cue::Text(_) | Cue::Number(_) => {
                vec![keyword("not", Json::Object(vec![keyword("enum", Json::List(vec![literal(other)]))]))]
            }
            Cue::Name(name) => {
                self.remark(format!("that it differs from `{name}`: write a rule for it."));
                Vec::new()
            }
            _ => {
                self.remark("`!=` of this was left out.".to_owned());
                Vec::new()
            }
        }
    }

    fn all(&mut self, parts: &[Cue]) -> Keywords {
        let mut merged = Keywords::new();
        for part in parts {
            for (name, value) in self.schema(part) {
                match merged.iter_mut().find(|(known, _)| *known == name) {
                    None => merged.push((name, value)),
                    Some((_, known)) if name == "not" => join(known, value),
                    Some((_, known)) if name == "type" && *known == Json::text("number") => *known = value,
                    Some((_, known)) if *known == value || name == "type" => {}
                    Some(_) => self.remark(format!("of several `{name}` the first one counts.")),
                }
            }
        }
        merged
    }

    fn any(&mut self, options: &[(bool, Cue)]) -> Keywords {
        let is_literal = |cue: &Cue| matches!(cue, Cue::Text(_) | Cue::Number(_));
        let default = options.iter().find(|(default, _)| *default).map(|(_, cue)| cue);
        let mut schema = if options.iter().all(|(_, cue)| is_literal(cue)) {
            vec![keyword("enum", Json::List(options.iter().map(|(_, cue)| literal(cue)).collect()))]
        } else {
            // A default that is written out is one of the values that the rest allows.
            let rest: Vec<&Cue> =
                options.iter().filter(|it| !(it.0 && is_literal(&it.1))).map(|it| &it.1).collect();
            match rest.as_slice() {
                [only] => self.schema(only),
                _ => {
                    let schemas = rest.iter().map(|cue| Json::Object(self.schema(cue))).collect();
                    vec![keyword("anyOf", Json::List(schemas))]
                }
            }
        };
        match default {
            Some(Cue::Name(name)) if name == "true" || name == "false" => {
                schema = of_type("boolean");
                schema.push(keyword("default", Json::Bool(name == "true")));
            }
            Some(cue) if is_literal(cue) => schema.push(keyword("default", literal(cue))),
            _ => {}
        }
        schema
    }
}

fn literal(value: &Cue) -> Json {
    match value {
        Cue::Number(number) => Json::Number(number.clone()),
        Cue::Text(text) => Json::text(text),
        _ => Json::text(""),
    }
}

/// Joins what two `not` forbid.
fn join(known: &mut Json, more: Json) {
    if let (Json::Object(known), Json::Object(more)) = (known, more)
        && let (Some((_, Json::List(known))), Some((_, Json::List(more)))) =
            (known.first_mut(), more.into_iter().next())
    {
        known.extend(more);
    }
}
