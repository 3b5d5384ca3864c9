//! What a new project is told, in words.

use kiln_model::Diagnostic;

/// The code of the findings because of which no new key is made.
pub(crate) const ANOTHER_KEY: &str = "init.key-is-elsewhere";

pub(crate) fn age_key_is_elsewhere(path: &str, config: &str, recipients: &[String]) -> Diagnostic {
    let named = recipients.iter().map(|recipient| format!("`{recipient}`")).collect::<Vec<_>>().join(", ");
    let message = format!("`{config}` already names an age key, and this folder has no `{path}`");
    Diagnostic::error(ANOTHER_KEY, message)
        .note(format!("the files here are encrypted to {named}; a new key would open none of them"))
        .help(format!(
            "copy `{path}`, and the other files that git ignores, from where the project was set up or from \
             your backup; then run `kiln init` again"
        ))
}

pub(crate) fn ssh_key_is_elsewhere(path: &str, public: &str) -> Diagnostic {
    let message = format!("`{public}` is here, and its private key `{path}` is not");
    Diagnostic::error(ANOTHER_KEY, message)
        .note("a new key would not be the one that the repository's host knows")
        .help(format!(
            "copy `{path}` from where the project was set up or from your backup; or delete `{public}` to \
             have a new key made"
        ))
}

pub(crate) fn unreadable(path: &str, reason: &str) -> Diagnostic {
    Diagnostic::error("init.unreadable", format!("`{path}` cannot be looked at: {reason}"))
        .help("move it out of the way, or make it readable, then run `kiln init` again")
}

pub(crate) fn no_randomness(path: &str) -> Diagnostic {
    Diagnostic::error(
        "init.no-randomness",
        format!("`{path}` cannot be made: the system gives no random bytes"),
    )
    .help("see to it that the system's random source works, then run `kiln init` again")
}

pub(crate) fn not_yaml(path: &str) -> Diagnostic {
    Diagnostic::warning("init.not-yaml", format!("`{path}` is missing, and only YAML files can be made"))
        .help(format!("write `{path}` by hand, or name a `.yaml` file under `[[data]]` in `kiln.toml`"))
}
