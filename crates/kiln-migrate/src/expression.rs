//! Python's expressions to those of templates.
//!
//! Only what plugins usually write is translated: literals, look-ups in the data, comparisons,
//! and a handful of functions. Everything else is none.

use std::collections::BTreeMap;

/// The local names of a function, with what they stand for.
#[derive(Default)]
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    /// Forgets the name that a statement changes in a way that is not understood.
    pub(crate) fn forget(&mut self, statement: &str) {
        let mut words = statement.split(|c: char| !c.is_alphanumeric() && c != '_');
        let first = words.next().unwrap_or_default();
        self.0.remove(if first == "for" { words.next().unwrap_or_default() } else { first });
    }
}

/// A key, whether a value that is set stays, and the value.
type Set = (String, bool, String);

/// What a statement of the method `data` does: a key that it sets, or nothing but giving a name
/// to a value, which is remembered; none if it is neither.
pub(crate) fn assignment(statement: &str, names: &mut Names) -> Option<Option<Set>> {
    let tokens = tokens(statement)?;
    let mut parser = Parser { tokens: &tokens, at: 0, names };
    if parser.take("data") {
        if parser.take(".") && parser.take("setdefault") && parser.take("(") {
            let key = parser.text()?;
            let value = if parser.take(",") { parser.ternary()? } else { return None };
            parser.take(",");
            return (parser.take(")") && parser.is_done()).then_some(Some((key, true, value)));
        }
        parser.at = 1;
        if parser.take("[") {
            let key = parser.text()?;
            let assigned = parser.take("]") && parser.take("=");
            let value = if assigned { parser.ternary()? } else { return None };
            return parser.is_done().then_some(Some((key, false, value)));
        }
        parser.at = 1;
        // `data = self._data`
        return (parser.take("=") && parser.take("self")).then_some(None);
    }
    let name = parser.name()?;
    if !parser.take("=") {
        return None;
    }
    let value = parser.ternary()?;
    if !parser.is_done() {
        return None;
    }
    names.0.insert(name, value);
    Some(None)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    /// Its text, without escapes.
    Text(String),
    Number(String),
    Sign(String),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            // A text with a letter in front has other rules.
            if rest[end..].starts_with(['"', '\'']) {
                return None;
            }
            out.push(Token::Name(rest[..end].to_owned()));
            end
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            out.push(Token::Number(rest[..end].to_owned()));
            end
        } else if first == '"' || first == '\'' {
            let end = rest[1..].find(first)? + 1;
            let inner = &rest[1..end];
            if inner.contains('\\') || inner.is_empty() && rest[end + 1..].starts_with(first) {
                return None;
            }
            out.push(Token::Text(inner.to_owned()));
            end + 1
        } else {
            let two = ["==", "!=", "<=", ">=", "//", "**"].into_iter().find(|sign| rest.starts_with(sign));
            let length = two.map_or(first.len_utf8(), str::len);
            out.push(Token::Sign(rest[..length].to_owned()));
            length
        };
        rest = rest[length..].trim_start();
    }
    Some(out)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    names: &'a Names,
}

impl Parser<'_> {
    fn is_done(&self) -> bool {
        self.at == self.tokens.len()
    }

    fn take(&mut self, text: &str) -> bool {
        let found = match self.tokens.get(self.at) {
            Some(Token::Name(it) | Token::Sign(it)) => it == text,
            _ => false,
        };
        self.at += usize::from(found);
        found
    }

    fn name(&mut self) -> Option<String> {
        let Some(Token::Name(name)) = self.tokens.get(self.at) else { return None };
        self.at += 1;
        Some(name.clone())
    }

    fn text(&mut self) -> Option<String> {
        let Some(Token::Text(text)) = self.tokens.get(self.at) else { return None };
        self.at += 1;
        Some(text.clone())
    }

    /// `value if condition else other`
    fn ternary(&mut self) -> Option<String> {
        let value = self.binary(0)?;
        if !self.take("if") {
            return Some(value);
        }
        let condition = self.binary(0)?;
        let other = if self.take("else") { self.ternary()? } else { return None };
        Some(format!("{value} if {condition} else {other}"))
    }

    /// Operators, those that bind least first; templates write them as Python does.
    fn binary(&mut self, level: usize) -> Option<String> {
        const LEVELS: [&[&str]; 5] =
            [&["or"], &["and"], &["==", "!=", "<", ">", "<=", ">=", "in"], &["+", "-"], &["*", "%"]];
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        if level == 2 && self.take("not") {
            return Some(format!("not {}", self.binary(level)?));
        }
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = operators.iter().find(|it| self.take(it)) {
            left = format!("{left} {operator} {}", self.binary(level + 1)?);
        }
        Some(left)
    }

    fn unary(&mut self) -> Option<String> {
        if self.take("(") {
            let inner = self.ternary()?;
            return self.take(")").then(|| format!("({inner})"));
        }
        if self.take("[") {
            return Some(format!("[{}]", self.list("]")?.join(", ")));
        }
        if let Some(text) = self.text() {
            return Some(quoted(&text));
        }
        if let Some(Token::Number(number)) = self.tokens.get(self.at) {
            self.at += 1;
            return Some(number.clone());
        }
        let name = self.name()?;
        match name.as_str() {
            "True" | "False" | "None" => Some(name.to_lowercase()),
            "data" => self.look_up(),
            _ if self.take("(") => self.call(&name),
            _ => self.names.0.get(&name).map(|value| grouped(value)),
        }
    }

    /// `data["key"]`, `data.get("key")` or `data.get("key", default)`
    fn look_up(&mut self) -> Option<String> {
        if self.take("[") {
            let key = self.text()?;
            return self.take("]").then_some(key);
        }
        let called = self.take(".") && self.take("get") && self.take("(");
        let key = if called { self.text()? } else { return None };
        if self.take(")") {
            return Some(key);
        }
        let default = if self.take(",") { self.ternary()? } else { return None };
        // A default that is false adds nothing in a condition, but in a list or a sum it does.
        self.take(")").then(|| format!("({key} if {key} is not none else {default})"))
    }

    fn call(&mut self, function: &str) -> Option<String> {
        if function == "all" || function == "any" {
            return self.quantified(function);
        }
        let arguments = self.list(")")?;
        match (function, arguments.as_slice()) {
            ("len", [of]) => Some(format!("{} | length", grouped(of))),
            ("bool", [of]) => Some(format!("(true if {of} else false)")),
            ("str", [of]) => Some(format!("{} | string", grouped(of))),
            ("int", [of]) => Some(format!("{} | int", grouped(of))),
            ("nthhost", [network, number]) => Some(format!("{} | nthhost({number})", grouped(network))),
            ("basename", [path]) => Some(format!("{} | basename", grouped(path))),
            _ => None,
        }
    }

    /// `all(data.get(key) for key in keys)`, over keys that are written out.
    fn quantified(&mut self, function: &str) -> Option<String> {
        let look_up = self.take("data") && self.take(".") && self.take("get") && self.take("(");
        let variable = if look_up { self.name()? } else { return None };
        let over = self.take(")") && self.take("for") && self.take(&variable) && self.take("in");
        let keys = if over { self.ternary()? } else { return None };
        if !self.take(")") {
            return None;
        }
        let keys = keys.trim_start_matches('(').trim_end_matches(')');
        let keys = keys.strip_prefix('[')?.strip_suffix(']')?;
        let keys: Vec<&str> = keys.split(", ").map(|key| key.trim_matches('\'')).collect();
        let operator = if function == "all" { " and " } else { " or " };
        Some(format!("(true if {} else false)", keys.join(operator)))
    }

    /// Items up to a closing sign.
    fn list(&mut self, close: &str) -> Option<Vec<String>> {
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(self.ternary()?);
            if !self.take(",") {
                return self.take(close).then_some(items);
            }
        }
        Some(items)
    }
}

/// A text in quotes of a template.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}

/// In parentheses, unless it is one word or in brackets already.
fn grouped(value: &str) -> String {
    let word = value.chars().all(|c| c.is_alphanumeric() || c == '_');
    let text = value.starts_with('\'') && value.len() > 1 && value[1..].find('\'') == Some(value.len() - 2);
    let list = value.starts_with('[') && value.find(']') == Some(value.len() - 1);
    let parentheses = value.starts_with('(') && closes_at(value) == Some(value.len() - 1);
    if word || text || list || parentheses { value.to_owned() } else { format!("({value})") }
}

/// Where the bracket closes that a value begins with.
fn closes_at(value: &str) -> Option<usize> {
    let mut depth = 0;
    value.char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        (depth == 0).then_some(at)
    })
}
