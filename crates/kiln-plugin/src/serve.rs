//! What plugins ask of this side while they are asked something.

use std::sync::Arc;

use kiln_python::{Args, Fault, FaultKind, Generator, Py, Result};

use crate::decode::garbled;
use crate::host::Inner;

/// A table in which templates find something by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// The global values.
    Globals,
    /// The filters.
    Filters,
    /// The tests.
    Tests,
    /// The policies.
    Policies,
}

impl Table {
    /// The table of a number of the protocol.
    pub(crate) fn of(number: i64) -> Option<Table> {
        [Table::Globals, Table::Filters, Table::Tests, Table::Policies]
            .get(usize::try_from(number).ok()?.checked_sub(1)?)
            .copied()
    }
}

/// What plugins see and change of the engine that runs templates.
pub trait Engine: Send + Sync {
    /// The entries of a table, Jinja2's own among them.
    fn table(&self, table: Table) -> Vec<(Arc<str>, Py)>;

    /// Sets an entry of a table, or takes it away.
    ///
    /// # Errors
    /// If the value cannot be there.
    fn change(&self, table: Table, name: &str, value: Option<Py>) -> Result<()>;

    /// The data that plugins are made with.
    fn data(&self) -> Py;

    /// The settings, as a mapping with makejinja's names; paths are texts.
    fn config(&self) -> Py;
}

/// Answers a plugin; none if what it asks for is not there.
///
/// # Errors
/// What doing it raises.
pub(crate) fn serve(host: &Arc<Inner>, operation: &str, args: Vec<Py>) -> Result<Option<Py>> {
    let arg = |at: usize| args.get(at).ok_or_else(garbled);
    let text = |text: Arc<str>| Ok(Some(Py::Str(text)));
    match operation {
        "data" => Ok(Some(host.engine()?.data())),
        "config" => Ok(Some(host.engine()?.config())),
        "table" => {
            let table = arg(0)?.as_index().and_then(Table::of).ok_or_else(garbled)?;
            let entries = host.engine()?.table(table);
            let entries = entries.into_iter().map(|(name, value)| Py::tuple([Py::Str(name), value]));
            Ok(Some(Py::tuple(entries.collect::<Vec<_>>())))
        }
        "refuse" => Err(refuse(&arg(0)?.to_str()?, &arg(1)?.to_str()?)),
        "call" => {
            let mut call = Args::positional(arg(1)?.collect()?);
            for pair in arg(2)?.collect()?.chunks_exact(2) {
                call.keyword.push((pair[0].to_str()?, pair[1].clone()));
            }
            arg(0)?.call(call).map(Some)
        }
        "attr" => arg(0)?.attr(&arg(1)?.to_str()?),
        "item" => arg(0)?.item(arg(1)?),
        "str" => text(arg(0)?.to_str()?),
        "repr" => text(arg(0)?.repr()?.into()),
        "truth" => arg(0)?.truth().map(|truth| Some(Py::Bool(truth))),
        "len" => arg(0)?.len().map(|length| Some(Py::from(length))),
        "contains" => arg(0)?.contains(arg(1)?).map(|found| Some(Py::Bool(found))),
        "equals" => arg(0)?.equals(arg(1)?).map(|equal| Some(Py::Bool(equal))),
        "iter" => arg(0)?.iter().map(|items| Some(Generator::new(items))),
        "next" => arg(0)?.iter()?.next().transpose(),
        _ => Err(garbled()),
    }
}

/// Refuses what a plugin wants of Jinja2 that is Python of its own.
fn refuse(what: &str, names: &str) -> Fault {
    let fault = |message, help: &str| Fault::new(FaultKind::Own, message).coded("plugin-refused").help(help);
    match what {
        "extensions" => fault(
            format!("a plugin has extensions of Jinja2 that are written in Python: `{names}`"),
            "take them out; functions, filters and tests are understood, and `do`, `loopcontrols`, `i18n` \
             and `debug` under `extensions` of makejinja.toml",
        ),
        _ => fault(
            format!("a plugin changes `{names}` of the environment"),
            "take that out; its globals, filters, tests and policies may be changed, and makejinja.toml \
             has the other settings",
        ),
    }
}
