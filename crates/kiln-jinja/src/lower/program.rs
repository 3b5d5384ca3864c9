//! What a template is lowered to: programs for the engine, and the way back to the source.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use kiln_model::PathStep;
use kiln_syntax::Span;

/// The delimiters of programs: characters of private use, so that text needs no escaping.
pub(crate) mod delimiter {
    pub(crate) const BLOCK_START: &str = "\u{e000}";
    pub(crate) const BLOCK_END: &str = "\u{e001}";
    pub(crate) const PRINT_START: &str = "\u{e002}";
    pub(crate) const PRINT_END: &str = "\u{e003}";
    pub(crate) const COMMENT_START: &str = "\u{e004}";
    pub(crate) const COMMENT_END: &str = "\u{e005}";
}

/// What separates the name of a template from the number of a function in the engine's names.
pub(crate) const FUNCTION_MARK: char = '\u{0}';

/// A lowered template. Its functions know nothing of each other's variables but what is handed
/// to them: each is a program of its own for the engine.
#[derive(Debug)]
pub(crate) struct Unit {
    /// The name of the template.
    pub(crate) name: Arc<str>,
    /// The functions; the first is the template itself.
    pub(crate) functions: Vec<Function>,
    /// The blocks, with the numbers of their functions.
    pub(crate) blocks: BTreeMap<Arc<str>, usize>,
    /// What is printed, by number; empty unless programs say so.
    pub(crate) marks: Vec<Mark>,
}

/// Something that is printed.
#[derive(Debug)]
pub(crate) struct Mark {
    /// The text or the expression.
    pub(crate) span: Span,
    /// Whether it is text of the template.
    pub(crate) is_text: bool,
    /// The values that the expression names.
    pub(crate) chains: Vec<Chain>,
}

/// A name and what is asked of it, such as `node.address`.
#[derive(Debug)]
pub(crate) struct Chain {
    /// The name.
    pub(crate) root: String,
    /// Whether it is one that the template was given.
    pub(crate) is_given: bool,
    /// The attributes and items.
    pub(crate) steps: Vec<PathStep>,
}

/// A part of a template that is called: the template, a block, a macro, a recursive loop.
#[derive(Debug)]
pub(crate) struct Function {
    /// The engine's name for it.
    pub(crate) name: Arc<str>,
    /// The program.
    pub(crate) source: String,
    /// The way back.
    pub(crate) map: SourceMap,
    /// The variables of its parameters, in order.
    pub(crate) params: Vec<Arc<str>>,
}

/// Which bytes of a program come from which bytes of the template.
#[derive(Debug, Default)]
pub(crate) struct SourceMap {
    entries: Vec<(Range<usize>, Span)>,
}

impl SourceMap {
    /// Notes where a piece of the program comes from.
    pub(super) fn note(&mut self, program: Range<usize>, span: Span) {
        self.entries.push((program, span));
    }

    /// Where these bytes of the program come from: the smallest piece that holds them.
    pub(crate) fn find(&self, program: &Range<usize>) -> Option<Span> {
        let holds = |piece: &Range<usize>| piece.start <= program.start && program.end <= piece.end;
        let pieces = self.entries.iter().filter(|(piece, _)| holds(piece));
        pieces.min_by_key(|(piece, _)| piece.len()).map(|(_, span)| *span)
    }
}
