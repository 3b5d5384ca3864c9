//! Comments.

/// The columns that a comment may take.
const WIDTH: usize = 92;

/// A text as lines that fit behind `indent` blanks and `# `.
pub(crate) fn wrap(text: &str, indent: usize) -> Vec<String> {
    let width = WIDTH.saturating_sub(indent + 2).max(20);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_and_lines_short() {
        let text = format!("{} {}", "word ".repeat(30), "x".repeat(120));
        let lines = wrap(&text, 0);
        assert_eq!(lines.iter().map(|line| line.chars().count()).collect::<Vec<_>>(), [89, 59, 120]);
        assert_eq!(lines.join(" "), text.split_whitespace().collect::<Vec<_>>().join(" "));
    }

    #[test]
    fn paragraphs_stay_apart() {
        assert_eq!(wrap("a\n\nb", 0), ["a", "", "b"]);
    }
}
