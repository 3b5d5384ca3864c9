//! What a look at a project's files finds, in words.

use kiln_model::Diagnostic;

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
