//! The files that are the same in every project, or nearly.

use std::fmt::Write as _;

use crate::project::PlannedData;

const SURE: &str = "a string takes all that is written to it";

/// `.gitattributes`.
pub(crate) const GITATTRIBUTES: &str = "\
# The same bytes on every system: kiln compares files with what it wrote.
* text=auto eol=lf

# kiln's record of what it wrote. After a merge, `kiln configure` writes it anew.
kiln.lock linguist-generated=true

# git cannot merge ciphertext line by line. After a merge, `kiln configure` decides.
*.sops.* -merge
";

/// `.gitignore`: every key file, and every data file that can hold a secret.
pub(crate) fn gitignore(keys: &[&str], data: &[String]) -> String {
    let mut text = String::new();
    if !keys.is_empty() {
        text.push_str("# Key files. Who has them can read every secret; keep a copy in a safe place.\n");
        keys.iter().for_each(|path| text.push_str(&pattern(path)));
        text.push_str("# Those that `kiln secrets rotate` replaced.\n*.old-*\n\n");
    }
    if !data.is_empty() {
        text.push_str("# Data files with secrets in plain text. Keep a copy of them, too.\n");
        data.iter().for_each(|path| text.push_str(&pattern(path)));
        text.push('\n');
    }
    text.push_str("# What kiln leaves behind if it is killed.\n.kiln-*.tmp\n");
    text
}

/// A line that matches this path and no other.
fn pattern(path: &str) -> String {
    let mut line = String::from("/");
    for char in path.chars() {
        if matches!(char, '*' | '?' | '[' | '\\' | ' ') {
            line.push('\\');
        }
        line.push(char);
    }
    line.push('\n');
    line
}

/// `versions.yaml`: the pack's, for editors.
pub(crate) fn versions(pack: &str, schema_path: &str) -> String {
    format!("# yaml-language-server: $schema=./{schema_path}\n{pack}")
}

/// `.vscode/settings.json`: which schema is for which file.
pub(crate) fn settings(data: &[PlannedData]) -> String {
    let mut text = String::from("{\n  \"yaml.schemas\": {\n");
    for (index, data) in data.iter().enumerate() {
        let files = data.paths.iter().filter(|path| path.ends_with(".yaml") || path.ends_with(".yml"));
        let files: Vec<String> = files.map(|path| kiln_yaml::quote(&format!("/{path}"))).collect();
        let comma = if index == 0 { "" } else { ",\n" };
        let schema = kiln_yaml::quote(&format!("./{}", data.schema_path));
        write!(text, "{comma}    {schema}: [{}]", files.join(", ")).expect(SURE);
    }
    text.push_str("\n  }\n}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_of_a_path_stand_for_themselves() {
        assert_eq!(pattern("keys/a b[1]*.key"), "/keys/a\\ b\\[1]\\*.key\n");
    }

    #[test]
    fn git_ignores_keys_and_secret_data_at_the_top_alone() {
        let text = gitignore(&["age.key"], &["cluster.yaml".to_owned()]);
        let rules: Vec<&str> = text.lines().filter(|line| line.starts_with('/')).collect();
        assert_eq!(rules, ["/age.key", "/cluster.yaml"]);
        assert!(!gitignore(&[], &[]).contains('/'));
    }

    #[test]
    fn an_editor_is_told_the_schema_of_every_yaml_file() {
        let data = |name: &str| PlannedData {
            paths: vec![format!("{name}.yaml"), format!("{name}.toml")],
            sealed: Vec::new(),
            schema: String::new(),
            schema_path: format!("s/{name}.json"),
        };
        assert_eq!(
            settings(&[data("a"), data("b")]),
            "{\n  \"yaml.schemas\": {\n    \"./s/a.json\": [\"/a.yaml\"],\n    \"./s/b.json\": [\"/b.yaml\"]\n  }\n}\n"
        );
    }
}
