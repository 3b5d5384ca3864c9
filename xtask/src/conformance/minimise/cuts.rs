//! Smaller templates.

use std::ops::Range;

use crate::conformance::Case;
use crate::conformance::tokens::{delimiters, tokens};

/// Templates of more tokens are not tried without every range of them.
const FEW: usize = 70;

/// Cuts of one template; a cut is what remains, in tokens.
type Cuts<'a> = Vec<Vec<&'a str>>;

/// Without a tag, or without all from a tag to a later one, or without both but with what is
/// between them.
pub(super) fn without_tags(case: &Case) -> Vec<Case> {
    let ends = delimiters(case);
    cut_each(case, |tokens| {
        let tags = tags(tokens, &ends);
        let mut cuts = Vec::new();
        for (index, first) in tags.iter().enumerate() {
            for last in tags[index..].iter().rev() {
                cuts.push(without(tokens, first.start..last.end));
                if first != last {
                    cuts.push(without_both(tokens, first.clone(), last.clone()));
                }
            }
        }
        cuts
    })
}

/// Without a half, a quarter, an eighth and so on.
pub(super) fn without_half(case: &Case) -> Vec<Case> {
    cut_each(case, |tokens| {
        let mut cuts = Vec::new();
        let mut size = tokens.len() / 2;
        while size > 2 {
            let starts = (0..tokens.len()).step_by(size);
            cuts.extend(starts.map(|start| without(tokens, start..(start + size).min(tokens.len()))));
            size /= 2;
        }
        cuts
    })
}

/// Without a pair of brackets, with what is in them or without, and with what is before them or
/// without.
pub(super) fn without_brackets(case: &Case) -> Vec<Case> {
    cut_each(case, |tokens| {
        let mut cuts = Vec::new();
        for Range { start, end } in brackets(tokens) {
            let before = callee(tokens, start);
            cuts.push(without(tokens, before..end));
            cuts.push(without(tokens, start..end));
            cuts.push(without_both(tokens, before..start + 1, end - 1..end));
            cuts.push(without_both(tokens, start..start + 1, end - 1..end));
            cuts.push(without(tokens, start + 1..end - 1));
        }
        cuts
    })
}

/// Without any tokens that stand together.
pub(super) fn without_a_range(case: &Case) -> Vec<Case> {
    cut_each(case, |tokens| {
        let longest = if tokens.len() <= FEW { tokens.len() } else { 8 };
        let mut cuts = Vec::new();
        for length in (1..=longest).rev() {
            cuts.extend((0..=tokens.len() - length).map(|start| without(tokens, start..start + length)));
        }
        cuts
    })
}

/// With a simpler token in the place of one.
pub(super) fn with_simpler_tokens(case: &Case) -> Vec<Case> {
    cut_each(case, |tokens| {
        let mut cuts = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            let mut put = |simpler| {
                let mut cut = tokens.to_vec();
                cut[index] = simpler;
                cuts.push(cut);
            };
            match token.chars().next() {
                Some('\'' | '"') if token.len() > 3 => ["''", "'a'"].into_iter().for_each(&mut put),
                Some(it) if it.is_ascii_digit() && token.len() > 1 => {
                    ["0", "1", "2"].into_iter().for_each(&mut put)
                }
                _ => {}
            }
        }
        cuts
    })
}

/// The case with each cut of each of its templates, which is a shorter one.
fn cut_each(case: &Case, cut: impl for<'a> Fn(&[&'a str]) -> Cuts<'a>) -> Vec<Case> {
    let delimiters = delimiters(case);
    let mut cases = Vec::new();
    for (place, (_, text)) in case.templates.0.iter().enumerate() {
        for remaining in cut(&tokens(text, &delimiters)) {
            let shorter = remaining.concat();
            if shorter.len() < text.len() {
                let mut smaller = case.clone();
                smaller.templates.0[place].1 = shorter;
                cases.push(smaller);
            }
        }
    }
    cases
}

fn without<'a>(tokens: &[&'a str], range: Range<usize>) -> Vec<&'a str> {
    without_both(tokens, range, 0..0)
}

fn without_both<'a>(tokens: &[&'a str], one: Range<usize>, other: Range<usize>) -> Vec<&'a str> {
    let stays = |index: &usize| !one.contains(index) && !other.contains(index);
    (0..tokens.len()).filter(stays).map(|index| tokens[index]).collect()
}

/// Where tags are: from a delimiter to the next one.
fn tags(tokens: &[&str], delimiters: &[String]) -> Vec<Range<usize>> {
    let is_delimiter = |index: &usize| delimiters.iter().any(|it| it == tokens[*index]);
    let places: Vec<usize> = (0..tokens.len()).filter(is_delimiter).collect();
    places.chunks_exact(2).map(|pair| pair[0]..pair[1] + 1).collect()
}

/// Where brackets and what is in them are.
fn brackets(tokens: &[&str]) -> Vec<Range<usize>> {
    let mut open = Vec::new();
    let mut ranges = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match *token {
            "(" | "[" | "{" => open.push(index),
            ")" | "]" | "}" => ranges.extend(open.pop().map(|start| start..index + 1)),
            _ => {}
        }
    }
    ranges
}

/// Where the name in front of a bracket begins, with its dot or bar.
fn callee(tokens: &[&str], bracket: usize) -> usize {
    let is_name = |index: usize| tokens[index].chars().all(|it| it.is_alphanumeric() || it == '_');
    let mut start = bracket;
    if start > 0 && is_name(start - 1) {
        start -= 1;
        while start > 0 && matches!(tokens[start - 1], "|" | "." | " ") {
            start -= 1;
        }
    }
    start
}
