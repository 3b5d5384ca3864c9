//! Cases of the corpus with something changed.
//!
//! They go where no grammar leads: what somebody thought of, and then a little beside it.

use super::context::VARIABLES;
use super::kind::Kind;
use super::literal;
use super::random::Random;
use crate::conformance::Case;
use crate::conformance::tokens::{delimiters, tokens};

/// What is put into templates: every sign and word of the language, and some that it lacks.
const PIECES: &[&str] = &[
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "~",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "|",
    ".",
    ",",
    ":",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "=",
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "none",
    "true",
    "1",
    "2.5",
    "'a'",
    "x",
    "!",
    "@",
    "$",
    "\\",
    "`",
    ";",
    "?",
    "1.",
    ".5",
    "1_0",
    "_",
    "loop",
    "self",
    "super",
    "caller",
    "missing",
    "recursive",
    "scoped",
    "required",
    "as",
    "import",
    "with",
    "context",
    "without",
    "ignore",
    "set",
    "endset",
    "for",
    "endfor",
    "{%",
    "%}",
    "{{",
    "}}",
    "{#",
    "#}",
    "-%}",
    "{%-",
    "{%+",
    "+%}",
    "\n",
    "\t",
];

/// A case of the corpus that is changed in one place, or in a few.
pub(super) fn mutant(random: &mut Random, corpus: &[Case]) -> Case {
    let mut case = corpus[random.below(corpus.len())].clone();
    let other = &corpus[random.below(corpus.len())];
    if random.chance(40) {
        for _ in 0..random.choose(&[1, 1, 1, 2, 3]) {
            change_template(random, &mut case, other);
        }
    } else {
        change_value(random, &mut case);
        change_literal(random, &mut case);
    }
    change_options(random, &mut case);
    case.expected = None;
    case
}

/// Takes tokens out of the main template, doubles one, or puts others in.
fn change_template(random: &mut Random, case: &mut Case, other: &Case) {
    let delimiters = delimiters(case);
    let Some(text) = main_of(case) else { return };
    let mut pieces = tokens(text, &delimiters);
    let place = random.below(pieces.len());
    match random.below(8) {
        _ if pieces.is_empty() => pieces.push(random.pick(PIECES)),
        0 | 1 => drop(pieces.remove(place)),
        2 => pieces.insert(place, pieces[place]),
        3 => pieces[place] = random.pick(PIECES),
        4 => pieces.insert(place, random.pick(PIECES)),
        5 => {
            let other = random.below(pieces.len());
            pieces.swap(place, other);
        }
        6 => {
            let end = (place + 1 + random.below(5)).min(pieces.len());
            drop(pieces.drain(place..end));
        }
        _ => {
            let theirs = other.templates.0.last().map_or("", |(_, text)| text);
            let theirs = tokens(theirs, &delimiters);
            let from = random.below(theirs.len());
            let taken = theirs.into_iter().skip(from).take(1 + random.below(4));
            pieces.splice(place..place, taken.collect::<Vec<_>>());
        }
    }
    *text = pieces.concat();
}

/// Puts another literal in the place of one.
fn change_literal(random: &mut Random, case: &mut Case) {
    let delimiters = delimiters(case);
    let Some(text) = main_of(case) else { return };
    let mut pieces: Vec<String> = tokens(text, &delimiters).into_iter().map(str::to_owned).collect();
    let is_literal =
        |piece: &&mut String| piece.starts_with(|it: char| it == '\'' || it == '"' || it.is_ascii_digit());
    let mut literals: Vec<&mut String> = pieces.iter_mut().filter(is_literal).collect();
    let place = random.below(literals.len());
    if let Some(literal) = literals.get_mut(place) {
        **literal = match literal.starts_with(|it: char| it.is_ascii_digit()) {
            true => random.pick(&["0", "1", "2", "7", "2.5", "1e3", "100"]).to_owned(),
            false => literal::simple(random, Kind::Text).text,
        };
    }
    *text = pieces.concat();
}

/// Puts another value in the place of one of the context.
fn change_value(random: &mut Random, case: &mut Case) {
    let place = random.below(case.context.0.len());
    if let Some((_, value)) = case.context.0.get_mut(place) {
        let variable = &VARIABLES[random.below(VARIABLES.len())];
        *value = variable.value(random);
    }
}

fn change_options(random: &mut Random, case: &mut Case) {
    let options = &mut case.options;
    if random.chance(20) {
        options.undefined = Some(random.pick(&["default", "chainable", "strict", "debug"]).to_owned());
    }
    for option in [&mut options.autoescape, &mut options.trim_blocks, &mut options.lstrip_blocks] {
        if random.chance(15) {
            *option = Some(random.chance(60));
        }
    }
    if random.chance(5) {
        options.line_statement_prefix = Some(random.pick(&["#", "%", "//"]).to_owned());
    }
}

fn main_of(case: &mut Case) -> Option<&mut String> {
    let main = case.main.clone();
    case.templates.0.iter_mut().find(|(name, _)| *name == main).map(|(_, text)| text)
}
