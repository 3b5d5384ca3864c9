//! The order of the stages.
//!
//! load → validate → derive → check → render → (manifests ∥ encrypt). Each stage runs to
//! its end and reports all it finds; a wrong value is passed over by the stages after, so
//! one run finds the mistakes of all stages. Manifests are judged and outputs encrypted
//! only where everything before is right.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use kiln_age::Identities;
use kiln_config::{Document, KeyFiles, MissingKeys, SecretKeys, Settings, Threads, Verdict};
use kiln_jinja::{Engine, Programs, Scope};
use kiln_model::{Artifact, Diagnostics, Files, Map, Node, Rendered, Reported, Secret, Sources, Span, Value};
use kiln_pack::Pack;
use kiln_render::Output;
use kiln_sops::Without;
use rayon::prelude::*;

use crate::allow;
use crate::encrypt::{self, Encryption};
use crate::explain;
use crate::files::{Folder, text_of};
use crate::findings;
use crate::inputs::Inputs;
use crate::provenance;
use crate::report::{KeySource, Report, Request, Stage};
use crate::sealed_inputs::{Keyring, age_key_files};
use crate::stand_in::{self, WithKey};

/// What the stages up to the set of outputs know of a project.
pub(crate) struct Prepared {
    pub(crate) settings: Settings,
    pub(crate) pack: Pack,
    pub(crate) data: Map,
    pub(crate) engine: Engine,
    pub(crate) outputs: Vec<Output>,
    /// The keys of data that are secret only because they stand in an encrypted file, and
    /// where.
    pub(crate) encrypted: BTreeMap<String, Span>,
    /// The keys whose schema says that they hold secrets.
    pub(crate) secret_keys: SecretKeys,
    /// How long it took to write the programs of templates and to decide about the outputs, which
    /// is part of rendering them.
    deciding: Duration,
}

/// Runs every stage. `Err` means that an error in the report keeps it from going on.
pub(crate) fn run(request: &Request<'_>, report: &mut Report) -> Result<(), Reported> {
    let prepared = prepare(request, report)?;
    render(&prepared, report);
    let outcome = finish(&prepared, request, report);
    allow::settle(&prepared.pack, &STAGES, report);
    outcome
}

/// What the codes of findings begin with that a whole run can make.
const STAGES: [&str; 7] = ["load", "validate", "derive", "check", "render", "manifest", "encrypt"];

/// Runs the stages up to check.
pub(crate) fn check(request: &Request<'_>, report: &mut Report) -> Result<(), Reported> {
    let checked = known(request, report)?;
    allow::settle(&checked.pack, &CHECK_STAGES, report);
    Ok(())
}

/// What the codes of findings begin with that such a run can make.
const CHECK_STAGES: [&str; 4] = ["load", "validate", "derive", "check"];

/// What the stages up to check know of a project.
struct Checked {
    settings: Settings,
    pack: Pack,
    data: Map,
    engine: Engine,
    encrypted: BTreeMap<String, Span>,
    secret_keys: SecretKeys,
    inputs: Inputs,
}

fn known(request: &Request<'_>, report: &mut Report) -> Result<Checked, Reported> {
    let start = Instant::now();
    let (settings, pack) = settle(request, report)?;
    let recipients = rules_on_disk(request, &settings, &pack);
    let given = request.keys.and_then(KeySource::given);
    let project = WithKey::new(request.project, &pack, &settings, given.as_ref(), &recipients);
    let engine = kiln_config::engine(&pack, settings.limits, &report.sources, &mut report.diagnostics)?;
    let programs = engine.programs();
    let (data, encrypted, secret_keys, inputs) = rayon::in_place_scope(|scope| {
        let (pack, programs) = (&pack, &programs);
        scope.spawn(|_| kiln_config::prepare(pack, programs));
        let documents = load(request, &project, &settings, pack, report)?;
        let files: usize = documents.iter().map(|document| document.paths.len()).sum();
        let (apps, templates) = (pack.apps.len(), pack.templates.len());
        let summary = format!("{files} data files, {apps} apps, {templates} templates");
        report.stages.push(Stage { name: "load", summary, time: start.elapsed() });
        let inputs = Inputs::new(&settings, pack, &documents);
        let secret_keys: SecretKeys =
            documents.iter().map(|document| document.schema.secret_keys()).collect();
        let data = validate(documents, pack, request.compat, report);
        let encrypted = encrypted_keys(&data, &secret_keys, &report.sources);
        Ok((data, encrypted, secret_keys, inputs))
    })?;
    let missing = match request.without_key {
        Without::Refuse => MissingKeys::Refuse,
        // Of several nobody knows which is the project's.
        Without::Keep => MissingKeys::PassOver {
            recipient: <[String; 1]>::try_from(recipients).ok().map(|[recipient]| recipient),
        },
    };
    let keys = KeyFiles { files: &project, missing };
    let data = derive_and_check(data, &settings, &pack, &programs, &keys, request.compat, report);
    drop(programs);
    Ok(Checked { settings, pack, data, engine, encrypted, secret_keys, inputs })
}

/// Runs the stages up to the set of outputs.
pub(crate) fn prepare(request: &Request<'_>, report: &mut Report) -> Result<Prepared, Reported> {
    let Checked { settings, pack, data, mut engine, encrypted, secret_keys, inputs } =
        known(request, report)?;
    let start = Instant::now();
    kiln_render::compile(&pack, &mut engine, &report.sources, &mut report.diagnostics);
    let outputs = kiln_render::outputs(&data, &pack, &engine, &report.sources, &mut report.diagnostics);
    // Where outputs go somewhere else than `kiln.toml` says, that may be the project itself.
    let folder = if request.previous.is_some() { "." } else { &settings.output };
    let folder = Folder::new(request.project, folder);
    let is_input = |path: &str| inputs.contain(&folder.below(path));
    kiln_render::refuse_inputs(&outputs, is_input, &mut report.diagnostics);
    engine.add_lookup("outputs", kiln_render::folders(&outputs));
    let deciding = start.elapsed();
    Ok(Prepared { settings, pack, data, engine, outputs, encrypted, secret_keys, deciding })
}

/// All threads.
pub(crate) fn threads() -> Threads<'static> {
    Threads::new(rayon::current_num_threads(), &spread)
}

/// Does a piece of work for each number below a count, on all threads.
pub(crate) fn spread(count: usize, work: &(dyn Fn(usize) + Sync)) {
    (0..count).into_par_iter().for_each(work);
}

/// Reads what says how the project is read.
fn settle(request: &Request<'_>, report: &mut Report) -> Result<(Settings, Pack), Reported> {
    let (project, sources, sink) = (request.project, &mut report.sources, &mut report.diagnostics);
    let settings = Settings::load(project, sources, sink)?;
    if settings.is_makejinja {
        return Err(sink.error(findings::makejinja_project()));
    }
    report.output.clone_from(&settings.output);
    report.allowed.add_settings(&settings.allow);
    let own = settings.pack.as_ref().map(|path| Folder::new(project, path));
    let from_disk = request.pack.or(own.as_ref().map(|folder| folder as &dyn Files));
    let named = settings.pack.as_deref().filter(|_| request.pack.is_none());
    let named = named.map_or(Span::NONE, |path| settings.place_of(path));
    let pack = load_pack(from_disk, named, project, sources, sink)?;
    let place = match (request.pack.is_some(), &settings.pack) {
        (true, _) => "from `--pack`".to_owned(),
        (false, Some(path)) => format!("from `{path}`"),
        (false, None) => "built in".to_owned(),
    };
    report.pack_id = format!("{} {}", pack.name, pack.version);
    report.pack = format!("{}, {place}", report.pack_id);
    Ok((settings, pack))
}

/// Reads a pack. That it is not there is said with the place where `kiln.toml` names it.
pub(crate) fn load_pack(
    from_disk: Option<&dyn Files>,
    named: Span,
    project: &dyn Files,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Pack, Reported> {
    let mut found = Diagnostics::new();
    let pack = Pack::load(from_disk, project, &spread, sources, &mut found);
    for finding in found {
        let is_missing = finding.code == "pack.missing";
        sink.push(if is_missing { finding.label(named, "named here") } else { finding });
    }
    pack
}

/// Whom the creation rules that are there name.
fn rules_on_disk(request: &Request<'_>, settings: &Settings, pack: &Pack) -> Vec<String> {
    let own = Folder::new(request.project, &settings.output);
    let output = request.previous.unwrap_or(&own);
    pack.sops.as_ref().map_or_else(Vec::new, |sops| stand_in::recipients(&sops.config, output))
}

fn load(
    request: &Request<'_>,
    project: &dyn Files,
    settings: &Settings,
    pack: &Pack,
    report: &mut Report,
) -> Result<Vec<Document>, Reported> {
    let keyring = Keyring::new(pack, settings, project, request.keys, request.without_key);
    let (sources, sink) = (&mut report.sources, &mut report.diagnostics);
    let documents = kiln_config::load(pack, settings, project, &keyring, sources, sink)?;
    documents.iter().for_each(|document| report.allowed.add_comments(&document.allowances));
    let paths = documents.iter().flat_map(|document| &document.paths);
    report.data_files = paths.filter(|path| !kiln_config::is_sealed_name(path)).cloned().collect();
    report.is_partial |= keyring.is_lacking();
    Ok(documents)
}

/// The labels of what is secret because it stands in an encrypted file and not because its schema
/// says so, with their places.
fn encrypted_keys(data: &Map, secret_keys: &SecretKeys, sources: &Sources) -> BTreeMap<String, Span> {
    fn collect(node: &Node, secret_keys: &SecretKeys, found: &mut dyn FnMut(&Secret, Span)) {
        match &node.value {
            Value::Secret(secret) => found(secret, node.span()),
            Value::Map(map) => collect_map(map, secret_keys, found),
            Value::List(items) => items.iter().for_each(|item| collect(item, secret_keys, found)),
            _ => {}
        }
    }
    fn collect_map(map: &Map, secret_keys: &SecretKeys, found: &mut dyn FnMut(&Secret, Span)) {
        for (_, entry) in map.iter().filter(|(key, _)| !secret_keys.contains(key)) {
            collect(&entry.node, secret_keys, found);
        }
    }
    let mut all = BTreeMap::new();
    collect_map(data, secret_keys, &mut |secret, span| {
        if kiln_config::is_sealed_name(sources.path(span.source)) {
            all.insert(secret.label().to_owned(), span);
        }
    });
    all
}

fn validate(documents: Vec<Document>, pack: &Pack, compat: bool, report: &mut Report) -> Map {
    let mut data = Map::new();
    timed("validate", report, |report| {
        data = kiln_config::validate(documents, pack, compat, &mut report.sources, &mut report.diagnostics);
        format!("{} keys", data.len())
    });
    data
}

/// Reads the key files, derives, and checks.
fn derive_and_check(
    mut given: Map,
    settings: &Settings,
    pack: &Pack,
    programs: &Programs<'_>,
    keys: &KeyFiles<'_>,
    compat: bool,
    report: &mut Report,
) -> Map {
    let mut data = Map::new();
    timed("derive", report, |report| {
        let (sources, sink) = (&report.sources, &mut report.diagnostics);
        let missing = kiln_config::read_keys(&mut given, pack, settings, programs, keys, sources, sink);
        report.is_partial |= missing > 0;
        data = kiln_config::derive(given.clone(), pack, programs, sources, threads(), sink);
        format!("{} values, {} key files", pack.derive.len(), pack.secrets.len())
    });
    let mut verdict = Verdict::default();
    timed("check", report, |report| {
        verdict = check_rules(&data, pack, programs, &report.sources, compat, &mut report.diagnostics);
        report.rules = explain::found(pack, &report.diagnostics);
        format!("{} rules", pack.checks.len())
    });
    verdict.ease(&mut given);
    let is_changed = verdict.is_eased() || !verdict.culprits.is_empty();
    if is_changed { without(given, &verdict.culprits, pack, programs, report) } else { data }
}

/// Holds the rules of the pack against the document, on all threads; gives what follows for the
/// stages after.
pub(crate) fn check_rules(
    data: &Map,
    pack: &Pack,
    programs: &Programs<'_>,
    sources: &Sources,
    compat: bool,
    sink: &mut Diagnostics,
) -> Verdict {
    let rules = kiln_config::Rules::new(data, pack, programs, sources, compat);
    let threads = rayon::current_num_threads();
    let parts = (0..threads).into_par_iter().map(|number| rules.part(number, threads)).collect();
    rules.report(parts, sink)
}

/// The data without the keys that broke a rule, and without all that follows from them, so
/// that the stages after find other mistakes and not these again.
fn without(
    mut given: Map,
    culprits: &BTreeSet<String>,
    pack: &Pack,
    programs: &Programs<'_>,
    report: &Report,
) -> Map {
    for key in culprits {
        if let Some(node) = given.get_mut(key) {
            node.value = Value::Invalid;
        }
    }
    kiln_config::derive(given, pack, programs, &report.sources, threads(), &mut Diagnostics::new())
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
        if report.is_partial {
            let made: BTreeSet<&str> = report.rendered.iter().map(Rendered::path).collect();
            let left = prepared.outputs.iter().filter(|output| !made.contains(output.path.as_str()));
            report.not_compared = left.map(|output| output.path.clone()).collect();
        }
        format!("{} outputs", report.rendered.len())
    });
    report.stages.last_mut().into_iter().for_each(|stage| stage.time += prepared.deciding);
}

/// Judges the manifests and encrypts, at the same time; both read the plain text.
fn finish(prepared: &Prepared, request: &Request<'_>, report: &mut Report) -> Result<(), Reported> {
    report.diagnostics.check()?;
    let own = Folder::new(request.project, &prepared.settings.output);
    let previous = request.previous.unwrap_or(&own);
    let encryption = encryption(prepared, request, previous, report)?;
    let rendered = &report.rendered;
    // References to outputs that were not made would look broken.
    let judge = if report.is_partial { kiln_manifest::check_each } else { kiln_manifest::check };
    let (judged, encrypted) = rayon::join(
        || {
            let (start, mut found) = (Instant::now(), Diagnostics::new());
            let texts = judge(rendered, &mut found);
            let found = provenance::follow(found, &texts, rendered, Some((prepared, &report.sources)));
            (found, start.elapsed())
        },
        || {
            let start = Instant::now();
            (encrypt::all(rendered, &encryption, prepared, previous), start.elapsed())
        },
    );
    let (found, time) = judged;
    report.diagnostics.extend(found);
    let summary = format!("{} outputs judged", report.rendered.len());
    report.stages.push(Stage { name: "manifests", summary, time });
    let (encrypted, time) = encrypted;
    let summary = encrypted.summary();
    report.diagnostics.append(encrypted.found);
    report.stages.push(Stage { name: "encrypt", summary, time });
    report.diagnostics.check()?;
    report.not_compared.extend(encrypted.not_compared);
    report.not_compared.sort_unstable();
    report.value_changes = encrypted.value_changes;
    report.artifacts = signed(encrypted.artifacts, &prepared.outputs);
    Ok(())
}

/// The artifacts with the names of what made them.
fn signed(artifacts: Vec<Artifact>, outputs: &[Output]) -> Vec<Artifact> {
    let makers: BTreeMap<&str, &Output> = outputs.iter().map(|it| (it.path.as_str(), it)).collect();
    let sign = |artifact: Artifact| {
        let maker = makers.get(artifact.path()).map(|output| match &output.template {
            Some(template) => template.clone(),
            None => format!("overrides/templates/{}", output.path),
        });
        artifact.made_by(maker.unwrap_or_default())
    };
    artifacts.into_iter().map(sign).collect()
}

/// The creation rules that were just rendered, and the identity that opens old files.
fn encryption(
    prepared: &Prepared,
    request: &Request<'_>,
    previous: &dyn Files,
    report: &mut Report,
) -> Result<Encryption, Reported> {
    let mut encryption = Encryption {
        policy: None,
        is_unknown: false,
        identities: Identities::new(),
        now: request.now,
        without: request.without_key,
    };
    let Some(sops) = &prepared.pack.sops else { return Ok(encryption) };
    let config = report.rendered.iter().find(|rendered| rendered.path() == sops.config);
    let sink = &mut report.diagnostics;
    let old_rules = || if report.is_partial { text_of(previous, &sops.config) } else { None };
    encryption.is_unknown = report.is_partial && config.is_none();
    encryption.policy = match config {
        // What the rules say now is not known; what they said is the best guess.
        None => match old_rules() {
            Some(text) => {
                encryption.is_unknown = false;
                let source = report.sources.add(sops.config.as_str(), text.as_str());
                Some(kiln_sops::Policy::parse(source, &text, sink)?)
            }
            None => None,
        },
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
                let file = age_key_files(&prepared.pack, &prepared.settings).map(|(_, path)| path).next();
                return Err(sink.error(encrypt::bad_identity(secret.label(), file, sops.identity.span)));
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
