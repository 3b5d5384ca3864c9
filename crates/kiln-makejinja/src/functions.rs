//! Functions in place of plugins: expressions that stand in a file.
//!
//! What most plugins of cluster repositories do is to read a key file or to cut a text. A set of
//! functions says the same as data, so that no Python has to run.

mod address;

mod alias;

mod primitives;

mod set;

use std::path::Path;
use std::sync::Arc;

use kiln_model::{Diagnostic, Diagnostics, Reported};
use kiln_python::{Dict, Py};

use crate::disk::{Disk, Kind};
use crate::findings;
use crate::plugins::{Contribution, Plugins, Project};
pub use set::FunctionSet;

/// The sets that come with kiln.
const BUILTIN: &[(&str, &str)] = &[("cluster", include_str!("../../../templates/makejinja/cluster.toml"))];

/// Which set of functions stands in place of which plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replacements(Vec<(String, String)>);

/// The file of a project that says what kiln alone has to know.
const PROJECT_FILE: &str = "kiln.toml";

impl Replacements {
    /// What `[makejinja.plugins]` in the `kiln.toml` of the current folder says, if there is one:
    /// the import paths of plugins, each with the name of a set that comes with kiln or the path
    /// of a file with one.
    ///
    /// # Errors
    /// If the file cannot be read, or says something else there.
    pub fn read(disk: &dyn Disk, sink: &mut Diagnostics) -> Result<Replacements, Reported> {
        let path = disk.current_folder().join(PROJECT_FILE);
        if disk.kind(&path) != Some(Kind::File) {
            return Ok(Replacements::default());
        }
        let bytes = disk.read(&path);
        let bytes = bytes.map_err(|error| sink.error(findings::unreadable(PROJECT_FILE, &error)))?;
        let root = kiln_pydata::toml(&bytes)
            .map_err(|error| sink.error(findings::bad_project_file(&error.to_string())))?;
        let found = table(&root, "makejinja").and_then(|table| table.get_str("plugins"));
        let Some(plugins) = found else { return Ok(Replacements::default()) };
        let pairs = match &plugins {
            Py::Dict(plugins) => plugins.entries(),
            _ => Vec::new(),
        };
        let named =
            pairs.iter().map(|(name, set)| Some((name.as_str()?.to_owned(), set.as_str()?.to_owned())));
        match named.collect::<Option<Vec<_>>>() {
            Some(named) if matches!(plugins, Py::Dict(_)) => Ok(Replacements(named)),
            _ => Err(sink
                .error(findings::bad_project_file("`[makejinja.plugins]` has names of plugins and texts"))),
        }
    }

    /// Whether a set of functions stands in place of this plugin.
    pub fn replaces(&self, plugin: &str) -> bool {
        self.of(plugin).is_some()
    }

    fn of(&self, plugin: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == plugin).map(|(_, set)| set.as_str())
    }
}

/// Plugins, some of which are replaced by sets of functions.
pub struct Replaced<'a> {
    /// Where the other plugins come from.
    pub plugins: &'a mut dyn Plugins,
    /// What replaces which.
    pub replacements: Replacements,
    /// Where the functions find the files that they read.
    pub disk: Arc<dyn Disk>,
}

fn table(value: &Py, key: &str) -> Option<Dict> {
    let Py::Dict(outer) = value else { return None };
    match outer.get_str(key)? {
        Py::Dict(table) => Some(table),
        _ => None,
    }
}

impl Plugins for Replaced<'_> {
    fn load(&mut self, name: &str, project: &Project<'_>) -> Result<Contribution, Box<Diagnostic>> {
        let Some(set) = self.replacements.of(name) else { return self.plugins.load(name, project) };
        let set = self.set(set)?;
        Ok(set.contribution(&self.disk, project.data))
    }
}

impl Replaced<'_> {
    fn set(&self, name: &str) -> Result<FunctionSet, Box<Diagnostic>> {
        if let Some((_, text)) = BUILTIN.iter().find(|(builtin, _)| *builtin == name) {
            return FunctionSet::parse(name, text.as_bytes());
        }
        if !name.contains(['/', '.']) {
            let known: Vec<&str> = BUILTIN.iter().map(|(name, _)| *name).collect();
            return Err(Box::new(findings::no_function_set(name, &known)));
        }
        let path = self.disk.current_folder().join(Path::new(name));
        match self.disk.read(&path) {
            Ok(bytes) => FunctionSet::parse(name, &bytes),
            Err(error) => Err(Box::new(findings::unreadable(name, &error))),
        }
    }
}
