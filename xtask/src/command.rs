//! Other programs, run with a time limit and without standard input.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::Result;

/// One run of a program, prepared.
pub(crate) struct Run {
    command: Command,
    name: String,
    input: Option<Vec<u8>>,
    limit: Duration,
}

/// What a run left behind.
pub(crate) struct Outcome {
    name: String,
    status: ExitStatus,
    /// What it wrote to standard output.
    pub(crate) stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub(crate) stderr: Vec<u8>,
}

impl Run {
    /// A run of `program`, found on the path unless it names a folder, for ten minutes at most.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Run {
        let name = Path::new(program.as_ref()).file_name().unwrap_or(program.as_ref());
        let name = name.to_string_lossy().into_owned();
        Run { command: Command::new(program), name, input: None, limit: Duration::from_secs(600) }
    }

    /// Adds an argument.
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Run {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Run {
        self.command.args(arguments);
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Run {
        self.command.env(key, value);
        self
    }

    /// Sets the folder it runs in.
    pub(crate) fn dir(mut self, folder: &Path) -> Run {
        self.command.current_dir(folder);
        self
    }

    /// Gives it standard input.
    pub(crate) fn input(mut self, bytes: impl Into<Vec<u8>>) -> Run {
        self.input = Some(bytes.into());
        self
    }

    /// Lets it take this long.
    pub(crate) fn limit(mut self, minutes: u64) -> Run {
        self.limit = Duration::from_secs(60 * minutes);
        self
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// If it cannot be started or takes too long.
    pub(crate) fn outcome(mut self) -> Result<Outcome> {
        // Files instead of pipes: a program that fills a pipe nobody empties would wait for ever.
        let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        self.command.stdout(stdout.try_clone()?).stderr(stderr.try_clone()?);
        self.command.stdin(stdin(self.input.as_deref())?);
        let child = self.command.spawn().map_err(|error| format!("cannot start {}: {error}", self.name))?;
        let status = wait(child, self.limit, &self.name)?;
        Ok(Outcome { name: self.name, status, stdout: content(&mut stdout)?, stderr: content(&mut stderr)? })
    }

    /// Runs it to a good end and gives its standard output.
    ///
    /// # Errors
    /// If it cannot be started, takes too long or exits with anything but 0; the error ends
    /// with what it said.
    pub(crate) fn stdout(self) -> Result<Vec<u8>> {
        let outcome = self.outcome()?;
        if outcome.succeeded() { Ok(outcome.stdout) } else { Err(outcome.complaint().into()) }
    }

    /// Like [`Run::stdout`], as text without white space at its ends.
    ///
    /// # Errors
    /// As [`Run::stdout`], and if the output is not UTF-8.
    pub(crate) fn text(self) -> Result<String> {
        Ok(String::from_utf8(self.stdout()?)?.trim().to_owned())
    }
}

impl Outcome {
    /// Whether it exited with 0.
    pub(crate) fn succeeded(&self) -> bool {
        self.status.success()
    }

    /// Its exit code; none if a signal ended it.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// How it ended, and the end of what it said.
    pub(crate) fn complaint(&self) -> String {
        let said = if self.stderr.is_empty() { &self.stdout } else { &self.stderr };
        let said = String::from_utf8_lossy(said);
        let lines: Vec<&str> = said.trim_end().lines().collect();
        let tail = &lines[lines.len().saturating_sub(30)..];
        format!("{} ended with {}\n{}", self.name, self.status, tail.join("\n"))
    }
}

fn stdin(input: Option<&[u8]>) -> Result<Stdio> {
    let Some(bytes) = input else { return Ok(Stdio::null()) };
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(Stdio::from(file))
}

fn wait(mut child: Child, limit: Duration, name: &str) -> Result<ExitStatus> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Err(format!("{name} took longer than {} s", limit.as_secs()).into());
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}

fn content(file: &mut File) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_comes_out_again() {
        assert_eq!(Run::new("cat").input("a\nb").stdout().unwrap(), b"a\nb");
        assert_eq!(Run::new("cat").stdout().unwrap(), b"");
    }

    #[test]
    fn a_bad_end_is_an_error_that_says_what_was_said() {
        let error = Run::new("sh").args(["-c", "echo no such node >&2; exit 3"]).stdout().unwrap_err();
        assert!(error.to_string().contains("no such node"), "{error}");
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let mut run = Run::new("sleep").arg("60");
        run.limit = Duration::from_millis(20);
        assert!(run.outcome().is_err());
    }
}
