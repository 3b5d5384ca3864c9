//! What the commands have in common: a run of the library and a plan for the disk.

mod access;

mod makejinja;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use kiln::sops::Without;
use kiln::{
    Artifact, Change, Diagnostics, DiskFiles, Files, Force, Hold, Plan, PlanError, Pruned, Rendered, Report,
    Request, Severity, Target, ValueChange,
};

pub(crate) use self::access::{held, hold};
use crate::args::Common;
use crate::difference::Made;
use crate::exit::Exit;
use crate::findings::{self, Consent};
use crate::identities::KeysAround;
use crate::report::{FileChange, Line, Outcome, shown};

/// The version that is printed and recorded.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A run so far.
pub(crate) struct Session {
    pub(crate) outcome: Outcome,
    /// What a commit would do; `None` if something is wrong.
    pub(crate) plan: Option<Plan>,
    /// The outputs in plain text.
    pub(crate) rendered: Vec<Rendered>,
    /// The values that differ in encrypted outputs, by path.
    pub(crate) value_changes: BTreeMap<String, Vec<ValueChange>>,
    /// Shell commands of the project that follow a commit.
    pub(crate) commands: Vec<String>,
    /// Keeps other runs from the output folder.
    hold: Option<Hold>,
}

/// What a run that writes may do.
#[derive(Default)]
pub(crate) struct Writing {
    pub(crate) force: Force,
    /// Whether files stay that are no longer outputs.
    pub(crate) keeps_stale: bool,
    /// Whether it fails if another run writes to the same folder.
    pub(crate) fails_if_busy: bool,
}

impl Session {
    /// Runs the library on the project and compares the outcome with the disk, to write it.
    /// Nobody else writes to the output folder as long as the session lives.
    pub(crate) fn open(args: &Common, writing: &Writing) -> Session {
        Session::begin(args, Some(writing))
    }

    /// The same, to look at it. What stands in the project is run only if it is trusted.
    pub(crate) fn look(args: &Common) -> Session {
        Session::begin(args, None)
    }

    fn begin(args: &Common, writing: Option<&Writing>) -> Session {
        if let Some(missing) = missing_folder(args) {
            let mut outcome = Outcome { exit: Exit::Failed, ..Outcome::default() };
            outcome.diagnostics.push(findings::no_such_folder(missing));
            return Session::of(outcome);
        }
        let runs = if writing.is_some() { Runs::Everything } else { Runs::WhatIsTrusted };
        let mut ran = run(args, runs);
        let mut found = Diagnostics::new();
        let mut hold = None;
        if let Some(writing) = writing {
            match access::gain(&ran.1, !writing.fails_if_busy, &mut found) {
                // The run may have seen what was only half there, or is no longer so.
                Ok(access) => {
                    hold = access.hold;
                    ran = if access.is_changed { run(args, runs) } else { ran };
                }
                Err(exit) => return Session::of(Outcome { exit, diagnostics: found, ..Outcome::default() }),
            }
        } else if kiln::is_interrupted(&ran.1) {
            found.push(findings::interrupted(&shown(&ran.1)));
        }
        let mut session = Session::compared(ran, writing.unwrap_or(&Writing::default()), found);
        session.hold = hold;
        if writing.is_none() {
            session.report_prunings(Severity::Warning);
        }
        session
    }

    fn of(outcome: Outcome) -> Session {
        Session {
            outcome,
            plan: None,
            rendered: Vec::new(),
            value_changes: BTreeMap::new(),
            commands: Vec::new(),
            hold: None,
        }
    }

    fn compared(ran: (Report, PathBuf, Vec<String>), writing: &Writing, found: Diagnostics) -> Session {
        let (mut report, output, commands) = ran;
        let artifacts = std::mem::take(&mut report.artifacts);
        let rendered = std::mem::take(&mut report.rendered);
        let value_changes = std::mem::take(&mut report.value_changes);
        let pack = std::mem::take(&mut report.pack_id);
        let mut allowed = std::mem::take(&mut report.allowed);
        let not_compared = std::mem::take(&mut report.not_compared);
        let is_partial = report.is_partial;
        let mut session =
            Session { rendered, value_changes, commands, ..Session::of(Outcome::of(report, &output)) };
        session.outcome.diagnostics.append(found);
        if session.outcome.exit == Exit::Done {
            let target = Target {
                root: &output,
                kiln: VERSION,
                pack: &pack,
                force: writing.force.clone(),
                prune: !writing.keeps_stale,
                is_partial,
            };
            session.compare(&target, artifacts, not_compared);
            session.outcome.silenced += allowed.silence(&mut session.outcome.diagnostics);
        }
        session
    }

    /// `not_compared` are the outputs that the run could not compare with what is there.
    fn compare(&mut self, target: &Target<'_>, artifacts: Vec<Artifact>, not_compared: Vec<String>) {
        let outcome = &mut self.outcome;
        let start = Instant::now();
        match kiln::plan(target, artifacts, &mut outcome.sources, &mut outcome.diagnostics) {
            Ok(plan) => {
                let left: BTreeSet<String> =
                    not_compared.into_iter().chain(plan.not_compared().iter().cloned()).collect();
                let is_output = |change: &&Change| change.artifact().is_some();
                let outputs = || plan.changes().iter().filter(is_output);
                let compared = || outputs().filter(|change| !left.contains(change.path()));
                let all = compared().count();
                outcome.changes = FileChange::all(&plan);
                outcome.outputs = plan.changes().iter().map(|change| change.path().to_owned()).collect();
                outcome.kept = compared().filter(|change| change.is_kept()).count();
                let summary = format!("{} of {all} outputs differ", all - outcome.kept);
                outcome.not_compared = left.into_iter().collect();
                outcome.diagnostics.extend(findings::without_key(&outcome.not_compared));
                outcome.stages.push(Line::new("plan", summary, start.elapsed()));
                self.plan = Some(plan);
            }
            Err(PlanError::Reported(_)) => outcome.exit = Exit::Errors,
            Err(error) => {
                outcome.exit = Exit::Failed;
                outcome.diagnostics.push(findings::not_compared(&error));
            }
        }
    }

    /// Lets other runs write to the output folder.
    pub(crate) fn release(&mut self) {
        self.hold = None;
    }

    /// Ends the run if it would overwrite what is not kiln's.
    pub(crate) fn refuse_conflicts(&mut self) {
        if self.report_conflicts(Severity::Error) {
            self.outcome.exit = Exit::Refused;
            self.plan = None;
        }
    }

    /// Ends the run if a path was named to be overwritten at which nothing is in the way.
    pub(crate) fn refuse_needless(&mut self) {
        let needless = self.plan.as_ref().map(|plan| plan.needless().to_vec()).unwrap_or_default();
        for path in &needless {
            self.outcome.exit = Exit::Failed;
            self.plan = None;
            self.outcome.diagnostics.push(findings::nothing_to_force(path));
        }
    }

    /// Says what a cluster would delete with the files that go, if it would; names the objects.
    pub(crate) fn report_prunings(&mut self, severity: Severity) -> bool {
        let pruned = self.plan.as_ref().map(prunings).unwrap_or_default();
        let is_agreed = self.plan.as_ref().is_some_and(Plan::agrees_to_prune);
        let consent = if is_agreed { Consent::Recorded } else { Consent::Missing };
        let finding = findings::prunings(severity, &pruned, consent);
        let found = finding.is_some();
        finding.into_iter().for_each(|it| self.outcome.diagnostics.push(it));
        found
    }

    /// Says which files are in the way, if some are; as an error, with their first differences.
    pub(crate) fn report_conflicts(&mut self, severity: Severity) -> bool {
        let made =
            Made { rendered: &self.rendered, value_changes: &self.value_changes, shows_secrets: false };
        let excerpt = |change: &Change| made.excerpt(change).filter(|_| severity == Severity::Error);
        let finding = self.plan.as_ref().and_then(|plan| findings::conflicts(severity, plan, excerpt));
        let found = finding.is_some();
        finding.into_iter().for_each(|it| self.outcome.diagnostics.push(it));
        found
    }
}

/// What a cluster would delete if the plan were carried out.
pub(crate) fn prunings(plan: &Plan) -> Vec<Pruned> {
    let changes = || plan.changes().iter();
    let before: Vec<_> = changes().filter_map(|it| named(it, it.old_bytes())).collect();
    let after: Vec<_> = changes().filter_map(|it| named(it, it.artifact().map(Artifact::bytes))).collect();
    kiln::pruned(&before, &after)
}

fn named<'a>(change: &'a Change, bytes: Option<&'a [u8]>) -> Option<(&'a str, &'a str)> {
    Some((change.path(), str::from_utf8(bytes?).ok()?))
}

/// Whether a command may run what stands in the project without being asked to trust it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runs {
    /// The user said that the project's files are to be written.
    Everything,
    /// The user looks at it.
    WhatIsTrusted,
}

impl Runs {
    /// Who only looks is told what cannot be seen; who writes must not lose anything.
    pub(crate) fn without_key(self) -> Without {
        match self {
            Runs::Everything => Without::Refuse,
            Runs::WhatIsTrusted => Without::Keep,
        }
    }
}

/// Runs the library; gives its report, the output folder, and the commands that follow a commit.
fn run(args: &Common, runs: Runs) -> (Report, PathBuf, Vec<String>) {
    let project = files(&args.project);
    if args.pack.is_none() && kiln::makejinja::is_project(&project) {
        return makejinja::run(args, &project, runs);
    }
    let report = with_request(args, &project, runs, kiln::run);
    let own = match report.output.as_str() {
        "." => args.project.clone(),
        output => args.project.join(output),
    };
    (report, args.output.clone().unwrap_or(own), Vec::new())
}

/// Does something with the request that the command line asks for.
fn with_request<T>(
    args: &Common,
    project: &DiskFiles,
    runs: Runs,
    work: impl FnOnce(&Request<'_>) -> T,
) -> T {
    let previous = args.output.as_deref().map(files);
    let pack = args.pack.as_deref().map(files);
    let mut request = Request::new(project, now());
    request.previous = previous.as_ref().map(|previous| previous as &dyn Files);
    request.pack = pack.as_ref().map(|pack| pack as &dyn Files);
    request.keys = Some(&KeysAround);
    request.without_key = runs.without_key();
    request.compat = args.compat;
    work(&request)
}

/// The data files of a project with their mistakes mended; `None` if it has no pack, whose rules
/// would say what to mend, or is not there.
pub(crate) fn mended(args: &Common) -> Option<kiln::Mended> {
    let project = files(&args.project);
    (missing_folder(args).is_none() && !is_without_pack(args))
        .then(|| with_request(args, &project, Runs::WhatIsTrusted, kiln::fix))
}

/// Whether a project is one of makejinja and has no pack.
pub(crate) fn is_without_pack(args: &Common) -> bool {
    args.pack.is_none() && kiln::makejinja::is_project(&files(&args.project))
}

/// What is known of the outputs of a project, or of the one called `path`.
pub(crate) fn why(args: &Common, path: Option<&str>) -> kiln::why::Why {
    let project = files(&args.project);
    with_request(args, &project, Runs::WhatIsTrusted, |request| kiln::why::why(request, path))
}

/// The files of a folder, called by its name.
pub(crate) fn files(folder: &Path) -> DiskFiles {
    DiskFiles::new(folder).with_display_prefix(folder)
}

/// Seconds since 1970; a clock before that counts as then.
pub(crate) fn now() -> u64 {
    #[allow(clippy::disallowed_methods, reason = "this is where the clock is read")]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn missing_folder(args: &Common) -> Option<&Path> {
    let folders = [Some(args.project.as_path()), args.pack.as_deref()];
    folders.into_iter().flatten().find(|folder| !files(folder).is_folder())
}

/// Does the work of a command. A panic in it is a bug of kiln; it becomes a finding that
/// names the place, never what the panic said, for that may hold a value.
pub(crate) fn guarded(work: impl FnOnce() -> Outcome) -> Outcome {
    static PLACE: Mutex<String> = Mutex::new(String::new());
    panic::set_hook(Box::new(|info| {
        if let (Some(place), Ok(mut slot)) = (info.location(), PLACE.lock()) {
            *slot = format!("{}:{}", tail(place.file()), place.line());
        }
    }));
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    outcome.unwrap_or_else(|_| {
        let place = PLACE.lock().map(|slot| slot.clone()).unwrap_or_default();
        let mut outcome = Outcome { exit: Exit::Failed, ..Outcome::default() };
        outcome.diagnostics.push(findings::bug(&place));
        outcome
    })
}

/// The last parts of a path: enough to find the file, and nothing of the machine it was
/// built on.
fn tail(path: &str) -> String {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    parts[parts.len().saturating_sub(4)..].join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_finding_without_its_text() {
        let outcome = guarded(|| panic!("the password is hunter2"));
        assert_eq!(outcome.exit, Exit::Failed);
        let found: Vec<_> = outcome.diagnostics.iter().collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "kiln.bug");
        let text = format!("{found:?}");
        assert!(text.contains("session.rs:") && !text.contains("hunter2"), "{text}");
    }

    #[test]
    fn only_the_end_of_a_path_is_shown() {
        assert_eq!(tail("crates/kiln/src/lib.rs"), "crates/kiln/src/lib.rs");
        assert_eq!(tail("/registry/src/x/minijinja-3.0.5/src/vm/mod.rs"), "minijinja-3.0.5/src/vm/mod.rs");
    }
}
