//! What a pack says, typed.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use kiln_model::{Diagnostics, Files, Map, Node, Reported, Severity, SourceId, Sources, Span};
use kiln_secrets::Take;

use crate::layer::Layer;
use crate::part::Spread;
use crate::{builtin, merge, read};

/// A pack with all layers over it.
pub struct Pack {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The delimiters of its templates.
    pub syntax: Syntax,
    /// The data files, in the order in which they are merged.
    pub data: Vec<DataFile>,
    /// The key files, by id.
    pub secrets: IndexMap<String, SecretFile>,
    /// How outputs are encrypted, if any are.
    pub sops: Option<Sops>,
    /// Function aliases, by name.
    pub functions: IndexMap<String, Function>,
    /// Programs that people need beside kiln, by name.
    pub tools: IndexMap<String, Tool>,
    /// The outputs, by id.
    pub generate: IndexMap<String, Generate>,
    /// Computed values, by the key they set.
    pub derive: IndexMap<String, Derive>,
    /// Rules, by id.
    pub checks: IndexMap<String, AssertRule>,
    /// Apps, by id, sorted.
    pub apps: BTreeMap<String, App>,
    /// The merged `versions.yaml`.
    pub versions: Node,
    /// Templates by their path below `templates/`, macros by `macros/…`.
    pub templates: BTreeMap<String, Template>,
    /// The project's files below `overrides/templates/`, by the path of the output that they
    /// stand for.
    pub overrides: BTreeMap<String, OverrideFile>,
    pub(crate) schemas: BTreeMap<String, Template>,
}

impl Pack {
    /// Reads the pack in `pack`, or the built-in one, and lays the project's `overrides/`
    /// and `versions.yaml` over it.
    ///
    /// A file of the project that is wrong is reported and left out, so that the rest of
    /// the project can still be looked at.
    ///
    /// `spread` parses the files, on as many threads as it likes.
    ///
    /// # Errors
    /// If the pack itself cannot be read or is not what the format says.
    pub fn load(
        pack: Option<&dyn Files>,
        project: &dyn Files,
        spread: Spread<'_>,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<Pack, Reported> {
        let base = match pack {
            Some(files) => Layer::read(files, "", &|_| None, spread, sources, sink)?,
            None => {
                let files = builtin::builtin_files();
                Layer::read(&files, "", &|path| files.stored(path), spread, sources, sink)?
            }
        };
        sink.check()?;
        if let Some(_from_disk) = pack {
            read::validate(&base, sink)?;
        }
        let over = Layer::read(project, "overrides/", &|_| None, spread, sources, sink)?;
        let versions = Layer::versions(project, sources, sink).unwrap_or_default();
        let merged = merge::layers(&base, &over, &versions, sink);
        // The built-in pack is held against its schemas by kiln's own tests, so a run that
        // changes nothing of it skips the work.
        let valid = !merged.is_override || read::validate(&merged, sink).is_ok();
        Ok(read::pack(if valid { merged } else { base }, over.texts, sink))
    }

    /// The names of the schemas that [`Pack::schema`] knows, sorted.
    pub fn schema_names(&self) -> Vec<String> {
        let mut names: Vec<String> = builtin::schema_names().map(str::to_owned).collect();
        names.extend(self.schemas.keys().cloned());
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The JSON Schema called `name`, from the pack's own `schemas/` or from kiln's.
    pub fn schema(&self, name: &str) -> Option<&str> {
        self.schemas.get(name).map(|own| own.text.as_str()).or_else(|| builtin::schema(name))
    }

    /// Whether the JSON Schema called `name` is the pack's rather than kiln's.
    pub fn has_own_schema(&self, name: &str) -> bool {
        self.schemas.contains_key(name)
    }

    pub(crate) fn empty() -> Pack {
        Pack {
            name: String::new(),
            version: String::new(),
            syntax: Syntax::default(),
            data: Vec::new(),
            secrets: IndexMap::new(),
            sops: None,
            functions: IndexMap::new(),
            tools: IndexMap::new(),
            generate: IndexMap::new(),
            derive: IndexMap::new(),
            checks: IndexMap::new(),
            apps: BTreeMap::new(),
            versions: Node::absent(),
            templates: BTreeMap::new(),
            overrides: BTreeMap::new(),
            schemas: BTreeMap::new(),
        }
    }
}

/// An expression, or a text with expressions in it, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// The text.
    pub text: String,
    /// Where it is written.
    pub span: Span,
}

impl Expr {
    /// The condition that always holds, where nobody wrote one.
    pub fn always() -> Expr {
        Expr { text: "true".to_owned(), span: Span::NONE }
    }

    /// Whether this is the condition that always holds.
    pub fn is_always(&self) -> bool {
        self.text == "true"
    }
}

/// The delimiters of templates; `None` for Jinja2's own.
#[derive(Clone, Debug, Default)]
pub struct Syntax {
    /// Around statements.
    pub block: Option<(String, String)>,
    /// Around expressions.
    pub variable: Option<(String, String)>,
    /// Around comments.
    pub comment: Option<(String, String)>,
}

/// A data file.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// The file name; without an ending, several are tried.
    pub file: String,
    /// The name of its schema.
    pub schema: String,
}

/// A key file.
#[derive(Clone, Debug)]
pub struct SecretFile {
    /// The path in the project, and where the pack says so.
    pub file: Expr,
    /// Whether the project needs it.
    pub when: Expr,
    /// How a missing one can be made.
    pub generator: Option<Generator>,
    /// The values in it, by name.
    pub values: IndexMap<String, SecretValue>,
}

/// How every private age key begins.
const AGE_KEY: &str = "AGE-SECRET-KEY-";

impl SecretFile {
    /// Whether this is a file of age keys, as `age-keygen` writes it.
    pub fn is_age_key(&self) -> bool {
        let takes_key =
            |value: &SecretValue| matches!(&value.take, Take::Line(start) if start.starts_with(AGE_KEY));
        self.generator == Some(Generator::AgeX25519) || self.values.values().any(takes_key)
    }
}

/// How a missing key file can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generator {
    /// An age X25519 identity, as `age-keygen` writes it.
    AgeX25519,
    /// An ed25519 key in OpenSSH's format without passphrase.
    SshEd25519,
    /// 32 random bytes in hexadecimal.
    RandomToken,
}

/// A value in a key file.
#[derive(Clone, Debug)]
pub struct SecretValue {
    /// How it is taken out.
    pub take: Take,
    /// Whether it may stand in clear outputs.
    pub public: bool,
}

/// How outputs are encrypted.
#[derive(Clone, Debug)]
pub struct Sops {
    /// The path of the output that holds the creation rules.
    pub config: String,
    /// The expression that gives the age identity.
    pub identity: Expr,
}

/// A function alias.
#[derive(Clone, Debug)]
pub struct Function {
    /// The names of its parameters.
    pub params: Vec<String>,
    /// Its value.
    pub value: Expr,
}

/// A program that people need beside kiln.
#[derive(Clone, Debug)]
pub struct Tool {
    /// What it is needed for, as it follows "needed to".
    pub why: String,
    /// Whether the project needs it.
    pub when: Expr,
    /// The arguments with which it prints its version.
    pub version: Vec<String>,
    /// The oldest version that will do.
    pub at_least: Option<String>,
}

/// One output, or one per item of a list.
#[derive(Clone, Debug)]
pub struct Generate {
    /// The list, and the name that the item goes by.
    pub each: Option<(Expr, String)>,
    /// Whether the output exists.
    pub when: Expr,
    /// More names.
    pub bind: IndexMap<String, Expr>,
    /// The template's name.
    pub template: Expr,
    /// The output's path.
    pub path: Expr,
}

/// A computed value.
#[derive(Clone, Debug)]
pub struct Derive {
    /// The list whose items get the key, and the name that the item goes by.
    pub each: Option<(String, String)>,
    /// The key that is set.
    pub key: String,
    /// Where the entry is written.
    pub span: Span,
    /// Whether a value that the user set stands.
    pub only_absent: bool,
    /// Whether the value is computed; else it is `none`.
    pub when: Expr,
    /// The value.
    pub value: Expr,
}

/// A rule between values.
#[derive(Clone, Debug)]
pub struct AssertRule {
    /// How bad a breach is.
    pub severity: Severity,
    /// The list for each of whose items the rule is checked, and the item's name.
    pub each: Option<(Expr, String)>,
    /// Whether the rule applies.
    pub when: Expr,
    /// What must hold.
    pub assert: Expr,
    /// The key paths to point at, the culprit first.
    pub at: Vec<Expr>,
    /// What stands beside the underline; a template.
    pub label: Option<Expr>,
    /// What is wrong; a template.
    pub message: Expr,
    /// How to fix it; a template.
    pub help: Option<Expr>,
    /// The value that the first path of `at` should have.
    pub fix: Option<Expr>,
    /// Whether an error is a warning for a run that asks for it.
    pub compat: bool,
    /// What goes wrong if it is ignored, in plain sentences.
    pub why: Option<String>,
    /// The numbers in the rule catalogue that it comes from.
    pub source: Vec<String>,
}

/// A Pod Security level, the strictest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `privileged`
    Privileged,
    /// `baseline`
    Baseline,
    /// `restricted`
    Restricted,
}

impl Level {
    /// The word that the Pod Security labels use.
    pub fn name(self) -> &'static str {
        match self {
            Level::Privileged => "privileged",
            Level::Baseline => "baseline",
            Level::Restricted => "restricted",
        }
    }
}

/// The Pod Security levels that an app can live with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodSecurity {
    /// What is refused.
    pub enforce: Level,
    /// What is put in the audit log.
    pub audit: Level,
    /// What is warned about.
    pub warn: Level,
}

/// An app.
#[derive(Clone, Debug)]
pub struct App {
    /// Its namespace.
    pub namespace: String,
    /// Its Pod Security levels.
    pub pod_security: PodSecurity,
    /// Whether it is enabled.
    pub when: Expr,
    /// Its chart, a key of `versions.charts`.
    pub chart: Option<Expr>,
    /// Its Kustomizations, by folder.
    pub kustomizations: IndexMap<String, Kustomization>,
    /// Its other keys, for the templates.
    pub extra: Map,
}

/// A Kustomization of an app.
#[derive(Clone, Debug)]
pub struct Kustomization {
    /// Whether it exists.
    pub when: Expr,
    /// What must be ready before it.
    pub depends_on: Vec<Edge>,
    /// What is waited for, for the templates.
    pub health: Vec<Health>,
    /// Its files, by name.
    pub files: IndexMap<String, AppFile>,
    /// Its other keys, for the templates.
    pub extra: Map,
}

/// An edge of the dependency graph.
#[derive(Clone, Debug)]
pub struct Edge {
    /// `APP` or `APP/FOLDER`.
    pub on: Expr,
    /// Whether it exists.
    pub when: Expr,
}

/// Something whose health is waited for.
#[derive(Clone, Debug)]
pub struct Health {
    /// Whether it is.
    pub when: Expr,
    /// What the template gets.
    pub item: Node,
}

/// A file of an app.
#[derive(Clone, Debug)]
pub struct AppFile {
    /// Whether it exists.
    pub when: Expr,
    /// Its template.
    pub template: Expr,
}

/// A template.
#[derive(Clone, Debug)]
pub struct Template {
    /// Where its text is.
    pub source: SourceId,
    /// Its text.
    pub text: String,
}

/// A file of the project that stands for an output.
#[derive(Clone, Debug)]
pub struct OverrideFile {
    /// Its text, or a template for it.
    pub template: Template,
    /// Whether it is a template.
    pub is_template: bool,
    /// Whether it replaced a template of the pack by name; then it is no output of its own.
    pub replaces_template: bool,
}
