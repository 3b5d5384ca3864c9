//! What plugins give to a run.

use std::path::Path;

use kiln_jinja::Environment;
use kiln_model::Diagnostic;
use kiln_python::{Dict, Py};

use crate::Config;

/// Where plugins come from.
pub trait Plugins {
    /// Loads the plugin with the import path `name` (`package.module.Class` or `module:Class`).
    ///
    /// Called once for each name of [`Config::plugins`] and then of [`Config::loaders`], in that
    /// order; what one gave is in the environment when the next is loaded.
    ///
    /// # Errors
    /// Why there is no such plugin, or what it raised.
    fn load(&mut self, name: &str, project: &Project<'_>) -> Result<Contribution, Box<Diagnostic>>;
}

/// What a plugin is made with.
pub struct Project<'a> {
    /// The settings.
    pub config: &'a Config,
    /// The data. A plugin may change it for those after it; templates see what it was before the
    /// first one.
    pub data: &'a Dict,
    /// The environment, as far as it is made.
    pub environment: &'a Environment,
}

/// What a plugin gives. Each list is in the order in which it takes effect: what comes later
/// replaces what has the same name.
#[derive(Default)]
pub struct Contribution {
    /// Values that templates see: the functions of `globals`, then those of `functions`, then the
    /// values of `data`.
    pub globals: Vec<(String, Py)>,
    /// Functions of the value in front of the bar and of arguments.
    pub filters: Vec<(String, Py)>,
    /// Functions of the value in front of `is` and of arguments.
    pub tests: Vec<(String, Py)>,
    /// Policies of Jinja2.
    pub policies: Vec<(String, Py)>,
    /// What says of a path below an input folder whether it takes part.
    pub path_filters: Vec<Box<dyn PathFilter>>,
}

/// Says of a path below an input folder whether it takes part.
pub trait PathFilter {
    /// Whether the file or folder takes part.
    ///
    /// # Errors
    /// What the plugin raised.
    fn accepts(&self, path: &Path) -> Result<bool, Box<Diagnostic>>;
}

/// No plugins: each is refused.
pub struct NoPlugins;

impl Plugins for NoPlugins {
    fn load(&mut self, name: &str, _project: &Project<'_>) -> Result<Contribution, Box<Diagnostic>> {
        let finding = Diagnostic::error(
            "makejinja.no-plugins",
            format!("the plugin `{name}` cannot be loaded: nothing runs plugins here"),
        );
        Err(Box::new(finding.help("take it out of `plugins` and `loaders`")))
    }
}
