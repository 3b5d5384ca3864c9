//! What the pages tell of: the built-in pack and the schemas of its data files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_yaml::{Mapping, Value};

use super::app::App;
use super::schema::Schema;
use crate::Result;

/// Where the built-in pack lies.
pub(super) const FOLDER: &str = "templates/talos-flux";

/// The pack as it is written, before any project changes it.
pub(super) struct Pack {
    pub(super) manifest: Manifest,
    pub(super) versions: Value,
    pub(super) derive: Vec<(String, Derive)>,
    pub(super) rules: Vec<RuleFile>,
    pub(super) apps: Vec<App>,
    /// The schemas of the data files, with the names of the files.
    pub(super) schemas: Vec<(String, Schema)>,
    /// The outermost keys of the data files.
    pub(super) data_keys: Vec<String>,
    /// Those of them that are secret.
    pub(super) secret_keys: BTreeSet<String>,
}

/// `pack.toml`
#[derive(Deserialize)]
pub(super) struct Manifest {
    pub(super) syntax: Syntax,
    data: Vec<DataFile>,
    pub(super) secret: Vec<KeyFile>,
    pub(super) functions: BTreeMap<String, Function>,
    pub(super) generate: Vec<Generate>,
}

#[derive(Deserialize)]
pub(super) struct Syntax {
    pub(super) block: [String; 2],
    pub(super) variable: [String; 2],
}

#[derive(Deserialize)]
struct DataFile {
    file: String,
    schema: String,
}

#[derive(Deserialize)]
pub(super) struct KeyFile {
    pub(super) id: String,
    pub(super) file: String,
    #[serde(default = "always")]
    pub(super) when: String,
    pub(super) generator: Option<String>,
    pub(super) values: BTreeMap<String, KeyValue>,
}

/// A value in a key file.
#[derive(Deserialize)]
pub(super) struct KeyValue {
    #[serde(default)]
    public: bool,
    /// The field of a JSON document that holds it.
    pub(super) field: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Function {
    pub(super) value: String,
}

#[derive(Deserialize)]
pub(super) struct Generate {
    pub(super) id: String,
    pub(super) path: String,
}

/// An entry of `derive/*.yaml`.
#[derive(Deserialize)]
pub(super) struct Derive {
    pub(super) doc: String,
    #[serde(default = "always", deserialize_with = "condition")]
    pub(super) when: String,
    pub(super) value: String,
    mode: Option<String>,
}

/// A file of `checks/`.
pub(super) struct RuleFile {
    pub(super) name: String,
    pub(super) comment: String,
    pub(super) rules: Vec<(String, Rule)>,
}

/// An entry of `checks/*.yaml`.
#[derive(Deserialize)]
pub(super) struct Rule {
    #[serde(default = "error")]
    pub(super) severity: String,
    pub(super) each: Option<String>,
    #[serde(rename = "as")]
    pub(super) item: Option<String>,
    pub(super) at: Vec<String>,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) why: Option<String>,
    #[serde(default)]
    pub(super) compat: bool,
    pub(super) fix: Option<String>,
    #[serde(default)]
    pub(super) source: Vec<String>,
}

impl Pack {
    /// Reads the pack of the workspace `root`.
    ///
    /// # Errors
    /// If a file cannot be read or is not what this tool takes it for.
    pub(super) fn read(root: &Path) -> Result<Pack> {
        let folder = root.join(FOLDER);
        let manifest: Manifest = toml::from_str(&read(&folder.join("pack.toml"))?)?;
        let mut schemas = Vec::new();
        for data in &manifest.data {
            let path = root.join(format!("schemas/{}.schema.json", data.schema));
            schemas.push((format!("{}.yaml", data.file), Schema::read(&read(&path)?)?));
        }
        let top = || schemas.iter().flat_map(|(_, schema)| &schema.keys).filter(|key| key.is_top());
        let data_keys = top().map(|key| key.path.clone()).collect();
        let secret_keys = top().filter(|key| key.is_secret).map(|key| key.path.clone()).collect();
        let mut derive = Vec::new();
        for (_, text) in texts(&folder.join("derive"))? {
            derive.extend(entries(&text)?);
        }
        let mut rules = Vec::new();
        for (name, text) in texts(&folder.join("checks"))? {
            rules.push(RuleFile { name, comment: head(&text), rules: entries(&text)? });
        }
        let mut apps = Vec::new();
        for (id, text) in texts(&folder.join("apps"))? {
            apps.push(App::read(&id, &text, &folder.join("templates"))?);
        }
        let versions = serde_yaml::from_str(&read(&folder.join("versions.yaml"))?)?;
        Ok(Pack { manifest, versions, derive, rules, apps, schemas, data_keys, secret_keys })
    }

    /// The derived value called `key`, such as `node_count` or `nodes[].mac`.
    pub(super) fn derived(&self, key: &str) -> Option<&Derive> {
        self.derive.iter().find(|(name, _)| name == key).map(|(_, derive)| derive)
    }

    /// The derived value that stands where nobody set `key`.
    pub(super) fn fallback(&self, key: &str) -> Option<&Derive> {
        self.derived(key).filter(|derive| derive.mode.as_deref() == Some("absent"))
    }

    /// Whether a value of the key file `id` may be seen by anybody; without `value`, all.
    pub(super) fn is_public(&self, id: &str, value: Option<&String>) -> bool {
        let Some(file) = self.manifest.secret.iter().find(|file| file.id == id) else { return false };
        match value {
            Some(name) => file.values.get(name).is_some_and(|it| it.public),
            None => file.values.values().all(|it| it.public),
        }
    }

    /// The text at `path` of `versions.yaml`.
    pub(super) fn version(&self, path: &[&str]) -> Option<&str> {
        path.iter().try_fold(&self.versions, |value, key| value.get(key)).and_then(Value::as_str)
    }
}

/// The condition that nobody wrote.
pub(super) fn always() -> String {
    "true".to_owned()
}

fn error() -> String {
    "error".to_owned()
}

/// An expression, which may be written as a boolean of YAML.
pub(super) fn condition<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<String, D::Error> {
    match Value::deserialize(from)? {
        Value::Bool(value) => Ok(value.to_string()),
        Value::String(text) => Ok(text),
        _ => Err(D::Error::custom("a condition is a text or a boolean")),
    }
}

/// A mapping in the order in which it is written.
pub(super) fn pairs<'de, D, T>(from: D) -> std::result::Result<Vec<(String, T)>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Mapping::deserialize(from)?.into_iter().map(pair).collect::<Result<_>>().map_err(D::Error::custom)
}

fn pair<T: DeserializeOwned>((key, value): (Value, Value)) -> Result<(String, T)> {
    let name = key.as_str().ok_or("a key is not a text")?.to_owned();
    let value = serde_yaml::from_value(value).map_err(|error| format!("`{name}`: {error}"))?;
    Ok((name, value))
}

fn entries<T: DeserializeOwned>(text: &str) -> Result<Vec<(String, T)>> {
    serde_yaml::from_str::<Mapping>(text)?.into_iter().map(pair).collect()
}

/// The comment that a file begins with.
pub(super) fn head(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix('#'));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

/// The YAML files of a folder by their names without ending, sorted.
fn texts(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
        if let Some(stem) = name.strip_suffix(".yaml") {
            texts.push((stem.to_owned(), read(&path)?));
        }
    }
    texts.sort();
    Ok(texts)
}

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}
