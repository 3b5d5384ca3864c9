//! Why an output is there and what is in it; what depends on a key.
//!
//! The stages are run as for any run. Then each output is rendered once more, and the engine says
//! which names its template looked up; names of computed values are followed back to keys. Where
//! only a part of a value matters – a computed field of the items of a list, a key file – that
//! part is taken away and everything that depends on it is seen to fail.

mod ancestors;

mod parts;

mod rules;

mod shown;

use std::collections::{BTreeMap, BTreeSet};

use kiln_model::{Diagnostics, Sources, Span};
use kiln_render::{Lineage, Lineages, Output, Part};
use rayon::prelude::*;

use self::ancestors::Ancestors;
use self::parts::{Taken, taken};
pub use self::shown::{Setting, Where};
use crate::files::{Folder, text_of};
use crate::pipeline::{self, Prepared};
use crate::report::{Report, Request};

/// What is known of the outputs of a project.
#[derive(Default)]
#[non_exhaustive]
pub struct Why {
    /// The run: its findings, the texts that spans point into, and the pack.
    pub report: Report,
    /// The outputs that were asked about, sorted by path; none while an error stands.
    pub outputs: Vec<Told>,
    /// The paths of all outputs, sorted.
    pub paths: Vec<String>,
    /// The keys of the data files, also those that nobody set.
    pub keys: BTreeMap<String, Setting>,
    /// The computed values, by the name of the entry of `derive/*.yaml`.
    pub values: BTreeMap<String, Computed>,
    /// The key files, by id.
    pub key_files: BTreeMap<String, KeyFile>,
    /// The rules, in the order in which they are checked.
    pub rules: Vec<Rule>,
    /// The paths that `kiln.lock` lists although nothing makes them any more.
    pub former: Vec<String>,
}

/// What is known of an output.
#[derive(Debug)]
#[non_exhaustive]
pub struct Told {
    /// Its path.
    pub path: String,
    /// The template, or the file that is taken as it is.
    pub template: Text,
    /// The entry of `[[generate]]` and where its path stands; `None` for a file of the project that
    /// is an output of its own.
    pub entry: Option<(String, Span)>,
    /// The part of an app that it is made for.
    pub part: Option<Part>,
    /// The conditions that were asked before it was made.
    pub conditions: Vec<Condition>,
    /// The keys, computed values and other names that its template looked up, each with the first
    /// place where its template says it, [`Span::NONE`] where it does not.
    pub names: BTreeMap<String, Span>,
    /// Those that only decide whether it is there and where, and what there is beside it.
    pub decided_by: BTreeSet<String>,
    /// The computed values behind all of these, by the names of their entries.
    pub values: BTreeSet<String>,
    /// The key files whose values it used, by id.
    pub key_files: BTreeSet<String>,
    /// The templates that were included, imported or extended.
    pub templates: Vec<Text>,
    /// The macros that were called, each with its template.
    pub macros: Vec<(String, Text)>,
    /// The output with the creation rules under which it is encrypted.
    pub encrypted_by: Option<String>,
    /// Every key on which the output depends: as long as none of them changes, it stays as it is.
    pub keys: BTreeSet<String>,
}

/// A text of the pack or of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Text {
    /// Its name, as templates say it.
    pub name: String,
    /// Where it begins.
    pub span: Span,
    /// Whether it is the project's own rather than the pack's.
    pub is_own: bool,
}

/// A condition that held.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Condition {
    /// What it belongs to.
    pub part: Part,
    /// The expression.
    pub text: String,
    /// Where it is written.
    pub span: Span,
    /// The keys, computed values and other names that it looked up.
    pub names: BTreeSet<String>,
}

/// A computed value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Computed {
    /// Where its entry is written.
    pub span: Span,
    /// The value; `None` for the field of the items of a list, and if it is secret.
    pub value: Option<String>,
    /// The keys, computed values and other names that it was computed from.
    pub from: BTreeSet<String>,
    /// The keys on which it depends.
    pub keys: BTreeSet<String>,
}

/// A key file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyFile {
    /// Its path in the project.
    pub file: String,
    /// The keys that decide whether it is needed.
    pub keys: BTreeSet<String>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// Its code.
    pub code: String,
    /// Where it says what must hold.
    pub span: Span,
    /// The keys, computed values and other names that it says.
    pub names: BTreeSet<String>,
    /// The keys on which it depends.
    pub keys: BTreeSet<String>,
}

/// What is known of the outputs of a project, or of the one called `path`.
///
/// Nothing is written anywhere.
pub fn why(request: &Request<'_>, path: Option<&str>) -> Why {
    let mut why = Why {
        report: Report { mode: "pack", output: ".".to_owned(), ..Report::default() },
        ..Why::default()
    };
    if let Ok(mut prepared) = pipeline::prepare(request, &mut why.report) {
        why.paths = prepared.outputs.iter().map(|output| output.path.clone()).collect();
        why.former = former(request, &prepared, &mut why.report);
        if !why.report.diagnostics.has_errors() {
            tell(&mut why, &mut prepared, request, path);
        }
    }
    why
}

/// What the lock lists and nothing makes.
fn former(request: &Request<'_>, prepared: &Prepared, report: &mut Report) -> Vec<String> {
    let own = Folder::new(request.project, &prepared.settings.output);
    let Some(text) = text_of(request.previous.unwrap_or(&own), kiln_disk::LOCK_FILE) else {
        return Vec::new();
    };
    let source = report.sources.add(kiln_disk::LOCK_FILE, text.as_str());
    // What is wrong with a lock is told by those who need it.
    let lock = kiln_yaml::toml::compose(source, &text, &mut Diagnostics::new());
    let Ok(Some(listed)) = lock.map(|lock| lock.get("outputs").and_then(|it| it.as_map().cloned())) else {
        return Vec::new();
    };
    let is_made = |path: &str| prepared.outputs.iter().any(|output| output.path == path);
    listed.iter().map(|(path, _)| path).filter(|path| !is_made(path)).map(str::to_owned).collect()
}

fn tell(why: &mut Why, prepared: &mut Prepared, request: &Request<'_>, path: Option<&str>) {
    let overrides = format!("{}/", request.project.display("overrides"));
    let sources = &why.report.sources;
    prepared.engine.count_tests();
    let taken = taken(prepared, sources);
    let ancestors = Ancestors::new(prepared, &taken);
    let Prepared { pack, engine, data, outputs, .. } = &*prepared;
    let lineages = Lineages::new(data, pack, engine, sources);
    let teller = Teller {
        prepared,
        sources,
        lineages: &lineages,
        ancestors: &ancestors,
        taken: &taken,
        overrides: &overrides,
    };
    let config = teller.config();
    let asked: Vec<&Output> = outputs.iter().filter(|it| path.is_none_or(|path| it.path == path)).collect();
    let told = asked.par_iter().map(|output| teller.told(output, config.as_ref())).collect();
    why.keys = shown::settings(data, pack, sources);
    why.values = ancestors.values(data, sources);
    why.key_files = ancestors.key_files(&prepared.settings);
    why.rules = rules::rules(pack, engine, &ancestors);
    why.outputs = told;
}

/// The creation rules, and the keys that they depend on.
struct Config {
    path: String,
    policy: Option<kiln_sops::Policy>,
    keys: BTreeSet<String>,
}

/// What it takes to tell of an output.
struct Teller<'a> {
    prepared: &'a Prepared,
    sources: &'a Sources,
    lineages: &'a Lineages<'a>,
    ancestors: &'a Ancestors<'a>,
    taken: &'a [Taken],
    /// What the paths of the project's own texts begin with.
    overrides: &'a str,
}

impl Teller<'_> {
    /// The output that says what is encrypted.
    fn config(&self) -> Option<Config> {
        let Prepared { pack, engine, outputs, .. } = self.prepared;
        let sops = pack.sops.as_ref()?;
        let output = outputs.iter().find(|output| output.path == sops.config)?;
        let mut sink = Diagnostics::new();
        let rendered = kiln_render::render(output, pack, engine, self.sources, &mut sink)?;
        let source = Sources::new().add(rendered.path(), "");
        // What it says is read as the stage does that encrypts.
        let policy = kiln_sops::Policy::parse(source, rendered.expose(), &mut sink).ok();
        let keys = self.told(output, None).keys;
        Some(Config { path: output.path.clone(), policy, keys })
    }

    fn told(&self, output: &Output, config: Option<&Config>) -> Told {
        let lineage = self.lineages.of(output);
        let names = lineage.rendered.names.clone();
        let decided_by = &all(&[&lineage.decided, &lineage.rendered]) - &names;
        let parts: BTreeSet<&str> = self
            .taken
            .iter()
            .filter(|it| it.changes(output, &lineage, self.prepared))
            .map(|it| it.name.as_str())
            .collect();
        let mut keys = self.ancestors.keys(names.iter().chain(&decided_by).map(String::as_str));
        parts.iter().for_each(|part| keys.extend(self.ancestors.keys_of_part(part)));
        let rule = config.filter(|config| {
            config.path != output.path
                && config.policy.as_ref().is_some_and(|it| it.rule_for(&output.path).is_some())
        });
        keys.extend(rule.iter().flat_map(|config| config.keys.iter().cloned()));
        let Prepared { pack, .. } = self.prepared;
        let entry =
            lineage.entry.as_ref().and_then(|id| Some((id.clone(), pack.generate.get(id)?.path.span)));
        Told {
            path: output.path.clone(),
            template: self.template_of(output),
            entry,
            part: lineage.part.clone(),
            conditions: lineage.conditions.iter().map(condition).collect(),
            values: self.ancestors.values_behind(
                names.iter().chain(&decided_by).map(String::as_str).chain(parts.iter().copied()),
            ),
            key_files: parts
                .iter()
                .filter_map(|part| part.strip_prefix("secrets."))
                .map(str::to_owned)
                .collect(),
            templates: lineage.used.templates.iter().filter_map(|name| self.text(name)).collect(),
            macros: self.macros(&lineage),
            names: self.places(&names, output, &lineage),
            decided_by,
            encrypted_by: rule.map(|config| config.path.clone()),
            keys,
        }
    }

    /// The first place of each name in the template and in those that it used.
    fn places(&self, names: &BTreeSet<String>, output: &Output, lineage: &Lineage) -> BTreeMap<String, Span> {
        let Prepared { pack, engine, .. } = self.prepared;
        let own = output.template.iter();
        let texts = own.chain(&lineage.used.templates).filter_map(|name| pack.templates.get(name));
        let mut found: BTreeMap<String, Span> = names.iter().map(|name| (name.clone(), Span::NONE)).collect();
        for template in texts {
            for (name, bytes) in engine.places_in(&template.text) {
                if let Some(span) = found.get_mut(&name).filter(|span| span.is_none()) {
                    *span = Span::new(template.source, bytes.start, bytes.end);
                }
            }
        }
        found
    }

    fn macros(&self, lineage: &Lineage) -> Vec<(String, Text)> {
        let found = lineage.used.macros.iter();
        found.filter_map(|(template, name)| Some((name.clone(), self.text(template)?))).collect()
    }

    fn text(&self, name: &str) -> Option<Text> {
        let template = self.prepared.pack.templates.get(name)?;
        let span = Span::new(template.source, 0, 0);
        Some(Text { name: name.to_owned(), span, is_own: self.is_own(span) })
    }

    /// Whether a text is the project's own.
    fn is_own(&self, span: Span) -> bool {
        self.sources.path(span.source).starts_with(self.overrides)
    }

    fn template_of(&self, output: &Output) -> Text {
        let name = output.template.clone().unwrap_or_else(|| output.path.clone());
        let span = output.start();
        Text { name, span, is_own: self.is_own(span) }
    }
}

/// The names of several readings together.
fn all(readings: &[&kiln_render::Reading]) -> BTreeSet<String> {
    readings.iter().flat_map(|it| it.names.iter().chain(&it.listed)).cloned().collect()
}

fn condition(condition: &kiln_render::Condition) -> Condition {
    Condition {
        part: condition.part.clone(),
        text: condition.expr.text.clone(),
        span: condition.expr.span,
        names: all(&[&condition.reading]),
    }
}
