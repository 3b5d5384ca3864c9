//! Reading and writing variables.

use kiln_syntax::{Expr, ExprKind};

use super::symbols::{Load, Symbol};
use super::{Frame, Lowering};

impl Lowering<'_> {
    /// Writes what a name means.
    pub(super) fn load(&mut self, name: &str, frame: &Frame) {
        let symbol = frame.symbols.find(name).cloned();
        let Some(symbol) = symbol.filter(|symbol| frame.symbols.is_stored(symbol)) else {
            self.out.push("resolve(c,");
            self.out.literal(name);
            self.out.push(")");
            return;
        };
        let is_given = frame.symbols.load_of(&symbol) == Some(&Load::Parameter) && !self.in_defaults;
        if is_given {
            return self.peek(&symbol, frame);
        }
        let is_resolved = is_resolved(frame, &symbol);
        self.out.push(if is_resolved { "either(c," } else { "named(" });
        self.peek(&symbol, frame);
        self.out.push(",");
        self.out.literal(name);
        self.out.push(")");
    }

    /// Writes what a variable holds now, which may be nothing.
    pub(super) fn peek(&mut self, symbol: &Symbol, frame: &Frame) {
        if !frame.symbols.is_stored(symbol) {
            self.out.push("find(c,");
            self.out.literal(&symbol.name);
            self.out.push(")");
            return;
        }
        let variable = self.used_variable(symbol);
        if self.is_cell(symbol, &frame.symbols) {
            self.out.push("got(");
            self.out.push(&variable);
            self.out.push(")");
        } else {
            self.out.push(&variable);
        }
    }

    /// Writes that a variable gets what `value` writes.
    pub(super) fn store(&mut self, symbol: &Symbol, frame: &Frame, value: impl FnOnce(&mut Self)) {
        let variable = self.used_variable(symbol);
        if self.is_cell(symbol, &frame.symbols) {
            self.run(|this| {
                this.out.push(&format!("put({variable},"));
                value(this);
                this.out.push(")");
            });
        } else {
            self.out.start(&format!("set {variable} ="));
            value(self);
            self.out.end();
        }
    }

    /// Writes an assignment of what `value` writes to a target.
    pub(super) fn assign(&mut self, target: &Expr, frame: &Frame, value: &dyn Fn(&mut Self)) {
        match &target.kind {
            ExprKind::Name(name) => match frame.symbols.find(name).cloned() {
                Some(symbol) => self.store(&symbol, frame, value),
                None => self.run(value),
            },
            ExprKind::NamespaceRef { name, attr } => self.run(|this| {
                let start = this.out.text.len();
                this.out.push("set_attr(");
                this.load(name, frame);
                this.out.push(",");
                this.out.literal(attr);
                this.out.push(",");
                value(this);
                this.out.push(")");
                this.out.came_from(start, target.span);
            }),
            ExprKind::Tuple(items) => {
                let parts = self.temporary();
                let start = self.out.text.len();
                self.out.start(&format!("set {parts} = unpack({},", items.len()));
                value(self);
                self.out.push(")");
                self.out.end();
                self.out.came_from(start, target.span);
                for (at, item) in items.iter().enumerate() {
                    self.assign(item, frame, &|this| this.out.push(&format!("part({parts},{at})")));
                }
            }
            _ => self.run(value),
        }
    }

    /// Writes a name and its variable for everything that is stored here or around, as further
    /// arguments.
    pub(super) fn locals(&mut self, frame: &Frame) {
        let stored = frame.symbols.stored();
        self.out.push(",");
        self.out.begin_arguments(2 * stored.len());
        for (name, symbol) in &stored {
            self.out.literal(name);
            self.out.push(",");
            self.peek(symbol, frame);
            self.out.push(",");
        }
        self.out.end_arguments(2 * stored.len());
    }

    /// Begins a scope: its shared variables become cells, and variables that begin as another's
    /// value get it.
    pub(super) fn enter(&mut self, frame: &Frame) {
        self.enter_with(frame, &[]);
    }

    /// As [`Self::enter`]; cells of `given` are there already.
    pub(super) fn enter_with(&mut self, frame: &Frame, given: &[Symbol]) {
        let own: Vec<Symbol> = frame.symbols.own().cloned().collect();
        for symbol in own.iter().filter(|symbol| !given.contains(symbol)) {
            if self.is_cell(symbol, &frame.symbols) {
                let variable = self.variable(symbol);
                self.out.tag(&format!("set {variable} = cell()"));
            }
        }
        let aliases: Vec<(Symbol, Symbol)> =
            frame.symbols.aliases().map(|(symbol, of)| (symbol.clone(), of.clone())).collect();
        for (symbol, of) in aliases {
            self.store(&symbol, frame, |this| this.peek(&of, frame));
        }
    }

    /// The engine's name of a variable.
    pub(super) fn variable(&mut self, symbol: &Symbol) -> String {
        let next = self.variables.len();
        let number = self.variables.entry(symbol.clone()).or_insert(next);
        format!("v{number}")
    }

    fn used_variable(&mut self, symbol: &Symbol) -> String {
        if self.scopes[symbol.scope] != self.function {
            self.captures.insert(symbol.clone());
        }
        self.variable(symbol)
    }
}

/// Whether a variable is at first what the context has under its name.
fn is_resolved(frame: &Frame, symbol: &Symbol) -> bool {
    match frame.symbols.load_of(symbol) {
        Some(Load::Resolve) => true,
        Some(Load::Alias(of)) => is_resolved(frame, of),
        _ => false,
    }
}
