//! `map`.

use std::sync::Arc;

use kiln_python::{Args, Fault, FaultKind, Py, PyIter, Result, no_parameter};

use super::super::path::Path;
use super::{lazy, nothing};
use crate::ambient::{self, Filter, Here, filter_argument_error};
use crate::filters::text::convert::given;

/// `map(filter, …)` with the arguments of that filter, or `map(attribute=…, default=none)`.
pub(in super::super) fn map(here: &Here, value: Py, args: Args) -> Result<Py> {
    super::no_keyword(&args, "map")?;
    let here = Arc::clone(here);
    Ok(lazy(move || {
        if !value.truth()? {
            return Ok(nothing());
        }
        let change = Change::new(&here, args)?;
        let changed = value.iter()?.map(move |item| change.apply(&here, item?));
        Ok(Box::new(changed) as PyIter)
    }))
}

/// What happens to each item.
enum Change {
    Attribute {
        path: Path,
        default: Option<Py>,
    },
    Filter {
        filter: Filter,
        args: Args,
    },
    /// There is no such filter, which is wrong only if there is an item.
    Unknown(Fault),
}

impl Change {
    fn new(here: &Here, mut args: Args) -> Result<Change> {
        if args.positional.is_empty() {
            return Change::attribute(args);
        }
        let name = args.positional.remove(0);
        Ok(match name.as_str().and_then(|name| here.filter(name)) {
            Some(filter) => Change::Filter { filter, args },
            None => Change::Unknown(unknown(&name, "filter", "map", here)),
        })
    }

    fn attribute(mut args: Args) -> Result<Change> {
        let Some(attribute) = args.take("attribute") else {
            return Err(filter_argument_error("`map` needs the name of a filter or an attribute"));
        };
        let default = given(args.take("default"));
        match args.keyword.first() {
            Some((name, _)) => {
                Err(no_parameter("map", name, ["attribute", "default"])
                    .of_kind(FaultKind::FilterArgumentError))
            }
            None => Ok(Change::Attribute { path: Path::new(Some(&attribute))?, default }),
        }
    }

    fn apply(&self, here: &Here, item: Py) -> Result<Py> {
        match self {
            Change::Attribute { path, default } => path.follow_or(here, &item, default.as_ref()),
            Change::Filter { filter, args } => filter(here, item, args.clone()),
            Change::Unknown(fault) => Err(fault.clone()),
        }
    }
}

/// That a filter or test of this name does not exist, or why there is no name.
pub(super) fn unknown(name: &Py, what: &str, function: &str, here: &Here) -> Fault {
    match (name, name.as_str()) {
        (Py::Undefined(undefined), _) => undefined.fault(),
        (_, Some(name)) => ambient::unknown(what, name, here),
        (_, None) => {
            let found = name.type_name();
            let message = format!("`{function}` takes the name of a {what}, not a value of type `{found}`");
            Fault::new(FaultKind::TemplateRuntimeError, message)
        }
    }
}
