//! What a scalar stands for.

mod core;
mod kubernetes;
mod kustomize;
mod shape;

use kiln_model::Value;

use shape::{digits, unsigned};

pub(crate) use kustomize::plain as kustomize;

/// Whose reading of a text is followed.
///
/// The same text means different things to different readers: `on` is text to YAML 1.2
/// and a boolean to the other two; `22:22` is 1342 to PyYAML alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The core schema of YAML 1.2 (<https://yaml.org/spec/1.2.2/#103-core-schema>), for
    /// the files of our own projects. Dates stay text.
    Core,
    /// PyYAML 6's `safe_load`, for projects whose files were written for it. A date becomes
    /// the text that Python prints for it, a set a mapping from its items to null, and
    /// `!!omap` and `!!pairs` a list of lists of two.
    PyYaml,
    /// `sigs.k8s.io/yaml`, through which Kubernetes tools read manifests.
    Kubernetes,
}

impl Resolution {
    /// How scalars are read, if the text itself is read as YAML 1.2.
    pub(crate) fn scalars(self) -> Option<Scalars> {
        match self {
            Resolution::Core => Some(Scalars::Core),
            Resolution::Kubernetes => Some(Scalars::Kubernetes),
            Resolution::PyYaml => None,
        }
    }
}

/// The readings of scalars for which the text itself is read as YAML 1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalars {
    Core,
    Kubernetes,
}

/// Why a scalar stands for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A number beyond what can be held.
    TooLarge,
    /// It looks like something, or is tagged as something, that it is not. The text says
    /// what.
    Not(&'static str),
    /// The tag has no meaning here.
    Tag,
}

/// What an untagged plain scalar stands for.
pub(crate) fn plain(scalars: Scalars, text: &str) -> Result<Value, Problem> {
    match scalars {
        Scalars::Core => core::plain(text),
        Scalars::Kubernetes => kubernetes::plain(text),
    }
}

/// What a scalar with a resolved tag stands for, however it is quoted.
pub(crate) fn tagged(scalars: Scalars, tag: &str, text: &str) -> Result<Value, Problem> {
    let string = || Ok(Value::String(text.to_owned()));
    let Some(name) = tag.strip_prefix("tag:yaml.org,2002:") else {
        // Kubernetes tools read what has a tag of its own as text.
        return if tag == "!" || scalars == Scalars::Kubernetes { string() } else { Err(Problem::Tag) };
    };
    match name {
        "str" => string(),
        "null" | "bool" | "int" => of_type(scalars, name, text),
        "float" => float(scalars, text),
        "timestamp" if scalars == Scalars::Kubernetes && kustomize::is_date(text) => string(),
        "timestamp" if scalars == Scalars::Kubernetes => Err(Problem::Not("a date")),
        // Nobody renders Base64 for a tool to decode it first.
        "binary" => Err(Problem::Tag),
        _ if scalars == Scalars::Kubernetes => string(),
        _ => Err(Problem::Tag),
    }
}

/// The plain reading of `text`, if it has the tag's type.
fn of_type(scalars: Scalars, name: &str, text: &str) -> Result<Value, Problem> {
    match (name, plain(scalars, text)) {
        ("null", Ok(it @ Value::Null)) => Ok(it),
        ("bool", Ok(it @ Value::Bool(_))) => Ok(it),
        ("int", Ok(it @ Value::Int(_))) => Ok(it),
        ("int", Err(Problem::TooLarge)) => Err(Problem::TooLarge),
        ("null", _) => Err(Problem::Not("a null")),
        ("bool", _) => Err(Problem::Not("a boolean")),
        _ => Err(Problem::Not("an integer")),
    }
}

/// A number, whether or not it is written with a fraction.
fn float(scalars: Scalars, text: &str) -> Result<Value, Problem> {
    match plain(scalars, text)? {
        // JSON, which carries the value to Kubernetes, writes both alike.
        Value::Int(int) if scalars == Scalars::Core && digits(unsigned(text).0) => {
            Ok(Value::Float(int as f64))
        }
        Value::Int(_) if scalars == Scalars::Core => Err(Problem::Not("a number")),
        it @ (Value::Int(_) | Value::Float(_)) => Ok(it),
        _ => Err(Problem::Not("a number")),
    }
}
