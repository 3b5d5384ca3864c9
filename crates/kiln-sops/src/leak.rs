//! Finds secrets in what stays in clear.

use std::collections::BTreeSet;
use std::convert::Infallible;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use kiln_model::{Rendered, Reveal};
use zeroize::Zeroizing;

use crate::document::{Document, Scalar};
use crate::emit::clear_scalar;
use crate::select::Selection;
use crate::tag;
use crate::walk::{Leaf, walk};

/// The path of what stays in clear, and the secret in it.
pub(crate) type Leak = (String, Reveal);

/// Shorter secrets are looked for as whole values only; they are in too many words.
const SHORTEST: usize = 4;

/// A secret that nobody asked for is looked for if it is at least this long.
const SHORTEST_COPY: usize = 12;

/// A line of a secret that is at least this long gives the secret away.
const SHORTEST_LINE: usize = 8;

/// Looks for copies of known secrets in texts that stay in clear, whoever wrote them there.
///
/// Every line of eight bytes and the base64 of the whole are looked for too. Secrets of fewer
/// than twelve bytes are not: they could be a common word.
pub struct Scanner<'a> {
    secrets: Secrets<'a>,
}

impl<'a> Scanner<'a> {
    /// A search for these secrets.
    pub fn new(known: &'a [Reveal]) -> Scanner<'a> {
        let mut secrets = Secrets::of(known);
        secrets.all.retain(|it| it.whole.len() >= SHORTEST_COPY);
        Scanner { secrets }
    }

    /// The labels of the secrets that `text` contains, sorted.
    pub fn labels_in(&self, text: &str) -> BTreeSet<&'a str> {
        self.secrets.in_text(text).into_iter().map(|reveal| reveal.secret.label()).collect()
    }
}

/// The secrets of one output, ready to be searched for.
struct Secrets<'a> {
    all: Vec<Needle<'a>>,
}

struct Needle<'a> {
    reveal: &'a Reveal,
    whole: Zeroizing<String>,
    /// What the secret would be as an unquoted YAML value, if not text.
    number: Option<Scalar>,
    parts: Vec<Zeroizing<String>>,
    /// In base64, without what depends on the bytes before and behind.
    encoded: Vec<Zeroizing<String>>,
}

impl<'a> Secrets<'a> {
    fn of(reveals: &'a [Reveal]) -> Secrets<'a> {
        let mut all: Vec<Needle<'a>> = Vec::new();
        for reveal in reveals {
            // The text is needed to look for it.
            let text = reveal.secret.expose().trim();
            let known =
                all.iter().any(|it| *it.whole == text && it.reveal.secret.label() == reveal.secret.label());
            if !text.is_empty() && !known {
                all.push(Needle::new(reveal, text));
            }
        }
        Secrets { all }
    }

    /// The secrets in a text that stays in clear.
    fn in_text(&self, text: &str) -> Vec<&'a Reveal> {
        let packed: Zeroizing<String> = Zeroizing::new(text.split_whitespace().collect());
        self.all.iter().filter(|it| it.is_in(text, &packed)).map(|it| it.reveal).collect()
    }

    /// The secrets in a value that stays in clear.
    fn in_scalar(&self, scalar: &Scalar) -> Vec<&'a Reveal> {
        let mut found = self.in_text(&Zeroizing::new(clear_scalar(scalar)));
        let same = self.all.iter().filter(|it| it.number.as_ref() == Some(scalar)).map(|it| it.reveal);
        same.for_each(|reveal| {
            if !found.iter().any(|it| std::ptr::eq(*it, reveal)) {
                found.push(reveal);
            }
        });
        found
    }

    /// A key path, fit for a message.
    fn shown(&self, path: &str) -> String {
        if self.in_text(path).is_empty() { path.to_owned() } else { "***".to_owned() }
    }
}

impl<'a> Needle<'a> {
    fn new(reveal: &'a Reveal, text: &str) -> Needle<'a> {
        let whole = Zeroizing::new(text.to_owned());
        let number =
            tag::typed(text, true, None).ok().filter(|it| !matches!(it, Scalar::Text(_) | Scalar::Null));
        let (mut parts, mut encoded) = (Vec::new(), Vec::new());
        if text.len() >= SHORTEST {
            parts.push(whole.clone());
            let lines =
                text.lines().map(str::trim).filter(|line| line.len() >= SHORTEST_LINE && *line != text);
            parts.extend(lines.map(|line| Zeroizing::new(line.to_owned())));
            encoded.extend((0..3).flat_map(|shift| in_base64(text.as_bytes(), shift)));
        }
        Needle { reveal, whole, number, parts, encoded }
    }

    /// `packed` is the text without white space, which wrapped base64 has.
    fn is_in(&self, text: &str, packed: &str) -> bool {
        text.trim() == self.whole.as_str()
            || self.parts.iter().any(|part| text.contains(part.as_str()))
            || self.encoded.iter().any(|part| packed.contains(part.as_str()))
    }
}

/// The base64 of `bytes` behind `shift` other bytes, in both alphabets, as far as it does
/// not depend on the bytes around.
fn in_base64(bytes: &[u8], shift: usize) -> Vec<Zeroizing<String>> {
    let mut padded = Zeroizing::new(vec![0; shift]);
    padded.extend_from_slice(bytes);
    let encoded = Zeroizing::new(STANDARD_NO_PAD.encode(&*padded));
    let (from, to) = ((shift * 8).div_ceil(6), padded.len() * 8 / 6);
    let standard = Zeroizing::new(encoded[from..to].to_owned());
    let url = Zeroizing::new(standard.replace('+', "-").replace('/', "_"));
    if url == standard { vec![standard] } else { vec![standard, url] }
}

/// Every secret that `rule` leaves in clear, and whether it encrypts anything at all.
pub(crate) fn inspect(
    output: &Rendered,
    documents: &mut [Document],
    selection: &Selection,
) -> (Vec<Leak>, bool) {
    let secrets = Secrets::of(output.reveals());
    let (mut leaks, mut encrypts) = (Vec::new(), false);
    let Ok(()) = walk(documents, selection, &mut |leaf, place, selected| {
        let found = match leaf {
            Leaf::Key => place.path.last().map_or_else(Vec::new, |key| secrets.in_text(key)),
            Leaf::Scalar(scalar) if selected => {
                encrypts |= scalar.plain().is_some_and(|plain| !plain.is_empty());
                Vec::new()
            }
            Leaf::Scalar(scalar) => secrets.in_scalar(scalar),
            Leaf::Comment(comment) if !selected => secrets.in_text(&comment.text),
            Leaf::Comment(_) => Vec::new(),
        };
        leaks.extend(found.into_iter().map(|reveal| (secrets.shown(&place.path.join(".")), reveal.clone())));
        Ok::<(), Infallible>(())
    });
    (leaks, encrypts)
}

/// A key path of an output, fit for a message: without the secrets that are in its keys.
pub(crate) fn shown_path(output: &Rendered, path: &str) -> String {
    Secrets::of(output.reveals()).shown(path)
}

#[cfg(test)]
mod tests {
    use kiln_model::{Secret, Span};

    use super::*;

    fn output(secrets: &[&str]) -> Rendered {
        let reveals =
            secrets.iter().map(|text| Reveal { secret: Secret::new("it", *text), span: Span::NONE });
        Rendered::new("a.yaml", "", Span::NONE, reveals.collect())
    }

    fn is_found(secret: &str, text: &str) -> bool {
        let output = output(&[secret]);
        !Secrets::of(output.reveals()).in_text(text).is_empty()
    }

    #[test]
    fn a_secret_is_found_inside_of_a_text() {
        assert!(is_found("hunter2", "postgres://u:hunter2@db/x"));
        assert!(!is_found("hunter2", "hunter"));
    }

    #[test]
    fn a_secret_is_found_in_base64_at_any_alignment() {
        for before in ["", "x", "xy", "xyz"] {
            let text = STANDARD_NO_PAD.encode(format!("{before}hunter2 and more"));
            assert!(is_found("hunter2", &text), "{text}");
        }
        let wrapped = STANDARD_NO_PAD.encode("user:hunter2-is-long").replace('O', "O\n  ");
        assert!(is_found("hunter2-is-long", &wrapped));
        assert!(is_found(
            "??>>~~ÿÿ",
            &STANDARD_NO_PAD.encode("??>>~~ÿÿ").replace('+', "-").replace('/', "_")
        ));
    }

    #[test]
    fn a_line_of_a_secret_gives_it_away_unless_it_is_short() {
        let key = "-----BEGIN-----\nMIIEvQIBADANBg\nshort\n-----END-----";
        assert!(is_found(key, "x: MIIEvQIBADANBg"));
        assert!(!is_found(key, "short"));
    }

    #[test]
    fn a_scanner_names_what_it_finds_and_passes_over_words() {
        let known = [("token", "a-long-enough-token"), ("word", "kubernetes")];
        let known = known.map(|(label, text)| Reveal { secret: Secret::new(label, text), span: Span::NONE });
        let scanner = Scanner::new(&known);
        let found = scanner.labels_in("kubernetes: a-long-enough-token");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["token"]);
    }

    #[test]
    fn a_very_short_secret_counts_as_a_whole_value_only() {
        assert!(is_found("abc", "abc"));
        assert!(!is_found("abc", "abcd"));
    }

    #[test]
    fn a_number_is_found_under_another_spelling() {
        let output = output(&["0123456"]);
        assert_eq!(Secrets::of(output.reveals()).in_scalar(&Scalar::Int(42798)).len(), 1);
        assert!(Secrets::of(output.reveals()).in_scalar(&Scalar::Int(123_456)).is_empty());
    }
}
