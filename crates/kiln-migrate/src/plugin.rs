//! What a plugin gives to the templates, seen from its text.

use kiln_model::Files;

use crate::expression::{self, Names};
use crate::project::Project;
use crate::python::{Statement, body, defined, statements};

/// The set `cluster`, whose functions are known.
const SET: &str = include_str!("../../../templates/makejinja/cluster.toml");

/// A plugin.
pub(crate) struct Plugin {
    /// How `makejinja.toml` calls it.
    pub(crate) name: String,
    /// The file it was found in.
    path: Option<String>,
    /// What it gives, by the method that gives it.
    gives: Vec<(&'static str, Vec<String>)>,
    /// The keys it sets, where they are not set already.
    pub(crate) derived: Vec<Derived>,
    /// What its method `data` does besides.
    left: Vec<Statement>,
}

/// A key that a plugin sets.
pub(crate) struct Derived {
    pub(crate) key: String,
    /// Whether a value that is set already stays.
    pub(crate) absent: bool,
    pub(crate) value: String,
    pub(crate) line: usize,
}

impl Derived {
    /// A key that is given its own value or else another is one that is set if it is absent.
    fn new(key: String, absent: bool, value: String, line: usize) -> Derived {
        let own = format!("({key} if {key} is not none else ");
        match value.strip_prefix(&own).and_then(|rest| rest.strip_suffix(')')) {
            Some(default) => Derived { absent: true, value: default.to_owned(), key, line },
            None => Derived { key, absent, value, line },
        }
    }

    /// Whether the value is computed from the key itself.
    fn is_circular(&self) -> bool {
        self.value.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == self.key)
    }
}

const METHODS: &[&str] = &["functions", "filters", "tests", "globals", "policies", "path_filters"];

impl Plugin {
    /// Looks for a plugin below the import paths.
    pub(crate) fn find(name: &str, project: &Project, files: &dyn Files) -> Plugin {
        let (module, class) = name.split_once(':').or_else(|| name.rsplit_once('.')).unwrap_or((name, ""));
        let relative = module.replace('.', "/");
        let folders = project.import_paths.iter().map(String::as_str).chain(["."]);
        let mut plugin = Plugin {
            name: name.to_owned(),
            path: None,
            gives: Vec::new(),
            derived: Vec::new(),
            left: Vec::new(),
        };
        for folder in folders {
            for ending in [".py", "/__init__.py"] {
                let path = format!("{folder}/{relative}{ending}");
                let path = path.trim_start_matches("./").to_owned();
                let Ok(Some(bytes)) = files.read(&path) else { continue };
                let Ok(text) = std::str::from_utf8(&bytes) else { continue };
                plugin.path = Some(path);
                plugin.look(&statements(text), class);
                return plugin;
            }
        }
        plugin
    }

    fn look(&mut self, module: &[Statement], class: &str) {
        let Some(at) = module.iter().position(|it| defined(it, "class") == Some(class)) else { return };
        let class = body(module, at);
        for (at, statement) in class.iter().enumerate() {
            let Some(method) = defined(statement, "def") else { continue };
            if method == "data" {
                self.look_at_data(body(class, at));
            } else if let Some(known) = METHODS.iter().find(|it| **it == method) {
                let returned = body(class, at).iter().filter_map(|it| it.text.strip_prefix("return "));
                let names = returned.flat_map(names).collect();
                self.gives.push((known, names));
            }
        }
    }

    fn look_at_data(&mut self, statements: &[Statement]) {
        let mut names = Names::default();
        let mut unset = None;
        for (at, statement) in statements.iter().enumerate() {
            if is_prose(&statement.text) || statement.text.starts_with("return") {
                continue;
            }
            if let Some(key) = asks_for_unset(statements, at) {
                unset = Some(key);
                continue;
            }
            let only_if_unset = unset.take();
            // What any other condition decides is not decided here.
            let nested =
                statements.get(..at).unwrap_or_default().iter().any(|it| it.indent < statement.indent);
            match expression::assignment(&statement.text, &mut names) {
                Some(Some((key, absent, value))) if !nested || only_if_unset == Some(key.as_str()) => {
                    let absent = absent || only_if_unset.is_some();
                    self.derived.push(Derived::new(key, absent, value, statement.line));
                }
                Some(None) if !nested => {}
                _ => {
                    names.forget(&statement.text);
                    self.left.push(statement.clone());
                }
            }
        }
    }

    /// What it gives that kiln has no function for.
    fn unknown(&self) -> Vec<&str> {
        let functions = self.gives.iter().filter(|(method, _)| matches!(*method, "functions" | "filters"));
        let names = functions.flat_map(|(_, names)| names).map(String::as_str);
        names.filter(|name| !is_known(name)).collect()
    }

    /// Whether it gives a function or filter that is known.
    pub(crate) fn gives_known(&self) -> bool {
        self.gives.iter().flat_map(|(_, names)| names).any(|name| is_known(name))
    }

    /// Whether the set `cluster` has all that it gives.
    pub(crate) fn is_replaceable(&self) -> bool {
        let only_functions = self.gives.iter().all(|(method, _)| matches!(*method, "functions" | "filters"));
        let does_nothing = self.derived.is_empty() && self.left.is_empty();
        self.path.is_some() && only_functions && self.unknown().is_empty() && does_nothing
    }

    pub(crate) fn facts(&self) -> Vec<String> {
        let Some(path) = &self.path else { return vec![format!("{} (not found)", self.name)] };
        let mut facts = vec![format!("{} in {path}", self.name)];
        facts.extend(self.gives.iter().map(|(method, names)| format!("{method}: {}", names.join(", "))));
        if !self.derived.is_empty() {
            let keys: Vec<&str> = self.derived.iter().map(|it| it.key.as_str()).collect();
            facts.push(format!("data: {}", keys.join(", ")));
        }
        facts
    }

    pub(crate) fn by_hand(&self) -> Vec<String> {
        let Some(path) = &self.path else {
            return vec![format!("The plugin `{}` was not found: look where it comes from.", self.name)];
        };
        let mut steps = Vec::new();
        for (method, names) in &self.gives {
            if !matches!(*method, "functions" | "filters") {
                steps.push(format!("`{path}` gives {method} ({}): a pack has none.", names.join(", ")));
            }
        }
        let unknown = self.unknown();
        if !unknown.is_empty() {
            steps.push(format!(
                "`{path}` gives {}: write each as an expression, or keep the plugin.",
                unknown.join(", ")
            ));
        }
        if !self.derived.is_empty() {
            steps.push("Read `pack/derive/plugin.yaml`: it was translated line by line.".to_owned());
        }
        for derived in self.derived.iter().filter(|it| it.is_circular()) {
            steps.push(format!(
                "{path}:{}: `{}` is computed from itself: give one of the two another name.",
                derived.line, derived.key
            ));
        }
        for statement in &self.left {
            steps.push(format!(
                "{path}:{}: `{}` was not translated.",
                statement.line,
                shown(&statement.text)
            ));
        }
        if self.is_replaceable() {
            steps.push(format!(
                "Compare the functions of `{path}` with those of kiln, then take the `#` away before \
                 `{}` in `kiln.toml`: no Python is started then.",
                self.name
            ));
        }
        steps
    }
}

/// Whether the set has a function or filter of this name.
fn is_known(name: &str) -> bool {
    let heads = ["functions", "filters"].map(|table| format!("[{table}.{name}]"));
    SET.lines().any(|line| heads.iter().any(|head| line == head))
}

/// A text that stands alone is documentation.
fn is_prose(text: &str) -> bool {
    text.starts_with("\"\"\"") || text.starts_with("'''")
}

/// The names in a list such as `[a, b]`, or the keys of a mapping.
fn names(list: &str) -> Vec<String> {
    let inner = list.trim().trim_start_matches(['[', '{', '(']).trim_end_matches([']', '}', ')']);
    let name = |item: &str| {
        item.split(':')
            .next()
            .unwrap_or_default()
            .trim()
            .trim_matches(['"', '\''])
            .trim_start_matches("self.")
            .to_owned()
    };
    inner.split(',').map(name).filter(|name| !name.is_empty()).collect()
}

fn shown(text: &str) -> String {
    let mut letters = text.chars();
    let shown: String = letters.by_ref().take(60).collect();
    if letters.next().is_some() { shown + "…" } else { shown }
}

/// The key of a statement `if "key" not in data:` whose body is one statement.
fn asks_for_unset(statements: &[Statement], at: usize) -> Option<&str> {
    let text = statements.get(at)?.text.strip_prefix("if ")?.strip_suffix(" not in data:")?;
    let key = text.trim_matches(['"', '\'']);
    let word = key.chars().all(|c| c.is_alphanumeric() || c == '_');
    (word && body(statements, at).len() == 1).then_some(key)
}
