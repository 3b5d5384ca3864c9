//! The new files.

use std::fmt::Write as _;

use crate::plugin::Plugin;
use crate::project::Project;
use crate::schema::Schema;

/// The functions of plugins as a pack has them.
const FUNCTIONS: &str = include_str!("../../../templates/makejinja/pack.toml");

/// Every new file, with its path.
pub(crate) fn all(project: &Project, plugins: &[Plugin], schemas: &[Schema]) -> Vec<(String, String)> {
    let mut texts = vec![("kiln.toml".to_owned(), kiln_toml(project, plugins, schemas))];
    for schema in schemas {
        texts.extend(schema.text.clone().map(|text| (schema.target(), text)));
    }
    texts.push(("pack/pack.toml".to_owned(), pack_toml(project, plugins, schemas)));
    if plugins.iter().any(|plugin| !plugin.derived.is_empty()) {
        texts.push(("pack/derive/plugin.yaml".to_owned(), derived(plugins)));
    }
    texts
}

fn kiln_toml(project: &Project, plugins: &[Plugin], schemas: &[Schema]) -> String {
    let mut out = "# Made by `kiln migrate`. `makejinja.toml` stays as it is, and `kiln makejinja` renders the project\n\
                   # as before; docs/migrating.md of kiln says how to go on.\n\n\
                   # What stands in place of a plugin, so that no Python runs. Review, then take the `#` away.\n\
                   [makejinja.plugins]\n"
        .to_owned();
    for plugin in plugins {
        let why = if plugin.is_replaceable() {
            ""
        } else {
            "   # not before its other functions and its data have a place"
        };
        _ = writeln!(out, "# {} = \"cluster\"{why}", quoted(&plugin.name));
    }
    for path in project.data.iter().filter(|path| is_file(path)) {
        _ = write!(out, "\n[[data]]\nfile = {}\n", quoted(path));
        if let Some(schema) = schema_of(path, schemas) {
            _ = writeln!(out, "schema = {}", quoted(&schema.target()));
        }
    }
    out
}

/// The schema for a data file of the same name.
fn schema_of<'a>(path: &str, schemas: &'a [Schema]) -> Option<&'a Schema> {
    schemas.iter().find(|schema| schema.text.is_some() && schema.name == stem(path))
}

/// Whether the path is that of a data file, rather than of a folder with some.
fn is_file(path: &str) -> bool {
    [".yaml", ".yml", ".toml", ".json"].iter().any(|ending| path.ends_with(ending))
}

fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split('.').next().unwrap_or(file)
}

fn pack_toml(project: &Project, plugins: &[Plugin], schemas: &[Schema]) -> String {
    let mut out = "# Made by `kiln migrate`: the beginning of a pack. Nothing reads it before `kiln.toml` says\n\
                   # `pack = \"pack\"`, which is the last step; docs/packs.md of kiln describes what it consists of.\n\n\
                   [pack]\nname = \"own\"\nversion = \"0.1.0\"\nformat = 1\n\n[syntax]\n"
        .to_owned();
    for (name, (start, end)) in ["block", "variable", "comment"].iter().zip(&project.delimiters) {
        _ = writeln!(out, "{name} = [{}, {}]", quoted(start), quoted(end));
    }
    for path in project.data.iter().filter(|path| is_file(path)) {
        _ = write!(out, "\n[[data]]\nfile = {}\n", quoted(stem(path)));
        if let Some(schema) = schema_of(path, schemas) {
            _ = writeln!(out, "schema = {}", quoted(&schema.name));
        }
    }
    if plugins.iter().any(Plugin::gives_known) {
        out.push_str(FUNCTIONS);
    }
    out
}

fn derived(plugins: &[Plugin]) -> String {
    let mut out =
        "# Made by `kiln migrate` from what the plugins do to the data. Review each value.\n".to_owned();
    for derived in plugins.iter().flat_map(|plugin| &plugin.derived) {
        _ = write!(out, "\n{}:\n  doc: 'REVIEW: line {} of the plugin.'\n", derived.key, derived.line);
        if derived.absent {
            out.push_str("  mode: absent\n");
        }
        _ = writeln!(out, "  value: '{}'", derived.value.replace('\'', "''"));
    }
    out
}

/// A text of TOML.
fn quoted(text: &str) -> String {
    let plain = |c: char| c != '\'' && !c.is_control();
    if text.chars().all(plain) && text.contains(['"', '\\']) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => _ = write!(out, "\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out + "\""
}
