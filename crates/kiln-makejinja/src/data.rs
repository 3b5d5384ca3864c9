//! Data: which files hold it, and how they are put together.

use std::path::{Path, PathBuf};

use kiln_model::Reported;
use kiln_python::{Args, Dict, Py};

use crate::config::Config;
use crate::disk::{Disk, Kind};
use crate::findings;
use crate::glob::{GlobError, glob};
use crate::paths::{name, suffix};
use crate::run::Run;

/// The data files of all templates, in their order; none of a folder that cannot be read.
pub fn data_files(config: &Config, disk: &dyn Disk) -> Vec<PathBuf> {
    files(config, disk).unwrap_or_default().into_iter().filter(|path| is_data(path)).collect()
}

/// The files that `data` names and finds.
fn files(config: &Config, disk: &dyn Disk) -> Result<Vec<PathBuf>, (PathBuf, GlobError)> {
    let mut files = Vec::new();
    for path in &config.data {
        match disk.kind(path) {
            Some(Kind::Folder) => {
                let found = glob(disk, path, "**/*").map_err(|error| (path.clone(), error))?;
                let is_own = |path: &Path, kind| kind == Some(Kind::File) && !name(path).starts_with('.');
                files.extend(found.into_iter().filter(|(path, kind)| is_own(path, *kind)).map(|it| it.0));
            }
            Some(Kind::File) => files.push(path.clone()),
            _ => {}
        }
    }
    Ok(files)
}

impl Run<'_> {
    /// The data of all templates: the files in their order, each over those before, then the
    /// single values.
    pub(crate) fn load_data(&mut self) -> Result<Dict, Reported> {
        let data = Dict::default();
        for path in self.data_files()? {
            if is_data(&path) {
                self.say(&format!("Load data '{}'", path.display()));
                self.merge_file(&data, &path)?;
            } else {
                self.say(&format!("Skip unsupported data '{}'", path.display()));
            }
        }
        for (key, value) in &self.config.data_vars {
            set(&data, key, value)
                .map_err(|part| self.sink.error(findings::no_table_for_variable(key, &part)))?;
        }
        Ok(data)
    }

    /// The data of one template.
    pub(crate) fn load_file_data(&mut self, template: &str) -> Result<Dict, Reported> {
        let data = Dict::default();
        let files = self.config.file_data.iter().find(|(name, _)| name == template);
        for path in files.map(|(_, paths)| paths.as_slice()).unwrap_or_default() {
            let shown = path.display();
            if is_data(path) && self.disk.kind(path).is_some() {
                self.say(&format!("Load file-specific data '{shown}' for template '{template}'"));
                self.merge_file(&data, path)?;
            } else {
                self.say(&format!("Skip missing or unsupported file-specific data '{shown}'"));
            }
        }
        Ok(data)
    }

    fn data_files(&mut self) -> Result<Vec<PathBuf>, Reported> {
        files(self.config, &*self.disk).map_err(|(folder, error)| self.unlisted(&folder, "**/*", &error))
    }

    fn merge_file(&mut self, data: &Dict, path: &Path) -> Result<(), Reported> {
        let shown = self.shown(path);
        let bytes =
            self.disk.read(path).map_err(|error| self.sink.error(findings::unreadable(&shown, &error)))?;
        let read = match suffix(path) {
            ".json" => kiln_pydata::json(&bytes).map(|it| vec![it]),
            ".toml" => kiln_pydata::toml(&bytes).map(|it| vec![it]),
            _ => kiln_pydata::yaml(&bytes),
        };
        let documents = read.map_err(|error| {
            let text = String::from_utf8_lossy(&bytes);
            findings::report_data(&shown, &text, &error, self.sources, self.sink)
        })?;
        for document in documents {
            // As `|=` does: pairs will do for a mapping.
            let found = document.type_name().to_owned();
            Py::Dict(data.clone())
                .call_method("update", Args::positional([document]))
                .map_err(|_| self.sink.error(findings::no_mapping(&shown, &found)))?;
        }
        Ok(())
    }
}

fn is_data(path: &Path) -> bool {
    matches!(suffix(path), ".yaml" | ".yml" | ".toml" | ".json")
}

/// Sets the value at a dotted key, with new mappings where there is nothing.
///
/// # Errors
/// The part of the key whose value is no mapping.
fn set(data: &Dict, dotted: &str, value: &str) -> Result<(), String> {
    let mut here = data.clone();
    let mut parts = dotted.split('.').peekable();
    while let Some(part) = parts.next() {
        let key = Py::str(part);
        let none = "a text can be a key";
        if parts.peek().is_none() {
            here.insert(key, Py::str(value)).expect(none);
            return Ok(());
        }
        let next = here.get_str(part);
        here = match next {
            Some(Py::Dict(next)) => next,
            Some(_) => return Err(part.to_owned()),
            None => {
                let next = Dict::default();
                here.insert(key, Py::Dict(next.clone())).expect(none);
                next
            }
        };
    }
    Ok(())
}
