//! The key files of a project.

use kiln_jinja::{Engine, Scope};
use kiln_model::{Diagnostics, Files, Map, Node, Origin, Sources, Span, Value};
use kiln_pack::{Pack, SecretFile};
use kiln_secrets::KeyCache;

use crate::expressions::condition;
use crate::findings;
use crate::settings::Settings;

/// Adds `secrets` to the data: for each key file of the pack the values in it, `null` for a
/// file that the project does not need, invalid for one that is missing or wrong.
pub fn read_keys(
    data: &mut Map,
    pack: &Pack,
    settings: &Settings,
    engine: &Engine,
    files: &dyn Files,
    sources: &Sources,
    sink: &mut Diagnostics,
) {
    let known: Vec<&str> = pack.secrets.keys().map(String::as_str).collect();
    for (id, (_, span)) in settings.secrets.iter().filter(|(id, _)| !known.contains(&id.as_str())) {
        sink.error(findings::unknown_key_file(id, &known, *span));
    }
    let scope = Scope::new(data);
    let cache = KeyCache::new(files);
    let mut secrets = Map::new();
    for (id, file) in &pack.secrets {
        let path = settings.secrets.get(id).map_or(&file.file.text, |(path, _)| path);
        let node = match condition(engine, &file.when, &scope, "load", sources, sink) {
            Some(true) => read(id, path, file, culprit(data, engine, file), &cache, sink),
            Some(false) => values(file, |_| Value::Null),
            None => Value::Invalid,
        };
        secrets.insert_node(id.as_str(), Node { value: node, origin: Origin::At(file.file.span) });
    }
    data.insert_node("secrets", Node { value: Value::Map(secrets), origin: Origin::Default });
}

/// The key of the data because of which a key file is needed, else where the pack asks for
/// it.
fn culprit(data: &Map, engine: &Engine, file: &SecretFile) -> Span {
    let names = engine.names_in(&file.when.text);
    let span = names.iter().filter_map(|name| data.get(name)).map(Node::span).find(|span| !span.is_none());
    span.unwrap_or(file.file.span)
}

fn values(file: &SecretFile, value: impl Fn(&str) -> Value) -> Value {
    let mut map = Map::new();
    for name in file.values.keys() {
        map.insert_node(name.as_str(), Node { value: value(name), origin: Origin::At(file.file.span) });
    }
    Value::Map(map)
}

fn read(
    id: &str,
    path: &str,
    file: &SecretFile,
    culprit: Span,
    cache: &KeyCache<'_>,
    sink: &mut Diagnostics,
) -> Value {
    let content = match cache.open(path) {
        Ok(Some(content)) => content,
        Ok(None) => {
            sink.error(findings::missing_key_file(path, file.generator, culprit));
            return Value::Invalid;
        }
        Err(error) => {
            sink.error(findings::unreadable(path, &error.reason));
            return Value::Invalid;
        }
    };
    let mut map = Map::new();
    for (name, value) in &file.values {
        let label = format!("secrets.{id}.{name}");
        let value = match content.take(&value.take, &label) {
            Ok(secret) if value.public => Value::String(secret.expose().to_owned()),
            Ok(secret) => Value::Secret(secret),
            Err(error) => {
                sink.error(findings::bad_key_file(path, name, &value.take, error, culprit));
                Value::Invalid
            }
        };
        map.insert_node(name.as_str(), Node { value, origin: Origin::At(file.file.span) });
    }
    Value::Map(map)
}
