//! Looks for differences from Jinja2 in templates made at random.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::generate::Generator;
use super::minimise::minimise;
use super::oracle::{Answer, Oracle};
use super::run::{Got, passes, render_all};
use super::shape::{Kind, Shape};
use super::{Case, Expected, Known, corpus, failure};
use crate::Result;
use crate::interop;

const USAGE: &str = "usage: cargo xtask differential [--cases 20000] [--seed N] [--out OUT.jsonl]";

/// How many cases are made, asked and rendered at a time.
const PORTION: usize = 500;

/// How many differences that look alike are made smaller.
const MOST_ALIKE: usize = 12;

struct Request {
    cases: usize,
    seed: u64,
    out: Option<PathBuf>,
}

/// Compares as many cases as are asked for; whether kiln and Jinja2 agree on all.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<bool> {
    let request = Request::parse(arguments)?;
    let start = Instant::now();
    let mut oracle = Oracle::start(root, &interop::python_with_jinja2(root)?)?;
    let mut tally = Tally::default();
    let known = Known::read(root)?;
    let mut cases = corpus(root)?;
    // What is known to differ, or names a special method of Python, only leads to the same again.
    let is_special = |case: &Case| case.templates.0.iter().any(|(_, text)| text.contains("__"));
    cases.retain(|case| !known.lists(&case.id) && !is_special(case));
    let generator = Generator::new(request.seed, cases);
    let different = compare(&request, &generator, &mut oracle, &mut tally)?;
    let seconds = start.elapsed().as_secs_f64();
    let smallest = smallest(&mut oracle, &different)?;
    if let Some(out) = &request.out {
        let lines = smallest.values().flatten().map(|(case, _)| serde_json::to_string(case));
        std::fs::write(out, lines.map(|line| Ok(line? + "\n")).collect::<Result<String>>()?)?;
    }
    print(&smallest);
    tally.print();
    println!(
        "seed {}: {} cases, {} differ in {} ways; {seconds:.1} s to compare, {:.1} s in all",
        request.seed,
        request.cases,
        different.len(),
        smallest.len(),
        start.elapsed().as_secs_f64(),
    );
    Ok(different.is_empty())
}

/// The cases that kiln renders otherwise.
fn compare(
    request: &Request,
    generator: &Generator,
    oracle: &mut Oracle,
    tally: &mut Tally,
) -> Result<Vec<(Case, Got)>> {
    let mut different = Vec::new();
    for first in (0..request.cases).step_by(PORTION) {
        let portion = first..(first + PORTION).min(request.cases);
        let cases: Vec<Case> = portion.map(|index| generator.case(index)).collect();
        let answers = oracle.ask(&cases)?;
        let cases: Vec<Case> =
            cases.into_iter().zip(answers).filter_map(|(case, answer)| tally.expect(case, answer)).collect();
        let got = render_all(&cases);
        different.extend(cases.into_iter().zip(got).filter(|(case, got)| !passes(case, got)));
    }
    Ok(different)
}

/// The smallest cases that were found, by their shape.
fn smallest(oracle: &mut Oracle, different: &[(Case, Got)]) -> Result<BTreeMap<Shape, Vec<(Case, Got)>>> {
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let mut smallest: BTreeMap<Shape, Vec<(Case, Got)>> = BTreeMap::new();
    for (case, got) in different {
        let kind = Kind::of(case, got);
        let count = alike.entry(kind.likeness(got)).or_default();
        *count += 1;
        if *count > MOST_ALIKE {
            continue;
        }
        let small = minimise(case.clone(), |cases| {
            let answers = oracle.ask(cases)?;
            let expecting: Vec<Option<Case>> =
                cases.iter().zip(answers).map(|(case, answer)| expecting(case.clone(), answer)).collect();
            let got = render_all(cases);
            let shows = |(case, got): (&Option<Case>, &Got)| {
                case.as_ref().is_some_and(|it| Kind::of(it, got) == kind)
            };
            Ok(expecting.iter().zip(&got).position(shows))
        })?;
        let answer = oracle.ask(std::slice::from_ref(&small))?.remove(0);
        let Some(small) = expecting(small, answer) else { continue };
        let got = render_all(std::slice::from_ref(&small)).remove(0);
        smallest.entry(Shape::of(&small, &got)).or_default().push((small, got));
    }
    Ok(smallest)
}

/// A case that expects what Jinja2 says, if that is something.
fn expecting(case: Case, answer: Answer) -> Option<Case> {
    match answer {
        Answer::Fact(expected) => Some(Case { expected: Some(expected), ..case }),
        Answer::Skip { .. } => None,
    }
}

/// Whether Jinja2 writes a program that Python does not accept, which is known of constants that
/// are infinite and of names in the filters of a `set` block.
fn fails_inside(expected: &Expected) -> bool {
    match expected {
        Expected::Error { error, msg } => {
            error == "NameError" || error == "AssertionError" && msg.starts_with("Tried to resolve a name")
        }
        Expected::Out { .. } => false,
    }
}

/// Prints one case of each shape, those that were found most often at the end.
fn print(smallest: &BTreeMap<Shape, Vec<(Case, Got)>>) {
    let mut groups: Vec<&Vec<(Case, Got)>> = smallest.values().collect();
    groups.sort_by_key(|group| group.len());
    for group in groups {
        let shortest = group
            .iter()
            .min_by_key(|(case, _)| case.templates.0.iter().map(|(_, it)| it.len()).sum::<usize>());
        let Some((case, got)) = shortest else { continue };
        print!("{}× {}", group.len(), failure(case, got));
        for (name, source) in case.templates.0.iter().filter(|(name, _)| *name != case.main) {
            println!("    {name:<8} {source:?}");
        }
        println!("    options  {}", serde_json::to_string(&case.options).unwrap_or_default());
        println!("    context  {}\n", serde_json::to_string(&case.context).unwrap_or_default());
    }
}

/// What became of the cases.
#[derive(Default)]
struct Tally {
    rendered: usize,
    raised: BTreeMap<String, usize>,
    skipped: BTreeMap<String, usize>,
}

impl Tally {
    /// The case with what Jinja2 makes of it, if that can be compared.
    fn expect(&mut self, case: Case, answer: Answer) -> Option<Case> {
        let answer = match answer {
            Answer::Fact(expected) if fails_inside(&expected) => {
                Answer::Skip { skip: "Jinja2 fails inside itself".to_owned() }
            }
            answer => answer,
        };
        match &answer {
            Answer::Skip { skip } => *self.skipped.entry(skip.clone()).or_default() += 1,
            Answer::Fact(Expected::Out { .. }) => self.rendered += 1,
            Answer::Fact(Expected::Error { error, .. }) => {
                *self.raised.entry(error.clone()).or_default() += 1
            }
        }
        expecting(case, answer)
    }

    fn print(&self) {
        let in_words = |counts: &BTreeMap<String, usize>| {
            let words: Vec<String> = counts.iter().map(|(what, count)| format!("{what} {count}")).collect();
            words.join(", ")
        };
        let (raised, skipped) = (self.raised.values().sum::<usize>(), self.skipped.values().sum::<usize>());
        println!("Jinja2 renders {}", self.rendered);
        println!("Jinja2 raises {raised}: {}", in_words(&self.raised));
        println!("not compared {skipped}: {}", in_words(&self.skipped));
    }
}

impl Request {
    fn parse(arguments: &[String]) -> Result<Request> {
        let mut request = Request { cases: 20_000, seed: 0, out: None };
        for pair in arguments.chunks(2) {
            let [flag, value] = pair else { return Err(USAGE.into()) };
            match flag.as_str() {
                "--cases" => request.cases = value.parse().map_err(|_| USAGE)?,
                "--seed" => request.seed = value.parse().map_err(|_| USAGE)?,
                "--out" => request.out = Some(value.into()),
                _ => return Err(USAGE.into()),
            }
        }
        Ok(request)
    }
}
