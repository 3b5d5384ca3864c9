//! A run, from the first command to the last.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use kiln_jinja::{Environment, Failure};
use kiln_model::{Diagnostics, Reported, Sources, Span};

use crate::clean::holds;
use crate::config::Config;
use crate::disk::{Disk, Kind, Shell};
use crate::findings;
use crate::glob::GlobError;
use crate::jinja::Templates;
use crate::paths::{PathPattern, suffix};
use crate::plugins::{Contribution, PathFilter, Plugins, Project};
use crate::settings::Settings;

/// What a run works with.
pub struct World<'a> {
    /// The file system.
    pub disk: Arc<dyn Disk>,
    /// Where it is heard and where its commands run.
    pub shell: &'a mut dyn Shell,
    /// Where its plugins come from.
    pub plugins: &'a mut dyn Plugins,
    /// The environment variables, which templates see as `env`.
    pub environ: &'a [(String, String)],
    /// Whether to go on with the next template after one that fails, so that all failures are
    /// found; makejinja does not.
    pub goes_on: bool,
}

/// Does what makejinja does with these settings: runs the commands, reads the data, loads the
/// plugins, and makes every output.
///
/// Unlike makejinja, no output leaves the output folder by `..` or by a symbolic link, and a
/// folder with anything of the project in it, or with a git repository, is not removed.
///
/// # Errors
/// What is wrong is in `sink`. What was made stays.
pub fn run(
    settings: &Settings,
    world: World<'_>,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<(), Reported> {
    let (stdin, stdout) =
        (world.disk.resolve(Path::new("/dev/stdin")), world.disk.resolve(Path::new("/dev/stdout")));
    let mut run = Run {
        config: &settings.config,
        files: &settings.files,
        cwd: world.disk.current_folder(),
        disk: world.disk,
        shell: world.shell,
        environ: world.environ,
        goes_on: world.goes_on,
        sources,
        sink,
        stdin,
        stdout,
        templates: Templates::default(),
        may_be_single: false,
        inside: HashSet::new(),
        fresh: HashSet::new(),
        rendered: HashSet::new(),
        folders: BTreeMap::new(),
    };
    run.all(world.plugins)
}

/// A run that is under way.
pub(crate) struct Run<'a> {
    pub(crate) config: &'a Config,
    pub(crate) files: &'a [PathBuf],
    pub(crate) cwd: PathBuf,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) shell: &'a mut dyn Shell,
    pub(crate) environ: &'a [(String, String)],
    pub(crate) goes_on: bool,
    pub(crate) sources: &'a mut Sources,
    pub(crate) sink: &'a mut Diagnostics,
    pub(crate) stdin: PathBuf,
    pub(crate) stdout: PathBuf,
    pub(crate) templates: Templates,
    /// Whether there is no input folder and no second input.
    may_be_single: bool,
    /// Folders that are known to lie in the output folder.
    pub(crate) inside: HashSet<PathBuf>,
    /// Folders that this run made, so that no symbolic link was waiting in them.
    pub(crate) fresh: HashSet<PathBuf>,
    /// The outputs that were dealt with: of several inputs for one, the first counts.
    pub(crate) rendered: HashSet<PathBuf>,
    /// The folders that were dealt with, and what each was made after.
    pub(crate) folders: BTreeMap<PathBuf, PathBuf>,
}

impl Run<'_> {
    fn all(&mut self, plugins: &mut dyn Plugins) -> Result<(), Reported> {
        self.commands("exec_pre", &self.config.exec_pre)?;
        let data = self.load_data()?;
        self.prepare_output()?;
        let environment = self.environment(&data)?;
        let mut filters = Vec::new();
        for name in self.config.plugins.iter().chain(&self.config.loaders) {
            let project = Project { config: self.config, data: &data, environment: &environment };
            let given = plugins.load(name, &project).map_err(|finding| self.sink.error(*finding))?;
            filters.extend(self.take(name, given, &environment)?);
        }
        let excluded = self.excluded()?;
        for input in &self.config.inputs {
            match self.disk.kind(input) {
                Some(Kind::File) => self.input_file(input, &environment)?,
                _ if *input == self.stdin => self.input_file(input, &environment)?,
                Some(Kind::Folder) => self.input_folder(input, &environment, &excluded, &filters)?,
                _ => {}
            }
        }
        self.sink.check()?;
        self.finish_folders()?;
        self.commands("exec_post", &self.config.exec_post)
    }

    /// Gives an environment what a plugin contributes; gives back what says of paths whether they
    /// take part.
    fn take(
        &mut self,
        plugin: &str,
        given: Contribution,
        environment: &Environment,
    ) -> Result<Vec<Box<dyn PathFilter>>, Reported> {
        let registry = environment.registry();
        for (name, value) in given.globals {
            registry.set_global(&name, Some(value));
        }
        for (name, filter) in given.filters {
            registry.set_filter(&name, Some(filter));
        }
        for (name, test) in given.tests {
            registry.set_test(&name, Some(test));
        }
        for (name, value) in given.policies {
            if let Err(fault) = registry.set_policy(&name, &value) {
                return Err(self.sink.error(findings::bad_policy(plugin, &name, fault.message())));
            }
        }
        Ok(given.path_filters)
    }

    fn commands(&mut self, setting: &str, commands: &[String]) -> Result<(), Reported> {
        for (index, command) in commands.iter().enumerate() {
            let which = format!("{setting}[{index}]");
            match self.shell.run(command) {
                Ok(Some(0)) => {}
                Ok(code) => return Err(self.sink.error(findings::command_failed(&which, code))),
                Err(error) => return Err(self.sink.error(findings::no_command(&which, &error))),
            }
        }
        Ok(())
    }

    fn prepare_output(&mut self) -> Result<(), Reported> {
        let output = &self.config.output;
        let is_folder = |path: &PathBuf| self.disk.kind(path) == Some(Kind::Folder);
        self.may_be_single = self.config.inputs.len() <= 1 && !self.config.inputs.iter().any(is_folder);
        if self.config.clean && self.disk.kind(output) == Some(Kind::Folder) {
            if let Some(held) = holds(self, output) {
                return Err(self.sink.error(findings::not_cleaned(&self.shown(output), &held)));
            }
            self.say(&format!("Remove output '{}'", output.display()));
            self.disk.remove_folder(output).map_err(|error| self.unwritable(output, &error))?;
        }
        if self.is_single() {
            return Ok(());
        }
        self.make_folder(output, true)
    }

    /// Whether one file becomes one file, so that the output is no folder.
    pub(crate) fn is_single(&self) -> bool {
        if !self.may_be_single {
            return false;
        }
        let output = &self.config.output;
        let kind = self.disk.kind(output);
        let is_named_so = *output == self.stdout || !suffix(output).is_empty();
        (is_named_so || kind == Some(Kind::File)) && kind != Some(Kind::Folder)
    }

    fn excluded(&mut self) -> Result<Vec<PathPattern>, Reported> {
        let mut patterns = Vec::new();
        for pattern in &self.config.exclude_patterns {
            match PathPattern::new(pattern) {
                Some(pattern) => patterns.push(pattern),
                None => return Err(self.sink.error(findings::empty_exclude_pattern())),
            }
        }
        Ok(patterns)
    }

    /// Says a line, unless the run is quiet or prints its output.
    pub(crate) fn say(&mut self, line: &str) {
        if !self.config.quiet && self.config.output != self.stdout {
            self.shell.say(line);
        }
    }

    /// How messages call a path.
    pub(crate) fn shown(&self, path: &Path) -> String {
        crate::paths::shown(path, &self.cwd)
    }

    /// Makes a folder, and notes it if nothing was there.
    pub(crate) fn make_folder(&mut self, path: &Path, parents: bool) -> Result<(), Reported> {
        let is_new = self.disk.kind(path).is_none() && !self.disk.is_link(path);
        self.disk.make_folder(path, parents).map_err(|error| self.unwritable(path, &error))?;
        if is_new {
            self.fresh.insert(path.to_owned());
        }
        Ok(())
    }

    /// Reports that something could not be written.
    pub(crate) fn unwritable(&mut self, path: &Path, error: &crate::DiskError) -> Reported {
        self.sink.error(findings::unwritable(&self.shown(path), error))
    }

    /// Reports why the files below a folder cannot be found.
    pub(crate) fn unlisted(&mut self, folder: &Path, pattern: &str, error: &GlobError) -> Reported {
        match error {
            GlobError::Pattern(why) => self.sink.error(findings::bad_include_pattern(pattern, why)),
            GlobError::Disk(path, error) => {
                let path = if path.as_os_str().is_empty() { folder } else { path };
                self.sink.error(findings::unreadable(&self.shown(path), error))
            }
        }
    }

    /// Reports what is wrong with a template.
    pub(crate) fn failed(&mut self, failure: Failure, environment: &Environment) -> Reported {
        let mut added = BTreeMap::new();
        let templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (name, path) in &templates {
            if failure.names_template(name)
                && let Some(text) = environment.source(name)
            {
                added.insert(name.as_str(), self.sources.add(self.shown(path), &*text));
            }
        }
        let failure = failure.located(&|name| added.get(name).copied());
        failure.report("makejinja", Span::NONE, self.sources, self.sink);
        // A failure that is passed over has been reported before, which cannot be here.
        self.sink.check().err().unwrap_or_else(|| self.sink.error(findings::unknown_failure()))
    }
}
