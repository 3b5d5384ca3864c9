//! Makes a case smaller as long as it shows the same.
//!
//! Everything is cut as text, so that a case from anywhere can be made smaller: what is no
//! template any more is an error to both, and is not taken.

mod cuts;
mod values;

use super::Case;
use crate::Result;

/// How many smaller cases are tried before it has to be enough.
const MOST_TRIES: usize = 20_000;

/// How many are tried at a time.
const PORTION: usize = 24;

/// Ways to make a case smaller, the boldest first; each gives the cases that are one step away.
const WAYS: &[fn(&Case) -> Vec<Case>] = &[
    values::without_a_template,
    values::without_an_option,
    cuts::without_tags,
    cuts::without_half,
    values::without_a_variable,
    cuts::without_brackets,
    cuts::without_a_range,
    cuts::with_simpler_tokens,
    values::with_simpler_values,
];

/// The smallest case that was found.
///
/// `first` says which of some cases is the first that still shows what the given one shows.
///
/// # Errors
/// If `first` fails.
pub(crate) fn minimise(case: Case, mut first: impl FnMut(&[Case]) -> Result<Option<usize>>) -> Result<Case> {
    let mut case = case;
    let mut tries = 0;
    loop {
        let before = case.clone();
        for way in WAYS {
            while let Some(smaller) = step(way(&case), &mut first, &mut tries)? {
                case = smaller;
            }
        }
        if case == before || tries > MOST_TRIES {
            return Ok(case);
        }
    }
}

fn step(
    mut candidates: Vec<Case>,
    first: &mut impl FnMut(&[Case]) -> Result<Option<usize>>,
    tries: &mut usize,
) -> Result<Option<Case>> {
    let mut start = 0;
    while start < candidates.len() && *tries <= MOST_TRIES {
        let end = (start + PORTION).min(candidates.len());
        *tries += end - start;
        if let Some(index) = first(&candidates[start..end])? {
            return Ok(Some(candidates.swap_remove(start + index)));
        }
        start = end;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(template: &str) -> Case {
        let line = serde_json::json!({
            "id": "x", "area": "x", "options": {"trim_blocks": true}, "main": "main",
            "templates": {"main": template, "other": "unused"},
            "context": {"a": [1, 2, 3], "b": "text"},
        });
        serde_json::from_value(line).expect("it is a case")
    }

    fn smallest(template: &str, shows: fn(&str) -> bool) -> String {
        let shows = |case: &Case| case.templates.0.iter().any(|(name, text)| name == "main" && shows(text));
        let smallest =
            minimise(case(template), |cases| Ok(cases.iter().position(shows))).expect("nothing fails");
        assert!(smallest.context.0.is_empty() && smallest.templates.0.len() == 1);
        assert_eq!(smallest.options, Default::default());
        smallest.templates.0.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn what_does_not_matter_goes() {
        let template = "a {% if x %}b {{ f(1, 'long text') | upper }}{% else %}c{% endif %} {# d #}";
        assert_eq!(smallest(template, |text| text.contains("upper")), "upper");
        assert_eq!(smallest(template, |text| text.contains("{{") && text.contains("|")), "{{|");
        assert_eq!(smallest(template, |text| text.contains("if") && text.contains("endif")), "endif");
    }

    #[test]
    fn what_belongs_together_goes_together() {
        let balanced = |text: &str| text.matches('(').count() == text.matches(')').count();
        let template = "{{ g((1 + (2)) * x.y(z)) }}";
        assert!(balanced(template));
        let shows = |text: &str| text.contains('x') && text.matches('(').count() == text.matches(')').count();
        assert_eq!(smallest(template, shows), "x");
    }
}
