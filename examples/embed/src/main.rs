//! Renders `examples/internal-only` in memory and prints what came out: the outputs with their
//! sizes, and the diagnostics. Nothing on the disk is read by kiln or written at all; the
//! project is compiled into this program.
//!
//! Run it with `cargo run -p embed`.

use std::io::{self, Write};

use kiln::{MemoryFiles, Request};

/// The project: a folder of a server, a database, a buffer of an editor — here, constants.
fn project() -> MemoryFiles {
    let mut files = MemoryFiles::new();
    files.insert("cluster.yaml", include_str!("../../internal-only/cluster.yaml"));
    files.insert("nodes.yaml", include_str!("../../internal-only/nodes.yaml"));
    files.insert("age.key", include_str!("../../internal-only/age.key"));
    files
}

fn main() -> io::Result<()> {
    let project = project();
    // There are no outputs of an earlier run here, so every secret is encrypted anew.
    let report = kiln::run(&Request::new(&project, 1_767_225_600));

    let mut out = io::stdout().lock();
    for artifact in &report.artifacts {
        let kind = if artifact.is_encrypted() { "encrypted" } else { "plain" };
        writeln!(out, "{:>6} bytes {kind:<9} {}", artifact.bytes().len(), artifact.path())?;
    }
    for diagnostic in report.diagnostics.iter() {
        let span = diagnostic.span();
        let position = report.sources.position(span.source, span.start);
        let (path, line) = (report.sources.path(span.source), position.line);
        let (severity, code) = (diagnostic.severity.name(), &diagnostic.code);
        writeln!(out, "{severity}[{code}] {path}:{line}: {}", diagnostic.message)?;
    }
    writeln!(out, "{} outputs, {} diagnostics", report.artifacts.len(), report.diagnostics.iter().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_renders_without_errors_and_without_a_disk() {
        let report = kiln::run(&Request::new(&project(), 0));
        assert!(!report.diagnostics.has_errors());
        assert!(report.artifacts.iter().any(|artifact| artifact.path() == ".sops.yaml"));
        assert!(report.artifacts.iter().any(|artifact| artifact.is_encrypted()));
    }
}
