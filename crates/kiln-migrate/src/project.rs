//! What `makejinja.toml` says.

use kiln_model::Files;
use kiln_python::{Dict, Py};

/// The settings of makejinja.
pub const CONFIG_FILE: &str = "makejinja.toml";

/// Why a folder has no project that can be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoProject {
    /// There is no `makejinja.toml`.
    Missing,
    /// It cannot be read.
    Unreadable(String),
}

/// The settings that matter for what comes after makejinja.
#[derive(Debug, Default)]
pub(crate) struct Project {
    pub(crate) inputs: Vec<String>,
    pub(crate) output: String,
    pub(crate) data: Vec<String>,
    pub(crate) plugins: Vec<String>,
    pub(crate) import_paths: Vec<String>,
    extensions: Vec<String>,
    commands: Vec<(&'static str, String)>,
    pub(crate) undefined: Option<String>,
    /// Start and end of blocks, variables and comments.
    pub(crate) delimiters: [(String, String); 3],
    /// Settings that a pack has no word for.
    others: Vec<String>,
}

/// Settings that a pack needs not, for it does the same or decides for itself.
const NEEDLESS: &[&str] = &["force", "clean", "quiet", "jinja_suffix", "keep_jinja_suffix", "whitespace"];

impl Project {
    pub(crate) fn read(files: &dyn Files) -> Result<Project, NoProject> {
        let unreadable = |why: String| NoProject::Unreadable(why);
        let bytes = files.read(CONFIG_FILE).map_err(|error| unreadable(error.reason))?;
        let bytes = bytes.ok_or(NoProject::Missing)?;
        let root = kiln_pydata::toml(&bytes).map_err(|error| unreadable(error.to_string()))?;
        let table = match &root {
            Py::Dict(root) => root.get_str("makejinja"),
            _ => None,
        };
        let Some(Py::Dict(table)) = table else {
            return Err(unreadable("it has no table `[makejinja]`".to_owned()));
        };
        let mut project = Project { delimiters: delimiters(&table), ..Project::default() };
        for (key, value) in table.entries() {
            project.take(key.as_str().unwrap_or_default(), &value);
        }
        Ok(project)
    }

    fn take(&mut self, key: &str, value: &Py) {
        match key {
            "inputs" => self.inputs = paths(value),
            "output" => self.output = paths(value).concat(),
            "data" => self.data = paths(value),
            "plugins" | "loaders" => self.plugins.extend(texts(value)),
            "import_paths" => self.import_paths = paths(value),
            "extensions" => self.extensions = texts(value),
            "exec_pre" => self.commands.extend(texts(value).into_iter().map(|it| ("exec_pre", it))),
            "exec_post" => self.commands.extend(texts(value).into_iter().map(|it| ("exec_post", it))),
            "undefined" => self.undefined = value.as_str().map(str::to_owned),
            "delimiter" => {}
            _ if NEEDLESS.contains(&key) => {}
            _ => self.others.push(key.to_owned()),
        }
    }

    /// What was found, under headings.
    pub(crate) fn facts(&self) -> Vec<(&'static str, Vec<String>)> {
        let delimiters = self
            .delimiters
            .iter()
            .map(|(start, end)| format!("{start} {end}"))
            .collect::<Vec<_>>()
            .join("   ");
        let commands = self.commands.iter().map(|(key, command)| format!("{key}: {command}")).collect();
        let facts = [
            ("inputs", self.inputs.clone()),
            ("output", vec![self.output.clone()]),
            ("data", self.data.clone()),
            ("delimiters", vec![delimiters]),
            ("undefined", self.undefined.iter().cloned().collect()),
            ("extensions", self.extensions.clone()),
            ("commands", commands),
            ("other settings", self.others.clone()),
        ];
        facts.into_iter().filter(|(_, facts)| !facts.is_empty()).collect()
    }

    pub(crate) fn by_hand(&self) -> Vec<String> {
        let mut steps = Vec::new();
        for (key, command) in &self.commands {
            let place = if *key == "exec_pre" { "before" } else { "behind" };
            steps.push(format!(
                "A pack runs no commands, so `{command}` (`{key}`) goes into your Taskfile, {place} `kiln configure`."
            ));
        }
        let known = ["do", "loopcontrols", "i18n", "debug"].map(|name| format!("jinja2.ext.{name}"));
        for extension in self.extensions.iter().filter(|it| !known.contains(it)) {
            steps.push(format!("The extension `{extension}` is Python: kiln has none such."));
        }
        for key in &self.others {
            steps.push(format!(
                "`{key}` of {CONFIG_FILE}: `kiln makejinja` keeps it, a pack has no such setting."
            ));
        }
        if self.undefined.as_deref().is_some_and(|mode| mode != "strict") {
            steps.push(
                "Names that are not set print nothing here, and are errors in a pack: give optional keys a \
                 default in the schema, or write `default(…)` in the templates."
                    .to_owned(),
            );
        }
        steps
    }
}

fn delimiters(table: &Dict) -> [(String, String); 3] {
    let given = match table.get_str("delimiter") {
        Some(Py::Dict(given)) => given,
        _ => Dict::default(),
    };
    let one = |key: &str, usual: &str| {
        let text = given.get_str(key);
        text.as_ref().and_then(Py::as_str).unwrap_or(usual).to_owned()
    };
    [
        (one("block_start", "{%"), one("block_end", "%}")),
        (one("variable_start", "{{"), one("variable_end", "}}")),
        (one("comment_start", "{#"), one("comment_end", "#}")),
    ]
}

/// A text, or the texts of a list.
fn texts(value: &Py) -> Vec<String> {
    match value {
        Py::List(items) => items.items().iter().filter_map(|it| it.as_str().map(str::to_owned)).collect(),
        _ => value.as_str().map(str::to_owned).into_iter().collect(),
    }
}

/// The same as paths, without `./` in front.
fn paths(value: &Py) -> Vec<String> {
    let clean = |path: String| path.trim_start_matches("./").trim_end_matches('/').to_owned();
    texts(value)
        .into_iter()
        .map(clean)
        .map(|path| if path.is_empty() { ".".to_owned() } else { path })
        .collect()
}
