//! Paths of attributes, such as `metadata.labels.0`, by which filters look into items.

use kiln_python::{Args, Py, Result, meter, parse_int};

use crate::ambient::Here;

/// The way from an item to one of its attributes.
pub(super) struct Path(Vec<Py>);

impl Path {
    /// A path as a template gives it: text whose parts are separated by dots, the parts that
    /// are digits being integers; anything else is a key; none at all leads to the item itself.
    pub(super) fn new(attribute: Option<&Py>) -> Result<Path> {
        let attribute = match attribute {
            None | Some(Py::None) => return Ok(Path(Vec::new())),
            Some(attribute) => attribute,
        };
        match attribute.as_str() {
            Some(text) => Path::parse(text),
            None => Ok(Path(vec![attribute.clone()])),
        }
    }

    fn parse(text: &str) -> Result<Path> {
        text.split('.').map(part).collect::<Result<_>>().map(Path)
    }

    /// The attribute of `item`, undefined if there is none.
    pub(super) fn follow(&self, here: &Here, item: &Py) -> Result<Py> {
        self.follow_or(here, item, None)
    }

    /// The attribute of `item`; wherever that would be undefined on the way, `default`.
    pub(super) fn follow_or(&self, here: &Here, item: &Py, default: Option<&Py>) -> Result<Py> {
        let mut found = item.clone();
        for key in &self.0 {
            found = here.getitem(&found, key)?;
            if let (Py::Undefined(_), Some(default)) = (&found, default) {
                found = default.clone();
            }
        }
        Ok(found)
    }
}

fn part(text: &str) -> Result<Py> {
    let key = Py::str(text);
    let digits = match text.is_ascii() {
        true => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
        false => key.call_method("isdigit", Args::default())?.truth()?,
    };
    if digits { parse_int(text, 10) } else { Ok(key) }
}

/// Several paths, separated by commas.
pub(super) struct Paths(Vec<Path>);

impl Paths {
    pub(super) fn new(attribute: Option<&Py>) -> Result<Paths> {
        let paths = match attribute.and_then(Py::as_str) {
            Some(text) => text.split(',').map(Path::parse).collect::<Result<_>>()?,
            None => vec![Path::new(attribute)?],
        };
        Ok(Paths(paths))
    }

    /// What the paths lead to, ready to be compared.
    pub(super) fn keys(&self, here: &Here, item: &Py, case: Case) -> Result<Vec<Py>> {
        self.0.iter().map(|path| case.key(path.follow(here, item)?)).collect()
    }
}

/// Whether upper and lower case are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Kept,
    Ignored,
}

impl Case {
    /// As the parameter `case_sensitive` says, which is false if left out.
    pub(super) fn sensitive(sensitive: bool) -> Case {
        if sensitive { Case::Kept } else { Case::Ignored }
    }

    /// A value as it is compared.
    pub(super) fn key(self, value: Py) -> Result<Py> {
        if self == Case::Kept {
            return Ok(value);
        }
        match value.as_str() {
            Some(text) => {
                meter::charge_text(text.len())?;
                Ok(Py::str(text.to_lowercase()))
            }
            None => Ok(value),
        }
    }
}
