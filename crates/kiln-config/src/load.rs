//! Load: data files become located trees.

use kiln_model::{Diagnostic, Diagnostics, Files, Node, Origin, Reported, SourceId, Sources, Span, Value};
use kiln_pack::Pack;
use kiln_schema::Schema;
use kiln_yaml::{Ambiguous, Composed, Resolution};

use crate::allowance::{Allowance, allowances};
use crate::findings;
use crate::sealed::{self, Opener};
use crate::settings::Settings;

const ENDINGS: [&str; 4] = [".yaml", ".yml", ".toml", ".json"];

/// The endings of data files that SOPS encrypted.
const SEALED: [&str; 3] = [".sops.yaml", ".sops.yml", ".sops.json"];

/// A data file and its schema; an encrypted file may stand beside it or in its place.
pub struct Document {
    /// The paths of its files, as found: the one in clear first, then the encrypted one. The
    /// one that is asked for if there is none.
    pub paths: Vec<String>,
    /// The tree; [`Value::Invalid`] if the file is missing or could not be read.
    pub node: Node,
    /// What YAML 1.1 reads otherwise in the file in clear.
    pub ambiguous: Vec<Ambiguous>,
    /// What it must look like.
    pub schema: Schema,
    /// What the comments in its files allow.
    pub allowances: Vec<Allowance>,
}

/// Whether the name of a file says that SOPS encrypted it.
pub fn is_sealed_name(path: &str) -> bool {
    SEALED.iter().any(|ending| path.ends_with(ending))
}

/// Reads every data file of the project. Encrypted ones are opened by `opener`.
///
/// A file that is missing or broken is reported, and its tree is [`Value::Invalid`]. Of an
/// encrypted file that no key opens, what is encrypted is invalid.
///
/// # Errors
/// If a schema cannot be had: without it nothing more can be said. All such schemas are
/// reported.
pub fn load(
    pack: &Pack,
    settings: &Settings,
    files: &dyn Files,
    opener: &dyn Opener,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Vec<Document>, Reported> {
    let mut schemas = Vec::new();
    let mut missing = None;
    for (file, schema) in data_files(pack, settings) {
        match compile(pack, settings, &schema, &file, files, sink) {
            Ok(schema) => schemas.push((file, schema)),
            Err(reported) => missing = Some(reported),
        }
    }
    if let Some(reported) = missing {
        return Err(reported);
    }
    let mut reader = Reader { files, opener, settings, sources, sink };
    Ok(schemas.into_iter().map(|(file, schema)| reader.document(&file, schema)).collect())
}

/// Reads the files of one document after the other.
struct Reader<'a> {
    files: &'a dyn Files,
    opener: &'a dyn Opener,
    settings: &'a Settings,
    sources: &'a mut Sources,
    sink: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn document(&mut self, file: &str, schema: Schema) -> Document {
        let missing = |schema| {
            let (paths, node) = (vec![file.to_owned()], Node::invalid(Origin::Absent));
            Document { paths, node, allowances: Vec::new(), ambiguous: Vec::new(), schema }
        };
        let Ok(clear) = self.find(&candidates(file)) else { return missing(schema) };
        let Ok(sealed) = self.find(&sealed_candidates(file)) else { return missing(schema) };
        let paths: Vec<String> = clear.iter().chain(&sealed).map(|(path, _)| path.clone()).collect();
        let allowances = clear.iter().chain(&sealed).flat_map(|(path, source)| {
            let text = self.sources.get(*source).map_or("", |source| source.text());
            allowances(path, *source, text)
        });
        let allowances = allowances.collect();
        let clear = clear.map(|(path, source)| self.clear(&path, source, &schema));
        let sealed = sealed.map(|(path, source)| self.sealed(&path, source));
        let (node, ambiguous) = match (clear, sealed) {
            (None, None) => {
                let named = self.settings.place_of(file);
                self.sink.error(findings::missing_file(file, has_ending(file), named));
                return missing(schema);
            }
            (Some(clear), None) => (clear.node, clear.ambiguous),
            (None, Some(sealed)) => (sealed, Vec::new()),
            (Some(clear), Some(sealed)) => (sealed::beside(clear.node, sealed, self.sink), clear.ambiguous),
        };
        Document { paths, node, allowances, ambiguous, schema }
    }

    /// The one file of these paths that is there, with its source.
    fn find(&mut self, paths: &[String]) -> Result<Option<(String, SourceId)>, Reported> {
        let mut found: Vec<(String, SourceId)> = Vec::new();
        for path in paths {
            if let Some(source) = read_text(self.files, path, self.sources, self.sink)? {
                found.push((path.clone(), source));
            }
        }
        match found.as_slice() {
            [(first, _), (second, _), ..] => Err(self.sink.error(findings::two_files(first, second))),
            _ => Ok(found.pop()),
        }
    }

    fn clear(&mut self, path: &str, source: SourceId, schema: &Schema) -> Composed {
        let mut found = Diagnostics::new();
        let parsed = parse(path, source, self.settings.yaml, self.sources, &mut found);
        if found.has_errors() {
            // Not all of the text is in the tree, so not all secrets can be marked there.
            kiln_schema::mask_unparsed(self.sources, source, &schema.secret_keys());
        }
        self.sink.append(found);
        parsed.unwrap_or_else(|_| Composed { node: broken(source), ambiguous: Vec::new() })
    }

    fn sealed(&mut self, path: &str, source: SourceId) -> Node {
        let node = sealed::read(path, source, self.opener, self.settings.yaml, self.sources, self.sink);
        node.unwrap_or_else(|_| {
            // It may hold plain text, or text that was encrypted somewhere else.
            let length = self.sources.get(source).map_or(0, |source| source.text().len());
            self.sources.mask(Span::new(source, 0, length));
            broken(source)
        })
    }
}

/// What stands for a file that cannot be read.
fn broken(source: SourceId) -> Node {
    Node::invalid(Origin::At(Span::new(source, 0, 0)))
}

/// The data files of a project and the names of their schemas, as the pack or else
/// `kiln.toml` has them. An encrypted file beside one in clear is not named of its own.
pub fn data_files(pack: &Pack, settings: &Settings) -> Vec<(String, String)> {
    let of_pack = || pack.data.iter().map(|data| (data.file.clone(), data.schema.clone()));
    let Some(own) = &settings.data else { return of_pack().collect() };
    let is_beside = |file: &str| {
        is_sealed_name(file) && own.iter().any(|(it, _)| !is_sealed_name(it) && stem(it) == stem(file))
    };
    own.iter()
        .filter(|(file, _)| !is_beside(file))
        .map(|(file, schema)| {
            let stem = stem(file);
            let name = stem.rsplit('/').next().unwrap_or(stem);
            let known = of_pack().find(|(known, _)| known == name).map(|(_, schema)| schema);
            (file.clone(), schema.clone().or(known).unwrap_or_else(|| name.to_owned()))
        })
        .collect()
}

/// The path of a data file without its ending.
fn stem(file: &str) -> &str {
    SEALED.iter().chain(&ENDINGS).find_map(|ending| file.strip_suffix(ending)).unwrap_or(file)
}

fn has_ending(file: &str) -> bool {
    stem(file) != file
}

/// A schema by the name the pack gives it, or from a file of the project.
fn compile(
    pack: &Pack,
    settings: &Settings,
    name: &str,
    file: &str,
    files: &dyn Files,
    sink: &mut Diagnostics,
) -> Result<Schema, Reported> {
    let text = schema_text(pack, settings, name, files, sink)?;
    // kiln's own are held against draft-07 by its tests.
    let is_known = !name.ends_with(".json") && !pack.has_own_schema(name);
    let schema = if is_known { Schema::known(name, &text) } else { Schema::compile(name, &text) };
    schema.map_err(|error| {
        sink.error(findings::bad_schema(file, &error).label(settings.place_of(name), "named here"))
    })
}

/// The text of a schema by the name the pack gives it, or by its path in the project.
///
/// # Errors
/// If there is no such schema, or its file cannot be read.
pub fn schema_text(
    pack: &Pack,
    settings: &Settings,
    name: &str,
    files: &dyn Files,
    sink: &mut Diagnostics,
) -> Result<String, Reported> {
    let named = settings.place_of(name);
    let own = if name.ends_with(".json") { files.read(name) } else { Ok(None) };
    let own = own
        .map_err(|error| sink.error(findings::unreadable(name, &error.reason).label(named, "named here")))?;
    let own = own.as_ref().map(|bytes| std::str::from_utf8(bytes)).transpose();
    let own = own.map_err(|_| sink.error(findings::not_text(name).label(named, "named here")))?;
    let text = own.or_else(|| pack.schema(name)).map(str::to_owned);
    text.ok_or_else(|| {
        sink.error(findings::no_schema(name, &pack.schema_names()).label(named, "there is no such schema"))
    })
}

/// The paths under which a data file is looked for, the usual one first; none for a file
/// that is named as an encrypted one.
pub fn candidates(file: &str) -> Vec<String> {
    match (is_sealed_name(file), has_ending(file)) {
        (true, _) => Vec::new(),
        (false, true) => vec![file.to_owned()],
        (false, false) => ENDINGS.iter().map(|ending| format!("{file}{ending}")).collect(),
    }
}

/// The paths under which the encrypted part of a data file is looked for, the usual one first.
pub fn sealed_candidates(file: &str) -> Vec<String> {
    if is_sealed_name(file) {
        return vec![file.to_owned()];
    }
    SEALED.iter().map(|ending| format!("{}{ending}", stem(file))).collect()
}

pub(crate) fn parse(
    path: &str,
    source: SourceId,
    yaml: Resolution,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> Result<Composed, Reported> {
    let text = sources.get(source).map_or("", |source| source.text());
    let clear = |node| Composed { node, ambiguous: Vec::new() };
    let composed = match path.rsplit('.').next() {
        Some("toml") => kiln_yaml::toml::compose(source, text, sink).map(clear),
        Some("json") => kiln_yaml::json::compose(source, text, sink).map(clear),
        _ => kiln_yaml::compose_noting(source, text, yaml, sink),
    }?;
    match composed.node.value {
        Value::Map(_) => Ok(composed),
        Value::Null => Err(sink.error(findings::empty_file(path, composed.node.span()))),
        _ => Err(sink.error(findings::not_a_mapping(path, composed.node.span()))),
    }
}

/// The text of a file of the project as a source, `None` if there is no such file.
///
/// # Errors
/// If it is there and cannot be read, or is not UTF-8.
pub fn read_text(
    files: &dyn Files,
    path: &str,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Option<SourceId>, Reported> {
    let shown = files.display(path);
    match files.read(path) {
        Ok(None) => Ok(None),
        Ok(Some(bytes)) => match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(Some(sources.add(shown, text))),
            Err(error) => Err(sink.error(undecoded(&bytes, error.valid_up_to(), &shown, sources))),
        },
        Err(error) => Err(sink.error(findings::unreadable(&shown, &error.reason))),
    }
}

/// What is said of a file that is not UTF-8 from a byte on. Nothing of it is shown but its lines.
fn undecoded(bytes: &[u8], at: usize, shown: &str, sources: &mut Sources) -> Diagnostic {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let length = text.len();
    let source = sources.add(shown, text);
    sources.mask(Span::new(source, 0, length));
    let end = at + char::REPLACEMENT_CHARACTER.len_utf8();
    findings::not_text(shown).label(Span::new(source, at, end), "not UTF-8 from here on")
}
