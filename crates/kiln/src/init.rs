//! A new project, in memory.

use kiln_config::{Ignored, Settings};
use kiln_init::{Plan, PlannedData, PlannedKey};
use kiln_model::{Diagnostics, Files, NewFile, Reported, Sources, Span};
use kiln_pack::Pack;

use crate::files::{Folder, text_of};
use crate::findings;
use crate::pipeline::load_pack;

/// What a folder lacks to be a project, and what was found on the way.
#[derive(Default)]
#[non_exhaustive]
pub struct InitReport {
    /// The files that are to be created, with [`crate::create_new`]; none while an error
    /// stands.
    pub files: Vec<NewFile>,
    /// The paths of the files that are there, and are kept.
    pub kept: Vec<String>,
    /// The new data files with the paths of the keys that have to be filled in.
    pub required: Vec<(String, Vec<String>)>,
    /// The new key files, of which a copy has to be kept somewhere safe.
    pub keys: Vec<String>,
    /// The new public keys, by path.
    pub public: Vec<(String, String)>,
    /// Whether nothing is created because a key must be somewhere else.
    pub refused: bool,
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// All findings.
    pub diagnostics: Diagnostics,
}

/// Says what the folder lacks to be a project of the pack that its `kiln.toml` names, or of
/// the built-in one. A new key file records the time `now`, in seconds since 1970-01-01 UTC.
///
/// Nothing is written anywhere.
pub fn init(project: &dyn Files, now: u64) -> InitReport {
    let mut report = InitReport::default();
    // `Err` says that an error in the report kept it from being made.
    if plan(project, now, &mut report).is_err() {
        report.files.clear();
    }
    report
}

/// A JSON Schema of a project.
#[derive(Default)]
#[non_exhaustive]
pub struct SchemaReport {
    /// Its text; `None` if there is no such schema or the pack cannot be read.
    pub text: Option<String>,
    /// The names of all schemas, sorted.
    pub names: Vec<String>,
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// All findings.
    pub diagnostics: Diagnostics,
}

/// The JSON Schema called `name`, as the pack of the project has it.
pub fn schema(project: &dyn Files, name: &str) -> SchemaReport {
    let mut report = SchemaReport::default();
    if let Ok((_, pack, _)) = pack_of(project, &mut report.sources, &mut report.diagnostics) {
        report.text = pack.schema(name).map(str::to_owned);
        report.names = pack.schema_names();
    }
    report
}

/// The settings and the pack of a project, and the text of the pack's `versions.yaml`.
pub(crate) fn pack_of(
    project: &dyn Files,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<(Settings, Pack, Option<String>), Reported> {
    let settings = Settings::load(project, sources, sink)?;
    let own = settings.pack.as_ref().map(|path| Folder::new(project, path));
    let own = own.as_ref().map(|folder| folder as &dyn Files);
    let named = settings.pack.as_deref().map_or(Span::NONE, |path| settings.place_of(path));
    let pack = load_pack(own, named, project, sources, sink)?;
    let builtin = kiln_pack::builtin_pack();
    let versions = text_of(own.unwrap_or(&builtin), "versions.yaml");
    Ok((settings, pack, versions))
}

/// The path of the creation rules in the project, if the pack has some.
fn rules_path(settings: &Settings, pack: &Pack) -> Option<String> {
    let prefix = if settings.output == "." { String::new() } else { format!("{}/", settings.output) };
    pack.sops.as_ref().map(|sops| format!("{prefix}{}", sops.config))
}

fn plan(project: &dyn Files, now: u64, report: &mut InitReport) -> Result<(), Reported> {
    let InitReport { sources, diagnostics: sink, .. } = report;
    let (settings, pack, versions) = pack_of(project, sources, sink)?;
    let mut data = Vec::new();
    let mut copies = vec!["versions".to_owned()];
    for (file, name) in kiln_config::data_files(&pack, &settings) {
        let schema = kiln_config::schema_text(&pack, &settings, &name, project, sink)?;
        let is_own = pack.schema(&name).is_none();
        let schema_path = if is_own { name.clone() } else { kiln_init::schema_path(&name) };
        let sealed = kiln_config::sealed_candidates(&file);
        data.push(PlannedData { paths: kiln_config::candidates(&file), sealed, schema, schema_path });
        copies.extend((!is_own).then_some(name));
    }
    let keys = pack.secrets.iter().map(|(id, key)| PlannedKey {
        path: settings.secrets.get(id).map_or(&key.file.text, |(path, _)| path).clone(),
        generator: key.generator,
    });
    let schema = |name: String| Some((pack.schema(&name)?.to_owned(), name));
    let plan = Plan {
        data,
        keys: keys.collect(),
        versions,
        schemas: copies.into_iter().filter_map(schema).map(|(text, name)| (name, text)).collect(),
        rules: rules(&settings, &pack, project, sources, sink)?,
        age_key: &|| kiln_sops::generate(now),
    };
    let fresh = kiln_init::fresh(&plan, project, sources, sink)?;
    warn_of_git(&fresh, project, sink);
    report.files = fresh.files;
    report.kept = fresh.kept;
    report.required = fresh.required;
    report.keys = fresh.keys;
    report.public = fresh.public;
    report.refused = fresh.refused;
    Ok(())
}

/// The creation rules that are there, and the age recipients in them.
///
/// # Errors
/// If the rules are there and cannot be read: then nobody knows what they name.
pub(crate) fn rules(
    settings: &Settings,
    pack: &Pack,
    project: &dyn Files,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Option<(String, Vec<String>)>, Reported> {
    let Some(path) = rules_path(settings, pack) else { return Ok(None) };
    let Some(source) = kiln_config::read_text(project, &path, sources, sink)? else { return Ok(None) };
    let text = sources.get(source).map_or("", |source| source.text());
    let recipients = kiln_sops::recipients_in(source, text, sink)?;
    Ok(Some((path, recipients)))
}

/// A `.gitignore` that was there is kept, so it may not know of the secrets.
fn warn_of_git(fresh: &kiln_init::Fresh, project: &dyn Files, sink: &mut Diagnostics) {
    if fresh.refused || !fresh.kept.iter().any(|path| path == ".gitignore") {
        return;
    }
    let Ok(ignored) = Ignored::read(project, ".gitignore", sink) else { return };
    for path in fresh.secrets.iter().filter(|path| !ignored.covers(path)) {
        sink.push(findings::not_ignored("init.not-ignored", path));
    }
}
