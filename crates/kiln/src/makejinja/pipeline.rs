//! A makejinja project through the whole pipeline: validate, render, manifests, encrypt.
//!
//! Templates are rendered as makejinja renders them, into memory. What makejinja would write is
//! then judged, encrypted and handed to the plan like the outputs of a pack.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use kiln_config::Settings;
use kiln_makejinja::{
    Asked, CONFIG_FILE, Config, Disk, Overlay, Plugins, Replaced, Replacements, Shell, World, ask,
};
use kiln_model::{Diagnostic, Diagnostics, Files, Rendered, Reported, Severity, Span};
use kiln_sops::Without;

use super::encryption::{self, Encryption, Plain};
use super::schemas;
use crate::findings;
use crate::provenance;
use crate::report::{Report, Stage};

/// Whether what stands in a project may be run: its plugins and its `exec_pre`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It may.
    Trusted,
    /// It may not.
    Unknown,
}

/// What a run of a makejinja project works with.
pub struct Project<'a> {
    /// The project folder.
    pub files: &'a dyn Files,
    /// The file system, seen from the project folder.
    pub disk: Arc<dyn Disk>,
    /// The folder that outputs go to, instead of the one that `makejinja.toml` names.
    pub output: Option<&'a Path>,
    /// Where commands run; what the run says is not shown.
    pub shell: &'a mut dyn Shell,
    /// Where plugins come from.
    pub plugins: &'a mut dyn Plugins,
    /// The environment variables.
    pub environ: &'a [(String, String)],
    /// Whether plugins and commands may be run.
    pub trust: Trust,
    /// The time that encrypted files record, in seconds since 1970-01-01 UTC.
    pub now: u64,
    /// What becomes of encrypted files that are there if there is no age key.
    pub without_key: Without,
}

/// Whether a folder holds a makejinja project: `kiln.toml` has a table `[makejinja]`, or there is
/// a `makejinja.toml` and no `kiln.toml`.
pub fn is_project(files: &dyn Files) -> bool {
    let has = |path: &str| files.read(path).is_ok_and(|file| file.is_some());
    if !has(CONFIG_FILE) {
        return false;
    }
    let (mut sources, mut sink) = (kiln_model::Sources::new(), Diagnostics::new());
    Settings::load(files, &mut sources, &mut sink).is_ok_and(|settings| settings.is_makejinja)
}

/// Takes a makejinja project through every stage up to encryption, in memory; gives its commands
/// to run when everything is written (`exec_post`).
///
/// `force` and `clean` of `makejinja.toml` have no effect: what may be overwritten is for the
/// plan to say. Findings about manifests are warnings, because these are not kiln's templates.
pub fn configure(project: &mut Project<'_>) -> (Report, Vec<String>) {
    let mut report = Report { mode: "makejinja", output: ".".to_owned(), ..Report::default() };
    let commands = run(project, &mut report).unwrap_or_default();
    keep_first(&mut report);
    report.silenced += report.allowed.silence(&mut report.diagnostics);
    (report, commands)
}

/// A data file with a schema is read for its schema and for the templates. Of a mistake that both
/// find, the first finding is kept, in whose excerpt secrets are hidden.
fn keep_first(report: &mut Report) {
    let sources = &report.sources;
    let mut said = BTreeSet::new();
    report.diagnostics.retain(|it| {
        let is_of_data = it.code.starts_with("load.") || it.code == "makejinja.bad-data";
        let place = (sources.path(it.span().source).to_owned(), it.span().start);
        it.span().is_none() || !is_of_data || said.insert((place, it.message.clone()))
    });
}

fn run(project: &mut Project<'_>, report: &mut Report) -> Result<Vec<String>, Reported> {
    let (settings, config) = load(project, report)?;
    let commands = config.exec_post.clone();
    let start = Instant::now();
    let disk = Arc::clone(&project.disk);
    let (data, files) =
        schemas::check(&config, &settings, &*disk, &mut report.sources, &mut report.diagnostics);
    let summary = format!("{}, {} with a schema", counted(files, "data file"), data.len());
    report.stages.push(Stage { name: "validate", summary, time: start.elapsed() });
    let replacements = Replacements::read(&*project.disk, &mut report.diagnostics)?;
    may_run(&config, &replacements, project.trust, &mut report.diagnostics)?;
    let output = config.output.clone();
    let overlay = Arc::new(Overlay::new(disk));
    let outputs = render(project, config, replacements, &overlay, report)?;
    judge(&outputs, report);
    report.diagnostics.check()?;
    let start = Instant::now();
    let identities = encryption::identities(&*project.disk, project.environ, &mut report.diagnostics);
    let before = Arc::clone(&project.disk);
    let (now, without) = (project.now, project.without_key);
    let mut encryption = Encryption::new(&*overlay, &*before, &output, &settings, identities, now, without);
    let done = encryption.all(outputs, &data, &mut report.sources, &mut report.diagnostics);
    let summary = done.summary();
    report.stages.push(Stage { name: "encrypt", summary, time: start.elapsed() });
    report.diagnostics.append(done.found);
    report.diagnostics.check()?;
    report.artifacts = done.artifacts;
    report.not_compared = done.not_compared;
    report.value_changes = done.value_changes;
    Ok(commands)
}

/// The settings of kiln and of makejinja.
fn load(project: &Project<'_>, report: &mut Report) -> Result<(Settings, Config), Reported> {
    let start = Instant::now();
    let settings = Settings::load(project.files, &mut report.sources, &mut report.diagnostics)?;
    report.allowed.add_settings(&settings.allow);
    let (sources, sink) = (&mut report.sources, &mut report.diagnostics);
    // Without an output folder the settings are refused, so it is given here too.
    let output = project.output.and_then(Path::to_str).map(|output| format!("--output={output}"));
    let arguments: Vec<String> = output.into_iter().collect();
    let asked = match ask(&arguments, project.environ, &*project.disk, sources, sink) {
        Ok(Asked::Run(asked)) => asked,
        Ok(Asked::Help | Asked::Version) => return Err(sink.error(findings::no_output_folder())),
        Err(kiln_makejinja::Refused::Settings(reported) | kiln_makejinja::Refused::Usage(reported)) => {
            return Err(reported);
        }
    };
    let mut config = asked.config;
    config.clean = false;
    config.force = true;
    config.quiet = true;
    if let Some(output) = project.output {
        config.output = project.disk.resolve(output);
    }
    let is_folder =
        !matches!(project.disk.kind(&config.output), Some(kind) if kind != kiln_makejinja::Kind::Folder);
    if !is_folder || config.output == project.disk.resolve(Path::new("/dev/stdout")) {
        return Err(sink.error(findings::no_output_folder()));
    }
    // Whoever wrote the project may name any folder; whoever runs it may not want that.
    if project.output.is_none() && !config.output.starts_with(project.disk.current_folder()) {
        return Err(sink.error(findings::output_outside(&config.output.display().to_string())));
    }
    report.output = schemas::shown(&config.output, &project.disk.current_folder());
    if report.output.is_empty() {
        ".".clone_into(&mut report.output);
    }
    report.pack_id = "makejinja".to_owned();
    report.pack = "by `makejinja.toml`, without a pack".to_owned();
    let summary = counted(config.inputs.len(), "input");
    report.stages.push(Stage { name: "load", summary, time: start.elapsed() });
    Ok((settings, config))
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Refuses to run what nobody trusted.
fn may_run(
    config: &Config,
    replacements: &Replacements,
    trust: Trust,
    sink: &mut Diagnostics,
) -> Result<(), Reported> {
    if trust == Trust::Trusted {
        return Ok(());
    }
    let mut plugins = config.plugins.iter().chain(&config.loaders);
    let plugin = plugins.find(|plugin| !replacements.replaces(plugin));
    if let Some(plugin) = plugin {
        return Err(
            sink.error(findings::not_trusted(&format!("the project has the Python plugin `{plugin}`")))
        );
    }
    if config.exec_pre.is_empty() {
        return Ok(());
    }
    Err(sink
        .error(findings::not_trusted("the project runs shell commands before it is rendered (`exec_pre`)")))
}

/// Renders into memory; gives the outputs, sorted by path.
fn render(
    project: &mut Project<'_>,
    mut config: Config,
    replacements: Replacements,
    overlay: &Arc<Overlay>,
    report: &mut Report,
) -> Result<Vec<Plain>, Reported> {
    let start = Instant::now();
    config.exec_post.clear();
    let output = config.output.clone();
    let disk = Arc::clone(overlay) as Arc<dyn Disk>;
    let mut plugins = Replaced { plugins: project.plugins, replacements, disk: Arc::clone(&disk) };
    let world =
        World { disk, shell: project.shell, plugins: &mut plugins, environ: project.environ, goes_on: true };
    let settings =
        kiln_makejinja::Settings { config, files: vec![project.disk.current_folder().join(CONFIG_FILE)] };
    kiln_makejinja::run(&settings, world, &mut report.sources, &mut report.diagnostics)?;
    let mut outputs = Vec::new();
    for (path, made) in overlay.outputs() {
        let relative = path.strip_prefix(&output).ok().and_then(Path::to_str);
        let Some(relative) = relative else { continue };
        let is_executable = made.gets_metadata && project.disk.is_executable(&made.input);
        // What lies outside of the project lies elsewhere on another computer.
        let template = project.disk.resolve(&made.input);
        let template = template.strip_prefix(project.disk.current_folder()).ok().and_then(Path::to_str);
        let template = template.unwrap_or_default().to_owned();
        outputs.push(Plain { path: relative.to_owned(), bytes: made.bytes, template, is_executable });
    }
    let summary = format!("{} outputs", outputs.len());
    report.stages.push(Stage { name: "render", summary, time: start.elapsed() });
    Ok(outputs)
}

/// Judges the manifests among the outputs.
fn judge(outputs: &[Plain], report: &mut Report) {
    let start = Instant::now();
    let as_text = |output: &Plain| {
        let text = str::from_utf8(&output.bytes).ok()?;
        Some(Rendered::new(output.path.as_str(), text, Span::NONE, Vec::new()))
    };
    let rendered: Vec<Rendered> = outputs.iter().filter_map(as_text).collect();
    let mut found = Diagnostics::new();
    let texts = kiln_manifest::check(&rendered, &mut found);
    for finding in provenance::follow(found, &texts, &rendered, None) {
        let severity = finding.severity.max(Severity::Warning);
        report.diagnostics.push(Diagnostic { severity, ..finding });
    }
    let summary = format!("{} outputs judged", rendered.len());
    report.stages.push(Stage { name: "manifests", summary, time: start.elapsed() });
    report.rendered = rendered;
}
