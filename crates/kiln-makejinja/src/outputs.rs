//! From inputs to outputs.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use kiln_jinja::Environment;
use kiln_model::Reported;

use crate::disk::{Kind, Origin};
use crate::findings;
use crate::glob::{Found, glob};
use crate::paths::{PathPattern, suffix, without_suffix};
use crate::plugins::PathFilter;
use crate::run::Run;

impl Run<'_> {
    /// An input that is a file: always a template, whatever its suffix.
    pub(crate) fn input_file(&mut self, input: &Path, environment: &Environment) -> Result<(), Reported> {
        let name = self.template_name(input);
        let output = self.output_of(Path::new(&name));
        if !self.rendered.contains(&output) {
            self.file(input, &name, &output, environment, false)?;
        }
        self.rendered.insert(output);
        Ok(())
    }

    /// An input that is a folder.
    pub(crate) fn input_folder(
        &mut self,
        input: &Path,
        environment: &Environment,
        excluded: &[PathPattern],
        filters: &[Box<dyn PathFilter>],
    ) -> Result<(), Reported> {
        for pattern in &self.config.include_patterns {
            let found =
                glob(&*self.disk, input, pattern).map_err(|error| self.unlisted(input, pattern, &error))?;
            let matches = |path: &Path| excluded.iter().any(|pattern| pattern.matches(path));
            let names =
                if self.may_prepare() { self.templates_of(input, &found, &matches) } else { Vec::new() };
            ahead(environment, &names, || {
                found.into_iter().try_for_each(|(path, kind)| {
                    if matches(&path) || !self.takes_part(&path, filters)? {
                        self.say(&format!("Skip excluded path '{}'", path.display()));
                        return Ok(());
                    }
                    self.found(input, &path, kind, environment)
                })
            })?;
        }
        Ok(())
    }

    /// A file or folder below an input folder that takes part.
    fn found(
        &mut self,
        input: &Path,
        path: &Path,
        kind: Option<Kind>,
        environment: &Environment,
    ) -> Result<(), Reported> {
        let relative = path.strip_prefix(input).unwrap_or(path);
        let output = self.output_of(relative);
        if kind == Some(Kind::File) && !self.rendered.contains(&output) {
            let name = relative.to_str().unwrap_or_default();
            let made = self.file(path, name, &output, environment, self.suffix_decides());
            if !self.goes_on {
                made?;
            }
            self.rendered.insert(output);
        } else if kind == Some(Kind::Folder) && !self.folders.contains_key(&output) {
            self.folder(path, &output)?;
            self.folders.insert(output, path.to_owned());
        }
        Ok(())
    }

    /// Whether the suffix of a file below an input folder decides if it is a template.
    fn suffix_decides(&self) -> bool {
        self.config.jinja_suffix.as_deref().is_some_and(|suffix| !suffix.is_empty())
    }

    /// Whether a template means the same before its turn: not if an output may replace it, or a
    /// plugin change what it may use.
    fn may_prepare(&self) -> bool {
        let holds_output = |input: &PathBuf| self.config.output.starts_with(input);
        self.config.plugins.is_empty()
            && self.config.loaders.is_empty()
            && !self.config.inputs.iter().any(holds_output)
    }

    /// The names of the templates among what was found.
    fn templates_of(
        &self,
        input: &Path,
        found: &[Found],
        is_excluded: &dyn Fn(&Path) -> bool,
    ) -> Vec<String> {
        let is_template =
            |path: &Path| !self.suffix_decides() || Some(suffix(path)) == self.config.jinja_suffix.as_deref();
        let takes_part =
            |(path, kind): &&Found| *kind == Some(Kind::File) && is_template(path) && !is_excluded(path);
        let name = |(path, _): &Found| Some(path.strip_prefix(input).ok()?.to_str()?.to_owned());
        found.iter().filter(takes_part).filter_map(name).collect()
    }

    fn takes_part(&mut self, path: &Path, filters: &[Box<dyn PathFilter>]) -> Result<bool, Reported> {
        for filter in filters {
            if !filter.accepts(path).map_err(|finding| self.sink.error(*finding))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn output_of(&self, relative: &Path) -> PathBuf {
        if relative.as_os_str().is_empty() || self.is_single() {
            return self.config.output.clone();
        }
        let output = self.config.output.join(relative);
        let is_template = Some(suffix(relative)) == self.config.jinja_suffix.as_deref();
        if is_template && !self.config.keep_jinja_suffix { without_suffix(&output) } else { output }
    }

    fn folder(&mut self, input: &Path, output: &Path) -> Result<(), Reported> {
        if !self.config.force && self.disk.kind(output).is_some() {
            self.say(&format!("Skip existing dir '{}'", output.display()));
            return Ok(());
        }
        self.say(&format!("Create dir '{}' -> '{}'", input.display(), output.display()));
        self.guard(output)?;
        self.make_folder(output, false)
    }

    fn file(
        &mut self,
        input: &Path,
        template: &str,
        output: &Path,
        environment: &Environment,
        suffix_decides: bool,
    ) -> Result<(), Reported> {
        let is_template = Some(suffix(input)) == self.config.jinja_suffix.as_deref() || !suffix_decides;
        if !self.config.force && *output != self.stdout && self.disk.kind(output).is_some() {
            self.say(&format!("Skip existing file '{}'", output.display()));
            Ok(())
        } else if is_template {
            self.template(input, template, output, environment)
        } else {
            self.say(&format!("Copy file '{}' -> '{}'", input.display(), output.display()));
            // As `cp` does, a copy goes into a folder that stands where the file would.
            let into = self.disk.kind(output) == Some(Kind::Folder);
            let output = if into { &output.join(crate::paths::name(input)) } else { output };
            self.guard(output)?;
            self.disk.copy(input, output).map_err(|error| self.unwritable(output, &error))
        }
    }

    fn template(
        &mut self,
        input: &Path,
        name: &str,
        output: &Path,
        environment: &Environment,
    ) -> Result<(), Reported> {
        environment.compile(name).map_err(|failure| self.failed(failure, environment))?;
        let data = self.load_file_data(name)?;
        let named = |(key, value): (kiln_python::Py, _)| Some((key.as_str()?.to_owned(), value));
        let variables = data.entries().into_iter().filter_map(named).collect();
        let text =
            environment.render(name, variables).map_err(|failure| self.failed(failure, environment))?;
        if !self.config.keep_empty && text.chars().all(is_space) {
            self.say(&format!("Skip empty file '{}'", input.display()));
            return Ok(());
        }
        self.say(&format!("Render file '{}' -> '{}'", input.display(), output.display()));
        if *output == self.stdout {
            return self.disk.write_stdout(text.as_bytes()).map_err(|error| self.unwritable(output, &error));
        }
        self.guard(output)?;
        let gives_metadata = self.config.copy_metadata && !self.is_stream(input);
        let origin = Origin { input, gives_metadata };
        self.disk.write(output, text.as_bytes(), origin).map_err(|error| self.unwritable(output, &error))
    }

    /// Removes the folders that ended up empty, or gives folders their metadata: the deepest
    /// first, for that touches those above.
    pub(crate) fn finish_folders(&mut self) -> Result<(), Reported> {
        for (output, input) in std::mem::take(&mut self.folders).into_iter().rev() {
            let is_empty = !self.config.keep_empty && {
                let entries = self.disk.list(&output);
                entries.map_err(|error| self.unwritable(&output, &error))?.is_empty()
            };
            if is_empty {
                self.say(&format!("Remove empty dir '{}'", output.display()));
                self.guard(&output)?;
                self.disk.remove_folder(&output).map_err(|error| self.unwritable(&output, &error))?;
            } else if self.config.copy_metadata {
                self.say(&format!("Copy dir metadata '{}' -> '{}'", input.display(), output.display()));
                self.guard(&output)?;
                self.disk.copy_metadata(&input, &output).map_err(|error| self.unwritable(&output, &error))?;
            }
        }
        Ok(())
    }

    /// Sees to it that a path lies in the output folder, wherever links lead.
    fn guard(&mut self, output: &Path) -> Result<(), Reported> {
        let root = &self.config.output;
        if output == root && !self.disk.is_link(root) {
            return Ok(());
        }
        let folder = output.parent().unwrap_or(root);
        let is_known = self.inside.contains(folder);
        if !is_known && !self.disk.resolve(folder).starts_with(root) {
            return Err(self.sink.error(findings::leaves_output(&self.shown(output))));
        }
        if !is_known {
            self.inside.insert(folder.to_owned());
        }
        let may_be_link = !self.fresh.contains(folder) && self.disk.is_link(output);
        if may_be_link && !self.disk.resolve(output).starts_with(root) {
            return Err(self.sink.error(findings::leaves_output(&self.shown(output))));
        }
        Ok(())
    }
}

/// How many templates are worth a thread.
const MANY: usize = 16;

/// Does some work, while another thread compiles the templates that it will come to, the last one
/// first.
fn ahead<T>(environment: &Environment, names: &[String], work: impl FnOnce() -> T) -> T {
    if names.len() < MANY {
        return work();
    }
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for name in names.iter().rev() {
                if is_done.load(Ordering::Relaxed) {
                    break;
                }
                environment.prepare(name);
            }
        });
        let result = work();
        is_done.store(true, Ordering::Relaxed);
        result
    })
}

/// Whether Python's `str.strip` takes a character away.
fn is_space(char: char) -> bool {
    char.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&char)
}
