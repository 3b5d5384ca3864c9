//! What can be wrong with a project's data, in words.

use kiln_model::{Diagnostic, PathStep, Severity, Span, meant, nearest, path_text};
use kiln_pack::Generator;
use kiln_schema::SchemaError;
use kiln_secrets::{Take, TakeError};

pub(crate) fn unreadable(path: &str, reason: &str) -> Diagnostic {
    Diagnostic::error("load.unreadable", format!("`{path}` cannot be read: {reason}"))
        .help("put a file that kiln may read into the project itself")
}

pub(crate) fn not_text(path: &str) -> Diagnostic {
    Diagnostic::error("load.not-text", format!("`{path}` is not UTF-8 text")).help("save the file as UTF-8")
}

/// `named` is where `kiln.toml` asks for the file, if it does.
pub(crate) fn missing_file(file: &str, has_ending: bool, named: Span) -> Diagnostic {
    let name = if has_ending { file.to_owned() } else { format!("{file}.yaml") };
    let or =
        if named.is_none() { "name another project folder with `--project`" } else { "correct the path" };
    Diagnostic::error("load.missing-file", format!("the project has no `{name}`"))
        .label(named, "named here")
        .help(format!("make `{name}` with `kiln init`, or {or}"))
}

pub(crate) fn two_files(first: &str, second: &str) -> Diagnostic {
    Diagnostic::error("load.two-files", format!("the project has both `{first}` and `{second}`"))
        .help("keep one of them, or name the file to use under `[[data]]` in `kiln.toml`")
}

pub(crate) fn other_form(path: &str) -> Diagnostic {
    Diagnostic::error(
        "load.sops-other-form",
        format!("what `{path}` says is not of the form of the encrypted file"),
    )
    .help("decrypt the file with `kiln sops decrypt`, and encrypt it again")
}

pub(crate) fn empty_file(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error("load.not-a-mapping", format!("`{path}` says nothing"))
        .label(span, "expected a mapping")
        .help("write one `key: value` per line")
}

pub(crate) fn not_a_mapping(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error("load.not-a-mapping", format!("`{path}` is not a mapping from keys to values"))
        .label(span, "expected a mapping")
        .help("write one `key: value` per line")
}

pub(crate) fn no_schema(name: &str, known: &[String]) -> Diagnostic {
    let finding = Diagnostic::error("load.no-schema", format!("there is no schema `{name}`"));
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding
            .help("add it to the pack's `schemas/`, or name a JSON Schema of the project in `kiln.toml`"),
    }
}

pub(crate) fn bad_schema(file: &str, error: &SchemaError) -> Diagnostic {
    Diagnostic::error("load.bad-schema", error.to_string())
        .note(format!("it is the schema of `{file}`"))
        .help("write it for draft-07, without references to other files")
}

pub(crate) fn yaml_of_makejinja(span: Span) -> Diagnostic {
    Diagnostic::error("load.yaml-of-makejinja", "the data of a makejinja project is YAML 1.1")
        .label(span, "the templates would see other values than the schemas")
        .help("remove this line")
}

pub(crate) fn path_outside_project(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error("load.path-outside-project", format!("`{path}` does not lie below the project folder"))
        .label(span, "expected a relative path without `..`")
        .help("move it into the project; `--pack` and `--output` take folders from everywhere")
}

pub(crate) fn unknown_key_file(id: &str, known: &[&str], span: Span) -> Diagnostic {
    let help = match meant(id, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the pack has the key files `{}`", known.join("`, `")),
    };
    Diagnostic::error("load.unknown-key-file", format!("the pack has no key file `{id}`"))
        .label(span, "nothing reads this file")
        .help(help)
}

pub(crate) fn key_in_two_files(key: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error("validate.key-in-two-files", format!("`{key}` is set in two data files"))
        .label(second, "set again here")
        .label(first, "first set here")
        .help("keep one of them")
}

/// `path` is the data file that the key belongs to.
pub(crate) fn key_in_wrong_file(key: &str, path: &str, span: Span) -> Diagnostic {
    Diagnostic::error("validate.key-in-wrong-file", format!("`{key}` is a key of another file"))
        .label(span, format!("a key of `{path}`"))
        .help(format!("move it to `{path}`"))
}

pub(crate) fn derived_key(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error("validate.derived-key", format!("`{key}` is computed and cannot be set"))
        .label(span, "set by hand here")
        .help("remove it, and set the values it is computed from")
}

/// An optional key that was left empty, where that is no error.
pub(crate) fn empty_value(key: &[PathStep], span: Span) -> Diagnostic {
    let key = path_text(key);
    Diagnostic::warning("validate.empty-value", format!("`{key}` is empty, and counts as not set"))
        .label(span, "expected a value")
        .help("write a value, or remove the key")
        .note(EASED)
}

/// `keys` are at least one, with the place of each.
pub(crate) fn unused_keys(keys: &[(Vec<PathStep>, Span)]) -> Diagnostic {
    let (message, help) = match keys {
        [(only, _)] => (
            format!("`{}` does nothing in this version", path_text(only)),
            "leave it for a later version, or remove it",
        ),
        _ => (
            format!("{} keys do nothing in this version", keys.len()),
            "leave them for a later version, or remove them",
        ),
    };
    let warning = Diagnostic::warning("validate.unused-keys", message);
    let labelled =
        keys.iter().fold(warning, |warning, (_, at)| warning.label(*at, "nothing reads this key yet"));
    labelled.help(help)
}

/// `named` is where `kiln.toml` gives the path, if it does.
pub(crate) fn missing_key_file(
    path: &str,
    generator: Option<Generator>,
    named: Span,
    culprit: Span,
) -> Diagnostic {
    let how = match generator {
        Some(_) => "make one with `kiln init`, or copy the one you have",
        None => "copy it into the project",
    };
    Diagnostic::error("load.missing-key-file", format!("the key file `{path}` is missing"))
        .label(named, "named here")
        .label(culprit, "needed because of this")
        .help(how)
}

/// A run that writes nothing goes on without the key file.
pub(crate) fn passed_over_key_file(
    path: &str,
    generator: Option<Generator>,
    named: Span,
    culprit: Span,
) -> Diagnostic {
    let finding = missing_key_file(path, generator, named, culprit);
    Diagnostic { severity: Severity::Warning, ..finding }
        .note("what is made with it is passed over; `kiln configure` needs it")
}

pub(crate) fn bad_key_file(
    path: &str,
    value: &str,
    take: &Take,
    error: TakeError,
    named: Span,
    culprit: Span,
) -> Diagnostic {
    let found = match error {
        TakeError::Empty => "it is empty",
        TakeError::NotText => "it is not UTF-8 text",
        TakeError::NoLine => "no line starts so",
        TakeError::SeveralLines => "several lines start so",
        TakeError::NotJson => "it is not a JSON object",
        TakeError::NoField => "there is no such text field",
    };
    let expected = match take {
        Take::Text => "expected text".to_owned(),
        Take::Line(prefix) | Take::After(prefix) => {
            format!("expected one line that starts with `{}`", prefix.trim_end())
        }
        Take::Json(field) => format!("expected a JSON object with the text field `{field}`"),
    };
    Diagnostic::error(
        "load.bad-key-file",
        format!("the key file `{path}` does not hold the value `{value}`: {found}"),
    )
    .label(named, "named here")
    .label(culprit, "needed because of this")
    .help(expected)
}

pub(crate) fn derive_cycle(ids: &[&str], span: Span) -> Diagnostic {
    let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    Diagnostic::error("derive.cycle", format!("these values need each other: {}", ids.join(", ")))
        .label(span, "the first of them")
        .help("compute one of them from the data alone")
}

pub(crate) fn secret_in_message(rule: &str, secret: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "check.secret-in-message",
        format!("the message of the rule `{rule}` would print the secret `{secret}`"),
    )
    .label(span, "a secret is used here")
    .help("name the key, not its value")
}

/// The message of a rule that looks at what is encrypted.
pub(crate) fn silent_rule(rule: &str, file: &str) -> String {
    format!(
        "the rule `{rule}` is broken; its words are not shown, for they may repeat what `{file}` encrypts"
    )
}

/// The note of an error that is a warning in this run.
pub(crate) const EASED: &str = "this is an error without `--compat`";

/// The note of a finding that stands for those about all items of a list.
pub(crate) fn all_items(list: &str, count: usize, keys: &[&str]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    format!("it is the same for all {count} entries of `{list}`, so look at {} first", keys.join(" and "))
}

pub(crate) fn look_up(rule: &str) -> String {
    format!("look the rule `{rule}` up in the pack's `checks/`, or move what is no secret to a file in clear")
}

pub(crate) fn clear_not_ignored(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "load.clear-not-ignored",
        format!("`{path}` may contain secrets in plain text, and git does not ignore it"),
    )
    .label(span, "not matched by `.gitignore`")
    .help(format!("add `/{path}` to `.gitignore`"))
}
