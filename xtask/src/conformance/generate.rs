//! Writes templates at random, after the grammar.
//!
//! Most of them mean something: an expression is written for the kind of value that is wanted,
//! from a table of what can be called on what. Some are wrong in one place, since errors have
//! to be the same as well. All is small: no number decides how often something is done.

mod calls;
mod context;
mod expression;
mod kind;
mod literal;
mod macros;
mod mutant;
mod operator;
mod random;
mod statement;
mod style;
mod templates;
mod writer;

use super::case::{Case, Options};
use super::json::{Json, Pairs};
use calls::Calls;
use context::VARIABLES;
use random::Random;
use style::Style;
use writer::Writer;

/// How many cases of a hundred are made from those of the corpus.
const MUTANTS: usize = 10;

/// Makes cases; the same for the same seed and corpus.
pub(crate) struct Generator {
    calls: Calls,
    seed: u64,
    corpus: Vec<Case>,
}

impl Generator {
    /// A generator.
    pub(crate) fn new(seed: u64, corpus: Vec<Case>) -> Generator {
        Generator { calls: Calls::read(), seed, corpus }
    }

    /// A case of the run.
    pub(crate) fn case(&self, index: usize) -> Case {
        let mut random = Random::new(self.seed, index);
        if !self.corpus.is_empty() && random.chance(MUTANTS) {
            let mutant = mutant::mutant(&mut random, &self.corpus);
            return Case { id: format!("mutant-{}-{index}", self.seed), ..mutant };
        }
        let context = context::context(&mut random);
        let style = Style::new(&mut random);
        let mut writer = Writer {
            random,
            style,
            calls: &self.calls,
            scope: Vec::new(),
            macros: Vec::new(),
            loops: 0,
            blocks: 0,
            invented: 0,
        };
        for variable in VARIABLES.iter().filter(|it| context.0.iter().any(|(name, _)| name == it.name)) {
            writer.declare(variable.name, variable.kind);
        }
        let mut templates = writer.templates();
        if writer.random.chance(3) {
            spoil(&mut writer.random, &mut templates);
        }
        self.assemble(index, writer.style.options, templates, context)
    }

    fn assemble(
        &self,
        index: usize,
        options: Options,
        templates: Vec<(String, String)>,
        context: Pairs<Json>,
    ) -> Case {
        Case {
            id: format!("random-{}-{index}", self.seed),
            area: "random".to_owned(),
            options,
            templates: Pairs(templates),
            main: "main".to_owned(),
            context,
            expected: None,
        }
    }
}

/// Takes a character out of a template, doubles one, or puts a strange one in.
fn spoil(random: &mut Random, templates: &mut [(String, String)]) {
    let Some((_, text)) = templates.last_mut() else { return };
    let mut chars: Vec<char> = text.chars().collect();
    let place = random.below(chars.len());
    match random.below(3) {
        0 if !chars.is_empty() => drop(chars.remove(place)),
        1 if !chars.is_empty() => chars.insert(place, chars[place]),
        _ => chars.insert(place, random.choose(&['{', '%', '}', '(', '\'', '|', '.', ',', '#', '!', ' '])),
    }
    *text = chars.into_iter().collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_cases() {
        let cases =
            |seed| (0..50).map(|index| Generator::new(seed, Vec::new()).case(index)).collect::<Vec<_>>();
        assert_eq!(cases(7), cases(7));
        assert_ne!(cases(7), cases(8));
    }
}
