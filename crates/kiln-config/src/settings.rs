//! `kiln.toml`, the project's own settings.

use std::collections::BTreeMap;

use kiln_jinja::Limits;
use kiln_model::{Diagnostics, Files, Node, Reported, Sources, Span};
use kiln_schema::Schema;
use kiln_yaml::Resolution;

use crate::findings;
use crate::ignored::Ignored;
use crate::load::read_text;

/// What `kiln.toml` says; every field has a meaning where it says nothing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The folder of the pack, relative to the project.
    pub pack: Option<String>,
    /// The folder that outputs go to, relative to the project.
    pub output: String,
    /// The data files and their schemas, instead of the pack's.
    pub data: Option<Vec<(String, Option<String>)>>,
    /// Other paths for key files, by id, and where each is written.
    pub secrets: BTreeMap<String, (String, Span)>,
    /// Outputs that may contain secrets in plain text.
    pub clear: Vec<Clear>,
    /// Warnings and notes that are not shown.
    pub allow: Vec<Allow>,
    /// Bounds on each template and expression.
    pub limits: Limits,
    /// How YAML data files are read.
    pub yaml: Resolution,
    /// Whether the project is rendered as makejinja does it: it has a table `[makejinja]`, or a
    /// `makejinja.toml` and no `kiln.toml`.
    pub is_makejinja: bool,
    /// Where the pack, data files and schemas are named, by their paths.
    places: BTreeMap<String, Span>,
}

/// An output that may contain secrets in plain text.
#[derive(Clone, Debug)]
pub struct Clear {
    /// The path of the output.
    pub path: String,
    /// Where the exception is written.
    pub span: Span,
}

/// A warning or note that is not shown.
#[derive(Clone, Debug)]
pub struct Allow {
    /// The diagnostic code.
    pub code: String,
    /// Where it is written.
    pub span: Span,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            pack: None,
            output: ".".to_owned(),
            data: None,
            secrets: BTreeMap::new(),
            clear: Vec::new(),
            allow: Vec::new(),
            limits: Limits::default(),
            yaml: Resolution::Core,
            is_makejinja: false,
            places: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Reads `kiln.toml`; a project without one has the default settings.
    ///
    /// # Errors
    /// If the file is not what its schema says.
    pub fn load(
        files: &dyn Files,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<Settings, Reported> {
        let Some(source) = read_text(files, "kiln.toml", sources, sink)? else {
            let is_makejinja = files.read("makejinja.toml").is_ok_and(|file| file.is_some());
            let yaml = if is_makejinja { Resolution::PyYaml } else { Resolution::Core };
            return Ok(Settings { is_makejinja, yaml, ..Settings::default() });
        };
        let text = sources.get(source).map_or("", |source| source.text());
        let node = kiln_yaml::toml::compose(source, text, sink)?;
        let schema = kiln_pack::builtin_schema("kiln").unwrap_or("");
        let schema = Schema::compile("kiln", schema)
            .map_err(|error| sink.error(findings::bad_schema("kiln.toml", &error)))?;
        let mut found = Diagnostics::new();
        schema.check(&node, &mut found);
        let valid = found.check();
        sink.append(found);
        valid?;
        check_paths(&node, sink)?;
        check_yaml(&node, sink)?;
        let settings = Settings::from_node(&node);
        settings.check_clear(files, sink)?;
        Ok(settings)
    }

    fn from_node(node: &Node) -> Settings {
        let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
        let path = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(plain);
        let list = |key: &str| node.get(key).and_then(Node::as_list).unwrap_or(&[]);
        let secrets = node.get("secrets").and_then(Node::as_map);
        Settings {
            pack: path(node, "pack"),
            output: path(node, "output").unwrap_or_else(|| ".".to_owned()),
            data: node.get("data").map(|_| {
                let entry = |item: &Node| Some((path(item, "file")?, path(item, "schema")));
                list("data").iter().filter_map(entry).collect()
            }),
            secrets: secrets.map_or_else(BTreeMap::new, |map| {
                let place = |node: &Node| (plain(node.as_str().unwrap_or("")), node.span());
                map.iter().map(|(id, entry)| (id.to_owned(), place(&entry.node))).collect()
            }),
            clear: list("clear")
                .iter()
                .filter_map(|item| Some(Clear { path: path(item, "path")?, span: item.get("path")?.span() }))
                .collect(),
            allow: list("allow")
                .iter()
                .filter_map(|item| Some(Allow { code: text(item, "code")?, span: item.get("code")?.span() }))
                .collect(),
            limits: limits(node.get("limits")),
            yaml: yaml(node),
            is_makejinja: node.get("makejinja").is_some(),
            places: places(node),
        }
    }

    /// Where `kiln.toml` names the pack, a data file or a schema of this path; nowhere if it does
    /// not.
    pub fn place_of(&self, path: &str) -> Span {
        self.places.get(path).copied().unwrap_or(Span::NONE)
    }

    /// A plain-text exception must be ignored by git, or the secret would be committed: by the
    /// project's `.gitignore`, or by the one of the output folder.
    fn check_clear(&self, files: &dyn Files, sink: &mut Diagnostics) -> Result<(), Reported> {
        let folder = if self.output == "." { String::new() } else { format!("{}/", self.output) };
        let project = Ignored::read(files, ".gitignore", sink)?;
        let output = Ignored::read(files, &format!("{folder}.gitignore"), sink)?;
        for clear in &self.clear {
            let below_project = format!("{folder}{}", clear.path);
            if !project.covers(&below_project) && !output.covers(&clear.path) {
                sink.error(findings::clear_not_ignored(&below_project, clear.span));
            }
        }
        sink.check()
    }
}

/// Where paths are written of which nothing else has a place.
fn places(node: &Node) -> BTreeMap<String, Span> {
    let items = node.get("data").and_then(Node::as_list).unwrap_or(&[]);
    let data = items.iter().flat_map(|item| ["file", "schema"].into_iter().filter_map(|key| item.get(key)));
    let named = node.get("pack").into_iter().chain(data);
    named.filter_map(|path| Some((plain(path.as_str()?), path.span()))).collect()
}

/// The bounds on templates, the usual ones where the project says nothing.
fn limits(node: Option<&Node>) -> Limits {
    let usual = Limits::default();
    let given = |key: &str| node?.get(key)?.as_int();
    Limits {
        steps: given("steps").and_then(|it| it.try_into().ok()).unwrap_or(usual.steps),
        output: given("output").and_then(|it| it.try_into().ok()).unwrap_or(usual.output),
        depth: given("depth").and_then(|it| it.try_into().ok()).unwrap_or(usual.depth),
    }
}

/// The YAML of data files. makejinja knows one kind alone.
fn yaml(node: &Node) -> Resolution {
    let given = node.get("yaml").and_then(Node::as_str);
    if given == Some("1.1") || node.get("makejinja").is_some() {
        Resolution::PyYaml
    } else {
        Resolution::Core
    }
}

fn check_yaml(node: &Node, sink: &mut Diagnostics) -> Result<(), Reported> {
    match node.get("yaml") {
        Some(given) if given.as_str() == Some("1.2") && node.get("makejinja").is_some() => {
            Err(sink.error(findings::yaml_of_makejinja(given.span())))
        }
        _ => Ok(()),
    }
}

/// Every path of the settings leads below the project: nothing else can be read.
fn check_paths(node: &Node, sink: &mut Diagnostics) -> Result<(), Reported> {
    let top = ["pack", "output"].into_iter().filter_map(|key| node.get(key));
    let lists = [("data", "file"), ("data", "schema"), ("clear", "path")];
    let listed = lists.into_iter().flat_map(|(list, key)| {
        let items = node.get(list).and_then(Node::as_list).unwrap_or(&[]);
        items.iter().filter_map(move |item| item.get(key))
    });
    let secrets = node.get("secrets").and_then(Node::as_map);
    let secrets = secrets.into_iter().flat_map(|map| map.iter().map(|(_, entry)| &entry.node));
    for path in top.chain(listed).chain(secrets) {
        if let Some(text) = path.as_str().filter(|text| leads_outside(text)) {
            sink.error(findings::path_outside_project(text, path.span()));
        }
    }
    sink.check()
}

/// A path as git and outputs spell it, so that `./a` and `a` are the same file everywhere.
fn plain(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// Whether a path is absolute, goes up, or is one of Windows alone.
fn leads_outside(path: &str) -> bool {
    path.starts_with('/') || path.contains(['\\', ':']) || path.split('/').any(|part| part == "..")
}
