//! Contexts of awkward values.

use super::kind::Kind;
use super::random::Random;
use crate::conformance::json::{Json, Pairs};

/// Texts that are hard to print, cut, count or escape.
pub(super) const TEXTS: &[&str] = &[
    "",
    "a",
    "l",
    "Hello World",
    "it's",
    "say \"hi\" it's",
    "<b>bold</b> & 'q'",
    "äöü ß Straße",
    "ǆ ﬁ İ ŉ",
    "漢字かな",
    "😀 a\u{301}",
    " pad \t",
    "one\ntwo\n\nthree",
    "one\r\ntwo\rthree\n",
    "a,b,,c",
    "%s 100%",
    "{} {0}",
    "0",
    "12",
    "-3",
    " 42 ",
    "1_000",
    "1.5",
    "1e3",
    "0x1f",
    "nan",
    "true",
    "١٢",
    "²",
    "back\\slash",
    "nul\u{0}\u{7f}\u{a0}\u{2028}",
    "The quick brown fox jumps over the lazy dog, twice-over",
    "see https://example.com/a?b=c&d=e, www.example.org. or me@example.com!",
    "<p>one <!-- two --> &lt;three&gt; &amp; four</p>",
    "snake_case-and kebab.Case",
    "mixedCASE word's",
    "averyveryveryverylongwordwithoutanyblank",
    "key: value # not a comment",
    "10.0.0.0/24",
];

const INTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3",
    "5",
    "7",
    "10",
    "42",
    "-17",
    "97",
    "255",
    "1000",
    "65536",
    "123456789",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1000000000000000000000000000000",
];

const FLOATS: &[&str] = &[
    "0.0",
    "-0.0",
    "1.0",
    "1.5",
    "2.5",
    "-2.5",
    "0.1",
    "3.14159",
    "1e16",
    "1e-07",
    "1e+22",
    "123456.789",
    "0.5",
    "99999.5",
    "inf",
    "-inf",
    "nan",
    "1e300",
    "5e-324",
    "1e15",
];

const DATES: &[&str] = &["2024-03-05", "1999-12-31", "2024-02-29", "0001-01-01"];

const MOMENTS: &[&str] = &[
    "2024-03-05T13:07:09",
    "2024-03-05T00:00:00",
    "1999-12-31T23:59:59.120000",
    "2024-02-29T06:30:00+02:00",
    "2024-11-03T12:00:00.000001+00:00",
];

/// A variable of the context.
pub(super) struct Variable {
    /// Its name.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) kind: Kind,
    /// Whether templates use it without asking whether it is there.
    is_needed: bool,
    make: fn(&mut Random) -> Json,
}

const fn variable(name: &'static str, kind: Kind, make: fn(&mut Random) -> Json) -> Variable {
    Variable { name, kind, is_needed: true, make }
}

const fn optional(name: &'static str, kind: Kind, make: fn(&mut Random) -> Json) -> Variable {
    Variable { name, kind, is_needed: false, make }
}

/// Every variable that a context can have.
pub(super) const VARIABLES: &[Variable] = &[
    variable("n", Kind::Int, int),
    variable("k", Kind::Small, |random| number(random.pick(&["0", "1", "2", "3", "8", "20", "-1", "-3"]))),
    variable("f", Kind::Float, float),
    optional("on", Kind::Bool, |random| Json::Bool(random.chance(50))),
    optional("nil", Kind::None, |_| Json::Null),
    variable("s", Kind::Text, text),
    optional("t", Kind::Text, text),
    optional("html", Kind::Text, |random| tagged("$markup", text(random))),
    optional("data", Kind::Bytes, |random| {
        tagged("$bytes", string(random.pick(&["", "aGk=", "//4AYQ==", "w6Q="])))
    }),
    variable("xs", Kind::Ints, |random| list(random, int)),
    optional("pair", Kind::Mixed, |random| tagged("$tuple", Json::List(vec![small(random), small(random)]))),
    variable("ws", Kind::Texts, |random| list(random, text)),
    variable("rows", Kind::Rows, |random| list(random, row)),
    variable("mix", Kind::Mixed, |random| list(random, any)),
    optional("tup", Kind::Mixed, |random| tagged("$tuple", list(random, any))),
    variable("d", Kind::Map, map),
    variable("keyed", Kind::Map, keyed),
    variable("row", Kind::Map, row),
    variable("day", Kind::Date, |random| tagged("$date", string(random.pick(DATES)))),
    variable("ts", Kind::Moment, |random| tagged("$datetime", string(random.pick(MOMENTS)))),
    variable("tree", Kind::Any, |random| tree(random, 2)),
];

impl Variable {
    /// A value that the variable can have.
    pub(super) fn value(&self, random: &mut Random) -> Json {
        (self.make)(random)
    }
}

/// A context that has most of the variables.
pub(super) fn context(random: &mut Random) -> Pairs<Json> {
    let mut pairs = Vec::new();
    for variable in VARIABLES {
        if variable.is_needed || random.chance(70) {
            pairs.push((variable.name.to_owned(), variable.value(random)));
        }
    }
    Pairs(pairs)
}

fn number(digits: &str) -> Json {
    Json::Number(digits.to_owned())
}

fn string(text: &str) -> Json {
    Json::Text(text.to_owned())
}

fn tagged(tag: &str, content: Json) -> Json {
    Json::Map(Pairs(vec![(tag.to_owned(), content)]))
}

fn small(random: &mut Random) -> Json {
    number(random.pick(&["0", "1", "2", "3", "4"]))
}

fn int(random: &mut Random) -> Json {
    if random.chance(60) { small(random) } else { number(random.pick(INTS)) }
}

fn float(random: &mut Random) -> Json {
    tagged("$float", string(random.pick(FLOATS)))
}

fn text(random: &mut Random) -> Json {
    string(random.pick(TEXTS))
}

fn list(random: &mut Random, item: fn(&mut Random) -> Json) -> Json {
    let length = random.choose(&[0, 1, 2, 2, 3, 3, 3, 4, 5, 5]);
    Json::List((0..length).map(|_| item(random)).collect())
}

fn any(random: &mut Random) -> Json {
    match random.below(10) {
        0 => Json::Null,
        1 => Json::Bool(random.chance(50)),
        2 | 3 => int(random),
        4 => float(random),
        5 => tagged("$tuple", Json::List(vec![small(random), text(random)])),
        6 => list(random, int),
        7 => row(random),
        _ => text(random),
    }
}

fn row(random: &mut Random) -> Json {
    let mut pairs = vec![
        ("name".to_owned(), text(random)),
        ("n".to_owned(), small(random)),
        ("tags".to_owned(), list(random, text)),
        ("on".to_owned(), Json::Bool(random.chance(50))),
    ];
    if random.chance(3) {
        pairs.remove(random.below(4));
    }
    Json::Map(Pairs(pairs))
}

fn map(random: &mut Random) -> Json {
    let mut pairs = Vec::new();
    for key in ["b", "a", "name", "n", "C", "items", "with space", "ü", "_x"] {
        if random.chance(50) {
            pairs.push((key.to_owned(), any(random)));
        }
    }
    Json::Map(Pairs(pairs))
}

/// A mapping whose keys are of several types.
fn keyed(random: &mut Random) -> Json {
    let keys = [number("1"), number("2"), Json::Null, string("a"), string("1"), Json::Bool(false)];
    let mut pairs = Vec::new();
    for key in keys {
        if random.chance(50) {
            pairs.push(Json::List(vec![key, any(random)]));
        }
    }
    tagged("$dict", Json::List(pairs))
}

/// Nested mappings with `v`, and with `c` for what is below.
fn tree(random: &mut Random, depth: usize) -> Json {
    let children = if depth == 0 { 0 } else { random.choose(&[0, 1, 2, 3]) };
    let child = |random: &mut Random| {
        let below = tree(random, depth.saturating_sub(1));
        Json::Map(Pairs(vec![("v".to_owned(), small(random)), ("c".to_owned(), below)]))
    };
    Json::List((0..children).map(|_| child(random)).collect())
}
