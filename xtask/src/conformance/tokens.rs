//! Templates as tokens that can be cut between.

use super::Case;

/// The delimiters that a case uses.
pub(crate) fn delimiters(case: &Case) -> Vec<String> {
    let options = &case.options;
    let given = [
        (&options.block_start, "{%"),
        (&options.block_end, "%}"),
        (&options.variable_start, "{{"),
        (&options.variable_end, "}}"),
        (&options.comment_start, "{#"),
        (&options.comment_end, "#}"),
    ];
    given.iter().map(|(option, usual)| option.as_deref().unwrap_or(usual).to_owned()).collect()
}

/// A text in pieces: delimiters, words, quoted texts, blanks, and single characters.
pub(crate) fn tokens<'a>(text: &'a str, delimiters: &[String]) -> Vec<&'a str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (token, behind) = rest.split_at(length(rest, delimiters));
        tokens.push(token);
        rest = behind;
    }
    tokens
}

fn length(text: &str, delimiters: &[String]) -> usize {
    if let Some(delimiter) =
        delimiters.iter().filter(|it| text.starts_with(it.as_str())).map(String::len).max()
    {
        return delimiter;
    }
    let run = |belongs: fn(char) -> bool| text.find(|it| !belongs(it)).unwrap_or(text.len());
    match text.chars().next() {
        Some(quote @ ('\'' | '"')) => quoted(text, quote).unwrap_or(1),
        Some(it) if is_word(it) => run(is_word),
        Some(' ') => run(|it| it == ' '),
        Some(it) => it.len_utf8(),
        None => 0,
    }
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// How long a quoted text is, if it ends on its line.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (index, char) in text.char_indices().skip(1) {
        match char {
            '\n' => return None,
            it if it == quote && !is_escaped => return Some(index + 1),
            it => is_escaped = it == '\\' && !is_escaped,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_texts_and_delimiters_are_whole() {
        let delimiters = ["{{".to_owned(), "}}".to_owned()];
        let text = "{{ x.y|f('it\\'s',  1_0) }}é'";
        let expected =
            ["{{", " ", "x", ".", "y", "|", "f", "(", "'it\\'s'", ",", "  ", "1_0", ")", " ", "}}", "é", "'"];
        assert_eq!(tokens(text, &delimiters), expected);
    }
}
