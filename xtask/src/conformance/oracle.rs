//! Jinja2 itself, which says what cases lead to.

use std::fmt;
use std::io::{BufRead, BufReader, BufWriter, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;

use super::{Case, Expected};
use crate::Result;

/// A running Python with Jinja2; it ends with this.
pub(crate) struct Oracle {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

/// What Jinja2 makes of a case.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    /// A text or an exception.
    Fact(Expected),
    /// Nothing that can be compared.
    Skip {
        /// Why.
        skip: String,
    },
}

impl Answer {
    /// Whether it is what a case expects; of exceptions, whether the class is the same.
    pub(crate) fn agrees(&self, expected: &Expected) -> bool {
        match (self, expected) {
            (Answer::Fact(Expected::Error { error, .. }), Expected::Error { error: other, .. }) => {
                error == other
            }
            (Answer::Fact(fact), expected) => fact == expected,
            (Answer::Skip { .. }, _) => false,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Fact(Expected::Out { out }) => write!(f, "{out:?}"),
            Answer::Fact(Expected::Error { error, msg }) => write!(f, "{error}: {msg}"),
            Answer::Skip { skip } => f.write_str(skip),
        }
    }
}

impl Oracle {
    /// Starts the Python that has Jinja2.
    ///
    /// # Errors
    /// If it cannot be started.
    pub(crate) fn start(root: &Path, python: &Path) -> Result<Oracle> {
        let mut command = Command::new(python);
        // Sets of text are in another order with every run, and times in another zone with every
        // machine, unless told.
        let script = root.join("xtask/peers/jinja2/cases.py");
        command.arg(script).env("PYTHONHASHSEED", "0").env("TZ", "UTC");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = child.stdin.take().ok_or("Python has no standard input")?;
        let output = child.stdout.take().ok_or("Python has no standard output")?;
        Ok(Oracle { child, input, output: BufReader::new(output).lines() })
    }

    /// What Jinja2 makes of each case.
    ///
    /// # Errors
    /// If Python ends or says something else.
    pub(crate) fn ask(&mut self, cases: &[Case]) -> Result<Vec<Answer>> {
        let Oracle { input, output, .. } = self;
        // Written beside the reading, since a pipe that nobody empties blocks.
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| write_all(input, cases));
            let answers: Result<Vec<Answer>> = cases.iter().map(|_| read_one(output)).collect();
            let written = writing.join().map_err(|_| "the writing thread has panicked")?;
            written.map_err(|error| format!("Python reads no further: {error}"))?;
            answers
        })
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // It may have ended by itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write_all(input: &mut ChildStdin, cases: &[Case]) -> std::io::Result<()> {
    let mut input = BufWriter::new(input);
    for case in cases {
        serde_json::to_writer(&mut input, case)?;
        input.write_all(b"\n")?;
    }
    input.flush()
}

fn read_one(output: &mut Lines<BufReader<ChildStdout>>) -> Result<Answer> {
    let line = output.next().ok_or("Python has ended")??;
    serde_json::from_str(&line).map_err(|error| format!("not an answer: {error}: {line}").into())
}
