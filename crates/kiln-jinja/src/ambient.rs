//! What filters, tests and global functions may ask of the template that calls them.

use std::sync::Arc;

use kiln_python::{Args, Fault, FaultKind, Origin, Py, Result, Undefined, UndefinedMode};

use crate::Policies;

/// A filter: the value in front of the bar, and the arguments.
pub(crate) type Filter = Arc<dyn Fn(&Here, Py, Args) -> Result<Py> + Send + Sync>;

/// A test: the value in front of `is`, and the arguments.
pub(crate) type Test = Arc<dyn Fn(&Here, Py, Args) -> Result<bool> + Send + Sync>;

/// The template that calls.
pub(crate) type Here = Arc<dyn Ambient>;

/// What filters, tests and functions see of the template that calls them.
pub(crate) trait Ambient: Send + Sync {
    /// What may be done with undefined values.
    fn undefined_mode(&self) -> UndefinedMode;

    /// Whether printed values are escaped here.
    fn autoescape(&self) -> bool;

    /// The settings of filters.
    fn policies(&self) -> Arc<Policies>;

    /// What line breaks of the template become.
    fn newline_sequence(&self) -> &str;

    /// The filter of that name.
    fn filter(&self, name: &str) -> Option<Filter>;

    /// The test of that name.
    fn test(&self, name: &str) -> Option<Test>;

    /// The names of all filters.
    fn filter_names(&self) -> Vec<Arc<str>>;

    /// The names of all tests.
    fn test_names(&self) -> Vec<Arc<str>>;

    /// What is passed to functions that ask for it: the `context`, the `eval_context` or the
    /// `environment`.
    fn passed(self: Arc<Self>, what: &str) -> Result<Py>;

    /// A number below `bound`, the same for the same template on every run.
    fn random_below(&self, bound: usize) -> usize;
}

impl dyn Ambient {
    /// Calls a function of a project's own from here.
    pub(crate) fn call(self: Arc<Self>, callee: &Py, mut args: Args) -> Result<Py> {
        if let Py::Object(object) = callee
            && let Some(what) = object.passed_first()
        {
            args.positional.insert(0, self.passed(what)?);
        }
        callee.call(args)
    }

    /// An undefined value with a reason in words, and how to mend it.
    pub(crate) fn undefined(&self, hint: impl Into<Arc<str>>, help: &str) -> Py {
        let (mode, origin) = (self.undefined_mode(), Origin::Hint { text: hint.into(), help: help.into() });
        Py::Undefined(Arc::new(Undefined { mode, origin }))
    }

    /// `environment.getitem`: the element, else the attribute of that name, else undefined.
    pub(crate) fn getitem(&self, value: &Py, key: &Py) -> Result<Py> {
        getitem(self.undefined_mode(), value, key)
    }

    /// The undefined value of a missing attribute or element.
    pub(crate) fn no_member(&self, value: &Py, key: &Py) -> Result<Py> {
        no_member(self.undefined_mode(), value, key)
    }
}

/// `environment.getattr`, for the mode of undefined values.
pub(crate) fn getattr(mode: UndefinedMode, value: &Py, name: &str) -> Result<Py> {
    if let Some(found) = value.attr(name)? {
        return Ok(found);
    }
    if let Py::Dict(entries) = value
        && let Some(found) = entries.get_str(name)
    {
        return Ok(found);
    }
    let key = Py::str(name);
    match value.item(&key)? {
        Some(found) => Ok(found),
        None => no_member(mode, value, &key),
    }
}

/// `environment.getitem`, for the mode of undefined values.
pub(crate) fn getitem(mode: UndefinedMode, value: &Py, key: &Py) -> Result<Py> {
    if let Some(found) = value.item(key)? {
        return Ok(found);
    }
    if let Some(name) = key.as_str()
        && let Some(found) = value.attr(name)?
    {
        return Ok(found);
    }
    no_member(mode, value, key)
}

/// The undefined value of a missing attribute or element.
pub(crate) fn no_member(mode: UndefinedMode, value: &Py, key: &Py) -> Result<Py> {
    if let (UndefinedMode::Strict, Py::Undefined(undefined)) = (mode, key) {
        // Whoever uses it wants to know of the key. Yet it is a value of its own: the same one
        // twice would be equal without being asked.
        return Ok(Py::Undefined(Arc::new(Undefined::clone(undefined))));
    }
    let name = match key {
        Py::Str(name) | Py::Markup(name) => Some(Arc::clone(name)),
        _ => None,
    };
    let key = match &name {
        // `repr` of a text key is only needed to print it in the debug mode.
        Some(name) if mode != UndefinedMode::Debug => Arc::clone(name),
        _ => key.repr()?.into(),
    };
    let like = name.as_ref().map(|name| value.names_like(name)).unwrap_or_default();
    let origin = Origin::Member { of: value.type_repr().into(), key, name, like };
    Ok(Py::Undefined(Arc::new(Undefined { mode, origin })))
}

/// What a filter raises that was called wrongly.
pub(crate) fn filter_argument_error(message: impl Into<String>) -> Fault {
    Fault::new(FaultKind::FilterArgumentError, message)
}

/// That there is no filter or test of a name; `kind` says which of the two.
pub(crate) fn unknown(kind: &str, name: &str, here: &Here) -> Fault {
    let (code, known) = match kind {
        "filter" => ("unknown-filter", here.filter_names()),
        _ => ("unknown-test", here.test_names()),
    };
    Fault::new(FaultKind::TemplateRuntimeError, format!("there is no such {kind}: `{name}`"))
        .or_discreetly(format!("there is no {kind} of this name"))
        .coded(code)
        .about(name)
        .among(known.iter().map(|it| &**it))
}
