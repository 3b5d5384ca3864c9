//! Mend: what findings say should stand in a data file is written into its text.

use kiln_model::{Diagnostics, Fix, Map, Node, Origin, SourceId, Sources, Span, Value};
use kiln_yaml::Resolution;

use crate::load::parse;

/// The text of a data file with fixes in it; every other byte stays. Gives which of them were
/// made, too.
///
/// A fix that would change anything but the value in its place is left out, and so is one that
/// overlaps an earlier one.
pub fn mend(path: &str, text: &str, fixes: &[&Fix]) -> (String, Vec<bool>) {
    let mut kept: Vec<bool> = Vec::with_capacity(fixes.len());
    for (index, fix) in fixes.iter().enumerate() {
        let is_free = |other: usize| !kept[other] || is_apart(fixes[other].span, fix.span);
        let is_inside = text.get(fix.span.start as usize..fix.span.end as usize).is_some();
        kept.push(is_inside && (0..index).all(is_free));
    }
    let Some(before) = read(path, text) else { return (text.to_owned(), vec![false; fixes.len()]) };
    let is_sound = |kept: &[bool]| {
        let chosen: Vec<&Fix> = chosen(fixes, kept).collect();
        let after = read(path, &replaced(text, &chosen));
        after.is_some_and(|after| differs_as_told(&before, &after, &chosen))
    };
    if !is_sound(&kept) {
        // One of them is not what it seems: each has to prove itself.
        let candidates = std::mem::replace(&mut kept, vec![false; fixes.len()]);
        for index in (0..fixes.len()).filter(|index| candidates[*index]) {
            kept[index] = true;
            kept[index] = is_sound(&kept);
        }
    }
    (replaced(text, &chosen(fixes, &kept).collect::<Vec<_>>()), kept)
}

fn is_apart(one: Span, other: Span) -> bool {
    one.end <= other.start || other.end <= one.start
}

fn chosen<'a>(fixes: &'a [&'a Fix], kept: &'a [bool]) -> impl Iterator<Item = &'a Fix> {
    fixes.iter().zip(kept).filter(|(_, kept)| **kept).map(|(fix, _)| *fix)
}

fn replaced(text: &str, fixes: &[&Fix]) -> String {
    let mut fixes = fixes.to_vec();
    fixes.sort_by_key(|fix| fix.span.start);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for fix in fixes {
        out.push_str(&text[at..fix.span.start as usize]);
        out.push_str(&fix.text);
        at = fix.span.end as usize;
    }
    out + &text[at..]
}

fn read(path: &str, text: &str) -> Option<Node> {
    let mut sources = Sources::new();
    let source: SourceId = sources.add(path, text);
    // What is written is text to every reader, so any of them can tell whether more has changed.
    parse(path, source, Resolution::Core, &sources, &mut Diagnostics::new()).ok().map(|parsed| parsed.node)
}

/// Whether two trees are the same but for text in the places of the fixes, which is text still.
fn differs_as_told(before: &Node, after: &Node, fixes: &[&Fix]) -> bool {
    let is_fixed = |origin: &Origin| {
        let place = |span: Span| (span.start, span.end);
        let Origin::At(span) = origin else { return false };
        fixes.iter().any(|fix| place(fix.span) == place(*span))
    };
    match (&before.value, &after.value) {
        (Value::String(_), Value::String(_)) if is_fixed(&before.origin) => true,
        (Value::Map(one), Value::Map(other)) => {
            same_keys(one, other) && {
                let pairs = one.iter().zip(other.iter());
                pairs.into_iter().all(|((_, one), (_, other))| differs_as_told(&one.node, &other.node, fixes))
            }
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| differs_as_told(one, other, fixes))
        }
        (Value::String(one), Value::String(other)) => one == other,
        (Value::Int(one), Value::Int(other)) => one == other,
        (Value::Float(one), Value::Float(other)) => one.to_bits() == other.to_bits(),
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Null, Value::Null) | (Value::Invalid, Value::Invalid) => true,
        _ => false,
    }
}

fn same_keys(one: &Map, other: &Map) -> bool {
    one.len() == other.len() && one.iter().zip(other.iter()).all(|((one, _), (other, _))| one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(text: &str, old: &str, new: &str) -> Fix {
        let start = text.find(old).expect("the text has it");
        let mut sources = Sources::new();
        let source = sources.add("a", text);
        Fix { span: Span::new(source, start, start + old.len()), text: new.to_owned() }
    }

    #[test]
    fn nothing_but_the_value_changes() {
        let text = "\u{feff}# ä\r\na:   'X' # why\r\nb: [X2,  y]\r\n";
        let (one, two) = (fix(text, "'X'", "'x'"), fix(text, "X2", "x2"));
        let (mended, kept) = mend("a.yaml", text, &[&one, &two]);
        assert_eq!(mended, "\u{feff}# ä\r\na:   'x' # why\r\nb: [x2,  y]\r\n");
        assert_eq!(kept, [true, true]);
    }

    #[test]
    fn a_fix_that_changes_more_is_left_out_and_the_others_are_made() {
        let text = "a: X\nb: Y\n";
        let (bad, good) = (fix(text, "X", "x\nc: 1"), fix(text, "Y", "y"));
        let (mended, kept) = mend("a.yaml", text, &[&bad, &good]);
        assert_eq!((mended.as_str(), kept), ("a: X\nb: y\n", vec![false, true]));
        let number = fix(text, "X", "12");
        assert_eq!(mend("a.yaml", text, &[&number]), (text.to_owned(), vec![false]));
    }

    #[test]
    fn of_two_fixes_for_one_place_the_first_is_made() {
        let text = "a = \"X\"\n";
        let (one, two) = (fix(text, "\"X\"", "\"x\""), fix(text, "\"X\"", "\"z\""));
        assert_eq!(mend("a.toml", text, &[&one, &two]), ("a = \"x\"\n".to_owned(), vec![true, false]));
    }

    #[test]
    fn a_text_that_cannot_be_read_is_left_alone() {
        let text = "a: [X\n";
        assert_eq!(mend("a.yaml", text, &[&fix(text, "X", "x")]), (text.to_owned(), vec![false]));
    }
}
