//! Compiling templates and rendering outputs.

use kiln_jinja::Engine;
use kiln_model::{Diagnostics, Rendered, Sources, Span};
use kiln_pack::Pack;

use crate::outputs::Output;
use crate::{findings, reveal};

/// Compiles every template of the pack and of the project. Each that is broken is
/// reported.
pub fn compile(pack: &Pack, engine: &mut Engine, sources: &Sources, sink: &mut Diagnostics) {
    for (name, template) in &pack.templates {
        if let Err(failure) = engine.add_template(name, template.source, &template.text) {
            failure.report("render", Span::NONE, sources, sink);
        }
    }
}

/// The plain text of an output; `None` if it cannot be had, which has been reported.
pub fn render(
    output: &Output,
    pack: &Pack,
    engine: &Engine,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> Option<Rendered> {
    let Some(template) = &output.template else {
        let text = output.text.clone().unwrap_or_default();
        return finish(output, text, Vec::new(), sink);
    };
    match engine.render(template, &output.scope) {
        Ok(printed) => {
            let reveals = reveal::locate(printed.reveals, output, template, pack, sources);
            finish(output, printed.text.to_string(), reveals, sink)
        }
        // A template that did not compile has been reported.
        Err(_) if engine.is_broken(template) => None,
        Err(failure) => {
            failure.report("render", output.start, sources, sink);
            None
        }
    }
}

fn finish(
    output: &Output,
    text: String,
    reveals: Vec<kiln_model::Reveal>,
    sink: &mut Diagnostics,
) -> Option<Rendered> {
    if text.trim().is_empty() {
        sink.error(findings::empty_output(&output.path, output.start));
        return None;
    }
    Some(Rendered::new(output.path.as_str(), text, output.start, reveals))
}
