//! What a run has to say, and the formats it is said in.

mod github;

mod human;

mod json;

pub(crate) mod page;

mod pager;

mod sarif;

mod snippet;

pub(crate) mod status;

mod teller;

#[cfg(test)]
mod testing;

pub(crate) mod why;

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use kiln::explain::Page;
use kiln::{Action, Diagnostics, Mending, Plan, Position, Report, Sources, Span};

pub(crate) use self::teller::Teller;
use crate::args::Format;
use crate::commands::is_broken_pipe;
use crate::difference::ShownValue;
use crate::exit::Exit;

/// What a run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The outputs of a project.
    Outputs,
    /// The files of a new project.
    Files,
    /// The state of a project; nothing is ever written.
    Health,
    /// The encrypted files of a tree; nothing is ever written.
    Secrets,
}

impl Subject {
    /// Whether the run may write.
    fn writes(self) -> bool {
        !matches!(self, Subject::Health | Subject::Secrets)
    }
}

/// Everything a run has to say.
pub(crate) struct Outcome {
    pub(crate) subject: Subject,
    /// How the project is read; empty if that was not reached.
    pub(crate) mode: &'static str,
    pub(crate) pack: String,
    /// The output folder, as messages show it.
    pub(crate) output: String,
    pub(crate) stages: Vec<Line>,
    pub(crate) sources: Sources,
    pub(crate) diagnostics: Diagnostics,
    /// The pages of the pack's rules that found something.
    pub(crate) rules: Vec<Page>,
    /// The files that differ, sorted by path, `kiln.lock` last; of a new project all files.
    pub(crate) changes: Vec<FileChange>,
    /// The paths of all outputs, if the run came so far.
    pub(crate) outputs: Vec<String>,
    /// How many outputs are as they should be.
    pub(crate) kept: usize,
    /// The outputs that could not be compared for want of a key, sorted by path.
    pub(crate) not_compared: Vec<String>,
    /// What was mended in the data files.
    pub(crate) fixed: Vec<Mending>,
    /// How many findings the project does not want to see.
    pub(crate) silenced: usize,
    /// Whether the changes were made.
    pub(crate) written: bool,
    /// The values that differ in encrypted files, by path; of `kiln diff` alone.
    pub(crate) values: BTreeMap<String, Vec<ShownValue>>,
    /// The text of `kiln diff`.
    pub(crate) diff: Option<String>,
    /// Whether people read it in a pager.
    pub(crate) is_paged: bool,
    /// What to do next, for people.
    pub(crate) advice: Vec<String>,
    pub(crate) exit: Exit,
}

impl Default for Outcome {
    fn default() -> Outcome {
        Outcome {
            subject: Subject::Outputs,
            mode: "",
            pack: String::new(),
            output: String::new(),
            stages: Vec::new(),
            sources: Sources::new(),
            diagnostics: Diagnostics::new(),
            rules: Vec::new(),
            changes: Vec::new(),
            outputs: Vec::new(),
            kept: 0,
            not_compared: Vec::new(),
            fixed: Vec::new(),
            silenced: 0,
            written: false,
            values: BTreeMap::new(),
            diff: None,
            is_paged: false,
            advice: Vec::new(),
            exit: Exit::Done,
        }
    }
}

impl Outcome {
    /// What the library reported, for outputs that go to `output`.
    pub(crate) fn of(report: Report, output: &Path) -> Outcome {
        let lines = report.stages.into_iter().map(|stage| Line::new(stage.name, stage.summary, stage.time));
        Outcome {
            mode: report.mode,
            pack: report.pack,
            output: shown(output),
            stages: lines.collect(),
            sources: report.sources,
            silenced: report.silenced,
            exit: if report.diagnostics.has_errors() { Exit::Errors } else { Exit::Done },
            diagnostics: report.diagnostics,
            rules: report.rules,
            ..Outcome::default()
        }
    }

    /// First and last place of a span, `None` if it points nowhere.
    fn region(&self, span: Span) -> Option<Region<'_>> {
        (!span.is_none()).then(|| Region {
            file: self.sources.path(span.source),
            start: self.sources.position(span.source, span.start),
            end: self.sources.position(span.source, span.end),
        })
    }
}

/// A span as formats show it: the end is the place after the last character.
struct Region<'a> {
    file: &'a str,
    start: Position,
    end: Position,
}

/// The line about a stage.
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) summary: String,
    pub(crate) time: Duration,
}

impl Line {
    pub(crate) fn new(name: &'static str, summary: String, time: Duration) -> Line {
        Line { name, summary, time }
    }
}

/// A file that differs.
pub(crate) struct FileChange {
    pub(crate) path: String,
    pub(crate) action: Action,
}

impl FileChange {
    /// The changes of a plan.
    pub(crate) fn all(plan: &Plan) -> Vec<FileChange> {
        let outputs = plan.changes().iter().filter(|change| !change.is_kept());
        let outputs =
            outputs.map(|change| FileChange { path: change.path().to_owned(), action: change.action() });
        let lock = Some(plan.lock_action()).filter(|action| *action != Action::Keep);
        let lock = lock.map(|action| FileChange { path: kiln::LOCK_FILE.to_owned(), action });
        outputs.chain(lock).collect()
    }

    /// The word for the action in machine formats.
    fn word(&self) -> &'static str {
        match self.action {
            Action::Create => "create",
            Action::Update => "update",
            Action::Remove => "remove",
            Action::Keep | Action::Adopted | Action::Stale | Action::Orphan => "keep",
            Action::Conflict(_) => "conflict",
        }
    }
}

/// Says what came of a run; gives the exit code.
pub(crate) fn publish(outcome: &Outcome, format: Format) -> Exit {
    let (log, result) = match format {
        Format::Human => (human::log(outcome, true) + &pointer(outcome), human::result(outcome)),
        Format::Github => {
            (human::log(outcome, false), github::annotations(outcome) + &human::result(outcome))
        }
        Format::Json => (String::new(), json::object(outcome)),
        Format::Sarif => (String::new(), sarif::log(outcome)),
    };
    let told = tell(&mut anstream::stderr(), log.as_bytes());
    if outcome.is_paged && pager::show(&result) {
        return outcome.exit;
    }
    match tell(&mut anstream::stdout(), result.as_bytes()).and(told) {
        Ok(()) => outcome.exit,
        Err(_) => Exit::Failed,
    }
}

/// Where to read on, if somebody looks.
fn pointer(outcome: &Outcome) -> String {
    let is_seen = io::stderr().is_terminal();
    human::pointer(outcome).filter(|_| is_seen).unwrap_or_default()
}

/// Shows findings alone, on standard error.
pub(crate) fn explain(outcome: &Outcome) {
    let _ = tell(&mut anstream::stderr(), human::findings(outcome).as_bytes());
}

/// Prints bytes as they are.
pub(crate) fn print(bytes: &[u8]) -> Exit {
    tell(&mut io::stdout(), bytes).map_or(Exit::Failed, |()| Exit::Done)
}

/// Prints a text, with colours where somebody looks.
pub(crate) fn show(text: &str) -> Exit {
    tell(&mut anstream::stdout(), text.as_bytes()).map_or(Exit::Failed, |()| Exit::Done)
}

/// Says why a command cannot do what was asked.
pub(crate) fn complain(message: &str) -> Exit {
    let _ = tell(&mut anstream::stderr(), format!("error: {message}\n").as_bytes());
    Exit::Failed
}

/// Says something on standard error.
pub(crate) fn remark(message: &str) {
    let _ = tell(&mut anstream::stderr(), format!("{message}\n").as_bytes());
}

/// Writes everything. A reader that went away has read what it wanted.
fn tell(stream: &mut dyn io::Write, bytes: &[u8]) -> io::Result<()> {
    match stream.write_all(bytes).and_then(|()| stream.flush()) {
        Err(error) if is_broken_pipe(&error) => Ok(()),
        other => other,
    }
}

/// A path without `.`; the current folder is `.`.
pub(crate) fn shown(path: &Path) -> String {
    let kept: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if kept.as_os_str().is_empty() { ".".to_owned() } else { kept.display().to_string() }
}
