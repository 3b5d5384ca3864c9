//! Everything this crate has to say to a user.

use kiln_model::{Diagnostic, Severity, Span};

use crate::obstacle::Obstacle;
use crate::place::Fault;
use crate::plan::{Action, Change};

const OWN_BUG: &str = "two templates or `[[generate]]` entries give this path; change the `path` of one";

/// An output may not be written at its path.
pub(crate) fn unwritable(path: &str, fault: &Fault) -> Diagnostic {
    match fault {
        Fault::Outside => Diagnostic::error(
            "plan.path-outside",
            format!("the output path `{path}` leads out of the output folder"),
        )
        .help("give a path relative to the output folder, without `..`"),
        Fault::Unusable(why) => Diagnostic::error(
            "plan.path-unusable",
            format!("the output path `{}` cannot be used: {why}", path.escape_debug()),
        )
        .help("write a relative path whose parts are separated by single `/`"),
        Fault::Reserved => {
            Diagnostic::error("plan.path-reserved", format!("the output path `{path}` is not for outputs"))
                .note("`kiln.lock` and `.kiln` are kiln's own, and `.git` belongs to git")
                .help("choose another path")
        }
        Fault::Twice => {
            Diagnostic::error("plan.path-collision", format!("two outputs have the path `{path}`"))
                .help(OWN_BUG)
        }
        Fault::Case(other) => Diagnostic::error(
            "plan.path-collision",
            format!("the output path `{path}` differs from `{other}` only in upper and lower case"),
        )
        .note("many file systems take the two for one")
        .help("spell both in the same way, or choose another name for one"),
        Fault::AlsoFolder(other) => Diagnostic::error(
            "plan.path-collision",
            format!("the output `{path}` would be a file and, for `{other}`, a folder"),
        )
        .help(OWN_BUG),
        _ => obstructed(path, fault, None),
    }
}

/// Something of the disk stands in the way of an output, and this is why it stays.
pub(crate) fn obstructed(path: &str, fault: &Fault, obstacle: Option<&Obstacle>) -> Diagnostic {
    let message = match fault {
        Fault::ParentIsFile(parent) => format!("`{parent}` is a file where `{path}` needs a folder"),
        Fault::Link(parent) => {
            format!("`{parent}` is a link that leads out of the output folder, so `{path}` is not written")
        }
        Fault::Detour { link, .. } => {
            format!(
                "`{link}` is a link that takes a way outside the output folder, so `{path}` is not written"
            )
        }
        Fault::Folder => format!("a folder stands where the file `{path}` has to go"),
        _ => format!("`{path}` is not a regular file"),
    };
    let note = match obstacle {
        Some(Obstacle::Foreign(file)) => Some(format!("`{file}` is not kiln's to remove")),
        Some(Obstacle::Edited(file)) => Some(format!("`{file}` was changed since kiln wrote it")),
        Some(Obstacle::Kept(file)) => {
            Some(format!("`{file}` is no longer an output, and stays because of `--no-prune`"))
        }
        Some(Obstacle::Goes) | None => None,
    };
    let finding = Diagnostic::error("plan.obstructed", message);
    let finding = match fault {
        Fault::Detour { target, .. } => finding
            .note("kiln follows no link by a way outside, and an absolute link takes such a way")
            .help(format!("make the link relative, with the target `{target}`; then run kiln again")),
        _ => finding.help("move it out of the way, then run kiln again"),
    };
    note.into_iter().fold(finding, Diagnostic::note)
}

/// The lock cannot be understood.
pub(crate) fn lock_damaged(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("plan.lock-damaged", "`kiln.lock` is damaged").label(span, what).help(
        "take it from git again; or delete it, and kiln takes over the files that are as it would write them",
    )
}

/// The lock was written by a newer kiln.
pub(crate) fn lock_newer(span: Span, found: i128, known: i128) -> Diagnostic {
    Diagnostic::error("plan.lock-newer", format!("`kiln.lock` has format {found}, this kiln knows {known}"))
        .label(span, "written by a newer kiln")
        .help("use the kiln that wrote it, or a newer one")
}

/// A file of an earlier run is not an output any more, and stays; `None` of any other file.
pub(crate) fn left(change: &Change) -> Option<Diagnostic> {
    let path = change.path();
    match change.action() {
        Action::Stale => Some(
            Diagnostic::new(Severity::Info, "plan.stale", format!("`{path}` is no longer an output"))
                .note("an earlier run wrote it; it is left as it is")
                .help("leave out `--no-prune`, and kiln removes it"),
        ),
        Action::Orphan => Some(
            Diagnostic::warning(
                "plan.stale-edited",
                format!("`{path}` is no longer an output, and was changed since kiln wrote it"),
            )
            .note("it is left as it is")
            .help("move what you need of it to another file, then delete it"),
        ),
        _ => None,
    }
}
