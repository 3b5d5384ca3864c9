//! What is known while a template is being written.

use super::calls::Calls;
use super::kind::Kind;
use super::random::Random;
use super::style::Style;

/// How many blocks a template has at most.
pub(super) const MOST_BLOCKS: usize = 3;

/// As a count of blocks, that there can be none here.
pub(super) const NO_MORE_BLOCKS: usize = usize::MAX;

/// Writes templates; a name is in scope from where it is declared.
pub(super) struct Writer<'a> {
    pub(super) random: Random,
    pub(super) style: Style,
    pub(super) calls: &'a Calls,
    /// The names that can be used, innermost last.
    pub(super) scope: Vec<Name>,
    /// The macros that can be called.
    pub(super) macros: Vec<Macro>,
    /// How many loops are around.
    pub(super) loops: usize,
    /// The blocks that were written.
    pub(super) blocks: usize,
    /// How many names were invented.
    pub(super) invented: usize,
}

/// A name, or an expression that is as good as one.
#[derive(Clone)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) kind: Kind,
}

/// A macro, as its callers see it.
#[derive(Clone)]
pub(super) struct Macro {
    pub(super) name: String,
    pub(super) parameters: Vec<Kind>,
    /// How many have no default.
    pub(super) required: usize,
    /// Whether it takes more than it names.
    pub(super) takes_more: bool,
    /// How many arguments it gives to its caller, if it calls it.
    pub(super) calls_back: Option<usize>,
}

impl Writer<'_> {
    /// Brings a name into scope.
    pub(super) fn declare(&mut self, text: impl Into<String>, kind: Kind) {
        self.scope.push(Name { text: text.into(), kind });
    }

    /// A name that nothing has yet.
    pub(super) fn invent(&mut self, stem: &str) -> String {
        self.invented += 1;
        format!("{stem}{}", self.invented)
    }

    /// Writes something whose names end with it.
    pub(super) fn inside<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let (names, macros) = (self.scope.len(), self.macros.len());
        let written = write(self);
        self.scope.truncate(names);
        self.macros.truncate(macros);
        written
    }

    /// Some name in scope of that kind; one of the last more often.
    pub(super) fn name_of(&mut self, kind: Kind) -> Option<String> {
        let names: Vec<&Name> = self.scope.iter().filter(|it| it.kind == kind).collect();
        let last = names.len().checked_sub(1)?;
        let (one, other) = (self.random.below(names.len()), self.random.below(names.len()));
        Some(names[if self.random.chance(50) { one.max(other) } else { one }.min(last)].text.clone())
    }
}
