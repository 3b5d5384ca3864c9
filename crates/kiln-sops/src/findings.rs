//! Everything this crate has to say, one function per finding.
//!
//! No message repeats a value of a document; keys are shown, unless a secret is in them.

use kiln_model::{Diagnostic, Rendered, Reveal, Span};

use crate::format::WriteError;
use crate::keys::KeyFailure;
use crate::read::{Problem, ProblemKind};
use crate::seal::SealError;

// Creation rules.

pub(crate) fn policy_not_readable(problem: &Problem, span: Span) -> Diagnostic {
    match &problem.kind {
        ProblemKind::Syntax(error) => {
            let finding = Diagnostic::error("encrypt.bad-rule", "the creation rules are not YAML");
            let finding = finding.label(span, error.message);
            match error.help {
                Some(help) => finding.help(help),
                None => finding,
            }
        }
        ProblemKind::DuplicateKey => {
            Diagnostic::error("encrypt.bad-rule", format!("`{}` is given twice", problem.path))
                .label(span, "given before")
                .help("remove one of them")
        }
        _ => Diagnostic::error("encrypt.bad-rule", "the creation rules are not of the form SOPS reads")
            .label(span, "not expected here")
            .help("a `.sops.yaml` is a mapping with `creation_rules`"),
    }
}

pub(crate) fn bad_rule(message: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error("encrypt.bad-rule", message).label(span, "").help(help)
}

pub(crate) fn bad_pattern(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error("encrypt.bad-rule", format!("`{key}` is not a valid pattern"))
        .label(span, "not a pattern of Go's `regexp`")
        .help("Go knows no look-around and no back references; check brackets and escapes")
        .note("`sops` itself ignores such a pattern and encrypts nothing")
}

pub(crate) fn two_options(first: &str, first_span: Span, second: &str, second_span: Span) -> Diagnostic {
    Diagnostic::error("encrypt.bad-rule", format!("a rule has both `{first}` and `{second}`"))
        .label(second_span, "a second selection")
        .label(first_span, "the first one")
        .help("a rule selects values in one way; split it, or keep one of the two")
}

pub(crate) fn unknown_rule_key(key: &str, nearest: Option<&str>, span: Span) -> Diagnostic {
    let finding =
        Diagnostic::warning("encrypt.unknown-rule-key", format!("`{key}` means nothing in a creation rule"))
            .label(span, "ignored");
    match nearest {
        Some(nearest) => finding.help(format!("did you mean `{nearest}`?")),
        None => finding.help("remove it"),
    }
}

pub(crate) fn no_recipient(rule: Span) -> Diagnostic {
    Diagnostic::error("encrypt.no-recipient", "a creation rule has no recipient")
        .label(rule, "nobody could decrypt what this rule encrypts")
        .help("add `age:` with the public key, `age1…`")
}

pub(crate) fn bad_recipient(span: Span) -> Diagnostic {
    Diagnostic::error("encrypt.bad-recipient", "a recipient is not an age public key")
        .label(span, "not an age public key")
        .help("give the public key, `age1…`, as `age-keygen -y` prints it")
}

pub(crate) fn mixed_recipients(rule: Span) -> Diagnostic {
    Diagnostic::warning(
        "encrypt.mixed-recipients",
        "a creation rule has post-quantum recipients beside others",
    )
    .label(rule, "each of these recipients gets the data key")
    .help("use post-quantum recipients alone; what a quantum computer can open for one, it can read for all")
}

pub(crate) fn unsupported_key_type(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error("encrypt.unsupported-key-type", format!("keys of `{key}` are not supported"))
        .label(span, "cannot encrypt to these")
        .help("use age recipients, under `age`")
}

pub(crate) fn bad_threshold(rule: Span, groups: usize) -> Diagnostic {
    Diagnostic::error("encrypt.bad-rule", format!("`shamir_threshold` does not fit {groups} groups of keys"))
        .label(rule, "this rule")
        .help("it is 2 or more, and at most the number of the groups")
}

// Outputs.

pub(crate) fn not_readable(output: &Rendered, problem: &Problem, path: &str) -> Diagnostic {
    let place = if path.is_empty() { String::new() } else { format!(" at `{path}`") };
    let place = format!("line {} of `{}`{place}", problem.line, output.path());
    match &problem.kind {
        ProblemKind::Syntax(error) => {
            let finding =
                about(output, "encrypt.not-yaml", format!("{place} is not YAML")).note(error.message);
            finding.help(error.help.unwrap_or("look at what the template renders there"))
        }
        ProblemKind::Malformed { format, message, help } => {
            let text = format!("{place} is not of format {}", format.name());
            about(output, "encrypt.malformed", text).note(*message).help(*help)
        }
        ProblemKind::NotUtf8 => about(output, "encrypt.not-utf-8", format!("{place} is not UTF-8"))
            .help("save it as UTF-8; a file that is no text is encrypted as `binary`"),
        ProblemKind::TooDeep => about(output, "encrypt.too-deep", format!("{place} is nested too deep"))
            .help("nest fewer lists and maps in each other"),
        ProblemKind::TooLong => {
            about(output, "encrypt.too-long", format!("`{}` is longer than 32 MiB", output.path()))
                .help("split it, or give it a name that makes it binary data, such as `data.sops.bin`")
        }
        ProblemKind::NotAMapping => {
            about(output, "encrypt.not-a-mapping", format!("{place} is not a mapping"))
                .help("SOPS encrypts documents that have keys at the top")
        }
        ProblemKind::DuplicateKey => about(output, "encrypt.duplicate-key", format!("{place} repeats a key"))
            .help("remove one of the two, or make the template render it once"),
        ProblemKind::KeyNotText => {
            about(output, "encrypt.key-not-text", format!("{place} has a key that is not text"))
                .help("put the key in quotes")
        }
        ProblemKind::WrongMerge => {
            about(output, "encrypt.wrong-merge", format!("{place} merges something else than a mapping"))
                .help("give `<<` a mapping; SOPS could not read the file back")
        }
        ProblemKind::NumberTooLarge => {
            about(output, "encrypt.unsupported-number", format!("{place} is a number of more than 64 bits"))
                .help("put it in quotes; SOPS would change it")
        }
        ProblemKind::WrongTag => {
            about(output, "encrypt.wrong-tag", format!("{place} is not of the type its tag names"))
                .help("change the tag or the value")
        }
        ProblemKind::UnknownAlias => {
            about(output, "encrypt.unknown-alias", format!("{place} refers to an anchor that is not there"))
                .help("define the anchor above it, in the same document")
        }
        ProblemKind::TooManyAliases => about(
            output,
            "encrypt.too-many-aliases",
            format!("{place} makes the document too large or too deep"),
        )
        .help("use fewer aliases inside of aliases"),
    }
}

pub(crate) fn sops_key_present(output: &Rendered) -> Diagnostic {
    about(output, "encrypt.sops-key-present", format!("`{}` has a key `sops` at the top", output.path()))
        .help("the key is taken by SOPS; a template renders plain text, which is then encrypted")
}

pub(crate) fn looks_encrypted(output: &Rendered, path: &str) -> Diagnostic {
    let message = format!("the value at `{path}` of `{}` is encrypted already", output.path());
    about(output, "encrypt.looks-encrypted", message)
        .help("a template renders plain text; nothing can open a value without the `sops` block of its file")
}

pub(crate) fn nothing_selected(output: &Rendered, rule: Span) -> Diagnostic {
    let message = format!("the creation rule for `{}` selects nothing in it", output.path());
    Diagnostic::error("encrypt.nothing-selected", message)
        .label(rule, "selects no value of the output")
        .label(output.template(), "the template")
        .help("change the rule so that it selects the secrets, or so that it does not match the path")
}

pub(crate) fn secret_in_clear(output: &Rendered, path: &str, reveal: &Reveal, rule: Span) -> Diagnostic {
    let message = format!(
        "the secret `{}` would stand in clear at `{path}` of `{}`",
        reveal.secret.label(),
        output.path()
    );
    let span = if reveal.span.is_none() { output.template() } else { reveal.span };
    Diagnostic::error("encrypt.secret-in-clear", message)
        .label(span, "brings the secret in")
        .label(rule, "this rule leaves the value in clear")
        .help("move it under a key that the rule encrypts, or change the rule")
}

pub(crate) fn comments_dropped(output: &Rendered, path: &str) -> Diagnostic {
    let message = format!("comments in the list `{path}` of `{}` are left out", output.path());
    Diagnostic::warning("encrypt.comment-dropped", message)
        .label(output.template(), "the template")
        .help("put them above a key that is encrypted; SOPS cannot encrypt comments in lists")
}

pub(crate) fn pattern_matches_ciphertext(output: &Rendered, rule: Span) -> Diagnostic {
    let message =
        format!("`unencrypted_comment_regex` matches a comment of `{}` once it is encrypted", output.path());
    Diagnostic::error("encrypt.bad-rule", message)
        .label(rule, "the rule")
        .help("make the pattern more exact, so that it cannot match `ENC[…]`")
}

/// `rule` is where the creation rule stands.
pub(crate) fn not_sealed(output: &Rendered, error: &SealError, rule: Span) -> Diagnostic {
    match error {
        SealError::NoRandomness => {
            about(output, "encrypt.no-randomness", "the system gives no random bytes".to_owned())
                .help("nothing can be encrypted without them; try again")
        }
        SealError::PatternMatchesCiphertext => pattern_matches_ciphertext(output, rule),
        SealError::NotWrapped(recipient, _) => about(
            output,
            "encrypt.not-wrapped",
            format!("`{}` cannot be encrypted to `{recipient}`", output.path()),
        )
        .note(error.to_string())
        .help("a plugin has to be installed and in `PATH`"),
        SealError::OtherKeys(_) => about(
            output,
            "encrypt.unsupported-key-type",
            format!("`{}` changed, and kiln cannot encrypt it to all of its keys", output.path()),
        )
        .note(error.to_string())
        .help("use age recipients alone, or encrypt this file with `sops`"),
        SealError::NoRecipient | SealError::BadThreshold => no_recipient(rule),
        SealError::AlreadyEncrypted => sops_key_present(output),
        SealError::NoDocument | SealError::NothingSelected => nothing_selected(output, rule),
    }
}

pub(crate) fn not_writable(output: &Rendered, error: &WriteError) -> Diagnostic {
    about(output, "encrypt.not-writable", format!("`{}` cannot hold what it should say", output.path()))
        .note(error.to_string())
        .help("choose another format by the name of the output")
}

// The file that is there.

pub(crate) fn previous_without_key(output: &Rendered) -> Diagnostic {
    about(
        output,
        "encrypt.previous-unreadable",
        format!("`{}` is encrypted, and there is no key to open it", output.path()),
    )
    .help("give kiln the age key, or remove the file so that it is encrypted anew")
}

pub(crate) fn previous_unreadable(output: &Rendered, failure: &KeyFailure) -> Diagnostic {
    let message = format!("the age key does not open `{}`", output.path());
    let keys = failure.groups.iter().flat_map(|group| &group.keys);
    let reasons: Vec<String> = keys.map(|(key, reason)| format!("{key}: {reason}")).collect();
    about(output, "encrypt.previous-unreadable", message)
        .note(reasons.join("\n"))
        .help("give kiln the key the file was encrypted to, or remove the file so that it is encrypted anew")
}

pub(crate) fn previous_tampered(output: &Rendered, what: &str) -> Diagnostic {
    about(
        output,
        "encrypt.previous-tampered",
        format!("`{}` was changed after it was encrypted", output.path()),
    )
    .note(what)
    .help("restore the file from version control, or remove it so that it is encrypted anew")
}

fn about(output: &Rendered, code: &'static str, message: String) -> Diagnostic {
    Diagnostic::error(code, message).label(output.template(), "the template")
}
