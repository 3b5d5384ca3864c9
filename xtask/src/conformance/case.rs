//! Cases: templates, a context, and what Jinja2 makes of them.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::json::{Json, Pairs};
use crate::Result;

/// One case, in the format that the README of the corpus describes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// Its name.
    pub(crate) id: String,
    /// Its group.
    pub(crate) area: String,
    /// The options of the environment.
    pub(crate) options: Options,
    /// Sources by name.
    pub(crate) templates: Pairs<String>,
    /// The template that is rendered.
    pub(crate) main: String,
    /// Its variables.
    pub(crate) context: Pairs<Json>,
    /// What Jinja2 gave; absent while it has not been asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expected: Option<Expected>,
}

/// What a case leads to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Expected {
    /// A text.
    Out {
        /// The text.
        out: String,
    },
    /// An exception.
    Error {
        /// Its class.
        error: String,
        /// Its message.
        #[serde(default)]
        msg: String,
    },
}

/// Keyword arguments of a Jinja2 environment; what is absent has Jinja2's default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Options {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) block_start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) block_end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) variable_start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) variable_end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) comment_start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) comment_end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line_statement_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line_comment_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trim_blocks: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lstrip_blocks: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) keep_trailing_newline: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) newline_sequence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) autoescape: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extensions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) undefined: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ctx_as_globals: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) i18n: Option<String>,
}

/// Reads the cases of a file, one a line, and what is wrong with lines that are none.
///
/// # Errors
/// If the file cannot be read.
pub(crate) fn read(path: &Path) -> Result<(Vec<Case>, Vec<String>)> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (mut cases, mut complaints) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(case) => cases.push(case),
            Err(error) => complaints.push(format!("{}:{}: not a case: {error}", path.display(), index + 1)),
        }
    }
    Ok((cases, complaints))
}

/// The cases of the repository, file by file.
///
/// # Errors
/// If a file cannot be read or has a line that is no case.
pub(crate) fn corpus(root: &Path) -> Result<Vec<Case>> {
    let mut paths: Vec<_> =
        std::fs::read_dir(root.join(super::CORPUS))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|it| it == "jsonl"));
    paths.sort();
    let mut all = Vec::new();
    for path in &paths {
        let (cases, complaints) = read(path)?;
        if let Some(complaint) = complaints.into_iter().next() {
            return Err(complaint.into());
        }
        all.extend(cases);
    }
    Ok(all)
}
