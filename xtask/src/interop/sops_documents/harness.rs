//! The program of `xtask/peers/sops-harness`, and what it is asked.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::install::Cache;
use super::case::Case;
use crate::Result;

/// A running harness.
pub(super) struct Harness {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What sops says: bytes, or its error.
pub(super) type Answer = std::result::Result<Vec<u8>, String>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Given {
    data: Option<String>,
    error: String,
}

impl Harness {
    /// Starts the harness of this name.
    ///
    /// # Errors
    /// If it cannot be started.
    pub(super) fn start(cache: &Cache, name: &str) -> Result<Harness> {
        let mut child = Command::new(cache.program(name))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let requests = child.stdin.take().ok_or("the harness has no input")?;
        let answers = BufReader::new(child.stdout.take().ok_or("the harness has no output")?);
        Ok(Harness { child, requests, answers })
    }

    /// The encrypted file of a document.
    pub(super) fn encrypt(&mut self, case: &Case) -> Result<Answer> {
        self.ask(case.request("encrypt", &case.text))
    }

    /// The plain text of an encrypted file.
    pub(super) fn decrypt(&mut self, case: &Case, sealed: &[u8]) -> Result<Answer> {
        self.ask(case.request("decrypt", sealed))
    }

    /// The text of a plain document as it is written again.
    pub(super) fn reformat(&mut self, format: &str, text: &[u8]) -> Result<Answer> {
        let text = STANDARD.encode(text);
        self.ask(json!({ "Task": "reformat", "Format": format, "Data": text, "JSONIndent": -1 }))
    }

    fn ask(&mut self, request: Value) -> Result<Answer> {
        writeln!(self.requests, "{request}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let given: Given = serde_json::from_str(&line).map_err(|_| "the harness gave no answer")?;
        if !given.error.is_empty() {
            return Ok(Err(given.error));
        }
        Ok(Ok(STANDARD.decode(given.data.unwrap_or_default())?))
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}
