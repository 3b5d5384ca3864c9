//! From kinds of violations to findings.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use kiln_model::{Diagnostic, PathStep, Span, meant};
use serde_json::Value as Json;

use super::choose::{Branch, closest, type_names, wanted_types};
use super::spot::scalar;
use super::{Check, Found, rule, steps};
use crate::empty::is_empty;
use crate::findings::{self, Bound, Known};
use crate::{formats, walk};

impl Check<'_> {
    /// Adds the findings that an error of the validator stands for.
    pub(super) fn translate(&mut self, error: &ValidationError<'_>) {
        let at = steps(error.instance_path());
        if !self.is_readable(&at) {
            return;
        }
        match error.kind() {
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                unexpected.iter().for_each(|key| self.unknown_key(&at, key, rule(&self.root.json, error)));
            }
            Kind::Required { property } => self.missing_key(&at, property.as_str().unwrap_or_default()),
            // What is said of the whole value may come from the part that was reported.
            _ if self.is_doubtful(&at) => {}
            Kind::PropertyNames { error: inner } => self.bad_key(&at, inner),
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                self.alternatives(error, at, context)
            }
            _ => self.wrong_value(error, at),
        }
    }

    fn unknown_key(&mut self, at: &[PathStep], key: &str, rule: &Json) {
        let names = rule.get("properties").and_then(Json::as_object);
        let names: Vec<&str> = names.into_iter().flat_map(|all| all.keys().map(String::as_str)).collect();
        let known = Known { names: &names, has_patterns: rule.get("patternProperties").is_some() };
        let parent = (!at.is_empty()).then(|| self.spot(at, &Json::Null));
        let near = meant(key, names.iter().copied());
        let lacking = if near.is_none() { self.only_lacking(at, key) } else { None };
        let span = self.key_span(&below(at, key));
        let finding = findings::unknown_key(key, parent.as_ref(), &known, lacking, span);
        let place = below(at, key);
        self.found.push(Found { rank: None, place, invalid: false, diagnostic: Some(finding) });
        // What is meant is not known, so nothing follows from its not being there either.
        let near = near.map(|meant| below(at, meant));
        if let Some(place) = near.filter(|place| self.document.walk(place).is_none()) {
            self.found.push(Found { rank: None, place, invalid: true, diagnostic: None });
        }
    }

    fn missing_key(&mut self, at: &[PathStep], key: &str) {
        let place = below(at, key);
        let missing = || {
            let parent = (!at.is_empty()).then(|| self.spot(at, &Json::Null));
            findings::missing_key(&self.spot(&place, &Json::Null), key, parent.as_ref(), self.head(at))
        };
        let diagnostic = match self.misspelt(at, key) {
            None => Some(missing()),
            // The misspelling is reported; saying that the key is missing would add nothing.
            Some((_, true)) => None,
            Some((name, false)) => Some(missing().help(format!("did you mean `{key}` by `{name}`?"))),
        };
        self.found.push(Found { rank: None, place, invalid: true, diagnostic });
    }

    /// A key that the schema does not know and that is meant to be `key`, and whether it is
    /// reported because of that.
    fn misspelt(&self, at: &[PathStep], key: &str) -> Option<(&str, bool)> {
        let (schemas, _) = walk::at(self.root, at);
        let parts: Vec<&Json> =
            schemas.iter().flat_map(|schema| walk::parts(&self.root.json, schema)).collect();
        let known = parts.iter().filter_map(|part| part.get("properties")?.as_object());
        let known: Vec<&str> = known.flat_map(|all| all.keys().map(String::as_str)).collect();
        let is_known = |name: &str| {
            known.contains(&name) || parts.iter().any(|part| self.root.matching(part, name).next().is_some())
        };
        let is_meant = |name: &str| !is_known(name) && meant(name, known.iter().copied()) == Some(key);
        let map = self.document.walk(at).and_then(|node| node.as_map())?;
        let unknown = || map.iter().map(|(name, _)| name).filter(|name| !is_known(name));
        let is_other = |name: &&str| self.only_lacking(at, name) == Some(key);
        let name = unknown().find(|name| is_meant(name)).or_else(|| unknown().find(is_other))?;
        let is_closed = parts.iter().any(|part| part.get("additionalProperties") == Some(&Json::Bool(false)));
        Some((name, is_closed))
    }

    /// The key that a mapping within the file lacks, if it lacks but one and `unknown` is the only
    /// one that it should not have: they are probably the same.
    fn only_lacking(&self, at: &[PathStep], unknown: &str) -> Option<&str> {
        let map = self.document.walk(at).and_then(|node| node.as_map()).filter(|_| !at.is_empty())?;
        let (schemas, _) = walk::at(self.root, at);
        let parts: Vec<&Json> =
            schemas.iter().flat_map(|schema| walk::parts(&self.root.json, schema)).collect();
        let known = |name: &str| parts.iter().any(|part| part["properties"].get(name).is_some());
        let is_alone = map.iter().all(|(name, _)| name == unknown || known(name));
        let names =
            parts.iter().filter_map(|part| part.get("properties")?.as_object()).flat_map(|all| all.keys());
        let mut lacking =
            names.filter(|name| map.get(name).is_none() && walk::is_required(self.root, &schemas, name));
        let only = lacking.next().filter(|_| is_alone)?;
        lacking.all(|other| other == only).then_some(only.as_str())
    }

    fn bad_key(&mut self, at: &[PathStep], inner: &ValidationError<'_>) {
        let name = inner.instance().as_str().unwrap_or_default();
        let expected = walk::annotation(&self.root.json, &[rule(&self.root.json, inner)], "x-expected");
        let place = below(at, name);
        let finding = findings::bad_key(name, expected, self.key_span(&place));
        self.found.push(Found { rank: None, place, invalid: false, diagnostic: Some(finding) });
    }

    /// The finding of the alternative that was meant, or that the type fits none.
    fn alternatives(&mut self, error: &ValidationError<'_>, at: Vec<PathStep>, branches: &[Branch]) {
        if let Some(branch) = closest(error, branches) {
            branch.iter().for_each(|inner| self.translate(inner));
            return;
        }
        let spot = self.spot(&at, rule(&self.root.json, error));
        let finding = findings::wrong_type(
            &spot,
            &wanted_types(branches),
            self.document.walk(&at),
            self.is_needed(&at),
        );
        self.found.push(Found { rank: Some(0), place: at, invalid: true, diagnostic: Some(finding) });
    }

    fn wrong_value(&mut self, error: &ValidationError<'_>, at: Vec<PathStep>) {
        let mut spot = self.spot(&at, rule(&self.root.json, error));
        let (rank, finding) = match error.kind() {
            kind if is_of_text(kind) && self.document.walk(&at).is_some_and(is_empty) => {
                (1, findings::empty(&spot, self.is_needed(&at)))
            }
            Kind::Type { kind } => (
                0,
                findings::wrong_type(&spot, &type_names(kind), self.document.walk(&at), self.is_needed(&at)),
            ),
            Kind::Enum { options } => (1, findings::not_one_of(&spot, &choices(options))),
            Kind::Constant { expected_value } => (1, findings::not_one_of(&spot, &choices(expected_value))),
            Kind::Pattern { .. } | Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
                (2, findings::wrong_form("validate.pattern", &spot))
            }
            Kind::Format { format } => {
                spot.expected = spot.expected.or_else(|| formats::expected(format).map(str::to_owned));
                (3, findings::wrong_form("validate.format", &spot))
            }
            kind => match self.amount(kind, &spot, &at) {
                Some(finding) => (2, finding),
                None => (4, findings::broken_rule(&spot, keyword(kind))),
            },
        };
        self.found.push(Found { rank: Some(rank), place: at, invalid: true, diagnostic: Some(finding) });
    }

    /// Whether what stands at the place cannot be left out.
    fn is_needed(&self, at: &[PathStep]) -> bool {
        let Some((PathStep::Key(key), parent)) = at.split_last() else { return true };
        walk::is_required(self.root, &walk::at(self.root, parent).0, key)
    }

    /// Too small, too large, too few, too many.
    fn amount(&self, kind: &Kind, spot: &super::spot::Spot, at: &[PathStep]) -> Option<Diagnostic> {
        let head = self.head(at);
        let number = |limit: &Json| scalar(limit).unwrap_or_default();
        Some(match kind {
            Kind::Minimum { limit } => findings::out_of_range(spot, Bound::AtLeast, &number(limit)),
            Kind::Maximum { limit } => findings::out_of_range(spot, Bound::AtMost, &number(limit)),
            Kind::ExclusiveMinimum { limit } => findings::out_of_range(spot, Bound::MoreThan, &number(limit)),
            Kind::ExclusiveMaximum { limit } => findings::out_of_range(spot, Bound::LessThan, &number(limit)),
            Kind::MultipleOf { multiple_of } => {
                findings::out_of_range(spot, Bound::MultipleOf, &multiple_of.to_string())
            }
            Kind::MinItems { limit } | Kind::MinProperties { limit } => findings::too_few(spot, *limit, head),
            Kind::MaxItems { limit } | Kind::MaxProperties { limit } => {
                findings::too_many(spot, *limit, head)
            }
            Kind::AdditionalItems { limit } => findings::too_many(spot, *limit as u64, head),
            Kind::MinLength { limit } => findings::too_short(spot, *limit),
            Kind::MaxLength { limit } => findings::too_long(spot, *limit),
            Kind::UniqueItems => findings::not_unique(spot, &self.repeated(at)),
            _ => return None,
        })
    }

    /// The items of a list that repeat an earlier one, each with the earlier one.
    fn repeated(&self, at: &[PathStep]) -> Vec<(Span, Span)> {
        let list = at.iter().try_fold(self.instance, |json, step| match step {
            PathStep::Key(key) => json.get(key),
            PathStep::Index(index) => json.get(index),
        });
        let Some(items) = list.and_then(Json::as_array) else { return Vec::new() };
        let span = |index: usize| self.spot(&[at, &[PathStep::Index(index)]].concat(), &Json::Null).span;
        let first = |index: usize| items[..index].iter().position(|earlier| *earlier == items[index]);
        (0..items.len()).filter_map(|index| Some((span(index), span(first(index)?)))).collect()
    }
}

/// Whether a violation is about what a text looks like.
fn is_of_text(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Pattern { .. }
            | Kind::Format { .. }
            | Kind::MinLength { .. }
            | Kind::Enum { .. }
            | Kind::Constant { .. }
    )
}

fn below(at: &[PathStep], key: &str) -> Vec<PathStep> {
    at.iter().cloned().chain([PathStep::Key(key.to_owned())]).collect()
}

/// The values of an `enum` or `const`, as they are written.
fn choices(options: &Json) -> Vec<String> {
    let written = |json: &Json| scalar(json).unwrap_or_else(|| json.to_string());
    match options {
        Json::Array(all) => all.iter().map(written).collect(),
        one => vec![written(one)],
    }
}

/// The keyword of a kind that has no finding of its own. The validator's own names are
/// those of the specification, but for `false`.
fn keyword(kind: &Kind) -> &str {
    match kind {
        Kind::FalseSchema => "false",
        Kind::Custom { .. } => "custom",
        kind => kind.keyword(),
    }
}
