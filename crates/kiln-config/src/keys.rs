//! The key files of a project.

use kiln_jinja::{Engine, Programs, Scope};
use kiln_model::{Diagnostics, Files, Map, Node, Origin, Sources, Span, Value};
use kiln_pack::{Pack, SecretFile};
use kiln_secrets::{KeyCache, Take, TakeError};

use crate::expressions::Question;
use crate::findings;
use crate::settings::Settings;

/// Where key files are.
pub struct KeyFiles<'a> {
    /// The files of the project.
    pub files: &'a dyn Files,
    /// What becomes of those that are missing.
    pub missing: MissingKeys,
}

/// What becomes of key files that are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingKeys {
    /// Each is an error.
    Refuse,
    /// Each is a warning, for runs that write nothing.
    PassOver {
        /// The public half of the project's age key, if something else than its file tells it.
        recipient: Option<String>,
    },
}

/// Adds `secrets` to the data: for each key file of the pack the values in it, `null` for a
/// file that the project does not need, invalid for one that is missing or wrong.
///
/// Gives how many key files are missing and were passed over.
pub fn read_keys(
    data: &mut Map,
    pack: &Pack,
    settings: &Settings,
    programs: &Programs<'_>,
    keys: &KeyFiles<'_>,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> usize {
    let known: Vec<&str> = pack.secrets.keys().map(String::as_str).collect();
    for (id, (_, span)) in settings.secrets.iter().filter(|(id, _)| !known.contains(&id.as_str())) {
        sink.error(findings::unknown_key_file(id, &known, *span));
    }
    let (engine, session) = (programs.engine(), programs.session(&Scope::new(data)));
    let cache = KeyCache::new(keys.files);
    let mut reader = KeyReader { cache, missing: &keys.missing, passed_over: 0, sink };
    let mut secrets = Map::new();
    for (id, file) in &pack.secrets {
        let given = settings.secrets.get(id);
        let (path, named) = given.map_or((&file.file.text, Span::NONE), |(path, span)| (path, *span));
        let when = Question::new(&file.when, None, programs, "load", sources);
        let node = match when.holds(&session, None, reader.sink) {
            Some(true) => {
                // The place of the pack says nothing that the project's own does not say better.
                let asked = if named.is_none() { file.file.span } else { Span::NONE };
                reader.read(id, (path, named), file, culprit(data, engine, file, asked))
            }
            Some(false) => values(file, |_| Value::Null),
            None => Value::Invalid,
        };
        secrets.insert_node(id.as_str(), Node { value: node, origin: Origin::At(file.file.span) });
    }
    data.insert_node("secrets", Node { value: Value::Map(secrets), origin: Origin::Default });
    reader.passed_over
}

/// The key of the data because of which a key file is needed, else where it is asked for.
fn culprit(data: &Map, engine: &Engine, file: &SecretFile, asked: Span) -> Span {
    let names = engine.names_in(&file.when.text);
    let span = names.iter().filter_map(|name| data.get(name)).map(Node::span).find(|span| !span.is_none());
    span.unwrap_or(asked)
}

fn values(file: &SecretFile, value: impl Fn(&str) -> Value) -> Value {
    let mut map = Map::new();
    for name in file.values.keys() {
        map.insert_node(name.as_str(), Node { value: value(name), origin: Origin::At(file.file.span) });
    }
    Value::Map(map)
}

struct KeyReader<'a> {
    cache: KeyCache<'a>,
    missing: &'a MissingKeys,
    passed_over: usize,
    sink: &'a mut Diagnostics,
}

impl KeyReader<'_> {
    /// `path` comes with the place where `kiln.toml` gives it.
    fn read(&mut self, id: &str, path: (&str, Span), file: &SecretFile, culprit: Span) -> Value {
        let (path, named) = path;
        let content = match self.cache.open(path) {
            Ok(Some(content)) => content,
            Ok(None) => return self.without((path, named), file, culprit),
            Err(error) => {
                self.sink.error(findings::unreadable(path, &error.reason).label(named, "named here"));
                return Value::Invalid;
            }
        };
        let mut map = Map::new();
        let mut is_reported = false;
        for (name, value) in &file.values {
            let label = format!("secrets.{id}.{name}");
            let value = match content.take(&value.take, &label) {
                Ok(secret) if value.public => Value::String(secret.expose().to_owned()),
                Ok(secret) => Value::Secret(secret),
                Err(_) if is_reported => Value::Invalid,
                Err(error) => {
                    // What is wrong with the file as a whole is said once, not for each value.
                    is_reported = match error {
                        TakeError::NotText | TakeError::NotJson => true,
                        TakeError::Empty => !matches!(value.take, Take::Json(_)),
                        _ => false,
                    };
                    self.sink.error(findings::bad_key_file(path, name, &value.take, error, named, culprit));
                    Value::Invalid
                }
            };
            map.insert_node(name.as_str(), Node { value, origin: Origin::At(file.file.span) });
        }
        Value::Map(map)
    }

    /// What is known of a key file that is missing.
    fn without(&mut self, path: (&str, Span), file: &SecretFile, culprit: Span) -> Value {
        let (path, named) = path;
        let MissingKeys::PassOver { recipient } = self.missing else {
            self.sink.error(findings::missing_key_file(path, file.generator, named, culprit));
            return Value::Invalid;
        };
        self.sink.push(findings::passed_over_key_file(path, file.generator, named, culprit));
        self.passed_over += 1;
        let public = recipient.as_ref().filter(|_| file.is_age_key());
        values(file, |name| match public.filter(|_| file.values[name].public) {
            Some(recipient) => Value::String(recipient.clone()),
            None => Value::Invalid,
        })
    }
}
