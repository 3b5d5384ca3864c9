//! Documents with one mapping that is written out, and where its keys stand.

use serde_json::Value as Json;

/// How a document is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    Yaml,
    Toml,
}

/// Where a key stands; lines and columns count from 0.
pub(super) struct At {
    pub(super) line: usize,
    /// Where the key begins.
    pub(super) key: usize,
    /// Where the value begins.
    pub(super) value: usize,
    pub(super) end: usize,
}

/// A document that is being written.
pub(super) struct Layout {
    style: Style,
    lines: Vec<String>,
    /// What stands before the next key.
    indent: String,
    /// What stands before the keys after it.
    blanks: String,
}

impl Layout {
    /// Begins with the line `head` and the way to the mapping: keys, and `None` for the first
    /// item of a list.
    pub(super) fn new(head: &str, style: Style, path: &[Option<&str>]) -> Layout {
        let mut layout =
            Layout { style, lines: vec![head.to_owned()], indent: String::new(), blanks: String::new() };
        match style {
            Style::Yaml => path.iter().for_each(|step| layout.step_in(*step)),
            Style::Toml => layout.table(path),
        }
        layout
    }

    fn step_in(&mut self, step: Option<&str>) {
        match step {
            Some(key) => {
                self.lines.push(format!("{}{key}:", self.indent));
                self.blanks.push_str("  ");
                self.indent = self.blanks.clone();
            }
            None => {
                self.indent = format!("{}- ", self.blanks);
                self.blanks.push_str("  ");
            }
        }
    }

    /// A mapping in TOML: `[a.b]`, or `[[a.b]]` for an item of a list.
    fn table(&mut self, path: &[Option<&str>]) {
        let mut keys = Vec::new();
        for (index, step) in path.iter().enumerate() {
            match step {
                Some(key) => keys.push(*key),
                None => self.lines.push(format!("[[{}]]", keys.join("."))),
            }
            if index + 1 == path.len() && step.is_some() {
                self.lines.push(format!("[{}]", keys.join(".")));
            }
        }
    }

    /// Writes a key with its value.
    pub(super) fn key(&mut self, name: &str, value: &Json) -> At {
        let (sign, value) = match self.style {
            Style::Yaml => (":", value.to_string()),
            Style::Toml => (" =", toml_of(value)),
        };
        self.line(name, sign, &value)
    }

    /// Writes a key whose value is still to come.
    pub(super) fn open_key(&mut self, name: &str) -> At {
        self.line(name, ":", "")
    }

    fn line(&mut self, name: &str, sign: &str, value: &str) -> At {
        let name = if name.starts_with('$') { format!("\"{name}\"") } else { name.to_owned() };
        let start = format!("{}{name}{sign} ", self.indent);
        let at = At {
            line: self.lines.len(),
            key: self.indent.len(),
            value: start.len(),
            end: start.len() + value.len(),
        };
        self.lines.push(start + value);
        self.indent = self.blanks.clone();
        at
    }

    /// A line on which a key may begin.
    pub(super) fn blank(&mut self) -> At {
        let column = self.indent.len();
        self.lines.push(self.indent.clone());
        At { line: self.lines.len() - 1, key: column, value: column, end: column }
    }

    pub(super) fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }
}

/// A value in one line of TOML.
fn toml_of(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(toml_of).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let field = |(key, value): (&String, &Json)| format!("\"{key}\" = {}", toml_of(value));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_are_those_of_the_text() {
        let path = [Some("a"), None, Some("b")];
        let mut layout = Layout::new("# head", Style::Yaml, &path);
        let at = layout.key("c", &serde_json::json!([1]));
        assert_eq!(layout.text(), "# head\na:\n  - b:\n      c: [1]\n");
        assert_eq!((at.line, at.key, at.value, at.end), (3, 6, 9, 12));
        let mut layout = Layout::new("# head", Style::Toml, &path);
        layout.key("c", &serde_json::json!({"d": "x"}));
        assert_eq!(layout.text(), "# head\n[[a]]\n[a.b]\nc = {\"d\" = \"x\"}\n");
    }

    #[test]
    fn the_first_key_of_an_item_bears_the_dash() {
        let mut layout = Layout::new("# head", Style::Yaml, &[Some("a"), None]);
        layout.key("b", &serde_json::json!(1));
        layout.key("c", &serde_json::json!(2));
        assert_eq!(layout.text(), "# head\na:\n  - b: 1\n    c: 2\n");
    }
}
