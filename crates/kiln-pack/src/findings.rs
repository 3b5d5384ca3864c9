//! What can be wrong with a pack, in words.

use kiln_model::{Diagnostic, Span, nearest};

pub(crate) fn unreadable(path: &str, reason: &str) -> Diagnostic {
    Diagnostic::error("pack.unreadable", format!("`{path}` cannot be read: {reason}"))
        .help("put a file that kiln may read in its place")
}

pub(crate) fn not_text(path: &str) -> Diagnostic {
    Diagnostic::error("pack.not-text", format!("`{path}` is not UTF-8 text"))
        .help("save the file as UTF-8; binary files cannot be part of a pack")
}

pub(crate) fn not_a_pack(place: &str) -> Diagnostic {
    Diagnostic::error("pack.missing", format!("there is no `{place}`, so this folder is not a pack"))
        .help("name a folder that holds a `pack.toml`")
}

pub(crate) fn not_a_mapping(span: Span) -> Diagnostic {
    Diagnostic::error("pack.not-a-mapping", "the file is not a mapping from ids to entries")
        .label(span, "expected a mapping")
        .help("write one entry per id, as in `id: {…}`")
}

pub(crate) fn duplicate_id(id: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error("pack.duplicate-id", format!("the id `{id}` is used twice"))
        .label(second, "used again here")
        .label(first, "first used here")
        .help("give each entry an id of its own")
}

pub(crate) fn unused_file(path: &str) -> Diagnostic {
    Diagnostic::warning("pack.unused-file", format!("`{path}` has no effect")).help(
        "a layer has `pack.toml`, `versions.yaml`, YAML files in `apps`, `checks` and `derive`, and the \
         folders `templates`, `macros` and `schemas`",
    )
}

pub(crate) fn nothing_to_remove<'a>(
    key: &str,
    known: impl Iterator<Item = &'a str>,
    span: Span,
) -> Diagnostic {
    let finding =
        Diagnostic::warning("pack.nothing-to-remove", format!("there is no `{key}` that could be removed"))
            .label(span, "`null` removes an entry of the pack");
    match nearest(key, known) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("remove this line"),
    }
}

pub(crate) fn reserved_name(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("pack.reserved-name", format!("`{name}` is a name that kiln itself gives a value"))
        .label(span, "computed here")
        .help("call the value something else")
}

pub(crate) fn missing_id(span: Span) -> Diagnostic {
    Diagnostic::error("pack.missing-id", "the entry has no id")
        .label(span, "expected `id = \"…\"`")
        .help("add an `id`, so that another layer can change the entry")
}

pub(crate) fn unknown_chart<'a>(chart: &str, known: impl Iterator<Item = &'a str>, span: Span) -> Diagnostic {
    let finding = Diagnostic::error("pack.unknown-chart", format!("`versions.yaml` has no chart `{chart}`"))
        .label(span, "no such key of `charts`");
    match nearest(chart, known) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("add the chart with its repository and version to `versions.yaml`"),
    }
}

pub(crate) fn unknown_app<'a>(edge: &str, known: impl Iterator<Item = &'a str>, span: Span) -> Diagnostic {
    let finding = Diagnostic::error("pack.unknown-app", format!("there is no app or Kustomization `{edge}`"))
        .label(span, "nothing has this name");
    match nearest(edge, known) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("name an app by its id, or one of its folders by `APP/FOLDER`"),
    }
}

pub(crate) fn internal_schema(name: &str) -> Diagnostic {
    Diagnostic::error("pack.bad-schema", format!("kiln's own schema `{name}` does not compile"))
        .help("please report it")
}
