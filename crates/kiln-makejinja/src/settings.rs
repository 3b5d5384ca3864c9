//! Settings: from config files, environment variables and the command line, each over the one
//! before.

mod arguments;

mod convert;

mod file;

mod help;

mod option;

use std::path::{Path, PathBuf};

use kiln_model::{Diagnostics, Reported, Sources};
use kiln_python::{Dict, Py};

use crate::config::Config;
use crate::disk::{Disk, Kind};
use crate::findings;
use arguments::{Arguments, Value};
use convert::Base;
use file::ConfigFile;
use option::{SETTINGS, Setting, Slot, Wanted};

pub use help::HELP;

/// The config file that is read if it is in the current folder.
pub const CONFIG_FILE: &str = "makejinja.toml";

/// The environment variable that names further config files, divided by colons.
const SETTINGS_VARIABLE: &str = "MAKEJINJA_SETTINGS";

/// What a command line asks for.
#[derive(Debug)]
pub enum Asked {
    /// Its help, which is [`HELP`].
    Help,
    /// The version.
    Version,
    /// A run.
    Run(Box<Settings>),
}

/// The settings of a run, and where they come from.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The settings.
    pub config: Config,
    /// The config files that were read.
    pub files: Vec<PathBuf>,
}

/// Why there are no settings; it has been reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A config file or environment variable is wrong.
    Settings(Reported),
    /// The command is used wrongly, or a path that it needs is not there.
    Usage(Reported),
}

/// Reads config files, environment variables and a command line (without the program's name).
///
/// Relative paths of a config file begin at its folder, all others at the current one.
///
/// # Errors
/// What is wrong is in `sink`.
pub fn ask(
    arguments: &[String],
    environ: &[(String, String)],
    disk: &dyn Disk,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Asked, Refused> {
    let parsed = arguments::parse(arguments);
    if let Ok(Arguments { help: true, .. }) = parsed {
        return Ok(Asked::Help);
    }
    if let Ok(Arguments { version: true, .. }) = parsed {
        return Ok(Asked::Version);
    }
    let mut loading = Loading { disk, cwd: disk.current_folder(), sources, sink };
    let mut settings = loading.load(environ).map_err(Refused::Settings)?;
    let parsed = parsed.map_err(|misuse| loading.usage(misuse.message, misuse.help))?;
    loading.take(&parsed, &mut settings)?;
    if settings.config.exclude_patterns.iter().any(|pattern| pattern.contains("**")) {
        loading.sink.push(findings::stars_in_exclude());
    }
    Ok(Asked::Run(Box::new(settings)))
}

struct Loading<'a> {
    disk: &'a dyn Disk,
    cwd: PathBuf,
    sources: &'a mut Sources,
    sink: &'a mut Diagnostics,
}

impl Loading<'_> {
    /// What config files and environment variables say. An output that nobody named is empty.
    fn load(&mut self, environ: &[(String, String)]) -> Result<Settings, Reported> {
        let files = self.config_files(environ)?;
        let mut config = Config::new(self.cwd.clone(), Vec::new(), PathBuf::new());
        for setting in SETTINGS {
            let variable = setting.variable();
            let given = environ.iter().rev().find(|(name, _)| *name == variable);
            let base = Base { disk: self.disk, folder: &self.cwd };
            if let Some((_, text)) = given {
                convert::put(setting, &Py::str(text.as_str()), base, &mut config)
                    .map_err(|expected| self.sink.error(findings::bad_variable(&variable, &expected)))?;
                continue;
            }
            for file in files.iter().rev() {
                let Some(value) = file.values.get(setting.path) else { continue };
                let base = Base { disk: self.disk, folder: file.folder() };
                if let Err(expected) = convert::put(setting, value, base, &mut config) {
                    return Err(file.bad_value(setting.path, &expected, self.sources, self.sink));
                }
                break;
            }
        }
        Ok(Settings { config, files: files.into_iter().map(|file| file.path).collect() })
    }

    fn config_files(&mut self, environ: &[(String, String)]) -> Result<Vec<ConfigFile>, Reported> {
        let named = environ.iter().rev().find(|(name, _)| name == SETTINGS_VARIABLE);
        let named = named.iter().flat_map(|(_, files)| files.split(':')).map(|file| (true, file));
        let mut files = Vec::new();
        for (is_named, file) in std::iter::once((false, CONFIG_FILE)).chain(named) {
            // A file whose name follows `!` has to be there.
            let (is_needed, name) = file.rsplit_once('!').map_or((false, file), |(_, name)| (true, name));
            if name.is_empty() {
                continue;
            }
            let path = self.disk.resolve(&self.cwd.join(name));
            if self.disk.kind(&path).is_some() {
                files.push(ConfigFile::read(path, &self.cwd, self.disk, self.sources, self.sink)?);
            } else if is_needed || self.is_below_file(&path) {
                return Err(self.sink.error(findings::no_config_file(name)));
            } else if is_named {
                self.sink.push(findings::config_file_missing(name));
            }
        }
        Ok(files)
    }

    /// Whether something else than a folder stands where a path would have one.
    fn is_below_file(&self, path: &Path) -> bool {
        path.ancestors().skip(1).any(|above| self.disk.kind(above).is_some_and(|kind| kind != Kind::Folder))
    }

    /// Puts the options over what was loaded, and checks the paths.
    fn take(&mut self, parsed: &Arguments, settings: &mut Settings) -> Result<(), Refused> {
        for setting in SETTINGS {
            let given = parsed.values.get(setting.path);
            if let Some(values) = given {
                let base = Base { disk: self.disk, folder: &self.cwd };
                convert::put(setting, &python(setting, values), base, &mut settings.config)
                    .map_err(|expected| self.usage(format!("{}: {expected}", setting.shown()), None))?;
            }
            self.check_paths(setting, given, &mut settings.config)?;
        }
        if settings.config.output.as_os_str().is_empty() {
            let help = "name it with `--output`, or as `output` in `makejinja.toml`";
            return Err(self.usage("there is no output folder".to_owned(), Some(help.to_owned())));
        }
        match parsed.extra.first() {
            None => Ok(()),
            Some(first) => {
                let help = "what is rendered is named with `--input`";
                Err(self.usage(format!("`{first}` belongs to no option"), Some(help.to_owned())))
            }
        }
    }

    fn check_paths(
        &mut self,
        setting: &Setting,
        given: Option<&Vec<Value>>,
        config: &mut Config,
    ) -> Result<(), Refused> {
        let Slot::Paths(wanted, slot) = setting.slot else { return Ok(()) };
        // What was given is looked at as it was given: a stream has no path of its own.
        let paths: Vec<(PathBuf, String)> = match given {
            Some(values) => values.iter().filter_map(|value| self.given_path(value)).collect(),
            None => slot(config).iter().map(|path| (path.clone(), self.shown(path))).collect(),
        };
        for (path, shown) in paths {
            // An empty path is none, although joined to the current folder it would be one.
            let kind = if shown.is_empty() { None } else { self.disk.kind(&path) };
            let is_stdin = path == self.disk.resolve(Path::new("/dev/stdin"));
            let message = match kind {
                None if !is_stdin => format!("{}: there is no `{shown}`", setting.shown()),
                Some(Kind::File) if wanted == Wanted::Folder => {
                    format!("{}: `{shown}` is no folder", setting.shown())
                }
                _ => continue,
            };
            return Err(self.usage(message, None));
        }
        Ok(())
    }

    fn given_path(&self, value: &Value) -> Option<(PathBuf, String)> {
        match value {
            Value::Text(text) => Some((self.cwd.join(text), text.clone())),
            Value::Switch(_) => None,
        }
    }

    fn shown(&self, path: &Path) -> String {
        crate::paths::shown(path, &self.cwd)
    }

    fn usage(&mut self, message: String, help: Option<String>) -> Refused {
        Refused::Usage(self.sink.error(findings::usage(message, help)))
    }
}

/// The values of an option as a config file would hold them.
fn python(setting: &Setting, values: &[Value]) -> Py {
    let one = |value: &Value| match value {
        Value::Text(text) => Py::str(text.as_str()),
        Value::Switch(on) => Py::Bool(*on),
    };
    match setting.slot {
        Slot::TextsByKey(_) | Slot::PathsByKey(_) => {
            let pairs = Dict::default();
            for value in values {
                let Value::Text(text) = value else { continue };
                let (key, value) = text.split_once('=').unwrap_or((text, ""));
                pairs.insert(Py::str(key), Py::str(value)).expect("a text can be a key");
            }
            Py::Dict(pairs)
        }
        _ if setting.is_multiple() => Py::list(values.iter().map(one).collect()),
        _ => values.last().map_or(Py::None, one),
    }
}
