//! Talos's own library makes and validates the machine configuration of every node.

use tempfile::TempDir;

use super::{Bench, Tally, verdict};
use crate::Result;
use crate::command::Run;

/// Asks for the machine configurations that follow from what talhelper and what topf would be
/// given for each project, and whether they are the same.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    for example in bench.examples {
        let mut run = Run::new(bench.cache.program("talos-genconfig"));
        let trees = ["talhelper", "topf"].map(|tool| example.configured_with("talos_tool", tool));
        let trees: Vec<TempDir> = trees.into_iter().collect::<Result<_>>()?;
        for tree in &trees {
            run = run.arg(tree.path().join("talos"));
        }
        verdict::count(example.name(), &run.stdout()?, tally)?;
    }
    Ok(())
}
