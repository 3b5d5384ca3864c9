//! Renders a GitOps cluster repository from its configuration.
//!
//! This is the one crate that programs which embed kiln need. [`run`] takes a project
//! through load, validate, derive, check, render, manifest checks and encrypt, all in
//! memory; [`plan`] compares the result with a folder; [`Plan::commit`] writes it.
//! [`init`] says what a folder lacks to be a project, [`doctor`] what a project forgets.

mod allow;

mod doctor;

mod encrypt;

pub mod explain;

mod files;

mod fix;

mod findings;

mod init;

mod inputs;

pub mod makejinja;

mod plugins;

mod pipeline;

mod provenance;

mod report;

mod sealed_inputs;

pub mod secrets;

pub mod sops;

mod stand_in;

mod trace;

pub mod why;

pub use allow::Allowed;
pub use doctor::{Checkup, Tool, doctor, holds_key_of};
pub use fix::{Mended, Mending, fix};
pub use init::{InitReport, SchemaReport, init, schema};
pub use kiln_disk::{
    Action, Change, CommitError, DiskFiles, Force, Held, Hold, LOCK_FILE, Plan, PlanError, PrivateFolder,
    Reason, Receipt, Recovered, Target, Waiting, Watch, create_new, exchange, hold, is_interrupted, live,
    plan, put, recover, replace, reset, wipe,
};
pub use kiln_init::schema_file;
pub use kiln_manifest::{Pruned, pruned};
pub use kiln_migrate::{Migration, NoProject, migrate};
pub use kiln_model::{
    Artifact, Diagnostic, Diagnostics, Entry, FileError, Files, Fix, Label, Map, MemoryFiles, Mode, NewFile,
    Node, Origin, Position, Rendered, Secret, Severity, Source, SourceId, Sources, Span, Value, nearest,
};
pub use kiln_render::Part;
pub use kiln_sops::{FileValue, ValueChange};
pub use report::{KeySource, NotOpened, Report, Request, Stage};
pub use trace::{Trace, TracedFunction, TracedText, TracedValue, trace};

/// Takes a project through load, validate, derive and check, and renders nothing: what an editor
/// asks for at every key.
///
/// Every finding of these stages is in [`Report::diagnostics`].
pub fn check(request: &Request<'_>) -> Report {
    let mut report = Report { mode: "pack", output: ".".to_owned(), ..Report::default() };
    // `Err` says that an error in the report kept the run from going on.
    let _ = pipeline::check(request, &mut report);
    report
}

/// Takes a project through every stage up to encryption, in memory.
///
/// Nothing is written anywhere. Every finding is in [`Report::diagnostics`]; while one of
/// them is an error, [`Report::artifacts`] is empty.
pub fn run(request: &Request<'_>) -> Report {
    let mut report = Report { mode: "pack", output: ".".to_owned(), ..Report::default() };
    // `Err` says that an error in the report kept the run from going on.
    let _ = pipeline::run(request, &mut report);
    report
}
