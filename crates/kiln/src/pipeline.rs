//! The order of the stages.
//!
//! load → validate → derive → check → render → (manifests ∥ encrypt). Each stage runs to
//! its end and reports all it finds; a wrong value is passed over by the stages after, so
//! one run finds the mistakes of all stages. Manifests are judged and outputs encrypted
//! only where everything before is right.

use std::collections::BTreeSet;
use std::time::Instant;

use kiln_age::Identities;
use kiln_config::{Document, Settings};
use kiln_jinja::{Engine, Scope};
use kiln_model::{Diagnostics, Files, Map, Rendered, Reported, Value};
use kiln_pack::Pack;
use kiln_render::Output;
use rayon::prelude::*;

use crate::encrypt::{self, Encryption};
use crate::files::Folder;
use crate::findings;
use crate::inputs::Inputs;
use crate::report::{Report, Request, Stage};

/// What the stages up to the set of outputs know of a project.
pub(crate) struct Prepared {
    pub(crate) settings: Settings,
    pub(crate) pack: Pack,
    pub(crate) data: Map,
    pub(crate) engine: Engine,
    pub(crate) outputs: Vec<Output>,
}

/// Runs every stage. `Err` means that an error in the report keeps it from going on.
pub(crate) fn run(request: &Request<'_>, report: &mut Report) -> Result<(), Reported> {
    let prepared = prepare(request, report)?;
    render(&prepared, report);
    let outcome = finish(&prepared, request, report);
    report.allowed.silence(&mut report.diagnostics);
    outcome
}

/// Runs the stages up to the set of outputs.
pub(crate) fn prepare(request: &Request<'_>, report: &mut Report) -> Result<Prepared, Reported> {
    let (settings, pack, documents) = load(request, report)?;
    let inputs = Inputs::new(&settings, &pack, &documents);
    let data = validate(documents, &pack, report);
    let engine = kiln_config::engine(&pack, settings.limits, &report.sources, &mut report.diagnostics)?;
    let data = derive_and_check(data, &settings, &pack, &engine, request.project, report);
    let mut engine = engine;
    kiln_render::compile(&pack, &mut engine, &report.sources, &mut report.diagnostics);
    let outputs = kiln_render::outputs(&data, &pack, &engine, &report.sources, &mut report.diagnostics);
    // Where outputs go somewhere else than `kiln.toml` says, that may be the project itself.
    let folder = if request.previous.is_some() { "." } else { &settings.output };
    let folder = Folder::new(request.project, folder);
    let is_input = |path: &str| inputs.contain(&folder.below(path));
    kiln_render::refuse_inputs(&outputs, is_input, &mut report.diagnostics);
    engine.add_lookup("outputs", kiln_render::folders(&outputs));
    Ok(Prepared { settings, pack, data, engine, outputs })
}

fn load(request: &Request<'_>, report: &mut Report) -> Result<(Settings, Pack, Vec<Document>), Reported> {
    let start = Instant::now();
    let (project, sources, sink) = (request.project, &mut report.sources, &mut report.diagnostics);
    let settings = Settings::load(project, sources, sink)?;
    if settings.is_makejinja {
        return Err(sink.error(findings::makejinja_project()));
    }
    report.output.clone_from(&settings.output);
    report.allowed = settings.allow.iter().map(|allow| allow.code.clone()).collect();
    let own = settings.pack.as_ref().map(|path| Folder::new(project, path));
    let from_disk = request.pack.or(own.as_ref().map(|folder| folder as &dyn Files));
    let pack = Pack::load(from_disk, project, sources, sink)?;
    let place = match (request.pack.is_some(), &settings.pack) {
        (true, _) => "from `--pack`".to_owned(),
        (false, Some(path)) => format!("from `{path}`"),
        (false, None) => "built in".to_owned(),
    };
    report.pack_id = format!("{} {}", pack.name, pack.version);
    report.pack = format!("{}, {place}", report.pack_id);
    let documents = kiln_config::load(&pack, &settings, project, sources, sink)?;
    let summary = format!(
        "{} data files, {} apps, {} templates",
        documents.len(),
        pack.apps.len(),
        pack.templates.len()
    );
    report.stages.push(Stage { name: "load", summary, time: start.elapsed() });
    Ok((settings, pack, documents))
}

fn validate(documents: Vec<Document>, pack: &Pack, report: &mut Report) -> Map {
    let mut data = Map::new();
    timed("validate", report, |report| {
        data = kiln_config::validate(documents, pack, &mut report.sources, &mut report.diagnostics);
        format!("{} keys", data.len())
    });
    data
}

/// Reads the key files, derives, and checks.
fn derive_and_check(
    mut given: Map,
    settings: &Settings,
    pack: &Pack,
    engine: &Engine,
    project: &dyn Files,
    report: &mut Report,
) -> Map {
    let mut data = Map::new();
    timed("derive", report, |report| {
        let (sources, sink) = (&report.sources, &mut report.diagnostics);
        kiln_config::read_keys(&mut given, pack, settings, engine, project, sources, sink);
        data = kiln_config::derive(given.clone(), pack, engine, sources, sink);
        format!("{} values, {} key files", pack.derive.len(), pack.secrets.len())
    });
    let mut culprits = BTreeSet::new();
    timed("check", report, |report| {
        culprits = kiln_config::check(&data, pack, engine, &report.sources, &mut report.diagnostics);
        format!("{} rules", pack.checks.len())
    });
    if culprits.is_empty() { data } else { without(given, &culprits, pack, engine, report) }
}

/// The data without the keys that broke a rule, and without all that follows from them, so
/// that the stages after find other mistakes and not these again.
fn without(
    mut given: Map,
    culprits: &BTreeSet<String>,
    pack: &Pack,
    engine: &Engine,
    report: &Report,
) -> Map {
    for key in culprits {
        if let Some(node) = given.get_mut(key) {
            node.value = Value::Invalid;
        }
    }
    kiln_config::derive(given, pack, engine, &report.sources, &mut Diagnostics::new())
}

fn render(prepared: &Prepared, report: &mut Report) {
    timed("render", report, |report| {
        let sources = &report.sources;
        let results: Vec<(Option<Rendered>, Diagnostics)> = prepared
            .outputs
            .par_iter()
            .map(|output| {
                let mut sink = Diagnostics::new();
                let Prepared { pack, engine, .. } = prepared;
                (kiln_render::render(output, pack, engine, sources, &mut sink), sink)
            })
            .collect();
        for (rendered, found) in results {
            report.rendered.extend(rendered);
            report.diagnostics.append(found);
        }
        format!("{} outputs", report.rendered.len())
    });
}

/// Judges the manifests and encrypts, at the same time; both read the plain text.
fn finish(prepared: &Prepared, request: &Request<'_>, report: &mut Report) -> Result<(), Reported> {
    report.diagnostics.check()?;
    let encryption = encryption(prepared, request, report)?;
    let own = Folder::new(request.project, &prepared.settings.output);
    let previous = request.previous.unwrap_or(&own);
    let rendered = &report.rendered;
    let (judged, encrypted) = rayon::join(
        || {
            let (start, mut found) = (Instant::now(), Diagnostics::new());
            kiln_manifest::check(rendered, &mut found);
            (found, start.elapsed())
        },
        || {
            let start = Instant::now();
            (encrypt::all(rendered, &encryption, prepared, previous), start.elapsed())
        },
    );
    let (found, time) = judged;
    report.diagnostics.append(found);
    let summary = format!("{} outputs judged", report.rendered.len());
    report.stages.push(Stage { name: "manifests", summary, time });
    let (encrypted, time) = encrypted;
    let summary = encrypted.summary();
    report.diagnostics.append(encrypted.found);
    report.stages.push(Stage { name: "encrypt", summary, time });
    report.diagnostics.check()?;
    report.artifacts = encrypted.artifacts;
    Ok(())
}

/// The creation rules that were just rendered, and the identity that opens old files.
fn encryption(
    prepared: &Prepared,
    request: &Request<'_>,
    report: &mut Report,
) -> Result<Encryption, Reported> {
    let mut encryption = Encryption {
        policy: None,
        identities: Identities::new(),
        now: request.now,
        without: request.without_key,
    };
    let Some(sops) = &prepared.pack.sops else { return Ok(encryption) };
    let config = report.rendered.iter().find(|rendered| rendered.path() == sops.config);
    let sink = &mut report.diagnostics;
    encryption.policy = match config {
        None => None,
        // Findings about the rules show excerpts, so rules with a secret in them are not read;
        // the secret is then an error of its own.
        Some(config) if !config.reveals().is_empty() => None,
        Some(config) => {
            let source = report.sources.add(config.path(), config.expose());
            Some(kiln_sops::Policy::parse(source, config.expose(), sink)?)
        }
    };
    let evaluated = prepared.engine.eval(&sops.identity.text, &Scope::new(&prepared.data));
    match evaluated.map(|evaluated| evaluated.value) {
        Ok(Value::Secret(secret)) => {
            encryption.identities.add_keys(secret.label(), &secret);
            if encryption.identities.is_empty() {
                return Err(sink.error(encrypt::bad_identity(secret.label(), sops.identity.span)));
            }
        }
        Ok(_) => {}
        Err(failure) => failure.report("encrypt", sops.identity.span, &report.sources, sink),
    }
    // Files that are encrypted to others alone would open for nobody who runs kiln.
    let own = encryption.identities.recipients();
    if let (Some(recipient), Some(config), Some(_)) = (own.first(), config, &encryption.policy)
        && !own.iter().any(|recipient| config.expose().contains(recipient.as_str()))
    {
        let finding = encrypt::not_a_recipient(config, recipient, sops.identity.span);
        return Err(sink.error(finding));
    }
    Ok(encryption)
}

fn timed(name: &'static str, report: &mut Report, act: impl FnOnce(&mut Report) -> String) {
    let start = Instant::now();
    let summary = act(report);
    report.stages.push(Stage { name, summary, time: start.elapsed() });
}
