//! Pieces of Markdown.

/// A page under construction.
pub(super) struct Page {
    text: String,
}

impl Page {
    /// A page with its title, and a remark for whoever opens the file to change it.
    pub(super) fn new(title: &str) -> Page {
        let remark = "<!-- Made by `cargo xtask codegen`. Change what it is made from, not this file. -->";
        Page { text: format!("{remark}\n\n# {title}\n") }
    }

    /// A heading of the given level.
    pub(super) fn heading(&mut self, level: usize, title: &str) {
        self.block(&format!("{} {title}", "#".repeat(level)));
    }

    /// Prose, one sentence to a line.
    pub(super) fn prose(&mut self, text: &str) {
        self.block(&sentences(text));
    }

    /// A table; empty cells say nothing.
    pub(super) fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let mut lines = vec![line(header.iter().map(|&it| it.to_owned()).collect())];
        lines.push(format!("|{}", "---|".repeat(header.len())));
        lines.extend(rows.iter().map(|row| line(row.iter().map(|cell| escaped(cell)).collect())));
        self.block(&lines.join("\n"));
    }

    /// A list.
    pub(super) fn list(&mut self, items: &[String]) {
        let lines: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
        self.block(&lines.join("\n"));
    }

    /// A block that is taken as it is.
    pub(super) fn block(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.push_str(&format!("\n{text}\n"));
        }
    }

    /// The text of the page.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// `text` as inline code.
pub(super) fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Words with commas between them, and `last` before the last.
pub(super) fn series(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}

/// The anchor that a heading gets.
pub(super) fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|it| it.is_alphanumeric() || "-_ ".contains(*it));
    kept.map(|it| if it == ' ' { '-' } else { it.to_ascii_lowercase() }).collect()
}

/// `text` with a line for each sentence. Lists stay as they are.
pub(super) fn sentences(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let is_item = line.starts_with("- ");
        if is_item { line.to_owned() } else { split(line) }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn split(line: &str) -> String {
    let mut parts = line.split(". ").peekable();
    let mut text = String::new();
    while let Some(part) = parts.next() {
        text.push_str(part);
        if let Some(next) = parts.peek() {
            let begins = next.starts_with(|it: char| it.is_uppercase() || it == '`');
            text.push_str(if begins { ".\n" } else { ". " });
        }
    }
    text
}

fn escaped(cell: &str) -> String {
    cell.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_takes_a_line() {
        assert_eq!(sentences("One. Two is `a`. `b` too.\n\n- c. D"), "One.\nTwo is `a`.\n`b` too.\n\n- c. D");
        assert_eq!(sentences("Release 1.2. of it"), "Release 1.2. of it");
    }

    #[test]
    fn anchors_are_those_of_the_hosts() {
        assert_eq!(anchor("`nodes[].mac_addr`"), "nodesmac_addr");
        assert_eq!(anchor("Key files"), "key-files");
    }

    #[test]
    fn cells_keep_their_bars() {
        let mut page = Page::new("t");
        page.table(&["a", "b"], &[vec!["`x | y`".to_owned(), String::new()]]);
        assert!(page.finish().ends_with("| a | b |\n|---|---|\n| `x \\| y` |  |\n"));
    }
}
