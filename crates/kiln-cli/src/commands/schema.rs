//! `kiln schema`.

use kiln::{Action, CommitError, Files as _};

use crate::args::{Format, Schema};
use crate::exit::Exit;
use crate::findings;
use crate::report::{self, FileChange, Outcome, Subject, shown};
use crate::session;

/// Prints a schema, or writes it into the project.
pub(crate) fn run(args: &Schema) -> Exit {
    let mut text = None;
    let outcome = session::guarded(|| find(args, &mut text));
    match text {
        Some(text) if outcome.exit == Exit::Done && !args.write => report::print(text.as_bytes()),
        _ => report::publish(&outcome, Format::Human),
    }
}

fn find(args: &Schema, text: &mut Option<String>) -> Outcome {
    let mut outcome = Outcome { subject: Subject::Files, output: shown(&args.project), ..Outcome::default() };
    let project = session::files(&args.project);
    if !project.is_folder() {
        outcome.exit = Exit::Failed;
        outcome.diagnostics.push(findings::no_such_folder(&args.project));
        return outcome;
    }
    let found = kiln::schema(&project, &args.name);
    outcome.sources = found.sources;
    outcome.diagnostics = found.diagnostics;
    if outcome.diagnostics.has_errors() {
        outcome.exit = Exit::Errors;
    } else if let Some(schema) = found.text {
        if args.write {
            write(args, &schema, &mut outcome);
        }
        *text = Some(schema);
    } else {
        outcome.exit = Exit::Failed;
        outcome.diagnostics.push(findings::no_such_schema(&args.name, &found.names));
    }
    outcome
}

/// Puts a schema where the project's files look for it.
fn write(args: &Schema, text: &str, outcome: &mut Outcome) {
    let file = kiln::schema_file(&args.name, text);
    let old = session::files(&args.project).read(file.path()).ok().flatten();
    let action = match old {
        Some(old) if old.as_slice() == text.as_bytes() => Action::Keep,
        Some(_) => Action::Update,
        None => Action::Create,
    };
    outcome.changes = vec![FileChange { path: file.path().to_owned(), action }];
    outcome.kept = usize::from(action == Action::Keep);
    outcome.written = true;
    match kiln::put(&args.project, &file, &mut outcome.diagnostics) {
        Ok(()) => {}
        Err(CommitError::Reported(_)) => outcome.exit = Exit::Errors,
        Err(error) => {
            outcome.exit = Exit::Failed;
            outcome.diagnostics.push(findings::not_written(&outcome.output, &error));
        }
    }
}
