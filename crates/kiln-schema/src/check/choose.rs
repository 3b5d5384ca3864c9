//! Which of several alternatives the author of a value had in mind.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};

use serde_json::Value as Json;

use super::steps;
use crate::findings::type_name;

/// The errors of an alternative.
pub(super) type Branch = Vec<ValidationError<'static>>;

/// The alternative whose type the value at `error` has and that it violates least; `None`
/// if it has the type of none. An alternative whose `const` or `enum` names something else
/// comes last.
pub(super) fn closest<'a>(error: &ValidationError<'_>, branches: &'a [Branch]) -> Option<&'a Branch> {
    let here = steps(error.instance_path());
    let wrong_type = |branch: &Branch| {
        branch.iter().any(|it| !types_of(it).is_empty() && steps(it.instance_path()) == here)
    };
    let discriminated = |branch: &Branch| {
        branch.iter().any(|it| {
            matches!(it.kind(), Kind::Constant { .. } | Kind::Enum { .. })
                && steps(it.instance_path()).len() == here.len() + 1
        })
    };
    let fitting = branches.iter().filter(|branch| !wrong_type(branch));
    fitting.min_by_key(|branch| (discriminated(branch), branch.len()))
}

/// The types that the alternatives ask for, as people call them.
pub(super) fn wanted_types(branches: &[Branch]) -> Vec<&'static str> {
    let mut wanted = Vec::new();
    for name in branches.iter().flatten().flat_map(types_of) {
        if !wanted.contains(&name) {
            wanted.push(name);
        }
    }
    wanted
}

/// The types that an error asks for, if it is one about the type: a collection where only
/// single values are listed is of the wrong type, too.
fn types_of(error: &ValidationError<'_>) -> Vec<&'static str> {
    let is_collection = |json: &Json| json.is_array() || json.is_object();
    match error.kind() {
        Kind::Type { kind } => type_names(kind),
        Kind::Enum { options } => match options.as_array() {
            Some(all) if is_collection(error.instance()) && !all.iter().any(is_collection) => {
                all.iter().map(value_type).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn value_type(json: &Json) -> &'static str {
    type_name(match json {
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        _ => "null",
    })
}

/// The types of a `type` keyword, as people call them.
pub(super) fn type_names(kind: &TypeKind) -> Vec<&'static str> {
    match kind {
        TypeKind::Single(one) => vec![type_name(one.as_str())],
        TypeKind::Multiple(set) => set.iter().map(|one| type_name(one.as_str())).collect(),
    }
}
