//! Runs of makejinja projects.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use kiln::makejinja::{DiskError, LiveDisk, ProjectRun, PythonPlugins, Shell, Trust, configure};
use kiln::{DiskFiles, Report};

use super::{Runs, Session, now};
use crate::args::Common;
use crate::commands::python;
use crate::exit::Exit;
use crate::report::Line;
use crate::{findings, trust};

/// Runs the library on a makejinja project.
pub(super) fn run(args: &Common, files: &DiskFiles, runs: Runs) -> (Report, PathBuf, Vec<String>) {
    let environ = environ();
    let output =
        args.output.as_deref().map(|output| std::path::absolute(output).unwrap_or(output.to_owned()));
    let is_trusted = runs == Runs::Everything || trust::is_trusted(&args.project);
    let mut shell = InFolder { folder: args.project.clone() };
    let (interpreter, limits) = python::interpreter(&environ, Some(&args.project));
    let mut plugins = PythonPlugins::new(interpreter, limits);
    let mut project = ProjectRun {
        files,
        disk: Arc::new(LiveDisk::seen_from(&args.project)),
        output: output.as_deref(),
        shell: &mut shell,
        plugins: &mut plugins,
        environ: &environ,
        trust: if is_trusted { Trust::Trusted } else { Trust::Unknown },
        now: now(),
        without_key: runs.without_key(),
    };
    let (report, commands) = configure(&mut project);
    let own = args.project.join(&report.output);
    (report, args.output.clone().unwrap_or(own), commands)
}

/// The environment variables.
pub(crate) fn environ() -> Vec<(String, String)> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect()
}

impl Session {
    /// Runs the commands that follow a commit, one after the other until one fails.
    pub(crate) fn follow_up(&mut self, folder: &Path) {
        if self.commands.is_empty() {
            return;
        }
        let start = Instant::now();
        let mut shell = InFolder { folder: folder.to_owned() };
        for (index, command) in self.commands.iter().enumerate() {
            let code = shell.run(command).ok().flatten();
            if code != Some(0) {
                self.outcome.exit = Exit::Failed;
                self.outcome.diagnostics.push(findings::follow_up_failed(index, code));
                return;
            }
        }
        let summary = format!(
            "{} of `exec_post`",
            if self.commands.len() == 1 {
                "1 command".to_owned()
            } else {
                format!("{} commands", self.commands.len())
            }
        );
        self.outcome.stages.push(Line::new("follow-up", summary, start.elapsed()));
    }
}

/// The shell of the system, in the folder of the project. What a run says of itself is not
/// shown: the report says it.
struct InFolder {
    folder: PathBuf,
}

impl Shell for InFolder {
    fn say(&mut self, _: &str) {}

    fn run(&mut self, command: &str) -> Result<Option<i32>, DiskError> {
        // Standard output is the report's.
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(command).current_dir(&self.folder).stdout(Stdio::null());
        let ended = shell.status();
        ended.map(|status| status.code()).map_err(|_| DiskError::Failed("`sh` cannot be started".to_owned()))
    }
}
