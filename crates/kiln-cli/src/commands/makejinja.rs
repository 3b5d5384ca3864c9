//! `kiln makejinja`, and kiln under the name of makejinja.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::Command;
use std::sync::Arc;

use kiln::makejinja::{
    Asked, Disk, DiskError, HELP, LiveDisk, PythonPlugins, Refused, Replaced, Replacements, Settings, Shell,
    World, ask,
};

use crate::commands::python;
use crate::exit::Exit;
use crate::report::{self, Outcome};
use crate::session::VERSION;

/// The version of makejinja that this is held against.
const MAKEJINJA: &str = "2.8.1";

/// Does what makejinja does with these arguments; gives its exit code.
pub(crate) fn run(arguments: Vec<OsString>) -> Exit {
    let arguments: Vec<String> = arguments.iter().map(|it| it.to_string_lossy().into_owned()).collect();
    let environ: Vec<(String, String)> = std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
        .collect();
    let disk = LiveDisk::new();
    let mut outcome = Outcome::default();
    let (sources, sink) = (&mut outcome.sources, &mut outcome.diagnostics);
    let exit = match ask(&arguments, &environ, &disk, sources, sink) {
        Ok(Asked::Help) => return report::print(HELP.as_bytes()),
        Ok(Asked::Version) => {
            return report::print(format!("makejinja, version {MAKEJINJA} (kiln {VERSION})\n").as_bytes());
        }
        Ok(Asked::Run(settings)) => render(&settings, disk, &environ, &mut outcome),
        Err(Refused::Settings(_)) => Exit::Errors,
        Err(Refused::Usage(_)) => Exit::Failed,
    };
    report::explain(&outcome);
    exit
}

fn render(settings: &Settings, disk: LiveDisk, environ: &[(String, String)], outcome: &mut Outcome) -> Exit {
    // Plugins print, too, and what they print comes in its place.
    let has_plugins = !settings.config.plugins.is_empty() || !settings.config.loaders.is_empty();
    let room = if has_plugins { 0 } else { 1 << 16 };
    let mut terminal = Terminal { lines: io::BufWriter::with_capacity(room, io::stdout()) };
    let Ok(replacements) = Replacements::read(&disk, &mut outcome.diagnostics) else { return Exit::Errors };
    let disk: Arc<dyn Disk> = Arc::new(disk);
    let (interpreter, limits) = python::interpreter(environ, None);
    let mut plugins = PythonPlugins::new(interpreter, limits);
    let mut plugins = Replaced { plugins: &mut plugins, replacements, disk: Arc::clone(&disk) };
    let world = World { disk, shell: &mut terminal, plugins: &mut plugins, environ, goes_on: false };
    let done = kiln::makejinja::run(settings, world, &mut outcome.sources, &mut outcome.diagnostics);
    terminal.flush();
    if done.is_ok() { Exit::Done } else { Exit::Errors }
}

/// Standard output, and the shell of the system.
struct Terminal {
    lines: io::BufWriter<io::Stdout>,
}

impl Terminal {
    /// A reader that went away has read what it wanted.
    fn flush(&mut self) {
        let _ = self.lines.flush();
    }
}

impl Shell for Terminal {
    fn say(&mut self, line: &str) {
        let _ = writeln!(self.lines, "{line}");
    }

    fn run(&mut self, command: &str) -> Result<Option<i32>, DiskError> {
        self.flush();
        let ended = Command::new("sh").arg("-c").arg(command).status();
        ended.map(|status| status.code()).map_err(|_| DiskError::Failed("`sh` cannot be started".to_owned()))
    }
}
