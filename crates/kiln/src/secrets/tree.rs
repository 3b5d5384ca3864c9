//! The files of a tree, and the creation rules over them.

use std::collections::BTreeMap;

use kiln_config::{Ignored, template_folders};
use kiln_model::{Diagnostics, Files, Reported, Sources};
use kiln_sops::{Policy, Rule, Stores};

use super::findings;

/// The name of the creation rules.
pub(super) const RULES: &str = ".sops.yaml";

/// The files of a tree that git would see and that are no templates, with the creation rules.
pub(super) struct Tree<'a> {
    pub(super) files: &'a dyn Files,
    /// Sorted; `.sops.yaml` files are not among them.
    pub(super) paths: Vec<String>,
    /// By their folder, which is empty or ends with a slash.
    pub(super) rules: BTreeMap<String, RuleFile>,
}

/// A `.sops.yaml`.
pub(super) struct RuleFile {
    pub(super) text: String,
    pub(super) policy: Policy,
}

impl<'a> Tree<'a> {
    /// Lists the files and reads the rules. A file of rules that cannot be read is reported and
    /// left out.
    ///
    /// # Errors
    /// If the files cannot be listed.
    pub(super) fn load(
        files: &'a dyn Files,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<Tree<'a>, Reported> {
        let all = files.list("").map_err(|error| sink.error(findings::unlisted(&error)))?;
        let ignored = AllIgnored::read(files, &all, sink)?;
        let templates = template_folders(files);
        let is_template = |path: &str| {
            path.ends_with(".j2") || templates.iter().any(|folder| path.starts_with(&format!("{folder}/")))
        };
        let mut tree = Tree { files, paths: Vec::new(), rules: BTreeMap::new() };
        for path in all {
            if is_template(&path) {
                continue;
            }
            let (folder, name) = split(&path);
            match name {
                RULES => {
                    let rules = read_rules(files, &path, sources, sink);
                    tree.rules.extend(rules.ok().map(|rules| (folder.to_owned(), rules)));
                }
                _ if ignored.cover(&path) => {}
                _ => tree.paths.push(path),
            }
        }
        Ok(tree)
    }

    /// The rules alone that may be over a path, as far as they can be read.
    pub(super) fn load_rules(
        files: &'a dyn Files,
        path: &str,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Tree<'a> {
        let mut tree = Tree { files, paths: Vec::new(), rules: BTreeMap::new() };
        let folders = path.match_indices('/').map(|(at, _)| &path[..=at]);
        for folder in std::iter::once("").chain(folders) {
            let place = format!("{folder}{RULES}");
            let is_there = files.read(&place).is_ok_and(|file| file.is_some());
            if is_there && let Ok(rules) = read_rules(files, &place, sources, sink) {
                tree.rules.insert(folder.to_owned(), rules);
            }
        }
        tree
    }

    /// The rules that are nearest to a path, and their folder.
    pub(super) fn rules_over(&self, path: &str) -> Option<(&str, &RuleFile)> {
        let mut folder = split(path).0;
        loop {
            if let Some((folder, rules)) = self.rules.get_key_value(folder) {
                return Some((folder, rules));
            }
            folder = split(folder.strip_suffix('/')?).0;
        }
    }

    /// The creation rule for a path.
    pub(super) fn rule_for(&self, path: &str) -> Option<&Rule> {
        let (folder, rules) = self.rules_over(path)?;
        rules.policy.rule_for(&path[folder.len()..])
    }

    /// The indentations for a path.
    pub(super) fn stores_for(&self, path: &str) -> Stores {
        self.rules_over(path).map(|(_, rules)| *rules.policy.stores()).unwrap_or_default()
    }

    /// The path that the proof of a data key is bound to: relative to the rules, which lie
    /// where `configure` writes.
    pub(super) fn proof_path<'p>(&self, path: &'p str) -> &'p str {
        &path[self.rules_over(path).map_or(0, |(folder, _)| folder.len())..]
    }

    /// Whether a file is to be encrypted: its name says so, or a rule that is for some paths
    /// alone.
    pub(super) fn is_secret(&self, path: &str) -> bool {
        is_named_so(path) || self.rule_for(path).is_some_and(Rule::has_pattern)
    }
}

/// Whether the name of a file says that it is encrypted: `*.sops.*`.
pub(super) fn is_named_so(path: &str) -> bool {
    let name = split(path).1;
    name.find(".sops.").is_some_and(|at| at > 0 && at + ".sops.".len() < name.len())
}

/// The folder, empty or with a slash at its end, and the name.
fn split(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').map_or(0, |slash| slash + 1))
}

/// Reads one `.sops.yaml`. What is wrong with one rule matters where the rule is used.
pub(super) fn read_rules(
    files: &dyn Files,
    path: &str,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<RuleFile, Reported> {
    let bytes = files.read(path).map_err(|error| sink.error(findings::unreadable(&error)))?;
    let Ok(text) = std::str::from_utf8(bytes.as_deref().map_or(&[][..], Vec::as_slice)) else {
        return Err(sink.error(findings::rules_not_text(&files.display(path))));
    };
    let source = sources.add(files.display(path), text);
    let policy = Policy::parse_as_needed(source, text, sink)?;
    Ok(RuleFile { text: text.to_owned(), policy })
}

/// All `.gitignore` files of a tree, by folder.
struct AllIgnored(BTreeMap<String, Ignored>);

impl AllIgnored {
    fn read(files: &dyn Files, all: &[String], sink: &mut Diagnostics) -> Result<AllIgnored, Reported> {
        let mut by_folder = BTreeMap::new();
        for path in all {
            let (folder, name) = split(path);
            if name == ".gitignore" {
                by_folder.insert(folder.to_owned(), Ignored::read(files, path, sink)?);
            }
        }
        Ok(AllIgnored(by_folder))
    }

    /// Whether git ignores a file. The rules nearest to it decide.
    fn cover(&self, path: &str) -> bool {
        let mut folder = split(path).0;
        loop {
            let said = self.0.get(folder).and_then(|rules| rules.says(&path[folder.len()..]));
            if let Some(said) = said {
                return said;
            }
            match folder.strip_suffix('/') {
                Some(inner) => folder = split(inner).0,
                None => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kiln_model::MemoryFiles;

    use super::*;

    fn tree(files: &MemoryFiles) -> Tree<'_> {
        Tree::load(files, &mut Sources::new(), &mut Diagnostics::new()).unwrap()
    }

    #[test]
    fn templates_rules_and_what_git_ignores_are_left_out() {
        let mut files = MemoryFiles::new();
        for path in
            ["a.sops.yaml.j2", ".sops.yaml", "my-pack/x.sops.yaml", "out/b.sops.yaml", "in/c.sops.yaml"]
        {
            files.insert(path, "");
        }
        files.insert("in/deep/keep.sops.yaml", "");
        files.insert("in/deep/.gitignore", "!keep.sops.yaml\n");
        files.insert(".gitignore", "/out/\n*.sops.yaml\n!c.sops.yaml\n");
        files.insert("kiln.toml", "pack = \"my-pack\"\n");
        let found = tree(&files).paths;
        let found: Vec<&str> = found.iter().map(String::as_str).filter(|path| is_named_so(path)).collect();
        assert_eq!(found, ["in/c.sops.yaml", "in/deep/keep.sops.yaml"]);
    }

    #[test]
    fn the_nearest_rules_count_with_the_path_below_them() {
        let rule = |pattern: &str| {
            format!(
                "creation_rules:\n- path_regex: {pattern}\n  age: age1zncwnvm5lhdp7yqmg6fzyn7wq07rjj6rv5nqamqsc0j5tej2ns0sxvy230\n"
            )
        };
        let mut files = MemoryFiles::new();
        files.insert(".sops.yaml", rule("^a/x$"));
        files.insert("a/b/.sops.yaml", rule("^y$"));
        let tree = tree(&files);
        assert!(tree.rule_for("a/x").is_some() && tree.rule_for("a/b/y").is_some());
        assert!(tree.rule_for("a/b/x").is_none() && tree.rule_for("y").is_none());
        assert_eq!((tree.proof_path("a/b/y"), tree.proof_path("a/x")), ("y", "a/x"));
        assert!(tree.is_secret("a/x") && !tree.is_secret("a/z") && tree.is_secret("z.sops.json"));
    }

    #[test]
    fn names_say_what_is_encrypted() {
        assert!(is_named_so("a/b.sops.yaml") && is_named_so("x.sops.env"));
        assert!(!is_named_so(".sops.yaml") && !is_named_so("a/.sops.yml") && !is_named_so("x.sops."));
        assert!(!is_named_so("a.sops.d/x.yaml"));
    }
}
