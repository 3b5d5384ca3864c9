//! `kiln migrate`.

use std::fmt::Write as _;

use kiln::{CommitError, Diagnostics, Migration, NewFile, NoProject};

use crate::args::Migrate;
use crate::exit::Exit;
use crate::report::{self, Outcome, shown};
use crate::{findings, session};

/// Says what the project of makejinja consists of, and makes the files that follow from it.
pub(crate) fn run(args: &Migrate) -> Exit {
    let folder = args.project.as_path();
    let migration = match kiln::migrate(&session::files(folder)) {
        Ok(migration) => migration,
        Err(NoProject::Missing) => {
            return report::complain(&format!("there is no `makejinja.toml` in `{}`", shown(folder)));
        }
        Err(NoProject::Unreadable(why)) => {
            return report::complain(&format!("`makejinja.toml` cannot be read: {why}"));
        }
    };
    if args.check {
        return report::print(told(&migration, "would create").as_bytes());
    }
    let mut sink = Diagnostics::new();
    match kiln::create_new(folder, &migration.files, &mut sink) {
        Ok(()) => report::print(told(&migration, "created").as_bytes()),
        Err(error) => {
            if !matches!(error, CommitError::Reported(_)) {
                sink.push(findings::not_written(&shown(folder), &error));
            }
            report::explain(&Outcome { diagnostics: sink, ..Outcome::default() });
            Exit::Failed
        }
    }
}

/// What was found and made, and what is left to do.
fn told(migration: &Migration, created: &str) -> String {
    let mut out = String::from("found\n");
    for (heading, facts) in &migration.found {
        for (index, fact) in facts.iter().enumerate() {
            let heading = if index == 0 { *heading } else { "" };
            _ = writeln!(out, "  {heading:<16}{fact}");
        }
    }
    out.push_str("\nfiles\n");
    for path in migration.files.iter().map(NewFile::path) {
        _ = writeln!(out, "  {created:<16}{path}");
    }
    for path in &migration.kept {
        _ = writeln!(out, "  {:<16}{path}", "kept");
    }
    if !migration.by_hand.is_empty() {
        out.push_str("\nneeds a hand\n");
        for (index, step) in migration.by_hand.iter().enumerate() {
            _ = writeln!(out, "  {:>2}. {step}", index + 1);
        }
    }
    out
}
