//! Plugins of makejinja projects, which run in a Python process.

mod settings;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use kiln_jinja::Registry;
use kiln_jinja::python::{Dict, Fault, Py, Result};
use kiln_makejinja::{Contribution, PathFilter, Plugins, Project};
use kiln_model::Diagnostic;
use kiln_plugin::{Engine, Host, Table};
pub use kiln_plugin::{Interpreter, Limits};

/// Plugins in a Python process, which is started for the first of them and ends with this.
pub struct PythonPlugins {
    interpreter: Interpreter,
    limits: Limits,
    host: Option<Host>,
}

impl PythonPlugins {
    /// Plugins in an interpreter that is started like this, with these bounds on their time.
    pub fn new(interpreter: Interpreter, limits: Limits) -> PythonPlugins {
        PythonPlugins { interpreter, limits, host: None }
    }

    fn host(&mut self) -> Result<&Host> {
        match &mut self.host {
            Some(host) => Ok(host),
            slot => Ok(slot.insert(Host::start(&self.interpreter, self.limits)?)),
        }
    }

    fn load_into(&mut self, name: &str, project: &Project<'_>) -> Result<OfPlugin> {
        let view = View {
            registry: project.environment.registry(),
            data: project.data.clone(),
            config: settings::of(project.config)?,
        };
        let host = self.host()?;
        let number = host.load(name, &settings::texts(&project.config.import_paths), Arc::new(view))?;
        Ok(OfPlugin { host: host.clone(), number, has_none: Mutex::new(false) })
    }
}

impl Plugins for PythonPlugins {
    fn load(&mut self, name: &str, project: &Project<'_>) -> Result<Contribution, Box<Diagnostic>> {
        // What the plugin contributes is in the environment already.
        let filter = self.load_into(name, project).map_err(|fault| {
            let finding = finding(&fault);
            Box::new(finding.note(format!("this happened while the plugin `{name}` was loaded")))
        })?;
        Ok(Contribution { path_filters: vec![Box::new(filter)], ..Contribution::default() })
    }
}

impl Drop for PythonPlugins {
    fn drop(&mut self) {
        if let Some(host) = self.host.take() {
            host.finish();
        }
    }
}

/// The finding of what a plugin raised.
fn finding(fault: &Fault) -> Diagnostic {
    let code = fault.code().unwrap_or("plugin-raised");
    let mut finding = Diagnostic::error(format!("makejinja.{code}"), fault.message());
    finding.help = fault.help_text().map(str::to_owned);
    finding.notes.extend(fault.note_text().map(str::to_owned));
    finding
}

/// The path filters of a plugin.
struct OfPlugin {
    host: Host,
    number: usize,
    /// Whether the plugin said that it has no path filters.
    has_none: Mutex<bool>,
}

impl PathFilter for OfPlugin {
    fn accepts(&self, path: &Path) -> Result<bool, Box<Diagnostic>> {
        let mut has_none = self.has_none.lock().unwrap_or_else(PoisonError::into_inner);
        if *has_none {
            return Ok(true);
        }
        let accepts = self.host.accepts(self.number, &path.to_string_lossy());
        let accepts = accepts.map_err(|fault| {
            Box::new(
                finding(&fault).note(format!("this happened in a path filter, for `{}`", path.display())),
            )
        })?;
        *has_none = accepts.is_none();
        Ok(accepts.unwrap_or(true))
    }
}

/// What plugins see of a run.
struct View {
    registry: Registry,
    data: Dict,
    config: Py,
}

impl Engine for View {
    fn table(&self, table: Table) -> Vec<(Arc<str>, Py)> {
        match table {
            Table::Globals => self.registry.globals(),
            Table::Filters => self.registry.filters(),
            Table::Tests => self.registry.tests(),
            Table::Policies => self.registry.policies(),
        }
    }

    fn change(&self, table: Table, name: &str, value: Option<Py>) -> Result<()> {
        match (table, value) {
            (Table::Globals, value) => self.registry.set_global(name, value),
            (Table::Filters, value) => self.registry.set_filter(name, value),
            (Table::Tests, value) => self.registry.set_test(name, value),
            (Table::Policies, value) => self.registry.set_policy(name, &value.unwrap_or(Py::None))?,
        }
        Ok(())
    }

    fn data(&self) -> Py {
        Py::Dict(self.data.clone())
    }

    fn config(&self) -> Py {
        self.config.clone()
    }
}
