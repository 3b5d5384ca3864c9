//! The engine for a pack's expressions, and conditions.

use kiln_jinja::{Engine, Limits, Local, Scope, Session, Syntax};
use kiln_model::{Diagnostic, Diagnostics, Map, Reported, Sources, Span};
use kiln_pack::{Expr, Pack};

/// An engine with the pack's delimiters and function aliases and the project's limits, without
/// templates.
///
/// # Errors
/// If the delimiters cannot be told apart.
pub fn engine(
    pack: &Pack,
    limits: Limits,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> Result<Engine, Reported> {
    let jinja = Syntax::default();
    let or = |own: &Option<(String, String)>, default| own.clone().unwrap_or(default);
    let syntax = Syntax {
        block: or(&pack.syntax.block, jinja.block),
        variable: or(&pack.syntax.variable, jinja.variable),
        comment: or(&pack.syntax.comment, jinja.comment),
    };
    let mut engine = Engine::with_limits(&syntax, limits)
        .map_err(|failure| sink.error(failure.diagnostic("pack", Span::NONE, "")))?;
    for (name, function) in &pack.functions {
        if let Err(failure) = engine.add_alias(name, &function.params, &function.value.text) {
            failure.report("pack", function.value.span, sources, sink);
        }
    }
    Ok(engine)
}

/// Whether a condition holds for the data; `None` if that cannot be said.
pub fn holds(engine: &Engine, expr: &Expr, data: &Map) -> Option<bool> {
    engine.holds(&expr.text, &Scope::new(data)).ok()
}

/// Takes over findings, but of those that are alike in every word and place the first alone: an
/// expression that fails for all items of a list is one mistake.
pub(crate) fn extend_once(sink: &mut Diagnostics, found: Diagnostics) {
    let mut known: Vec<Diagnostic> = Vec::new();
    for finding in found {
        if !known.contains(&finding) {
            known.push(finding.clone());
            sink.push(finding);
        }
    }
}

/// Whether a condition holds; `None` if that cannot be said, which has been reported.
pub(crate) fn condition(
    session: &Session<'_>,
    expr: &Expr,
    local: Option<&Local<'_>>,
    stage: &str,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> Option<bool> {
    match session.holds(&expr.text, local) {
        Ok(holds) => Some(holds),
        Err(failure) => {
            failure.report(stage, expr.span, sources, sink);
            None
        }
    }
}
