//! What is said of an attribute or element that is not there, and what may have been meant.

use std::sync::Arc;

use crate::{Fault, FaultKind, Py, containers, text};

/// Names that differ by more letters than this are not alike.
const LETTERS: usize = 3;

/// How many keys of a mapping are looked at, and how many names are kept.
const LOOKED_AT: usize = 256;
const KEPT: usize = 32;

/// That a value has no attribute or element. `of` is what `object_type_repr` says of its type,
/// `name` the name of the attribute or element, if it is text.
pub(crate) fn member(of: &str, name: Option<&str>) -> Fault {
    let of = of.trim_end_matches(" object").rsplit('.').next().unwrap_or(of);
    let part_of_sequence = |item: &'static str| if name.is_some() { "attribute" } else { item };
    let (subject, part) = match of {
        "None" => ("`none`".to_owned(), "attribute"),
        "dict" => ("the mapping".to_owned(), "key"),
        "list" => ("the list".to_owned(), part_of_sequence("item")),
        "tuple" => ("the tuple".to_owned(), part_of_sequence("item")),
        "str" => ("text".to_owned(), part_of_sequence("character")),
        "LoopContext" => ("`loop`".to_owned(), "attribute"),
        "TemplateModule" => ("the imported template".to_owned(), "macro or variable"),
        "Namespace" => ("the namespace".to_owned(), "attribute"),
        _ => (format!("a value of type `{of}`"), "attribute"),
    };
    let help = match of {
        "None" => "test the value with `is not none` first",
        "list" | "tuple" => "a loop goes through its items; the first has the number 0",
        _ => "test it with `is defined`, or write `default(…)`",
    };
    let unnamed = format!("{subject} has no such {part}");
    let Some(name) = name else {
        return Fault::new(FaultKind::UndefinedError, unnamed).help(help);
    };
    Fault::new(FaultKind::UndefinedError, format!("{subject} has no {part} `{name}`"))
        .or_discreetly(unnamed)
        .about(name)
        .help(help)
}

impl Py {
    /// Keys and attributes of the value that look much like `name`, a few of them.
    pub fn names_like(&self, name: &str) -> Vec<Arc<str>> {
        let is_like = |it: &&str| looks_like(it, name);
        match self {
            Py::Dict(entries) => {
                let entries = entries.lock();
                let keys = entries.keys().take(LOOKED_AT).filter_map(|key| match key.value() {
                    Py::Str(key) => Some(key),
                    _ => None,
                });
                let methods = containers::method_names(self).filter(is_like).map(Arc::from);
                keys.filter(|key| looks_like(key, name)).cloned().chain(methods).take(KEPT).collect()
            }
            Py::Object(object) => {
                let names = object.attr_names();
                names.into_iter().filter(|it| looks_like(it, name)).take(KEPT).collect()
            }
            _ => {
                let names = text::method_names(self).chain(containers::method_names(self));
                names.filter(is_like).map(Arc::from).take(KEPT).collect()
            }
        }
    }
}

/// Whether two names may be meant for one another: a cheap question, asked for each attribute
/// that is not there, whose answer may be yes too often.
fn looks_like(one: &str, other: &str) -> bool {
    let ends = |text: &str| (text.bytes().next(), text.bytes().next_back());
    let ((first, last), (other_first, other_last)) = (ends(one), ends(other));
    one.len().abs_diff(other.len()) <= LETTERS && (first == other_first || last == other_last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dict, Key, Table};

    fn names(value: &Py, name: &str) -> Vec<String> {
        value.names_like(name).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn keys_and_methods_that_look_alike_are_found() {
        let key = |text: &str| (Key::new(Py::str(text)).expect("text is hashable"), Py::None);
        let entries: Table = ["address", "zone", "admin"].map(key).into_iter().collect();
        assert_eq!(names(&Py::Dict(Dict::new(entries)), "adress")[..2], ["address", "admin"]);
        assert!(names(&Py::str("any"), "uper").contains(&"upper".to_owned()));
        assert!(names(&Py::list(Vec::new()), "apend").contains(&"append".to_owned()));
        assert_eq!(names(&Py::None, "host"), [""; 0]);
    }

    #[test]
    fn what_is_missing_is_named_in_plain_words() {
        assert_eq!(member("dict object", Some("x")).message(), "the mapping has no key `x`");
        assert_eq!(member("list object", None).message(), "the list has no such item");
        assert_eq!(member("int object", Some("x")).message(), "a value of type `int` has no attribute `x`");
        assert_eq!(member("None", Some("x")).discreet_message(), "`none` has no such attribute");
    }
}
