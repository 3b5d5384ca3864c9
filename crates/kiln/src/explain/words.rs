//! Templates of rules in words, for people who read about a rule without a project.

/// The delimiters of an expression.
type Delimiters<'a> = (&'a str, &'a str);

/// A text with its expressions in plain braces, for people: `{node.name} is not in {node_cidr}`.
pub fn readable(template: &str, (start, end): Delimiters<'_>) -> String {
    let mut parts = template.split(start);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once(end).unwrap_or((part, ""));
        text.push_str(&format!("{{{}}}{rest}", placeholder(expression.trim())));
    }
    text
}

/// The keys at the `paths` of a rule, each once, such as `nodes[].address`. A path may be a template,
/// and may begin with the name of an item; `item` is the list and this name. A path that is nothing
/// but a computed key says nothing before there is a project, and is left out.
pub fn keys<'a>(
    paths: impl IntoIterator<Item = &'a str>,
    item: Option<(&str, &str)>,
    delimiters: Delimiters<'_>,
) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for path in paths {
        let key = of_item(&without_positions(&plain(path, delimiters)), item);
        if !key.is_empty() && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// A path without its expressions; of one that chooses between a key and nothing, the key.
fn plain(path: &str, (start, end): Delimiters<'_>) -> String {
    let mut parts = path.split(start);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once(end).unwrap_or((part, ""));
        if let [Word::Text(key)] = choices(expression.trim()).as_slice() {
            text.push_str(key);
        }
        text.push_str(rest);
    }
    text.trim_end_matches('.').to_owned()
}

/// A path without the positions in its brackets.
fn without_positions(path: &str) -> String {
    let (mut text, mut depth) = (String::new(), 0_usize);
    for char in path.chars() {
        if char == ']' {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            text.push(char);
        }
        if char == '[' {
            depth += 1;
        }
    }
    text
}

/// A path that may begin with the name of an item of a list.
fn of_item(path: &str, item: Option<(&str, &str)>) -> String {
    let field = item.and_then(|(list, name)| Some((list, path.strip_prefix(name)?)));
    match field.filter(|(_, field)| field.is_empty() || field.starts_with('.')) {
        Some((list, field)) => format!("{list}[]{field}"),
        None => path.to_owned(),
    }
}

/// A part of what an expression gives.
#[derive(PartialEq)]
enum Word<'a> {
    /// Written in the expression.
    Text(&'a str),
    /// A value.
    Value(String),
    /// More than can be said in a few words.
    Other,
}

/// What an expression stands for: the texts that it chooses from, or the value that it shows.
fn placeholder(expression: &str) -> String {
    let words: Vec<String> = choices(expression)
        .into_iter()
        .map(|word| match word {
            Word::Text(text) => text.to_owned(),
            Word::Value(value) => value,
            Word::Other => "…".to_owned(),
        })
        .collect();
    match words.split_last() {
        // A backtick would end the code around it.
        _ if words.iter().any(|word| word.contains('`')) => "…".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "…".to_owned(),
    }
}

/// What an expression may give, other than nothing.
fn choices(expression: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut rest = expression;
    loop {
        let (first, after) = match split(rest, " if ") {
            Some((first, condition)) => (first, split(condition, " else ").map(|(_, after)| after)),
            None => (rest, None),
        };
        let word = word(first.trim());
        if word != Word::Text("") {
            found.push(word);
        }
        let Some(after) = after else { return found };
        rest = after;
    }
}

/// What stands before and behind the first `separator` that is not in quotes or brackets.
fn split<'a>(expression: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, char) in expression.char_indices() {
        match (quote, char) {
            (Some(open), _) if char == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(char),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 && expression[at..].starts_with(separator) => {
                return Some((&expression[..at], &expression[at + separator.len()..]));
            }
            (None, _) => {}
        }
    }
    None
}

/// One choice: a text in quotes, a value, the number of values, or a value in a sentence.
fn word(expression: &str) -> Word<'_> {
    let text = expression.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    if let Some(text) = text.filter(|text| !text.contains('\'')) {
        return Word::Text(text);
    }
    if let Some(value) = value(expression) {
        return Word::Value(value);
    }
    if let Some((list, "length")) = expression.split_once(" | ")
        && let Some(list) = value(list)
    {
        return Word::Value(format!("number of {list}"));
    }
    let argument = expression.strip_prefix("listed(").and_then(|rest| rest.strip_suffix(')'));
    let joined = expression.split_once(" | join(").map(|(list, _)| list);
    argument.or(joined).and_then(value).map_or(Word::Other, Word::Value)
}

/// A name with its fields, such as `node.address`; a position in a list is left out.
fn value(expression: &str) -> Option<String> {
    let name = without_positions(expression.trim());
    let is_name = name.chars().all(|it| it.is_alphanumeric() || "._[]".contains(it));
    (is_name && !name.is_empty() && !name.contains("[][]")).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_become_something_to_read() {
        let shown = |text| readable(text, ("#{", "}#"));
        assert_eq!(shown("`#{ a.b }#` is #{ 'one' if x == 'y' else 'two' }#"), "`{a.b}` is {one or two}");
        assert_eq!(shown("`#{ names | join('` and `') }#`#{ ' (`' ~ x ~ '`)' }#."), "`{names}`{…}.");
        assert_eq!(shown("#{ listed(missing) }#: #{ nodes | length }#"), "{missing}: {number of nodes}");
        assert_eq!(shown("#{ nodes[position(nodes, 'mac', x[0])].name }#"), "{nodes[].name}");
        assert_eq!(shown("#{ version.lstrip('v') }#"), "{…}");
        assert_eq!(shown("#{ 'no if' if n == 0 else 'one' if n == 1 else n ~ ' of' }#"), "{no if, one or …}");
        assert_eq!(shown("#{ 'a' if x else '' }#"), "{a}");
    }

    #[test]
    fn paths_become_keys() {
        let found = |path: &str, item| keys([path], item, ("#{", "}#")).join(" ");
        assert_eq!(found("node.address", Some(("nodes", "node"))), "nodes[].address");
        assert_eq!(found("node", Some(("nodes", "node"))), "nodes[]");
        assert_eq!(found("node_cidr", Some(("nodes", "node"))), "node_cidr");
        assert_eq!(found("nodes[#{ position(nodes, 'a', b[0]) }#].name", None), "nodes[].name");
        assert_eq!(found("nodes[#{ i }#].#{ nodes[i].settings[0] }#", None), "nodes[]");
        assert_eq!(found("#{ 'unifi_site' if unifi_site else '' }#", None), "unifi_site");
        assert_eq!(found("#{ secret.key }#", None), "");
    }
}
