//! Smaller contexts, and fewer options and templates.

use crate::conformance::Case;
use crate::conformance::json::{Json, Pairs};

/// Without one of the templates that others load.
pub(super) fn without_a_template(case: &Case) -> Vec<Case> {
    let places = (0..case.templates.0.len()).filter(|place| case.templates.0[*place].0 != case.main);
    places.map(|place| changed(case, |case| drop(case.templates.0.remove(place)))).collect()
}

/// Without one of the options.
pub(super) fn without_an_option(case: &Case) -> Vec<Case> {
    let changes: [fn(&mut Case); 13] = [
        |case| case.options.trim_blocks = None,
        |case| case.options.lstrip_blocks = None,
        |case| case.options.keep_trailing_newline = None,
        |case| case.options.newline_sequence = None,
        |case| case.options.autoescape = None,
        |case| case.options.undefined = None,
        |case| case.options.ctx_as_globals = None,
        |case| case.options.line_comment_prefix = None,
        |case| case.options.line_statement_prefix = None,
        |case| {
            case.options.extensions.pop();
            without_extension(case);
        },
        |case| {
            case.options.extensions.truncate(1);
            without_extension(case);
        },
        |case| {
            case.options.extensions.retain(|it| it != "jinja2.ext.i18n");
            case.options.i18n = None;
        },
        with_usual_delimiters,
    ];
    changes.iter().map(|change| changed(case, change)).filter(|it| it != case).collect()
}

/// With Jinja2's delimiters in the place of others.
fn with_usual_delimiters(case: &mut Case) {
    let options = &mut case.options;
    let mut delimiters: Vec<(String, &str)> = Vec::new();
    for (option, usual) in [
        (&mut options.block_start, "{%"),
        (&mut options.block_end, "%}"),
        (&mut options.variable_start, "{{"),
        (&mut options.variable_end, "}}"),
        (&mut options.comment_start, "{#"),
        (&mut options.comment_end, "#}"),
    ] {
        delimiters.extend(option.take().map(|own| (own, usual)));
    }
    // The longer ones first, since one may begin with another.
    delimiters.sort_by_key(|(own, _)| std::cmp::Reverse(own.len()));
    for (_, text) in &mut case.templates.0 {
        for (own, usual) in &delimiters {
            *text = text.replace(own.as_str(), usual);
        }
    }
}

/// Without one of the variables.
pub(super) fn without_a_variable(case: &Case) -> Vec<Case> {
    let places = 0..case.context.0.len();
    places.map(|place| changed(case, |case| drop(case.context.0.remove(place)))).collect()
}

/// With a simpler value in the place of one, anywhere in the context.
pub(super) fn with_simpler_values(case: &Case) -> Vec<Case> {
    let mut cases = Vec::new();
    for (place, (_, value)) in case.context.0.iter().enumerate() {
        for simpler in simpler(value) {
            cases.push(changed(case, |case| case.context.0[place].1 = simpler));
        }
    }
    cases
}

fn changed(case: &Case, change: impl FnOnce(&mut Case)) -> Case {
    let mut changed = case.clone();
    change(&mut changed);
    changed
}

fn simpler(value: &Json) -> Vec<Json> {
    match value {
        Json::Text(text) if text.len() > 1 => {
            let halves = text.char_indices().nth(text.chars().count() / 2);
            let halves = halves.map_or((text.as_str(), ""), |(middle, _)| text.split_at(middle));
            [halves.0, halves.1, "a"].map(|it| Json::Text(it.to_owned())).into()
        }
        Json::Number(digits) if digits.len() > 1 => ["0", "1"].map(|it| Json::Number(it.to_owned())).into(),
        Json::List(items) => {
            let shorter = (0..items.len()).map(|place| Json::List(without(items, place)));
            let with_simpler = (0..items.len()).flat_map(|place| {
                let put = move |item| Json::List(with(items, place, item));
                simpler(&items[place]).into_iter().map(put)
            });
            shorter.chain(with_simpler).collect()
        }
        Json::Map(Pairs(pairs)) => {
            let is_tagged = pairs.len() == 1 && pairs[0].0.starts_with('$');
            let fewer = if is_tagged { 0..0 } else { 0..pairs.len() };
            let shorter = fewer.map(|place| Json::Map(Pairs(without(pairs, place))));
            let with_simpler = (0..pairs.len()).flat_map(|place| {
                let put = move |value| Json::Map(Pairs(with(pairs, place, (pairs[place].0.clone(), value))));
                simpler(&pairs[place].1).into_iter().map(put)
            });
            shorter.chain(with_simpler).collect()
        }
        _ => Vec::new(),
    }
}

fn without<T: Clone>(items: &[T], place: usize) -> Vec<T> {
    let mut items = items.to_vec();
    items.remove(place);
    items
}

fn with<T: Clone>(items: &[T], place: usize, item: T) -> Vec<T> {
    let mut items = items.to_vec();
    items[place] = item;
    items
}

/// Translations belong to their extension; without it the peer itself fails.
fn without_extension(case: &mut Case) {
    if !case.options.extensions.iter().any(|it| it == "jinja2.ext.i18n") {
        case.options.i18n = None;
    }
}
