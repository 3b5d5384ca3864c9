//! Where each part of an output comes from.

use kiln_jinja::{At, Engine, Piece};

use crate::outputs::Output;

/// The parts of the output's text, in order, each with the place in a template that made it.
///
/// It renders the output once more. `None` if that fails.
pub fn trace(output: &Output, engine: &Engine) -> Option<Vec<Piece>> {
    let Some(template) = &output.template else {
        // A file that is taken as it is comes from itself.
        let whole = 0..output.text.as_ref().map_or(0, String::len);
        let source = Some(output.start.source);
        let at = At { template: output.path.clone(), bytes: whole.clone(), source };
        return Some(vec![Piece { bytes: whole, at, is_text: true, values: Vec::new(), calls: Vec::new() }]);
    };
    engine.trace(template, &output.scope).ok().map(|(_, pieces)| pieces)
}
