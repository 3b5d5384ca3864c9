//! Says what a makejinja project consists of, and translates what can be.
//!
//! Files are looked at and nothing is run: a plugin is recognised by its text. What has another
//! shape than the usual one is not guessed but listed.

mod cue;

mod expression;

mod json;

mod plugin;

mod project;

mod python;

mod schema;

mod texts;

use kiln_model::{Files, NewFile};

use plugin::Plugin;
use project::Project;
pub use project::{CONFIG_FILE, NoProject};

/// What was found, what was made of it, and what is left to do.
#[derive(Default)]
pub struct Migration {
    /// What the project consists of: a heading and what stands under it.
    pub found: Vec<(&'static str, Vec<String>)>,
    /// The new files.
    pub files: Vec<NewFile>,
    /// The paths of files that would be made, but are there.
    pub kept: Vec<String>,
    /// What needs a hand, in the order in which it is best done.
    pub by_hand: Vec<String>,
}

/// Looks at the project of makejinja in a folder.
///
/// # Errors
/// If there is none, or its `makejinja.toml` cannot be read.
pub fn migrate(files: &dyn Files) -> Result<Migration, NoProject> {
    let project = Project::read(files)?;
    let plugins: Vec<Plugin> =
        project.plugins.iter().map(|name| Plugin::find(name, &project, files)).collect();
    let schemas = schema::of_project(files);
    let mut migration = Migration { found: project.facts(), ..Migration::default() };
    for plugin in &plugins {
        migration.found.push(("plugin", plugin.facts()));
        migration.by_hand.extend(plugin.by_hand());
    }
    for schema in &schemas {
        migration.found.push(("CUE schema", vec![schema.fact()]));
        migration.by_hand.extend(schema.by_hand());
    }
    migration.by_hand.extend(project.by_hand());
    let texts = texts::all(&project, &plugins, &schemas);
    for (path, text) in texts {
        match files.read(&path) {
            Ok(None) => migration.files.push(NewFile::open(path, text)),
            _ => migration.kept.push(path),
        }
    }
    Ok(migration)
}
