//! What is to be said of the encrypted files of a tree.

use kiln_model::{Diagnostic, FileError, Severity};
use kiln_sops::Difference;

pub(super) fn unlisted(error: &FileError) -> Diagnostic {
    Diagnostic::error(
        "secrets.unreadable",
        format!("the folder `{}` cannot be listed: {}", error.path, error.reason),
    )
    .help("see to it that kiln may read the folder")
}

pub(super) fn unreadable(error: &FileError) -> Diagnostic {
    Diagnostic::error("secrets.unreadable", format!("`{}` cannot be read: {}", error.path, error.reason))
        .help("see to it that kiln may read the file")
}

pub(super) fn rules_not_text(path: &str) -> Diagnostic {
    Diagnostic::error("secrets.unreadable", format!("`{path}` is not UTF-8"))
        .help("write the creation rules as YAML in UTF-8")
}

/// A file that is to be encrypted is not.
pub(super) fn not_encrypted(path: &str, is_ruled: bool) -> Diagnostic {
    let why = if is_ruled { "a creation rule covers it" } else { "its name says that it is" };
    Diagnostic::error("secrets.not-encrypted", format!("`{path}` is not encrypted, and {why}"))
        .note("if it was ever pushed, others may have read it: then change the secrets in it, too")
        .help(format!("run `kiln sops encrypt --in-place {path}`, or rename it if nothing in it is secret"))
}

pub(super) fn no_document(path: &str, format: &str, line: usize, what: &str) -> Diagnostic {
    Diagnostic::error("secrets.damaged", format!("`{path}` cannot be read as {format}: line {line}: {what}"))
        .help(
            "take the file from git as it was; if a merge broke it, merge it with `kiln secrets install-git`",
        )
}

pub(super) fn bad_block(path: &str, what: &str) -> Diagnostic {
    Diagnostic::error("secrets.damaged", format!("`{path}` has a damaged `sops` block: {what}"))
        .help("take the file from git as it was, or encrypt it anew")
}

pub(super) fn line_ends(path: &str, what: &str) -> Diagnostic {
    Diagnostic::error("secrets.damaged", format!("`{path}` cannot be read: {what}"))
        .help("give it LF as line ends again; `*.sops.* text eol=lf` in `.gitattributes` keeps them")
}

pub(super) fn no_mac(path: &str) -> Diagnostic {
    Diagnostic::error("secrets.damaged", format!("`{path}` has no MAC, so nothing shows who changed it"))
        .help("take the file from git as it was, or encrypt it anew")
}

pub(super) fn value_in_clear(path: &str, key: &str) -> Diagnostic {
    Diagnostic::error("secrets.value-in-clear", format!("the value at `{key}` of `{path}` is not encrypted"))
        .note("if it was ever pushed, others may have read it: then change the secret, too")
        .help(format!("take the file from git as it was, then set the value with `kiln sops edit {path}`"))
}

/// A file was changed by somebody without the key.
pub(super) fn tampered(path: &str, what: &str) -> Diagnostic {
    Diagnostic::error("secrets.tampered", format!("`{path}` is not as it was encrypted: {what}"))
        .help("see in git who changed it; take it from git as it was, or edit it with `kiln sops edit`")
}

pub(super) fn not_opened(path: &str) -> Diagnostic {
    Diagnostic::error(
        "secrets.tampered",
        format!("`{path}` names a key that is at hand, which does not open it"),
    )
    .help("take the file from git as it was, or encrypt it anew")
}

/// No key at hand is one of the file's.
pub(super) fn locked(path: &str) -> Diagnostic {
    Diagnostic::new(
        Severity::Info,
        "secrets.not-verified",
        format!("none of the keys at hand opens `{path}`"),
    )
    .note("its structure and its recipients were looked at, and not its values")
}

pub(super) fn no_rule(path: &str, has_rules: bool) -> Diagnostic {
    let message = format!("no creation rule covers `{path}`");
    let severity = if has_rules { Severity::Warning } else { Severity::Info };
    Diagnostic::new(severity, "secrets.no-rule", message)
        .note("nothing says to whom it is to be encrypted")
        .help("add a rule to `.sops.yaml`")
}

/// A file is not as its creation rule says.
pub(super) fn differs(path: &str, difference: &Difference) -> Diagnostic {
    let recipients = |message: String| {
        Diagnostic::error("secrets.wrong-recipients", message)
            .help("run `kiln secrets rotate`, which gives every file the recipients of its rule")
    };
    let options = |message: String| {
        Diagnostic::error("secrets.wrong-options", message)
            .help("decrypt the file and encrypt it again, or correct the rule")
    };
    match difference {
        Difference::Missing(recipient) => {
            recipients(format!("`{path}` is not encrypted to `{recipient}`, which its rule names"))
        }
        Difference::Surplus(recipient) => {
            recipients(format!("`{path}` is encrypted to `{recipient}`, which its rule does not name"))
        }
        Difference::Groups => {
            recipients(format!("`{path}` has other groups of keys than its rule, or another threshold"))
        }
        Difference::OtherKeys(file, rule) => {
            let list = |kinds: &[String]| if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") };
            let (file, rule) = (list(file), list(rule));
            Diagnostic::error(
                "secrets.wrong-recipients",
                format!("`{path}` has other kinds of keys than its rule: {file} instead of {rule}"),
            )
            .help("run `sops updatekeys` where those keys are, or correct the rule")
        }
        Difference::Selection(file, rule) => {
            options(format!("`{path}` encrypts by `{file}`, and its rule says `{rule}`"))
        }
        Difference::MacOnlyEncrypted(true) => options(format!(
            "the MAC of `{path}` covers encrypted values alone, and its rule does not say so"
        )),
        Difference::MacOnlyEncrypted(false) => {
            options(format!("the MAC of `{path}` covers all values, and its rule says `mac_only_encrypted`"))
        }
    }
}

pub(super) fn no_recipient(recipient: &str) -> Diagnostic {
    // What was given may be a private key by mistake, so it is not shown.
    let shown =
        if recipient.starts_with("age1") { format!("`{recipient}`") } else { "what `--to` names".to_owned() };
    Diagnostic::error("secrets.no-recipient", format!("{shown} is no recipient"))
        .help("name public keys: `age1…`, `ssh-ed25519 …` or `ssh-rsa …`")
}

pub(super) fn no_randomness() -> Diagnostic {
    Diagnostic::error("secrets.no-new-key", "the system gives no random bytes for a new key")
        .help("try again later")
}

pub(super) fn no_key_in(path: &str) -> Diagnostic {
    Diagnostic::error("secrets.no-old-key", format!("`{path}` holds no age key whose public half is known"))
        .help("put the project's age key back from your backup")
}

pub(super) fn no_key_to_replace(path: &str, count: usize) -> Diagnostic {
    let message = match count {
        0 => "none of the keys at hand is a recipient of the creation rules".to_owned(),
        count => format!("{count} of the keys at hand are recipients of the creation rules"),
    };
    Diagnostic::error("secrets.no-old-key", message)
        .note("a new key takes the place of an old one, and nothing says which that is")
        .help(format!("put the key that is to be replaced into `{path}`"))
}

/// The rules of a file name several sets of recipients.
pub(super) fn rules_differ(path: &str) -> Diagnostic {
    Diagnostic::error(
        "secrets.rules-differ",
        format!("the rules of `{path}` do not all name the same recipients"),
    )
    .help("write the recipients into the rules, then run `kiln secrets rotate` without `--to`")
}

pub(super) fn rules_not_changed(path: &str) -> Diagnostic {
    Diagnostic::error(
        "secrets.rules-differ",
        format!("kiln cannot change the recipients in `{path}` by itself"),
    )
    .help("write the recipients into the rules, then run `kiln secrets rotate` without `--to`")
}

/// A file cannot be given to others, so none is.
pub(super) fn not_rotated(path: &str, why: &str) -> Diagnostic {
    Diagnostic::error("secrets.not-rotated", format!("`{path}` cannot be given to other recipients: {why}"))
        .help("mend it or take it out of the way; `kiln secrets verify` says more")
}

pub(super) fn locks_out(path: &str) -> Diagnostic {
    Diagnostic::error("secrets.locked-out", format!("no key at hand would open `{path}` any more"))
        .help("name one of your own public keys too; `kiln sops updatekeys` does it without")
}

/// The old key goes on opening a file that holds the new one.
pub(super) fn readable_to_old(path: &str) -> Diagnostic {
    Diagnostic::warning(
        "secrets.readable-to-old-key",
        format!("`{path}` holds the new key, and the old key opens it"),
    )
    .note("whoever has the old key can read the new one, also later, in the history of git")
    .help("if somebody else may have the old key, do not use `--keep-old`")
}
