//! Config files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kiln_model::{Diagnostics, Map, Reported, Sources, Span, Value};
use kiln_python::{Dict, Py};

use super::option::SETTINGS;
use crate::disk::Disk;
use crate::findings;

/// The table of a config file that holds the settings.
const TABLE: &str = "makejinja";

/// What a config file says.
pub(super) struct ConfigFile {
    /// Where it is, without symbolic links.
    pub(super) path: PathBuf,
    /// Its values, by the paths of settings.
    pub(super) values: BTreeMap<&'static str, Py>,
    shown: String,
    text: String,
}

impl ConfigFile {
    /// Reads a config file.
    ///
    /// # Errors
    /// If it cannot be read, is no TOML, or sets what is no setting.
    pub(super) fn read(
        path: PathBuf,
        cwd: &Path,
        disk: &dyn Disk,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<ConfigFile, Reported> {
        let shown = path.strip_prefix(cwd).unwrap_or(&path).display().to_string();
        if !crate::paths::name(&path).ends_with(".toml") {
            return Err(sink.error(findings::no_toml_file(&shown)));
        }
        let bytes = disk.read(&path).map_err(|error| sink.error(findings::unreadable(&shown, &error)))?;
        let read = kiln_pydata::toml(&bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let root = match read {
            Ok(root) => root,
            Err(error) => return Err(findings::report_data(&shown, &text, &error, sources, sink)),
        };
        let mut file = ConfigFile { path, values: BTreeMap::new(), shown, text };
        let mut unknown = Vec::new();
        let table = if let Py::Dict(root) = &root { root.get_str(TABLE) } else { None };
        match table {
            Some(Py::Dict(table)) => file.collect(&table, "", &mut unknown),
            Some(_) => return Err(file.bad_value("", "a table is expected", sources, sink)),
            None => {}
        }
        match unknown.is_empty() {
            true => Ok(file),
            false => Err(file.report_unknown(&unknown, sources, sink)),
        }
    }

    /// The folder that its relative paths begin at.
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }

    /// Reports a value that has the wrong form; an empty path is that of the table itself.
    pub(super) fn bad_value(
        &self,
        path: &str,
        expected: &str,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Reported {
        let span = self.locate(path, sources, |place| place.value);
        sink.error(findings::bad_setting(if path.is_empty() { TABLE } else { path }, expected, span))
    }

    /// Takes the values of a table; hyphens in keys are underscores.
    fn collect(&mut self, table: &Dict, prefix: &str, unknown: &mut Vec<String>) {
        for (key, value) in table.entries() {
            let Some(key) = key.as_str() else { continue };
            let path = format!("{prefix}{}", key.replace('-', "_"));
            let setting = SETTINGS.iter().find(|it| it.path == path);
            match (setting, &value) {
                (Some(setting), _) => drop(self.values.insert(setting.path, value)),
                (None, Py::Dict(inner)) => self.collect(inner, &format!("{path}."), unknown),
                (None, _) => unknown.push(path),
            }
        }
    }

    fn report_unknown(&self, unknown: &[String], sources: &mut Sources, sink: &mut Diagnostics) -> Reported {
        let mut reported = None;
        for path in unknown {
            let span = self.locate(path, sources, |place| place.key);
            let known = SETTINGS.iter().map(|it| it.path);
            reported =
                Some(sink.error(findings::unknown_setting(path, kiln_model::nearest(path, known), span)));
        }
        // It is only called with something to report.
        reported.unwrap_or_else(|| sink.error(findings::unknown_setting("", None, Span::NONE)))
    }

    /// Where a setting stands.
    fn locate(&self, path: &str, sources: &mut Sources, which: fn(&Located) -> Span) -> Span {
        let source = sources.add(&*self.shown, &*self.text);
        // That the text is TOML is known; another reader is asked for the place alone.
        let Ok(root) = kiln_yaml::toml::compose(source, &self.text, &mut Diagnostics::new()) else {
            return Span::new(source, 0, 0);
        };
        let place = root.as_map().and_then(|root| {
            let entry = root.entry(TABLE)?;
            let whole = Located { key: entry.key, value: entry.node.span() };
            match (path, &entry.node.value) {
                ("", _) => Some(whole),
                (_, Value::Map(table)) => find(table, path),
                _ => None,
            }
        });
        place.as_ref().map_or(Span::new(source, 0, 0), which)
    }
}

struct Located {
    key: Span,
    value: Span,
}

/// The place of a setting in a table; the last one if hyphens and underscores name it twice.
fn find(table: &Map, path: &str) -> Option<Located> {
    let mut found = None;
    for (key, entry) in table.iter() {
        let key = key.replace('-', "_");
        if key == path {
            found = Some(Located { key: entry.key, value: entry.node.span() });
        } else if let (Some(rest), Value::Map(inner)) =
            (path.strip_prefix(&key).and_then(|rest| rest.strip_prefix('.')), &entry.node.value)
        {
            found = find(inner, rest).or(found);
        }
    }
    found
}
