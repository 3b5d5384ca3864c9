//! `kiln.toml`, the project's own settings.

use std::collections::BTreeMap;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use kiln_model::{Diagnostics, Files, Node, Reported, Sources, Span};
use kiln_schema::Schema;

use crate::findings;
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
        }
    }
}

impl Settings {
    /// Reads `kiln.toml`; a project without one has the default settings.
    ///
    /// # Errors
    /// If the file is not what its schema says, or if the project is a makejinja project.
    pub fn load(
        files: &dyn Files,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<Settings, Reported> {
        let Some(source) = read_text(files, "kiln.toml", sources, sink)? else {
            let is_makejinja = files.read("makejinja.toml").is_ok_and(|file| file.is_some());
            return if is_makejinja {
                Err(sink.error(findings::makejinja_project()))
            } else {
                Ok(Settings::default())
            };
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
        let settings = Settings::from_node(&node);
        settings.check_clear(files, sink)?;
        Ok(settings)
    }

    fn from_node(node: &Node) -> Settings {
        let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
        let list = |key: &str| node.get(key).and_then(Node::as_list).unwrap_or(&[]);
        let secrets = node.get("secrets").and_then(Node::as_map);
        Settings {
            pack: text(node, "pack"),
            output: text(node, "output").unwrap_or_else(|| ".".to_owned()),
            data: node.get("data").map(|_| {
                let entry = |item: &Node| Some((text(item, "file")?, text(item, "schema")));
                list("data").iter().filter_map(entry).collect()
            }),
            secrets: secrets.map_or_else(BTreeMap::new, |map| {
                let path = |node: &Node| (node.as_str().unwrap_or("").to_owned(), node.span());
                map.iter().map(|(id, entry)| (id.to_owned(), path(&entry.node))).collect()
            }),
            clear: list("clear")
                .iter()
                .filter_map(|item| Some(Clear { path: text(item, "path")?, span: item.get("path")?.span() }))
                .collect(),
            allow: list("allow")
                .iter()
                .filter_map(|item| Some(Allow { code: text(item, "code")? }))
                .collect(),
        }
    }

    /// A plain-text exception must be ignored by git, or the secret would be committed: by the
    /// project's `.gitignore`, or by the one of the output folder.
    fn check_clear(&self, files: &dyn Files, sink: &mut Diagnostics) -> Result<(), Reported> {
        let folder = self.output.trim_start_matches("./").trim_end_matches('/');
        let folder = if matches!(folder, "" | ".") { String::new() } else { format!("{folder}/") };
        let project = ignore_rules(files, ".gitignore", sink)?;
        let output = ignore_rules(files, &format!("{folder}.gitignore"), sink)?;
        for clear in &self.clear {
            let below_project = format!("{folder}{}", clear.path);
            if !is_ignored(&project, &below_project) && !is_ignored(&output, &clear.path) {
                sink.error(findings::clear_not_ignored(&below_project, clear.span));
            }
        }
        sink.check()
    }
}

/// The rules of a `.gitignore`; none if there is no such file.
fn ignore_rules(files: &dyn Files, path: &str, sink: &mut Diagnostics) -> Result<Gitignore, Reported> {
    let text =
        files.read(path).map_err(|error| sink.error(findings::unreadable(&error.path, &error.reason)))?;
    let mut builder = GitignoreBuilder::new("");
    for line in text.iter().flat_map(|text| text.split(|byte| *byte == b'\n')) {
        // git passes over a line that is no pattern, and so do we.
        let _ = builder.add_line(None, &String::from_utf8_lossy(line));
    }
    Ok(builder.build().unwrap_or_else(|_| Gitignore::empty()))
}

fn is_ignored(rules: &Gitignore, path: &str) -> bool {
    rules.matched_path_or_any_parents(path, false).is_ignore()
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

/// Whether a path is absolute, goes up, or is one of Windows alone.
fn leads_outside(path: &str) -> bool {
    path.starts_with('/') || path.contains(['\\', ':']) || path.split('/').any(|part| part == "..")
}
