//! An outcome with one of everything, for the tests of the formats.

use std::time::Duration;

use kiln::{Action, Diagnostic, Diagnostics, Fix, Severity, Span};

use crate::exit::Exit;
use crate::report::{FileChange, Line, Outcome};

/// A run that found something of every kind; its password is `hunter2`.
pub(crate) fn with_findings() -> Outcome {
    let mut outcome = Outcome {
        mode: "pack",
        pack: "demo 1.2.0, built in".to_owned(),
        output: "target/demo".to_owned(),
        stages: vec![line("load", "2 data files", 1_250), line("validate", "14 keys", 300)],
        exit: Exit::Errors,
        ..Outcome::default()
    };
    let text = "name: größe\nnode_cidr: 10.0.0.0/42\npassword: hunter2\nlist:\n  - a\n  - b\n";
    let data = outcome.sources.add("demo/cluster.yaml", text);
    let nodes = outcome.sources.add("demo/my nodes.yaml", "nodes:\n  - address: 10.1.0.1\n");
    let at = |part: &str| {
        let start = text.find(part).expect("the part is in the text");
        Span::new(data, start, start + part.len())
    };
    outcome.sources.mask(at("hunter2"));
    outcome.diagnostics = findings(&at, Span::new(nodes, 20, 28));
    outcome
}

fn findings(at: &dyn Fn(&str) -> Span, address: Span) -> Diagnostics {
    let mut sink = Diagnostics::new();
    sink.push(
        Diagnostic::error("derive.not-a-network", "`10.0.0.0/42` is not a network")
            .label(at("10.0.0.0/42"), "the prefix is at most 32 long")
            .label(address, "needed for this")
            .label(at("größe"), "")
            .note("`node_gateway` is derived from it")
            .help("write `10.0.0.0/24` if the nodes share 256 addresses")
            .fix(Some(Fix { span: at("10.0.0.0/42"), text: "10.0.0.0/24".to_owned() })),
    );
    sink.push(
        Diagnostic::warning("check.weak-password", "the password is short: 100 % guessable, soon")
            .label(at("hunter2"), ""),
    );
    sink.push(
        Diagnostic::error("validate.wrong-type", "`list` is a list").label(at("- a\n  - b"), "not text"),
    );
    sink.push(Diagnostic::new(Severity::Info, "plan.stale", "`old.yaml` is no longer an output"));
    sink
}

/// A run without findings that changed files.
pub(crate) fn with_changes() -> Outcome {
    let change = |path: &str, action| FileChange { path: path.to_owned(), action };
    Outcome {
        mode: "pack",
        pack: "demo 1.2.0, built in".to_owned(),
        output: "target/demo".to_owned(),
        stages: vec![line("render", "4 outputs", 12_000)],
        changes: vec![
            change("a/new.yaml", Action::Create),
            change("b.yaml", Action::Update),
            change("kiln.lock", Action::Update),
        ],
        kept: 2,
        written: true,
        ..Outcome::default()
    }
}

fn line(name: &'static str, summary: &str, micros: u64) -> Line {
    Line::new(name, summary.to_owned(), Duration::from_micros(micros))
}

/// Without escape sequences.
pub(crate) fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
