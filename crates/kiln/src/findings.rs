//! What a look at a project's files finds, in words.

use kiln_model::{Diagnostic, Severity, Span};

pub(crate) fn makejinja_project() -> Diagnostic {
    Diagnostic::error(
        "load.makejinja-project",
        "this is a makejinja project, which has no pack: its templates and data are what `makejinja.toml` names",
    )
    .help("run it with `kiln configure`; a program that embeds kiln calls `makejinja::configure`")
}

pub(crate) fn not_trusted(what: &str) -> Diagnostic {
    Diagnostic::error("makejinja.not-trusted", format!("{what}, and nobody trusted this project"))
        .note("looking at a project runs nothing that is in it")
        .help("read what it runs; then say `kiln trust` in its folder, or run `kiln configure`")
}

/// The note of an error that somebody tried to silence.
pub(crate) const NO_ERRORS: &str = "an error cannot be silenced";

/// Where no code is named, or one that no finding has.
pub(crate) fn allow_unknown(code: &str, near: Option<&str>, span: Span) -> Diagnostic {
    let message = match code {
        "" => "this names no finding to be silenced".to_owned(),
        code => format!("there is no finding `{code}` to be silenced"),
    };
    Diagnostic::warning("load.allow-unknown", message).label(span, "silences nothing").help(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write the code that stands in brackets before the message, or remove this".to_owned(),
    })
}

/// Where there is nothing that is to be silenced.
pub(crate) fn allow_unused(code: &str, is_elsewhere: bool, span: Span) -> Diagnostic {
    Diagnostic::warning(
        "load.allow-unused",
        format!("`{code}` is allowed here, where nothing of the kind is found"),
    )
    .label(span, "silences nothing")
    .help(match is_elsewhere {
        true => "write it at the end of a line that the finding points at, or directly above",
        false => "remove it",
    })
}

/// Where nobody says why.
pub(crate) fn allow_without_reason(code: &str, span: Span) -> Diagnostic {
    Diagnostic::warning("load.allow-without-reason", format!("nobody says why `{code}` does not matter here"))
        .label(span, "no reason")
        .help(format!("write the reason behind the code: `# kiln: allow {code} because …`"))
}

pub(crate) fn no_output_folder() -> Diagnostic {
    Diagnostic::error("makejinja.no-output-folder", "the output of this project is not a folder")
        .help("run `kiln makejinja`, or name a folder as `output` in `makejinja.toml`")
}

pub(crate) fn output_outside(path: &str) -> Diagnostic {
    Diagnostic::error(
        "makejinja.output-outside",
        format!("the output folder `{path}` of `makejinja.toml` does not lie in the project"),
    )
    .help("name it with `--output` if that is where the files shall go, or run `kiln makejinja`")
}

pub(crate) fn bad_schema_of(data: &str, schema: &str, why: &str) -> Diagnostic {
    Diagnostic::error("load.no-schema", format!("the schema `{schema}` of `{data}` cannot be read: {why}"))
        .help("put it there, or take its name out of the first lines of the file or of `kiln.toml`")
}

pub(crate) fn named_as_encrypted(path: &str) -> Diagnostic {
    Diagnostic::error(
        "encrypt.no-rule",
        format!("the output `{path}` is named as an encrypted file, and no creation rule covers it"),
    )
    .help("add a rule for it to `.sops.yaml`, or give it a name without `.sops.`")
}

pub(crate) fn rule_not_applied(path: &str, stays: bool) -> Diagnostic {
    let message =
        format!("a creation rule covers the output `{path}`, and the file that is there is in plain text");
    let severity = if stays { Severity::Warning } else { Severity::Error };
    Diagnostic::new(severity, "encrypt.rule-not-applied", message)
        .note(if stays { "it stays as it is" } else { "its new text would be in plain text, too" })
        .help("to have it encrypted, name it `*.sops.*` or remove the file; else make the rule's pattern narrower")
}

pub(crate) fn private_key_in_clear(path: &str) -> Diagnostic {
    Diagnostic::error(
        "encrypt.secret-copied",
        format!("the output `{path}` stays in plain text and contains a private age key"),
    )
    .help(format!(
        "name it `*.sops.*` so that a rule of `.sops.yaml` covers it, or list `{path}` under `[[clear]]` in \
         `kiln.toml` with a reason"
    ))
}

pub(crate) fn bad_identity_file(path: &str) -> Diagnostic {
    Diagnostic::error("encrypt.bad-identity", format!("`{path}` is not one age key"))
        .help("put your age key back from your backup")
}

pub(crate) fn not_ignored(code: &'static str, path: &str) -> Diagnostic {
    Diagnostic::warning(code, format!("`{path}` is secret, and git does not ignore it"))
        .help(format!("add `/{path}` to `.gitignore`"))
}

pub(crate) fn missing_data(path: &str) -> Diagnostic {
    Diagnostic::error("doctor.missing-file", format!("the project has no `{path}`"))
        .help("make it with `kiln init`, or copy it: git may not have it, because it holds secrets")
}

pub(crate) fn missing_key(path: &str, can_be_made: bool) -> Diagnostic {
    let finding = Diagnostic::error("doctor.missing-file", format!("the key file `{path}` is missing"));
    if can_be_made {
        finding.help("copy it from where the project was set up; for a new project, make it with `kiln init`")
    } else {
        finding.help("copy it into the project")
    }
}

pub(crate) fn invalid_data(errors: usize) -> Diagnostic {
    let errors = if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") };
    Diagnostic::error("doctor.invalid-data", format!("the project's data has {errors}"))
        .help("run `kiln validate`, which shows every one with its place")
}

pub(crate) fn bad_identity(label: &str) -> Diagnostic {
    Diagnostic::error("doctor.bad-identity", format!("`{label}` is not one age key"))
        .help("put your age key back from your backup")
}

pub(crate) fn halves_differ(path: &str, actual: &str) -> Diagnostic {
    // What stands there instead is not shown: it may be a private key.
    let message = format!("the public key that `{path}` names is not that of its private key");
    Diagnostic::error("doctor.key-halves-differ", message)
        .note("files would be encrypted to a key that nobody here has")
        .help(format!("write `{actual}` instead, or put the key that belongs to it back"))
}

pub(crate) fn key_mismatch(config: &str, named: &[String], recipient: &str) -> Diagnostic {
    let message = format!("`{config}` does not name the project's age key `{recipient}`");
    let named = named.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    Diagnostic::error("doctor.key-mismatch", message)
        .note(format!("what is encrypted here was encrypted to {named}, and this key opens none of it"))
        .help("put the key back with which the project was set up; for a new key, run `kiln configure`")
}

pub(crate) fn old_schema(path: &str, name: &str) -> Diagnostic {
    Diagnostic::warning("doctor.old-schema", format!("`{path}` is not the schema that this kiln uses"))
        .note("your editor knows other keys than kiln does")
        .help(format!("run `kiln schema {name} --write`"))
}
