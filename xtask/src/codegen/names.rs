//! Which settings an expression or a template ends in.

use std::collections::BTreeSet;

use super::pack::Pack;

const KEYWORDS: &[&str] = &["and", "else", "false", "if", "in", "is", "none", "not", "or", "true"];

/// A name in an expression, with the fields that are taken of it.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    path: Vec<String>,
    /// Whether it stands before `is`, which takes a value to a boolean.
    is_tested: bool,
}

/// What to look for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Everything that decides what an expression gives.
    Influence,
    /// Only what can come out of it as text.
    Content,
}

/// Where names end: in keys of the data files, and in key files.
#[derive(Default)]
pub(super) struct Ends {
    /// In the order of the schemas.
    pub(super) keys: Vec<String>,
    /// In the order of the pack.
    pub(super) files: Vec<String>,
}

/// What `expression` ends in, through derived values and function aliases.
pub(super) fn ends(pack: &Pack, expression: &str, reach: Reach) -> Ends {
    let mut walk = Walk { pack, reach, seen: BTreeSet::new(), files: BTreeSet::new() };
    walk.expression(expression);
    let Walk { seen, files, .. } = walk;
    let keys = pack.data_keys.iter().filter(|key| seen.contains(*key)).cloned().collect();
    let in_order = pack.manifest.secret.iter().filter(|file| files.contains(&file.id));
    Ends { keys, files: in_order.map(|file| file.file.clone()).collect() }
}

/// The secrets that can come out of the template `text`.
pub(super) fn secrets(pack: &Pack, text: &str) -> Ends {
    let mut ends = ends(pack, &expressions(pack, text), Reach::Content);
    ends.keys.retain(|key| pack.secret_keys.contains(key));
    ends
}

/// The names of `expression` that are derived values or keys, each once.
pub(super) fn known(pack: &Pack, expression: &str) -> Vec<String> {
    let mut known = Vec::new();
    for name in names(expression) {
        let first = name.path.into_iter().next().unwrap_or_default();
        let is_known = pack.data_keys.contains(&first) || pack.derived(&first).is_some();
        if is_known && !known.contains(&first) {
            known.push(first);
        }
    }
    known
}

struct Walk<'a> {
    pack: &'a Pack,
    reach: Reach,
    seen: BTreeSet<String>,
    files: BTreeSet<String>,
}

impl Walk<'_> {
    fn expression(&mut self, text: &str) {
        for name in names(text) {
            if self.reach == Reach::Influence || !name.is_tested {
                self.name(&name.path);
            }
        }
    }

    fn name(&mut self, path: &[String]) {
        if let [root, id, rest @ ..] = path
            && root == "secrets"
        {
            let is_wanted = self.reach == Reach::Influence || !self.pack.is_public(id, rest.first());
            self.files.extend(is_wanted.then(|| id.clone()));
            return;
        }
        let Some(name) = path.first().filter(|name| !self.seen.contains(*name)) else { return };
        self.seen.insert(name.clone());
        let pack = self.pack;
        if let Some(function) = pack.manifest.functions.get(name) {
            self.expression(&function.value);
        }
        if let Some(derived) = pack.derived(name) {
            self.expression(&derived.value);
            if self.reach == Reach::Influence {
                self.expression(&derived.when);
            }
        }
    }
}

/// What stands between the delimiters of the template `text`.
pub(super) fn expressions(pack: &Pack, text: &str) -> String {
    let syntax = &pack.manifest.syntax;
    let mut found = String::new();
    for [open, close] in [&syntax.block, &syntax.variable] {
        for part in text.split(open.as_str()).skip(1) {
            found.push_str(part.split(close.as_str()).next().unwrap_or_default());
            found.push('\n');
        }
    }
    found
}

enum Token {
    Word(String),
    Sign(char),
}

fn names(expression: &str) -> Vec<Name> {
    let tokens = tokens(expression);
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    let sign = |at: usize| match tokens.get(at) {
        Some(Token::Sign(sign)) => Some(*sign),
        _ => None,
    };
    let mut names = Vec::new();
    for at in 0..tokens.len() {
        let Some(first) = word(at) else { continue };
        let before = |by: usize| at.checked_sub(by);
        let is_field_or_filter = before(1).and_then(sign).is_some_and(|it| ".|".contains(it));
        let is_negated = before(1).and_then(word) == Some("not") && before(2).and_then(word) == Some("is");
        let is_test = is_negated || before(1).and_then(word) == Some("is");
        if is_field_or_filter || is_test || KEYWORDS.contains(&first) {
            continue;
        }
        let mut path = vec![first.to_owned()];
        let mut next = at + 1;
        while let (Some('.'), Some(field)) = (sign(next), word(next + 1)) {
            path.push(field.to_owned());
            next += 2;
        }
        names.push(Name { path, is_tested: word(next) == Some("is") });
    }
    names
}

/// Words and signs; a literal counts as the sign that it begins with.
fn tokens(expression: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut letters = expression.chars().peekable();
    let joins = |it: &char| it.is_alphanumeric() || *it == '_';
    while let Some(letter) = letters.next() {
        if letter == '\'' || letter == '"' {
            while letters.next().is_some_and(|it| it != letter) {}
            tokens.push(Token::Sign(letter));
        } else if joins(&letter) {
            let mut word = String::from(letter);
            while let Some(more) = letters.next_if(joins) {
                word.push(more);
            }
            tokens.push(if letter.is_ascii_digit() { Token::Sign(letter) } else { Token::Word(word) });
        } else if !letter.is_whitespace() {
            tokens.push(Token::Sign(letter));
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(expression: &str) -> Vec<String> {
        names(expression).into_iter().map(|name| name.path.join(".")).collect()
    }

    #[test]
    fn names_are_neither_fields_nor_filters_nor_tests() {
        assert_eq!(paths("a.b | length > c['d.e']"), ["a.b", "c"]);
        assert_eq!(paths("a is not defined and b is inside(c)"), ["a", "b", "c"]);
        assert_eq!(paths("\"x 'y'\" ~ z | f(2)"), ["z"]);
    }

    #[test]
    fn a_test_takes_nothing_out_of_a_value() {
        let tested: Vec<bool> = names("a.b is none or c").into_iter().map(|name| name.is_tested).collect();
        assert_eq!(tested, [true, false]);
    }

    #[test]
    fn conditions_and_secrets_are_followed_to_their_ends() {
        let pack = Pack::read(&crate::root()).unwrap();
        let condition = ends(&pack, "not k8s_gateway_enabled", Reach::Influence);
        assert_eq!(condition.keys, ["unifi_host", "unifi_api_key"]);
        let text = "#% if unifi_dns_enabled %#x: #{ cloudflare_tunnel_secret() }#-#{ cloudflare_token }#";
        let held = secrets(&pack, text);
        assert_eq!(
            (held.keys, held.files),
            (vec!["cloudflare_token".into()], vec!["cloudflare-tunnel.json".into()])
        );
        assert!(secrets(&pack, "#{ cloudflare_tunnel_id() }#, age_key").files.is_empty());
    }
}
