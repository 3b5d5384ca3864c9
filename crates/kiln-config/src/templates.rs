//! Where the templates of a project lie.

use kiln_model::{Diagnostics, Files, Node, Sources};

use crate::Settings;

/// The folders of a project that hold what is rendered, and no outputs: its own pack, the
/// overrides, and what a `makejinja.toml` names as inputs.
///
/// Files that cannot be read name none; whoever renders the project says what is wrong.
pub fn template_folders(files: &dyn Files) -> Vec<String> {
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let mut folders = Vec::new();
    if has(files, "kiln.toml") || has(files, "kiln.lock") {
        folders.push("overrides".to_owned());
    }
    if let Ok(settings) = Settings::load(files, &mut sources, &mut sink) {
        folders.extend(settings.pack);
    }
    folders.extend(inputs(files).unwrap_or_default());
    let plain = |folder: &String| folder.trim_start_matches("./").trim_end_matches('/').to_owned();
    folders.iter().map(plain).filter(|folder| !matches!(folder.as_str(), "" | ".")).collect()
}

fn has(files: &dyn Files, path: &str) -> bool {
    files.read(path).is_ok_and(|file| file.is_some())
}

/// The inputs that a `makejinja.toml` names.
fn inputs(files: &dyn Files) -> Option<Vec<String>> {
    let bytes = files.read("makejinja.toml").ok()??;
    let text = std::str::from_utf8(&bytes).ok()?;
    let source = Sources::new().add("makejinja.toml", text);
    let root = kiln_yaml::toml::compose(source, text, &mut Diagnostics::new()).ok()?;
    // It has them at the top, or in a table as in a `pyproject.toml`.
    let table = root.get("tool").and_then(|tool| tool.get("makejinja"));
    let inputs = [table, Some(&root)].into_iter().flatten().find_map(|node| node.get("inputs"))?;
    let texts = inputs.as_list()?.iter().filter_map(Node::as_str);
    Some(texts.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use kiln_model::MemoryFiles;

    use super::*;

    #[test]
    fn packs_overrides_and_inputs_are_folders_of_templates() {
        let mut files = MemoryFiles::new();
        assert!(template_folders(&files).is_empty());
        files.insert("kiln.toml", "pack = \"my-pack\"\n");
        assert_eq!(template_folders(&files), ["overrides", "my-pack"]);
        let mut files = MemoryFiles::new();
        files.insert("makejinja.toml", "inputs = [\"./templates/config\", \".\"]\noutput = \".\"\n");
        assert_eq!(template_folders(&files), ["templates/config"]);
    }
}
