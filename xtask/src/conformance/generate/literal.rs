//! Literals, formats and patterns.

use super::context::TEXTS;
use super::expression::Expression;
use super::kind::Kind;
use super::random::Random;

/// A literal without parts.
pub(super) fn simple(random: &mut Random, kind: Kind) -> Expression {
    match kind {
        Kind::Int => Expression::atom(random.pick(&[
            "0",
            "1",
            "2",
            "3",
            "3",
            "7",
            "10",
            "42",
            "255",
            "0x1F",
            "0b101",
            "0o17",
            "1_000",
            "1000000007",
            "9223372036854775807",
            "9223372036854775808",
        ])),
        Kind::Float => Expression::atom(random.pick(&[
            "0.0",
            "1.0",
            "1.5",
            "2.5",
            "0.1",
            "1e3",
            "1.5e-7",
            "1e16",
            "123456.789",
            "3.14159",
            "1_0.5",
            "1E5",
            "0.30000000000000004",
            "1e22",
            "2.675",
        ])),
        Kind::Bool => Expression::atom(random.pick(&["true", "false", "True", "False"])),
        Kind::None => Expression::atom(random.pick(&["none", "None"])),
        Kind::Bytes => Expression::atom("'añ'.encode()"),
        _ => text(random),
    }
}

/// A text in quotes; two of them, now and then, which are one.
fn text(random: &mut Random) -> Expression {
    let one = quoted(random);
    if random.chance(4) {
        Expression::operation(format!("{one} {}", quoted(random)))
    } else {
        Expression::atom(one)
    }
}

fn quoted(random: &mut Random) -> String {
    let (text, quote) = (random.pick(TEXTS), random.choose(&['\'', '"']));
    let escapes_all = random.chance(10);
    let mut quoted = String::from(quote);
    for char in text.chars() {
        match char {
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            it if it == quote => quoted.extend(['\\', it]),
            it if it.is_control() || it == '\u{2028}' => quoted.push_str(&escape(it)),
            it if escapes_all && !it.is_ascii() => quoted.push_str(&escape(it)),
            it => quoted.push(it),
        }
    }
    quoted.push(quote);
    quoted
}

fn escape(char: char) -> String {
    match u32::from(char) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

/// A mapping as the rows of the context are.
pub(super) fn row(random: &mut Random) -> String {
    let (name, n) = (random.pick(&["'web'", "'db'", "'Web'", "s"]), random.below(5));
    let (tags, on) = (random.pick(&["['x']", "[]", "['b', 'a']"]), random.pick(&["true", "false"]));
    format!("{{'name': {name}, 'n': {n}, 'tags': {tags}, 'on': {on}}}")
}

/// A format of `strftime`.
pub(super) fn date_pattern(random: &mut Random) -> String {
    let directives = [
        "%Y", "%m", "%d", "%H", "%M", "%S", "%f", "%j", "%a", "%A", "%b", "%B", "%y", "%p", "%I", "%U", "%W",
        "%%", "%Z", "%z", "%c", "%x", "%X", "%w", "%u", "%V", "%G", "-", "T", " at ", "é",
    ];
    (0..1 + random.below(5)).map(|_| random.pick(&directives)).collect()
}

/// A directive of `%`, for a kind of value.
pub(super) fn percent(random: &mut Random, kind: Kind) -> String {
    let types: &[&str] = match kind {
        Kind::Int => &["d", "i", "u", "x", "X", "o", "s", "r", "f", "e", "g"],
        Kind::Float => &["f", "F", "e", "E", "g", "G", "s", "r", "d"],
        _ => &["s", "s", "r", "a"],
    };
    let mut flags = String::new();
    for flag in ["-", "0", "+", " ", "#"] {
        if random.chance(15) {
            flags.push_str(flag);
        }
    }
    let (width, precision) =
        (random.pick(&["", "", "5", "12", "20"]), random.pick(&["", "", ".0", ".2", ".5", "."]));
    format!("%{flags}{width}{precision}{}", random.pick(types))
}

/// A replacement field of `format`, for a kind of value.
pub(super) fn braces(random: &mut Random, kind: Kind) -> String {
    let types: &[&str] = match kind {
        Kind::Int => &["", "d", "x", "X", "o", "b", "f", "e", "g", "n", "%", "c"],
        Kind::Float => &["", "f", "F", "e", "E", "g", "G", "n", "%"],
        Kind::Text => &["", "s"],
        _ => return random.pick(&["{}", "{!s}", "{!r}", "{!s:>12}"]).to_owned(),
    };
    let mut maybe = |choices: &[&'static str]| if random.chance(25) { random.pick(choices) } else { "" };
    let align = maybe(&["<", ">", "^", "*<", ".^", "é>", "0>"]);
    let (sign, hash, zero) = match kind {
        Kind::Text => ("", "", maybe(&["0"])),
        _ => (maybe(&["+", "-", " "]), maybe(&["#"]), maybe(&["0"])),
    };
    let width = maybe(&["1", "5", "12", "30"]);
    let grouping = if kind == Kind::Text { "" } else { maybe(&[",", "_"]) };
    let precision = if kind == Kind::Int { "" } else { maybe(&[".0", ".2", ".5", ".10"]) };
    let conversion = if random.chance(8) { random.pick(&["!r", "!s"]) } else { "" };
    format!("{{{conversion}:{align}{sign}{hash}{zero}{width}{grouping}{precision}{}}}", random.pick(types))
}
