//! What an expression is expected to be, so that most templates mean something.

use super::random::Random;

/// What kind of value an expression should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Float,
    Bool,
    None,
    Text,
    Bytes,
    /// A list or tuple of integers.
    Ints,
    /// A list or tuple of texts.
    Texts,
    /// A list of mappings with the keys `name`, `n`, `tags` and `on`.
    Rows,
    /// A list or tuple of anything.
    Mixed,
    Map,
    Date,
    Moment,
    Span,
    /// What can be gone through once.
    Flow,
    /// Something undefined.
    Missing,
    /// A whole number from −3 to 20: a width, an index, a count.
    Small,
    /// An integer or a float.
    Number,
    /// A list or tuple of any kind.
    List,
    Any,
}

const NAMES: &[(&str, Kind)] = &[
    ("Int", Kind::Int),
    ("Float", Kind::Float),
    ("Bool", Kind::Bool),
    ("None", Kind::None),
    ("Text", Kind::Text),
    ("Bytes", Kind::Bytes),
    ("Ints", Kind::Ints),
    ("Texts", Kind::Texts),
    ("Rows", Kind::Rows),
    ("Mixed", Kind::Mixed),
    ("Map", Kind::Map),
    ("Date", Kind::Date),
    ("Moment", Kind::Moment),
    ("Span", Kind::Span),
    ("Flow", Kind::Flow),
    ("Missing", Kind::Missing),
    ("Small", Kind::Small),
    ("Number", Kind::Number),
    ("List", Kind::List),
    ("Any", Kind::Any),
];

impl Kind {
    /// The kind that a table calls so.
    pub(super) fn named(name: &str) -> Option<Kind> {
        NAMES.iter().find(|(it, _)| *it == name).map(|(_, kind)| *kind)
    }

    /// A kind that is no choice between others.
    pub(super) fn concrete(self, random: &mut Random) -> Kind {
        use Kind::{
            Bool, Bytes, Date, Float, Int, Ints, Map, Missing, Mixed, Moment, None, Rows, Text, Texts,
        };
        match self {
            Kind::Number => random.choose(&[Int, Int, Float, Float, Bool]),
            Kind::List => random.choose(&[Ints, Texts, Rows, Mixed]),
            Kind::Any => random.choose(&[
                Int, Int, Float, Float, Bool, Text, Text, Text, Text, Ints, Texts, Rows, Mixed, Map, Map,
                Date, Moment, None, Missing, Bytes,
            ]),
            other => other,
        }
    }
}
