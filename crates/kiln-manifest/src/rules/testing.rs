//! What the tests of the rules share.

use kiln_model::{Diagnostic, Diagnostics, Rendered, Span};

/// The findings about these outputs (path and text), in order.
pub(crate) fn codes(outputs: &[(&str, &str)]) -> Vec<Diagnostic> {
    let rendered: Vec<Rendered> =
        outputs.iter().map(|(path, text)| Rendered::new(*path, *text, Span::NONE, Vec::new())).collect();
    let mut sink = Diagnostics::new();
    crate::check(&rendered, &mut sink);
    sink.into_iter().collect()
}

/// The places of the findings about these outputs, each `path:line`.
pub(crate) fn places(outputs: &[(&str, &str)]) -> Vec<Vec<String>> {
    let rendered: Vec<Rendered> =
        outputs.iter().map(|(path, text)| Rendered::new(*path, *text, Span::NONE, Vec::new())).collect();
    let mut sink = Diagnostics::new();
    let texts = crate::check(&rendered, &mut sink);
    let place =
        |span: Span| format!("{}:{}", texts.path(span.source), texts.position(span.source, span.start).line);
    sink.iter().map(|it| it.labels.iter().map(|label| place(label.span)).collect()).collect()
}

/// Holds if there is nothing to say.
#[track_caller]
pub(crate) fn accept(outputs: &[(&str, &str)]) {
    let found = codes(outputs);
    assert!(found.is_empty(), "{outputs:#?} gives {found:#?}");
}

/// Holds if there is exactly one finding, with this code.
#[track_caller]
pub(crate) fn reject(outputs: &[(&str, &str)], code: &str) {
    let found: Vec<_> = codes(outputs).into_iter().map(|it| it.code).collect();
    assert_eq!(found, [code], "{outputs:#?}");
}
