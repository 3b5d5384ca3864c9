//! `select`, `reject`, `selectattr`, `rejectattr`.

use std::sync::Arc;

use kiln_python::{Args, Fault, Py, Result};

use super::super::path::Path;
use super::map::unknown;
use super::{kept, lazy, nothing};
use crate::ambient::{Here, Test, filter_argument_error};

/// `select(test, …)`, with the arguments of that test; without a test, what is true.
pub(in super::super) fn select(here: &Here, value: Py, args: Args) -> Result<Py> {
    choose(here, value, args, Choice { function: "select", wanted: true, by_attribute: false })
}

/// `reject(test, …)`: what [`select`] leaves out.
pub(in super::super) fn reject(here: &Here, value: Py, args: Args) -> Result<Py> {
    choose(here, value, args, Choice { function: "reject", wanted: false, by_attribute: false })
}

/// `selectattr(attribute, test, …)`: what [`select`] does, by an attribute of the items.
pub(in super::super) fn selectattr(here: &Here, value: Py, args: Args) -> Result<Py> {
    choose(here, value, args, Choice { function: "selectattr", wanted: true, by_attribute: true })
}

/// `rejectattr(attribute, test, …)`: what [`selectattr`] leaves out.
pub(in super::super) fn rejectattr(here: &Here, value: Py, args: Args) -> Result<Py> {
    choose(here, value, args, Choice { function: "rejectattr", wanted: false, by_attribute: true })
}

struct Choice {
    function: &'static str,
    wanted: bool,
    by_attribute: bool,
}

fn choose(here: &Here, value: Py, args: Args, choice: Choice) -> Result<Py> {
    super::no_keyword(&args, choice.function)?;
    let here = Arc::clone(here);
    Ok(lazy(move || {
        if !value.truth()? {
            return Ok(nothing());
        }
        let decision = Decision::new(&here, args, &choice)?;
        Ok(kept(value.iter()?, move |item| Ok(decision.about(&here, item)? == choice.wanted)))
    }))
}

/// How it is decided whether an item is chosen.
struct Decision {
    path: Path,
    test: Question,
}

enum Question {
    Truth,
    Test {
        test: Test,
        args: Args,
    },
    /// There is no such test, which is wrong only if there is an item.
    Unknown(Fault),
}

impl Decision {
    fn new(here: &Here, mut args: Args, choice: &Choice) -> Result<Decision> {
        let attribute = match choice.by_attribute {
            true if args.positional.is_empty() => {
                return Err(filter_argument_error(format!(
                    "`{}` needs the name of an attribute",
                    choice.function
                )));
            }
            true => Some(args.positional.remove(0)),
            false => None,
        };
        let path = Path::new(attribute.as_ref())?;
        if args.positional.is_empty() {
            return Ok(Decision { path, test: Question::Truth });
        }
        let name = args.positional.remove(0);
        let test = match name.as_str().and_then(|name| here.test(name)) {
            Some(test) => Question::Test { test, args },
            None => Question::Unknown(unknown(&name, "test", choice.function, here)),
        };
        Ok(Decision { path, test })
    }

    fn about(&self, here: &Here, item: &Py) -> Result<bool> {
        let item = self.path.follow(here, item)?;
        match &self.test {
            Question::Truth => item.truth(),
            Question::Test { test, args } => test(here, item, args.clone()),
            Question::Unknown(fault) => Err(fault.clone()),
        }
    }
}
