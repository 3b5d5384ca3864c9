//! How each output stands.

use std::fmt::Write as _;

use kiln::{Action, Change, Plan, Reason};
use serde_json::json;

use crate::report::{Outcome, json as report_json};

const SURE: &str = "writing to a String cannot fail";

/// The version of the object's form; a field may be added without a new one.
const VERSION: u32 = 1;

/// An output, or a file that was one.
pub(crate) struct FileStatus {
    path: String,
    state: State,
    template: String,
}

/// How a file stands, in the order in which people read about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Edited,
    Foreign,
    Missing,
    Outdated,
    New,
    Stale,
    Orphaned,
    Adopted,
    Clean,
}

impl State {
    fn of(change: &Change) -> State {
        match change.action() {
            Action::Conflict(Reason::Changed) => State::Edited,
            Action::Conflict(Reason::Foreign) => State::Foreign,
            Action::Create if change.is_recorded() => State::Missing,
            Action::Create => State::New,
            Action::Update => State::Outdated,
            Action::Remove | Action::Stale => State::Stale,
            Action::Orphan => State::Orphaned,
            Action::Adopted => State::Adopted,
            Action::Keep => State::Clean,
        }
    }

    fn word(self) -> &'static str {
        match self {
            State::Edited => "edited",
            State::Foreign => "foreign",
            State::Missing => "missing",
            State::Outdated => "outdated",
            State::New => "new",
            State::Stale => "stale",
            State::Orphaned => "orphaned",
            State::Adopted => "adopted",
            State::Clean => "clean",
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            State::Edited => "changed since kiln wrote them, and not what kiln would write",
            State::Foreign => "in the place of an output, and not written by kiln",
            State::Missing => "written by kiln, and gone",
            State::Outdated => "to be updated",
            State::New => "to be created",
            State::Stale => "no longer outputs: to be removed",
            State::Orphaned => "no longer outputs, and changed since kiln wrote them: left to you",
            State::Adopted => "yours: kiln leaves them as they are",
            State::Clean => "as kiln writes them",
        }
    }
}

/// How each file of a plan stands, sorted by path.
pub(crate) fn of(plan: &Plan) -> Vec<FileStatus> {
    let one = |change: &Change| FileStatus {
        path: change.path().to_owned(),
        state: State::of(change),
        template: change.artifact().map(|it| it.template().to_owned()).unwrap_or_default(),
    };
    plan.changes().iter().map(one).collect()
}

/// What is not as kiln writes it, by state, and the counts.
pub(crate) fn human(outcome: &Outcome, files: &[FileStatus]) -> String {
    let mut states: Vec<State> = files.iter().map(|file| file.state).collect();
    states.sort_unstable();
    states.dedup();
    let mut text = String::new();
    for &state in states.iter().filter(|state| **state != State::Clean) {
        writeln!(text, "\x1b[1m{}\x1b[0m ({})", state.word(), state.meaning()).expect(SURE);
        for file in files.iter().filter(|file| file.state == state) {
            writeln!(text, "  {}", file.path).expect(SURE);
        }
        text.push('\n');
    }
    let counts = states.iter().map(|state| {
        let count = files.iter().filter(|file| file.state == *state).count();
        format!("{count} {}", state.word())
    });
    let counts: Vec<String> = counts.collect();
    let noun = if files.len() == 1 { "file" } else { "files" };
    let counts = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    writeln!(text, "{} {noun} in `{}`{counts}", files.len(), outcome.output).expect(SURE);
    text
}

/// The same as a JSON object and a line break.
pub(crate) fn json(outcome: &Outcome, files: &[FileStatus]) -> String {
    let is_interrupted = outcome.diagnostics.iter().any(|it| it.code == "plan.interrupted");
    let file =
        |file: &FileStatus| json!({"path": file.path, "state": file.state.word(), "template": file.template});
    let object = json!({
        "version": VERSION,
        "output": outcome.output,
        "interrupted": is_interrupted,
        "files": files.iter().map(file).collect::<Vec<_>>(),
        "diagnostics": report_json::findings(outcome),
        "exit_code": outcome.exit as u8,
    });
    format!("{object}\n")
}
