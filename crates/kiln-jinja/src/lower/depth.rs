//! How deep programs are nested: the engine's parser takes no more than 150 levels.

use super::program::delimiter;

/// The most levels that brackets and statements may make together. The engine counts a few
/// more: the statement itself, its expression and the innermost operand.
const MAX_DEPTH: usize = 145;

/// The first byte of a program that is nested too deep for the engine.
pub(super) fn too_deep(program: &str) -> Option<usize> {
    let mut statements: usize = 0;
    let mut at = 0;
    while let Some(found) = program[at..].find(is_delimiter) {
        let start = at + found + delimiter::BLOCK_START.len();
        let (deepest, end) = brackets(program, start, statements);
        if deepest.is_some() {
            return deepest;
        }
        let tag = &program[start..end];
        if tag.starts_with("end") {
            statements = statements.saturating_sub(1);
        } else if holds_others(tag) {
            statements += 1;
        }
        at = program.len().min(end + delimiter::BLOCK_END.len());
    }
    None
}

/// Whether a character begins a tag, or something printed. Text that contains such a character
/// is written as a literal, so that it stands inside of a tag.
fn is_delimiter(character: char) -> bool {
    [delimiter::BLOCK_START, delimiter::PRINT_START].iter().any(|it| it.starts_with(character))
}

/// The first byte of a tag's brackets that is too deep, inside so many statements; and the end
/// of the tag.
fn brackets(program: &str, start: usize, statements: usize) -> (Option<usize>, usize) {
    let bytes = program.as_bytes();
    let mut levels = Vec::new();
    let mut depth = statements;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_literal(bytes, at),
            b'(' | b'[' => {
                // A call is one level; brackets that stand alone are an operand and an expression.
                let is_call = at > start && bytes[at - 1].is_ascii_alphanumeric();
                let level = if is_call && *byte == b'(' { 1 } else { 2 };
                levels.push(level);
                depth += level;
                if depth > MAX_DEPTH {
                    return (Some(at), at);
                }
            }
            b')' | b']' => depth -= levels.pop().unwrap_or(0),
            _ if !byte.is_ascii() => return (None, at),
            _ => {}
        }
        at += 1;
    }
    (None, at)
}

/// The closing quote of the literal that begins here.
fn end_of_literal(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while bytes.get(at).is_some_and(|byte| *byte != b'"') {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

/// Whether a tag begins a statement that goes on to the tag that ends it.
fn holds_others(tag: &str) -> bool {
    tag.starts_with("if ") || tag.starts_with("for ") || (tag.starts_with("set ") && !tag.contains('='))
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::Environment;

    /// The deepest program of its kind that is taken, by the engine and by us.
    fn limits(program: impl Fn(usize) -> String) -> (usize, usize) {
        let mut engine = Environment::new();
        engine.set_syntax(crate::shared::program_syntax());
        let is_taken = |depth: &usize| engine.template_from_str(&program(*depth)).is_ok();
        let is_ours = |depth: &usize| too_deep(&program(*depth)).is_none();
        let first = |refuses: &dyn Fn(&usize) -> bool| (1..400).find(|depth| !refuses(depth)).unwrap_or(400);
        (first(&is_taken), first(&is_ours))
    }

    #[track_caller]
    fn check(program: impl Fn(usize) -> String) {
        let (engine, ours) = limits(program);
        assert!(ours <= engine && engine <= ours + 6, "the engine takes {engine}, we {ours}");
    }

    fn print(inner: String) -> String {
        format!("{}{inner}{}", delimiter::PRINT_START, delimiter::PRINT_END)
    }

    fn around(start: &str, end: &str, depth: usize) -> String {
        let tag = |text: &str| format!("{}{text}{}", delimiter::BLOCK_START, delimiter::BLOCK_END);
        format!("{}{}{}", tag(start).repeat(depth), print("f(1)".into()), tag(end).repeat(depth))
    }

    #[test]
    fn calls_brackets_and_lists_are_counted_as_the_engine_counts_them() {
        check(|depth| print(format!("{}1{}", "f(".repeat(depth), ")".repeat(depth))));
        check(|depth| print(format!("{}1{}", "(1 and ".repeat(depth), ")".repeat(depth))));
        check(|depth| print(format!("{}1{}", "f(c,[[".repeat(depth), "]])".repeat(depth))));
    }

    #[test]
    fn statements_are_counted_as_the_engine_counts_them() {
        check(|depth| around("if x ", "endif ", depth));
        check(|depth| around("for _ in x ", "endfor ", depth));
        check(|depth| around("set x ", "endset ", depth));
        check(|depth| {
            format!("{}{}", around("if f(\"(\") ", "endif ", depth / 2), around("if x ", "endif ", depth))
        });
    }

    #[test]
    fn what_stands_in_literals_is_not_counted() {
        assert_eq!(too_deep(&print(format!("f(\"\\\"{}\")", "(".repeat(500)))), None);
        assert_eq!(too_deep(&format!("{}{}", "(".repeat(500), print("x".into()))), None);
    }
}
