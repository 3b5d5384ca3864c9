//! To whom a file is to be encrypted and what in it: the creation rule, and options over it.

use std::path::Path;

use kiln::sops::{BadSelection, Format, Recipient, Terms};

use super::config::Config;
use super::context::Context;
use super::failure::{Failure, code};
use super::options::Options;
use super::{log, wording};

/// The six options that say what is encrypted, as they are called on the command line.
const SELECTION: [&str; 6] = [
    "unencrypted-suffix",
    "encrypted-suffix",
    "unencrypted-regex",
    "encrypted-regex",
    "unencrypted-comment-regex",
    "encrypted-comment-regex",
];

const CONFLICT: &str = "Error: cannot use more than one of encrypted_suffix, unencrypted_suffix, \
    encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex in the same file";

/// What is to be done with a file of that name.
///
/// # Errors
/// If rule and options do not say to whom, or contradict each other.
pub(super) fn of(
    context: &Context,
    options: &Options,
    file: &Path,
    format: Format,
) -> Result<Terms, Failure> {
    refuse_foreign(options)?;
    let config = context.config()?.filter(|config| config.has_rules());
    let rule = config.map(|config| config.rule(file)).transpose()?;
    let mut terms = rule.map_or_else(|| Terms::new(Vec::new()), |rule| rule.terms().clone());
    if context.root.is("mac-only-encrypted") {
        terms.set_mac_only_encrypted(true);
    }
    select(&mut terms, options, format)?;
    if !options.text("age").is_empty() {
        terms.set_groups(vec![recipients(options.text("age"))?]);
    } else {
        let nothing = "config file not found, or has no creation rules, and no keys provided through command line \
             options";
        Config::groups(rule.ok_or_else(|| Failure::generic(nothing))?)?;
    }
    let threshold = options.number("shamir-secret-sharing-threshold");
    if threshold != 0 {
        terms.set_threshold(count(threshold)?);
    }
    Ok(terms)
}

/// Reads recipients that are separated by commas.
///
/// # Errors
/// If one of them is none.
pub(super) fn recipients(list: &str) -> Result<Vec<Recipient>, Failure> {
    let mut all: Vec<Recipient> = Vec::new();
    for text in list.split(',').map(str::trim) {
        let recipient = Recipient::parse(text).map_err(|error| wording::not_a_recipient(text, &error))?;
        if !all.contains(&recipient) {
            all.push(recipient);
        }
    }
    Ok(all)
}

/// A threshold.
///
/// # Errors
/// If it is negative.
pub(super) fn count(number: i64) -> Result<usize, Failure> {
    usize::try_from(number).map_err(|_| Failure::generic("the Shamir threshold is negative"))
}

/// Refuses keys of other kinds, by name.
///
/// # Errors
/// If there are any.
pub(super) fn refuse_foreign(options: &Options) -> Result<(), Failure> {
    let context = options.text("encryption-context");
    if !context.is_empty() && !context.split(',').all(|pair| pair.split(':').count() == 2) {
        return Err(Failure::new(code::BAD_CONTEXT, "Invalid KMS encryption context format"));
    }
    let Some((flag, kind)) = options.foreign() else { return Ok(()) };
    let by = if options.has(flag.name) { format!("--{}", flag.name) } else { format!("${}", flag.variable) };
    Err(Failure::generic(format!("{by} names keys of {kind}: kiln encrypts to age recipients only")))
}

/// Takes options over what the rule selects.
fn select(terms: &mut Terms, options: &Options, format: Format) -> Result<(), Failure> {
    let of_rule = terms.selection().map(|(name, value)| (name.replace('_', "-"), value.to_owned()));
    let mut chosen: Vec<(String, String)> = of_rule.into_iter().collect();
    for name in SELECTION {
        let value = options.text(name);
        if !value.is_empty() {
            chosen.retain(|(known, _)| known != name);
            chosen.push((name.to_owned(), value.to_owned()));
        }
    }
    if format == Format::Binary {
        chosen.iter().for_each(|(name, _)| warn_of(name));
        return Ok(());
    }
    match chosen.as_slice() {
        [] => Ok(()),
        [(name, value)] => {
            terms.select(&name.replace('-', "_"), value).map_err(|error| not_selected(name, &error))
        }
        _ => Err(Failure::new(code::CONFLICT, CONFLICT)),
    }
}

fn not_selected(name: &str, error: &BadSelection) -> Failure {
    let why = match error {
        BadSelection::Pattern => {
            "is no regular expression that sops reads, so nothing would be encrypted by it"
        }
        BadSelection::Unknown => "is not known",
    };
    Failure::new(code::CONFLICT, format!("Error: --{name} {why}"))
}

fn warn_of(name: &str) {
    let name = name.replace('-', " ");
    log::warn(&format!(
        "Using an {name} does not make sense with the input store (the binary store produces one key that \
         should always be encrypted) and will be ignored."
    ));
}
