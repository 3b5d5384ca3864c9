//! The schemas that data files are held against: those that `kiln.toml` or a modeline names.

use std::path::{Path, PathBuf};

use kiln_config::{Held, Settings, hold};
use kiln_makejinja::{Config, Disk, data_files};
use kiln_model::{Diagnostics, Map, Sources};

use crate::findings;

/// Holds every data file against its schema, if it has one; gives what such files say, and how
/// many there are.
pub(super) fn check(
    config: &Config,
    settings: &Settings,
    disk: &dyn Disk,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> (Vec<Map>, usize) {
    let root = disk.current_folder();
    let files = data_files(config, disk);
    let mut maps = Vec::new();
    for file in &files {
        // What cannot be read is reported when it is rendered.
        let Some(text) = disk.read(file).ok().and_then(|bytes| String::from_utf8(bytes).ok()) else {
            continue;
        };
        let Some(schema) = schema_of(file, &text, &root, settings) else { continue };
        let shown = shown(file, &root);
        let schema_name = self::shown(&schema, &root);
        let read = disk.read(&schema).map_err(|error| error.to_string());
        match read.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())) {
            Ok(schema) => {
                let held = Held {
                    path: &shown,
                    yaml: settings.yaml,
                    text: &text,
                    schema_name: &schema_name,
                    schema: &schema,
                };
                maps.extend(hold(&held, sources, sink));
            }
            Err(why) => {
                let named = settings.place_of(&schema_name);
                sink.error(findings::bad_schema_of(&shown, &schema_name, &why).label(named, "named here"));
            }
        }
    }
    (maps, files.len())
}

/// The path of the schema of a data file: from `kiln.toml`, else from its first lines.
fn schema_of(file: &Path, text: &str, root: &Path, settings: &Settings) -> Option<PathBuf> {
    let named = settings.data.iter().flatten().find(|(path, _)| root.join(path) == file);
    if let Some((_, Some(schema))) = named {
        return Some(root.join(schema));
    }
    let schema =
        text.lines().take_while(|line| line.starts_with('#') || *line == "---").find_map(modeline)?;
    // Nothing is fetched: a schema elsewhere is for the editor alone.
    let is_elsewhere = schema.contains("://");
    (!is_elsewhere).then(|| file.parent().unwrap_or(root).join(schema))
}

/// The schema that a comment names: as yaml-language-server or as TOML editors read it.
fn modeline(line: &str) -> Option<&str> {
    if let Some(schema) = line.strip_prefix("#:schema ") {
        return Some(schema.trim());
    }
    let settings = line.trim_start_matches('#').trim_start().strip_prefix("yaml-language-server:")?;
    Some(settings.split_once("$schema=")?.1.split_whitespace().next().unwrap_or_default())
}

/// How messages call a path.
pub(super) fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modelines_of_both_kinds_name_a_schema() {
        assert_eq!(modeline("# yaml-language-server: $schema=./a.json"), Some("./a.json"));
        assert_eq!(modeline("#:schema ./a.json"), Some("./a.json"));
        assert_eq!(modeline("# the schema"), None);
    }
}
