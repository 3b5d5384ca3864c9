//! The environment of templates: settings, data, and where templates come from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use kiln_jinja::python::{Fault, FaultKind};
use kiln_jinja::syntax::{Extensions, Options, Pair};
use kiln_jinja::{Environment, Limits, Settings};
use kiln_model::Reported;
use kiln_python::{Dict, Py};

use crate::config::Config;
use crate::disk::{Disk, Kind};
use crate::environ::Environ;
use crate::findings;
use crate::paths::name;
use crate::run::Run;

/// Bounds on a render: makejinja has none, so they are only there to come to an end.
const LIMITS: Limits = Limits { steps: 2_000_000_000, output: 1 << 30, depth: 900 };

impl Run<'_> {
    /// An environment with these data.
    pub(crate) fn environment(&mut self, data: &Dict) -> Result<Environment, Reported> {
        let settings = self.jinja_settings()?;
        let mut environment = Environment::new(settings);
        let files = self.template_files()?;
        let read = Arc::clone(&self.templates);
        let loader = Loader { disk: Arc::clone(&self.disk), files, folders: self.folders(), read };
        environment.set_loader(move |name| loader.load(name));
        for (key, value) in data.entries() {
            if let Some(name) = key.as_str() {
                environment.add_global(name, value);
            }
        }
        environment.add_global("env", Py::object(Environ::new(self.environ)));
        Ok(environment)
    }

    fn jinja_settings(&mut self) -> Result<Settings, Reported> {
        let config = self.config;
        let options = options(config, self.extensions()?);
        let delimiters = [&options.block, &options.variable, &options.comment];
        if delimiters.iter().any(|pair| pair.start.is_empty() || pair.end.is_empty()) {
            return Err(self.sink.error(findings::empty_delimiter()));
        }
        if !options.can_be_told_apart() {
            return Err(self.sink.error(findings::same_delimiters()));
        }
        if !matches!(options.newline_sequence.as_str(), "\n" | "\r\n" | "\r") {
            return Err(self.sink.error(findings::bad_newline_sequence()));
        }
        Ok(Settings {
            syntax: options,
            undefined: config.undefined,
            autoescape: config.internal.autoescape,
            keeps_modules: config.internal.cache_size != 0,
            limits: LIMITS,
            ..Settings::default()
        })
    }

    fn extensions(&mut self) -> Result<Extensions, Reported> {
        let mut extensions = Extensions::default();
        for path in &self.config.extensions {
            let name = path.replace(':', ".");
            match name.strip_prefix("jinja2.ext.") {
                Some("do" | "ExprStmtExtension") => extensions.do_statement = true,
                Some("loopcontrols" | "LoopControlExtension") => extensions.loop_controls = true,
                Some("i18n" | "InternationalizationExtension") => extensions.i18n = true,
                Some("debug" | "DebugExtension") => extensions.debug = true,
                _ => return Err(self.sink.error(findings::unknown_extension(path))),
            }
        }
        Ok(extensions)
    }

    /// The texts of the input files, by name; of equal names the last one counts.
    fn template_files(&mut self) -> Result<BTreeMap<String, (PathBuf, String)>, Reported> {
        let mut files = BTreeMap::new();
        for path in &self.config.inputs {
            let is_stdin = *path == self.stdin;
            let is_file = self.disk.kind(path) == Some(Kind::File);
            if !is_file && !is_stdin {
                continue;
            }
            let shown = self.shown(path);
            let bytes = if is_file { self.disk.read(path) } else { self.disk.read_stdin() };
            let bytes = bytes.map_err(|error| self.sink.error(findings::unreadable(&shown, &error)))?;
            let text = String::from_utf8(bytes).map_err(|_| self.sink.error(findings::not_utf8(&shown)))?;
            let name = self.template_name(path);
            files.insert(name, (path.clone(), text));
        }
        Ok(files)
    }

    /// How an input file is called, as a template and as an output.
    pub(crate) fn template_name(&self, path: &Path) -> String {
        if self.is_stream(path) { "stdin".to_owned() } else { name(path).to_owned() }
    }

    /// Whether an input is standard input, and that is no file.
    pub(crate) fn is_stream(&self, path: &Path) -> bool {
        *path == self.stdin && self.disk.kind(path) != Some(Kind::File)
    }

    fn folders(&self) -> Vec<PathBuf> {
        let is_folder = |path: &&PathBuf| self.disk.kind(path) == Some(Kind::Folder);
        self.config.inputs.iter().filter(is_folder).cloned().collect()
    }
}

fn options(config: &Config, extensions: Extensions) -> Options {
    let delimiter = &config.delimiter;
    Options {
        block: Pair::new(&*delimiter.block_start, &*delimiter.block_end),
        variable: Pair::new(&*delimiter.variable_start, &*delimiter.variable_end),
        comment: Pair::new(&*delimiter.comment_start, &*delimiter.comment_end),
        line_statement_prefix: config.prefix.line_statement.clone(),
        line_comment_prefix: config.prefix.line_comment.clone(),
        trim_blocks: config.whitespace.trim_blocks,
        lstrip_blocks: config.whitespace.lstrip_blocks,
        newline_sequence: config.whitespace.newline_sequence.clone(),
        keep_trailing_newline: config.whitespace.keep_trailing_newline,
        extensions,
        i18n_trimmed: false,
    }
}

/// Where the templates were found that were read, by name.
pub(crate) type Templates = Arc<Mutex<BTreeMap<String, PathBuf>>>;

/// Finds templates: first among the input files, then below the input folders.
struct Loader {
    disk: Arc<dyn Disk>,
    files: BTreeMap<String, (PathBuf, String)>,
    folders: Vec<PathBuf>,
    read: Templates,
}

impl Loader {
    fn load(&self, name: &str) -> Result<Option<String>, Fault> {
        let found = match self.files.get(name) {
            Some(found) => Some(found.clone()),
            None => self.find(name)?,
        };
        Ok(found.map(|(path, text)| {
            let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            read.insert(name.to_owned(), path);
            text
        }))
    }

    fn find(&self, name: &str) -> Result<Option<(PathBuf, String)>, Fault> {
        let parts = name.split('/').filter(|part| !part.is_empty() && *part != ".");
        if name.contains('\0') || parts.clone().any(|part| part == "..") {
            return Ok(None);
        }
        let relative: PathBuf = parts.collect();
        for folder in &self.folders {
            let path = folder.join(&relative);
            if self.disk.kind(&path) != Some(Kind::File) {
                continue;
            }
            let fault = |code, what: &str| {
                Fault::new(FaultKind::RuntimeError, format!("the template `{name}` {what}")).coded(code)
            };
            let bytes = self.disk.read(&path);
            let bytes = bytes.map_err(|error| fault("cannot-read", &format!("cannot be read: {error}")))?;
            let text = String::from_utf8(bytes).map_err(|_| fault("not-utf8", "is not UTF-8"))?;
            return Ok(Some((path, text)));
        }
        Ok(None)
    }
}
