//! Scalars that a reader of YAML 1.1 takes for something else.

use kiln_model::{Diagnostic, Diagnostics, Sources};
use kiln_yaml::{Ambiguous, Reader, Reading, reading};

/// How many findings a file gets at most; what is left shares the last one.
const MAX_FINDINGS: usize = 20;

/// How many places a finding shows.
const MAX_LABELS: usize = 10;

/// How much of a scalar is shown.
const MAX_SHOWN: usize = 60;

/// Warns of what YAML 1.1 reads otherwise, once for all values that stand under the same keys.
///
/// Of a scalar that is wrong anyway, `wrong` says so; that finding gets a note instead. To be
/// called when `sources` knows what is secret: of that the kind alone is said.
pub(crate) fn report(ambiguous: &[Ambiguous], wrong: Diagnostics, sources: &Sources, sink: &mut Diagnostics) {
    let mut left: Vec<&Ambiguous> = ambiguous.iter().collect();
    for mut finding in wrong {
        if let Some(index) = left.iter().position(|it| it.span == finding.span()) {
            finding =
                finding.note(format!("YAML 1.1 reads {} here", Scalar::of(left[index], sources).other()));
            left.remove(index);
        }
        sink.push(finding);
    }
    let mut groups: Vec<Vec<&Ambiguous>> = Vec::new();
    for one in left {
        let is_alike = |group: &Vec<&Ambiguous>| (&group[0].path, group[0].is_key) == (&one.path, one.is_key);
        match groups.iter().position(is_alike) {
            Some(index) => groups[index].push(one),
            None if groups.len() > MAX_FINDINGS => groups[MAX_FINDINGS].push(one),
            None => groups.push(vec![one]),
        }
    }
    for (index, group) in groups.iter().enumerate() {
        let scalars: Vec<Scalar<'_>> = group.iter().map(|it| Scalar::of(it, sources)).collect();
        sink.push(match scalars.as_slice() {
            [one] => one.finding(),
            all => finding_of_all(all, index == MAX_FINDINGS),
        });
    }
}

/// One scalar and its readings.
struct Scalar<'a> {
    ambiguous: &'a Ambiguous,
    is_secret: bool,
    core: Reading,
    other: Reading,
}

impl<'a> Scalar<'a> {
    fn of(ambiguous: &'a Ambiguous, sources: &Sources) -> Scalar<'a> {
        Scalar {
            ambiguous,
            is_secret: sources.hides(ambiguous.span),
            core: reading(Reader::Yaml12, &ambiguous.text),
            other: reading(Reader::Yaml11, &ambiguous.text),
        }
    }

    fn words(&self, reading: &Reading) -> String {
        let text = &self.ambiguous.text;
        match text.char_indices().nth(MAX_SHOWN) {
            _ if self.is_secret => reading.kind().to_owned(),
            Some((end, _)) => reading.value(&format!("{}…", &text[..end])),
            None => reading.value(text),
        }
    }

    fn other(&self) -> String {
        self.words(&self.other)
    }

    fn finding(&self) -> Diagnostic {
        let (core, other) = (self.words(&self.core), self.other());
        let what = if self.ambiguous.is_key { "of this key " } else { "" };
        Diagnostic::warning("load.two-readings", format!("{what}YAML 1.2 reads {core}, YAML 1.1 {other}"))
            .label(self.ambiguous.span, "read in two ways")
            .help(self.help())
    }

    fn help(&self) -> String {
        match (&self.core, &self.other) {
            _ if self.is_secret => GENERAL.to_owned(),
            (Reading::Text, Reading::Bool(it)) if !self.ambiguous.is_key => {
                format!("put it into quotes if it is text, or write `{it}`")
            }
            (Reading::Number(it), _) if is_plain(it) => {
                format!("write `{it}` if it is a number, or put it into quotes")
            }
            (Reading::Number(_), _) => {
                "write the number with a point and a signed exponent, such as `1.0e+30`".to_owned()
            }
            _ => "put it into quotes".to_owned(),
        }
    }
}

/// How to mend any of them.
const GENERAL: &str =
    "put text into quotes, write booleans as `true` and `false`, and numbers in decimal digits";

fn is_plain(number: &str) -> bool {
    number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
}

fn finding_of_all(scalars: &[Scalar<'_>], is_rest: bool) -> Diagnostic {
    let (count, first) = (scalars.len(), scalars[0].ambiguous);
    let what = if first.is_key { "keys" } else { "values" };
    let message = match first.path.as_str() {
        _ if is_rest => format!("{count} more scalars of this file are read in two ways"),
        "" => format!("{count} {what} are read in two ways"),
        path => format!("{count} {what} of `{path}` are read in two ways"),
    };
    let mut finding = Diagnostic::warning("load.two-readings", message).help(GENERAL);
    for scalar in scalars.iter().take(MAX_LABELS) {
        let text = format!("{}, to YAML 1.1 {}", scalar.words(&scalar.core), scalar.other());
        finding = finding.label(scalar.ambiguous.span, text);
    }
    match count.checked_sub(MAX_LABELS) {
        None | Some(0) => finding,
        Some(more) => finding.note(format!("and {more} more places")),
    }
}

#[cfg(test)]
mod tests;
