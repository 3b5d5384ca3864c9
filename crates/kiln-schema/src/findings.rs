//! Every finding of this crate.
//!
//! A value is quoted only through [`Spot::shown`], which a secret never has.

use kiln_model::{Diagnostic, Node, Span, Value, meant};

use crate::check::Spot;

/// How many known keys a help text lists.
const MAX_LISTED: usize = 12;

/// What a number must keep to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
    MultipleOf,
}

/// A type of JSON Schema, as people call it.
pub(crate) fn type_name(json_type: &str) -> &'static str {
    match json_type {
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "text",
        "array" => "a list",
        "object" => "a mapping",
        _ => "empty",
    }
}

/// The keys that may stand in a mapping.
pub(crate) struct Known<'a> {
    pub(crate) names: &'a [&'a str],
    /// Whether others may, too, by what they are called.
    pub(crate) has_patterns: bool,
}

/// `parent` is what the key stands in, `None` for the file itself; `lacking` is the one key that is
/// missing there, if the two are probably the same.
pub(crate) fn unknown_key(
    key: &str,
    parent: Option<&Spot>,
    known: &Known<'_>,
    lacking: Option<&str>,
    at: Span,
) -> Diagnostic {
    let place = parent.map(|parent| format!(" in {}", parent.name)).unwrap_or_default();
    let is_told = (1..=MAX_LISTED).contains(&known.names.len()) && !known.has_patterns;
    let help = match (meant(key, known.names.iter().copied()), lacking) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, Some(lacking)) => format!("did you mean `{lacking}`, which is missing here?"),
        (None, None) if is_told => format!("the keys here are {}", listed(known.names, "and")),
        (None, None) => "remove it, or correct its name".to_owned(),
    };
    Diagnostic::error("validate.unknown-key", format!("unknown key `{key}`{place}"))
        .label(at, "there is no such key")
        .help(help)
}

pub(crate) fn bad_key(key: &str, expected: Option<&str>, at: Span) -> Diagnostic {
    let expectation = expected.map_or("not a name for a key".to_owned(), |it| format!("expected {it}"));
    Diagnostic::error("validate.pattern", format!("a key cannot be called `{key}`"))
        .label(at, expectation)
        .help("rename it")
}

/// `missing` is the value that is not there, `parent` what it is missing in, `None` for the
/// file itself.
pub(crate) fn missing_key(missing: &Spot, key: &str, parent: Option<&Spot>, at: Span) -> Diagnostic {
    let message = match parent {
        Some(parent) => format!("{} has no `{key}`", parent.name),
        None => format!("the key `{key}` is missing"),
    };
    let help = match (&missing.example, &missing.expected) {
        (Some(example), _) => format!("add for example `{key}: {example}`"),
        (None, Some(expected)) => format!("add `{key}`: {expected}"),
        (None, None) => format!("add `{key}`"),
    };
    let finding =
        Diagnostic::error("validate.missing-key", message).label(at, format!("needs `{key}`")).help(help);
    described(finding, missing)
}

/// `found` is the value that has the wrong type; `needed` says that it cannot be left out.
pub(crate) fn wrong_type(
    spot: &Spot,
    wanted: &[&'static str],
    found: Option<&Node>,
    needed: bool,
) -> Diagnostic {
    let value = found.map_or(&Value::Null, |node| &node.value);
    let all = wanted.join(" or ");
    let message = match value {
        Value::Null => format!("{} has no value", spot.name),
        value => format!("{} must be {all}, this is {}", spot.name, found_name(value)),
    };
    let help = match value {
        Value::Null if needed => example_of(spot).unwrap_or_else(|| "write a value".to_owned()),
        Value::Null => "write a value, or remove the key".to_owned(),
        Value::Int(_) | Value::Float(_) | Value::Bool(_) if wanted.contains(&"text") => {
            "put the value into quotes".to_owned()
        }
        Value::String(text)
            if wanted == ["`true` or `false`"] && matches!(text.as_str(), "true" | "false") =>
        {
            "remove the quotes".to_owned()
        }
        Value::String(text) if all.contains("number") && text.parse::<f64>().is_ok() => {
            "remove the quotes".to_owned()
        }
        _ => example_of(spot).unwrap_or_else(|| format!("write {all}")),
    };
    let expectation = format!("expected {}", spot.expected.as_deref().unwrap_or(&all));
    described(
        Diagnostic::error("validate.wrong-type", message).label(spot.span, expectation).help(help),
        spot,
    )
}

/// `code` says whether a pattern or a format was not kept to.
pub(crate) fn wrong_form(code: &'static str, spot: &Spot) -> Diagnostic {
    let expectation = match &spot.expected {
        Some(expected) => format!("expected {expected}"),
        None => "does not have the right form".to_owned(),
    };
    let help = example_of(spot).or_else(|| Some(format!("write {}", spot.expected.as_deref()?)));
    let help = help.unwrap_or_else(|| "write it in the form that the schema asks for".to_owned());
    described(Diagnostic::error(code, cannot_be(spot)).label(spot.span, expectation).help(help), spot)
}

pub(crate) fn not_one_of(spot: &Spot, options: &[String]) -> Diagnostic {
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    // Of numbers, none is like another.
    let shown = spot.shown.as_deref().filter(|shown| shown.chars().any(char::is_alphabetic));
    let near = shown.and_then(|shown| meant(shown, options.iter().copied()));
    let help = match (near, options.as_slice()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, [only]) => format!("write `{only}`"),
        (None, _) => format!("write one of {}", listed(&options, "or")),
    };
    let finding = Diagnostic::error("validate.not-one-of", cannot_be(spot))
        .label(spot.span, format!("expected {}", listed(&options, "or")))
        .help(help);
    described(finding, spot)
}

pub(crate) fn out_of_range(spot: &Spot, bound: Bound, limit: &str) -> Diagnostic {
    let word = match bound {
        Bound::AtLeast => "at least",
        Bound::AtMost => "at most",
        Bound::MoreThan => "more than",
        Bound::LessThan => "less than",
        Bound::MultipleOf => "a multiple of",
    };
    let help = example_of(spot).unwrap_or_else(|| format!("write a number that is {word} {limit}"));
    let finding = Diagnostic::error("validate.out-of-range", cannot_be(spot))
        .label(spot.span, format!("expected {word} {limit}"))
        .help(help);
    described(finding, spot)
}

pub(crate) fn too_few(spot: &Spot, limit: u64, at: Span) -> Diagnostic {
    let finding = Diagnostic::error("validate.too-few", format!("{} has too few entries", spot.name))
        .label(at, format!("expected at least {limit}"))
        .help("add what is missing");
    described(finding, spot)
}

pub(crate) fn too_many(spot: &Spot, limit: u64, at: Span) -> Diagnostic {
    let finding = Diagnostic::error("validate.too-many", format!("{} has too many entries", spot.name))
        .label(at, format!("expected at most {limit}"))
        .help("remove what is too much");
    described(finding, spot)
}

/// `repeated` are the items that repeat an earlier one, each with the earlier one.
pub(crate) fn not_unique(spot: &Spot, repeated: &[(Span, Span)]) -> Diagnostic {
    let finding = Diagnostic::error("validate.not-unique", format!("{} has the same entry twice", spot.name));
    let finding = repeated.iter().fold(finding, |finding, (again, first)| {
        finding.label(*again, "given again").label(*first, "first given")
    });
    finding.help("remove one of the two")
}

/// `is_needed` says whether the value has to be there.
pub(crate) fn empty(spot: &Spot, is_needed: bool) -> Diagnostic {
    let value = example_of(spot).unwrap_or_else(|| "write a value".to_owned());
    let help = if is_needed { value } else { format!("{value}, or remove the key") };
    let expectation = format!("expected {}", spot.expected.as_deref().unwrap_or("a value"));
    let finding = Diagnostic::error("validate.empty-value", format!("{} is empty", spot.name));
    described(finding.label(spot.span, expectation).help(help), spot)
}

pub(crate) fn too_short(spot: &Spot, limit: u64) -> Diagnostic {
    length("validate.too-short", "is too short", spot, format!("at least {}", characters(limit)))
}

pub(crate) fn too_long(spot: &Spot, limit: u64) -> Diagnostic {
    length("validate.too-long", "is too long", spot, format!("at most {}", characters(limit)))
}

fn length(code: &'static str, message: &str, spot: &Spot, limit: String) -> Diagnostic {
    let help = example_of(spot).unwrap_or_else(|| format!("write {limit}"));
    let expectation = format!("expected {}", spot.expected.as_deref().unwrap_or(&limit));
    let finding = Diagnostic::error(code, format!("{} {message}", spot.name));
    described(finding.label(spot.span, expectation).help(help), spot)
}

fn characters(count: u64) -> String {
    if count == 1 { "one character".to_owned() } else { format!("{count} characters") }
}

/// A keyword that has no finding of its own.
pub(crate) fn broken_rule(spot: &Spot, keyword: &str) -> Diagnostic {
    let expectation = spot.expected.as_ref().map(|it| format!("expected {it}")).unwrap_or_default();
    let message = format!("{} breaks the rule `{keyword}` of its schema", spot.name);
    let help = example_of(spot).unwrap_or_else(|| "look the rule up in the schema".to_owned());
    described(Diagnostic::error("validate.schema", message).label(spot.span, expectation).help(help), spot)
}

/// That the value is not right, with the value if it may be shown.
fn cannot_be(spot: &Spot) -> String {
    match &spot.shown {
        Some(shown) => format!("{} cannot be `{shown}`", spot.name),
        None => format!("{} has a value that it cannot have", spot.name),
    }
}

fn example_of(spot: &Spot) -> Option<String> {
    let example = spot.example.as_ref()?;
    Some(match &spot.key {
        Some(key) => format!("write for example `{key}: {example}`"),
        None => format!("write for example `{example}`"),
    })
}

/// The finding with what the schema says of the value.
fn described(finding: Diagnostic, spot: &Spot) -> Diagnostic {
    match &spot.description {
        Some(description) => finding.note(format!("{}: {description}", spot.name)),
        None => finding,
    }
}

/// What a value is, as people call it.
fn found_name(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "a boolean",
        value => type_name(if matches!(value, Value::Int(_)) { "number" } else { value.type_name() }),
    }
}

/// `a`, `b` and `c`.
fn listed(names: &[&str], last: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((end, [])) => end.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => String::new(),
    }
}
