//! `lipsum`: text without meaning, to fill a page with.

use kiln_python::{Args, Fault, Py, Result, meter};

use crate::parameters::integer;

/// `lipsum(n=5, html=true, min=20, max=100)`: paragraphs of at least `min` and less than `max`
/// words. Jinja2 makes others each time; a renderer whose output changes on every run would be
/// of no use, so these are always the same.
pub(super) fn lipsum(args: Args) -> Result<Py> {
    let [count, html, min, max] = args.bind("lipsum", ["n", "html", "min", "max"])?;
    let count = count.as_ref().map_or(Ok(5), integer)?;
    let (min, max) = (limit(min, 20), limit(max, 100));
    let mut dice = Dice(0x5eed);
    let mut paragraphs = Vec::new();
    for _ in 0..count {
        let (min, max) = (min.clone()?, max.clone()?);
        if min >= max {
            return Err(Fault::value_error("`lipsum` needs a `max` above its `min`"));
        }
        let words = i64::try_from(dice.below(max.abs_diff(min))).unwrap_or(0).saturating_add(min);
        paragraphs.push(paragraph(&mut dice, words)?);
    }
    if !html.map_or(Ok(true), |html| html.truth())? {
        return Ok(Py::str(paragraphs.join("\n\n")));
    }
    let paragraphs: Vec<_> = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
    Ok(Py::Markup(paragraphs.join("\n").into()))
}

/// A bound on the number of words, which may also be a float without decimals.
fn limit(value: Option<Py>, default: i64) -> Result<i64> {
    match value {
        None => Ok(default),
        #[expect(clippy::cast_possible_truncation, reason = "it has no decimals, and a cast saturates")]
        Some(Py::Float(number)) if number.fract() == 0.0 => Ok(number as i64),
        Some(Py::Float(_)) => Err(Fault::value_error("`lipsum` takes whole numbers of words")),
        Some(value) => integer(&value),
    }
}

/// Sentences of six to twelve words, with a comma here and there.
fn paragraph(dice: &mut Dice, words: i64) -> Result<String> {
    let mut text = String::new();
    let mut left_in_sentence = 0;
    let mut last = "";
    meter::charge(1)?;
    for number in 0..words {
        meter::charge(1)?;
        let begins = left_in_sentence == 0;
        if begins {
            left_in_sentence = 6 + dice.below(7);
        }
        left_in_sentence -= 1;
        last = dice.word_after(last);
        let (initial, rest) = last.split_at(1);
        text.push_str(&if begins { initial.to_uppercase() } else { initial.to_owned() });
        text.push_str(rest);
        let ends = left_in_sentence == 0 || number + 1 == words;
        text.push_str(match ends {
            true if number + 1 == words => ".",
            true => ". ",
            false if dice.below(6) == 0 => ", ",
            false => " ",
        });
    }
    if text.is_empty() {
        text.push('.');
    }
    Ok(text)
}

/// From the first book of Cicero's *De finibus bonorum et malorum*, out of which the printers'
/// text was made.
const WORDS: &[&str] = &[
    "sed",
    "ut",
    "perspiciatis",
    "unde",
    "omnis",
    "iste",
    "natus",
    "error",
    "sit",
    "voluptatem",
    "accusantium",
    "doloremque",
    "laudantium",
    "totam",
    "rem",
    "aperiam",
    "eaque",
    "ipsa",
    "quae",
    "ab",
    "illo",
    "inventore",
    "veritatis",
    "et",
    "quasi",
    "architecto",
    "beatae",
    "vitae",
    "dicta",
    "sunt",
    "explicabo",
    "nemo",
    "enim",
    "ipsam",
    "quia",
    "voluptas",
    "aspernatur",
    "aut",
    "odit",
    "fugit",
    "consequuntur",
    "magni",
    "dolores",
    "eos",
    "qui",
    "ratione",
    "sequi",
    "nesciunt",
    "neque",
    "porro",
    "quisquam",
    "est",
    "dolorem",
    "ipsum",
    "dolor",
    "amet",
    "consectetur",
    "adipisci",
    "velit",
    "non",
    "numquam",
    "eius",
    "modi",
    "tempora",
    "incidunt",
    "labore",
    "dolore",
    "magnam",
    "aliquam",
    "quaerat",
];

/// Numbers that look random: the multiplicative generator of Lehmer, with Park and Miller's
/// constants.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0 * 48_271 % 0x7fff_ffff;
        self.0.checked_rem(bound).unwrap_or(0)
    }

    fn word_after(&mut self, last: &str) -> &'static str {
        let roll = usize::try_from(self.below(WORDS.len() as u64)).unwrap_or(0);
        let mut words = WORDS.iter().cycle().skip(roll);
        words.find(|word| **word != last).copied().unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(args: [Py; 4]) -> String {
        let text = lipsum(Args::positional(args)).expect("the arguments are right");
        text.to_str().expect("it is text").to_string()
    }

    #[test]
    fn each_paragraph_is_a_sentence_with_as_many_words_as_asked_for() {
        let plain = text([Py::Int(20), Py::Bool(false), Py::Int(5), Py::Int(9)]);
        let paragraphs: Vec<_> = plain.split("\n\n").collect();
        assert_eq!(paragraphs.len(), 20);
        for paragraph in paragraphs {
            let words: Vec<_> = paragraph.split(' ').collect();
            assert!((5..9).contains(&words.len()), "{paragraph}");
            assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{paragraph}");
            assert!(paragraph.starts_with(char::is_uppercase) && paragraph.ends_with('.'), "{paragraph}");
        }
    }

    #[test]
    fn the_text_is_the_same_each_time() {
        let args = || [Py::Int(2), Py::Bool(true), Py::Int(20), Py::Int(100)];
        assert_eq!(text(args()), text(args()));
    }

    #[test]
    fn empty_paragraphs_are_not_free() {
        let _meter = meter::Meter::start(1000, u64::MAX);
        let args = [Py::Int(i64::MAX), Py::Bool(false), Py::Int(0), Py::Int(1)];
        lipsum(Args::positional(args)).expect_err("there is no end to them");
    }

    #[test]
    fn html_has_a_tag_around_each_paragraph() {
        let html = text([Py::Int(2), Py::Bool(true), Py::Int(1), Py::Int(2)]);
        let lines: Vec<_> = html.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.starts_with("<p>") && line.ends_with(".</p>")));
    }
}
