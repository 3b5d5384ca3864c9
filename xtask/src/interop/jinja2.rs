//! Jinja2 renders every template and evaluates every expression of the pack.

use super::{Bench, Tally, verdict};
use crate::Result;
use crate::command::Run;

/// Asks Jinja2 for everything that kiln rendered and evaluated.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let cases = serde_json::to_vec(&jinja_cases()?)?;
    let script = bench.root.join("xtask/peers/jinja2/render.py");
    let output = Run::new(bench.cache.python()).arg(script).input(cases).stdout()?;
    verdict::count(&output, tally)
}

/// What kiln rendered and evaluated, in the format that `render.py` describes.
fn jinja_cases() -> Result<serde_json::Value> {
    Err("kiln does not tell yet what it has rendered".into())
}
