//! What different readers take the same plain scalar for.

use kiln_model::{Span, Value};
use kiln_python::{Py, float_repr};

use crate::resolve::{self, Scalars};

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The core schema of YAML 1.2, as kiln itself does.
    Yaml12,
    /// YAML 1.1 as PyYAML's safe loader reads it, which is what Python tools use.
    Yaml11,
    /// kubectl and other tools that use `sigs.k8s.io/yaml`.
    Kubectl,
    /// kustomize, and with it everything that applies what kustomize builds (`yaml.v3`).
    Kustomize,
}

/// What a reader takes a scalar for. Numbers that are equal are the same, however written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, in the shortest decimal form.
    Number(String),
    /// The text that is written.
    Text,
    /// A day or a point in time.
    Date,
    /// The reader refuses it.
    Refused,
}

impl Reading {
    /// The kind in words, with an article.
    pub fn kind(&self) -> &'static str {
        match self {
            Reading::Null => "null",
            Reading::Bool(_) => "a boolean",
            Reading::Number(_) => "a number",
            Reading::Text => "text",
            Reading::Date => "a date",
            Reading::Refused => "nothing that it can read",
        }
    }

    /// Kind and value in words, of a scalar that is written as `text`.
    pub fn value(&self, text: &str) -> String {
        match self {
            Reading::Null | Reading::Refused => self.kind().to_owned(),
            Reading::Bool(it) => format!("the boolean `{it}`"),
            Reading::Number(it) => format!("the number `{it}`"),
            Reading::Text => format!("the text `{text}`"),
            Reading::Date => format!("the date `{text}`"),
        }
    }
}

/// A scalar without quotes and tag that is not the same to all who may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguous {
    /// Where it stands.
    pub span: Span,
    /// What is written there.
    pub text: String,
    /// The keys that lead to it, without the numbers of list items: `nodes[].address`.
    pub path: String,
    /// Whether it is a key.
    pub is_key: bool,
}

/// What a scalar without quotes and tag is to a reader.
pub fn reading(reader: Reader, text: &str) -> Reading {
    let known = match reader {
        Reader::Yaml12 => resolve::plain(Scalars::Core, text),
        Reader::Kubectl => resolve::plain(Scalars::Kubernetes, text),
        Reader::Yaml11 => {
            return kiln_pydata::yaml_scalar(text).map_or(Reading::Refused, |it| of_python(&it));
        }
        Reader::Kustomize => return resolve::kustomize(text),
    };
    known.map_or(Reading::Refused, |value| of_value(&value))
}

/// Whether every reader takes a scalar without quotes for text.
pub(crate) fn is_text_to_all(text: &str) -> bool {
    let readers = [Reader::Yaml12, Reader::Yaml11, Reader::Kubectl, Reader::Kustomize];
    readers.into_iter().all(|reader| reading(reader, text) == Reading::Text)
}

/// Whether readers may differ at all: most scalars begin with a letter, and are text to all.
pub(crate) fn may_differ(text: &str) -> bool {
    match text.bytes().next() {
        Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'=' | b'<') => true,
        Some(b'y' | b'Y' | b'n' | b'N' | b'o' | b'O') => text.len() <= 3,
        _ => false,
    }
}

pub(crate) fn of_value(value: &Value) -> Reading {
    match value {
        Value::Null => Reading::Null,
        Value::Bool(it) => Reading::Bool(*it),
        Value::Int(it) => Reading::Number(it.to_string()),
        Value::Float(it) => Reading::Number(shortest(*it)),
        _ => Reading::Text,
    }
}

fn of_python(value: &Py) -> Reading {
    match value {
        Py::None => Reading::Null,
        Py::Bool(it) => Reading::Bool(*it),
        Py::Int(it) => Reading::Number(it.to_string()),
        Py::Big(it) => Reading::Number(it.to_string()),
        Py::Float(it) => Reading::Number(shortest(*it)),
        Py::Str(_) => Reading::Text,
        _ => Reading::Date,
    }
}

/// Whole numbers without a point, so that `1.0` and `1` are the same.
fn shortest(number: f64) -> String {
    // 2^63 is exact, and below it whole numbers are written with all their digits.
    let is_whole = number.fract() == 0.0 && number.abs() < 9_223_372_036_854_775_808.0;
    if is_whole { (number as i64).to_string() } else { float_repr(number) }
}

#[cfg(test)]
mod tests;
