//! What a scalar stands for: three readings of the same text.

mod core;
mod kubernetes;
mod pyyaml;
mod shape;

use kiln_model::Value;

/// Whose reading of plain scalars is followed.
///
/// The same text means different things to different readers: `on` is text to YAML 1.2
/// and a boolean to the other two; `22:22` is 1342 to PyYAML alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The core schema of YAML 1.2 (<https://yaml.org/spec/1.2.2/#103-core-schema>), for
    /// the files of our own projects. Dates stay text.
    Core,
    /// PyYAML 6's `safe_load`, for the data of makejinja projects. A date becomes the text
    /// that Python prints for it.
    PyYaml,
    /// `sigs.k8s.io/yaml`, through which Kubernetes tools read manifests.
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
pub(crate) fn plain(resolution: Resolution, text: &str) -> Result<Value, Problem> {
    match resolution {
        Resolution::Core => core::plain(text),
        Resolution::PyYaml => pyyaml::plain(text),
        Resolution::Kubernetes => kubernetes::plain(text),
    }
}

/// What a scalar with a resolved tag stands for, however it is quoted.
pub(crate) fn tagged(resolution: Resolution, tag: &str, text: &str) -> Result<Value, Problem> {
    let string = || Ok(Value::String(text.to_owned()));
    let Some(name) = tag.strip_prefix("tag:yaml.org,2002:") else {
        // Kubernetes tools read what has a tag of its own as text.
        return if tag == "!" || resolution == Resolution::Kubernetes { string() } else { Err(Problem::Tag) };
    };
    match name {
        "str" => string(),
        "null" | "bool" | "int" => of_type(resolution, name, text),
        "float" => float(resolution, text),
        "timestamp" => match resolution {
            Resolution::Core => Err(Problem::Tag),
            Resolution::PyYaml if !pyyaml::is_timestamp(text) => Err(Problem::Not("a date")),
            Resolution::PyYaml => pyyaml::plain(text),
            Resolution::Kubernetes => string(),
        },
        _ => Err(Problem::Tag),
    }
}

/// The plain reading of `text`, if it has the tag's type.
fn of_type(resolution: Resolution, name: &str, text: &str) -> Result<Value, Problem> {
    match (name, plain(resolution, text)) {
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
fn float(resolution: Resolution, text: &str) -> Result<Value, Problem> {
    match resolution {
        Resolution::PyYaml => pyyaml::float(text),
        _ => match plain(resolution, text)? {
            // JSON, which carries the value to Kubernetes, writes both alike.
            Value::Int(int) if resolution == Resolution::Core => Ok(Value::Float(int as f64)),
            it @ (Value::Int(_) | Value::Float(_)) => Ok(it),
            _ => Err(Problem::Not("a number")),
        },
    }
}
