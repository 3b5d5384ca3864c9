//! Talos's own library makes and validates the machine configuration of every node.

use super::{Bench, Tally, verdict};
use crate::Result;
use crate::command::Run;

/// Asks for the machine configurations that follow from each rendered talconfig.yaml.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    for example in bench.examples {
        let folder = example.tree().join("talos");
        let output = Run::new(bench.cache.program("talos-genconfig")).arg(folder).stdout()?;
        verdict::count(example.name(), &output, tally)?;
    }
    Ok(())
}
