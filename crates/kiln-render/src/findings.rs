//! What can be wrong with the set of outputs, in words.

use kiln_model::{Diagnostic, Span, nearest};

pub(crate) fn dependency_cycle(names: &[String], span: Span) -> Diagnostic {
    Diagnostic::error(
        "render.dependency-cycle",
        format!("these Kustomizations wait for each other: `{}`", names.join("`, `")),
    )
    .label(span, "one edge of the cycle")
    .help("remove an edge, so that one of them can start")
}

pub(crate) fn no_template<'a>(name: &str, known: impl Iterator<Item = &'a str>, span: Span) -> Diagnostic {
    let finding = Diagnostic::error("render.template-not-found", format!("there is no template `{name}`"))
        .label(span, "no such file below `templates/`");
    match nearest(name, known) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("name a file below `templates/`"),
    }
}

pub(crate) fn secret_in_path(secret: &str, span: Span) -> Diagnostic {
    Diagnostic::error("render.secret-in-path", format!("a path would contain the secret `{secret}`"))
        .label(span, "a secret is used here")
        .help(
            "build paths from values that are not secret; what stands encrypted in a data file is, so move \
             such a key to the file in clear",
        )
}

pub(crate) fn path_outside_root(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "render.path-outside-root",
        format!("the output `{path}` would lie outside the output folder"),
    )
    .label(span, "expected a path below the output folder")
    .help("write a relative path without `..`")
}

pub(crate) fn bad_path(path: &str, why: &str, span: Span) -> Diagnostic {
    let shown: String = path.chars().map(|char| if char.is_control() { '?' } else { char }).collect();
    Diagnostic::error("render.bad-path", format!("`{shown}` cannot be the path of an output: {why}"))
        .label(span, "this path")
        .help("write folders and a file name, separated by single `/`")
}

pub(crate) fn output_is_input(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "render.output-is-input",
        format!("the output `{path}` would replace a file that kiln reads"),
    )
    .label(span, "this output")
    .help("give it another path, or name another folder for outputs under `output` in `kiln.toml`")
}

pub(crate) fn duplicate_path(path: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error("render.duplicate-path", format!("two outputs have the path `{path}`"))
        .label(second, "the second")
        .label(first, "the first")
        .help("make the paths differ, or give one of them a `when`")
}

pub(crate) fn case_collision(a: &str, b: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error("render.case-collision", format!("the paths `{a}` and `{b}` differ in case alone"))
        .label(second, "the second")
        .label(first, "the first")
        .help("make them differ in more than case: some file systems cannot tell them apart")
}

pub(crate) fn empty_output(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error("render.empty-output", format!("the output `{path}` is empty"))
        .label(span, "this template gave nothing")
        .help("give the output a `when`, so that it exists only where it has content")
}
