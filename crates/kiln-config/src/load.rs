//! Load: data files become located trees.

use kiln_model::{Diagnostics, Files, Node, Origin, Reported, SourceId, Sources, Span, Value};
use kiln_pack::Pack;
use kiln_schema::Schema;
use kiln_yaml::Resolution;

use crate::findings;
use crate::settings::Settings;

const ENDINGS: [&str; 4] = [".yaml", ".yml", ".toml", ".json"];

/// A data file and its schema.
pub struct Document {
    /// The path of the file, as found.
    pub path: String,
    /// The tree; [`Value::Invalid`] if the file is missing or could not be read.
    pub node: Node,
    /// What it must look like.
    pub schema: Schema,
}

/// Reads every data file of the project.
///
/// A file that is missing or broken is reported, and its tree is [`Value::Invalid`].
///
/// # Errors
/// If a schema cannot be had: without it nothing more can be said. All such schemas are
/// reported.
pub fn load(
    pack: &Pack,
    settings: &Settings,
    files: &dyn Files,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Vec<Document>, Reported> {
    let mut schemas = Vec::new();
    let mut missing = None;
    for (file, schema) in data_files(pack, settings) {
        match compile(pack, &schema, &file, files, sink) {
            Ok(schema) => schemas.push((file, schema)),
            Err(reported) => missing = Some(reported),
        }
    }
    if let Some(reported) = missing {
        return Err(reported);
    }
    let mut documents = Vec::new();
    for (file, schema) in schemas {
        let (path, node) = match find(files, &file, sources, sink) {
            Ok((path, source)) => {
                let mut found = Diagnostics::new();
                let parsed = parse(&path, source, sources, &mut found);
                if found.has_errors() {
                    // Not all of the text is in the tree, so not all secrets can be marked there.
                    kiln_schema::mask_unparsed(sources, source, &schema.secret_keys());
                }
                sink.append(found);
                (path, parsed.unwrap_or_else(|_| Node::invalid(Origin::At(Span::new(source, 0, 0)))))
            }
            Err(_) => (file.clone(), Node::invalid(Origin::Absent)),
        };
        documents.push(Document { path, node, schema });
    }
    Ok(documents)
}

/// The data files of a project and the names of their schemas, as the pack or else
/// `kiln.toml` has them.
pub fn data_files(pack: &Pack, settings: &Settings) -> Vec<(String, String)> {
    let of_pack = || pack.data.iter().map(|data| (data.file.clone(), data.schema.clone()));
    match &settings.data {
        None => of_pack().collect(),
        Some(own) => own
            .iter()
            .map(|(file, schema)| {
                let stem = ENDINGS.iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file);
                let name = stem.rsplit('/').next().unwrap_or(stem);
                let known = of_pack().find(|(known, _)| known == name).map(|(_, schema)| schema);
                (file.clone(), schema.clone().or(known).unwrap_or_else(|| name.to_owned()))
            })
            .collect(),
    }
}

/// A schema by the name the pack gives it, or from a file of the project.
fn compile(
    pack: &Pack,
    name: &str,
    file: &str,
    files: &dyn Files,
    sink: &mut Diagnostics,
) -> Result<Schema, Reported> {
    let text = schema_text(pack, name, files, sink)?;
    Schema::compile(name, &text).map_err(|error| sink.error(findings::bad_schema(file, &error)))
}

/// The text of a schema by the name the pack gives it, or by its path in the project.
///
/// # Errors
/// If there is no such schema, or its file cannot be read.
pub fn schema_text(
    pack: &Pack,
    name: &str,
    files: &dyn Files,
    sink: &mut Diagnostics,
) -> Result<String, Reported> {
    let own = if name.ends_with(".json") { files.read(name) } else { Ok(None) };
    let own = own.map_err(|error| sink.error(findings::unreadable(name, &error.reason)))?;
    let own = own.as_ref().map(|bytes| std::str::from_utf8(bytes)).transpose();
    let own = own.map_err(|_| sink.error(findings::not_text(name)))?;
    let text = own.or_else(|| pack.schema(name)).map(str::to_owned);
    text.ok_or_else(|| sink.error(findings::no_schema(name)))
}

/// The paths under which a data file is looked for, the usual one first.
pub fn candidates(file: &str) -> Vec<String> {
    let has_ending = ENDINGS.iter().any(|ending| file.ends_with(ending));
    if has_ending {
        vec![file.to_owned()]
    } else {
        ENDINGS.iter().map(|ending| format!("{file}{ending}")).collect()
    }
}

/// The path and source of a data file, with the ending it has.
fn find(
    files: &dyn Files,
    file: &str,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<(String, SourceId), Reported> {
    let has_ending = ENDINGS.iter().any(|ending| file.ends_with(ending));
    let mut found: Vec<(String, SourceId)> = Vec::new();
    for candidate in candidates(file) {
        if let Some(source) = read_text(files, &candidate, sources, sink)? {
            found.push((candidate, source));
        }
    }
    match found.as_slice() {
        [] => Err(sink.error(findings::missing_file(file, has_ending))),
        [(first, _), (second, _), ..] => Err(sink.error(findings::two_files(first, second))),
        [one] => Ok(one.clone()),
    }
}

pub(crate) fn parse(
    path: &str,
    source: SourceId,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> Result<Node, Reported> {
    let text = sources.get(source).map_or("", |source| source.text());
    let node = match path.rsplit('.').next() {
        Some("toml") => kiln_yaml::toml::compose(source, text, sink),
        Some("json") => kiln_yaml::json::compose(source, text, sink),
        _ => kiln_yaml::compose(source, text, Resolution::Core, sink),
    }?;
    match node.value {
        Value::Map(_) => Ok(node),
        _ => Err(sink.error(findings::not_a_mapping(path, node.span()))),
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
            Err(_) => Err(sink.error(findings::not_text(&shown))),
        },
        Err(error) => Err(sink.error(findings::unreadable(&shown, &error.reason))),
    }
}
