//! Which variable a name means: Jinja2's scoping, decided when a template is compiled.
//!
//! A scope knows the names that are loaded and stored in it. A name that is stored in a scope is
//! a variable of that scope, even before the place where it is stored; a name that is only
//! loaded is a variable of the nearest scope that knows it, or is resolved in the context. The
//! rules are those of Jinja2's compiler.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kiln_syntax::{Expr, ExprKind, Stmt, StmtKind};

use super::branches::Change;
use super::walk;

/// A variable: the name in the scope that owns it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Symbol {
    /// The number of the scope.
    pub(super) scope: usize,
    /// The name.
    pub(super) name: Rc<str>,
}

/// What a variable holds when its scope is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Load {
    /// It is given by what enters the scope.
    Parameter,
    /// What the context has under the name.
    Resolve,
    /// What another variable holds.
    Alias(Symbol),
    /// Nothing.
    Undefined,
}

/// The names of one scope.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    pub(super) scope: usize,
    pub(super) parent: Option<Rc<Symbols>>,
    pub(super) refs: BTreeMap<Rc<str>, Symbol>,
    pub(super) loads: BTreeMap<Symbol, Load>,
    pub(super) stores: BTreeSet<Rc<str>>,
    /// What the branches that are being visited changed.
    pub(super) changes: Vec<Change>,
    pub(super) branches: usize,
}

impl Symbols {
    /// A scope with its number, inside another or outermost.
    pub(super) fn new(scope: usize, parent: Option<Rc<Symbols>>) -> Symbols {
        Symbols { scope, parent, ..Symbols::default() }
    }

    /// An empty scope whose variables are those of this one, where names are the same.
    pub(super) fn beside(&self, parent: Rc<Symbols>) -> Symbols {
        Symbols::new(self.scope, Some(parent))
    }

    /// The variable that a name means here, if any scope around knows it.
    pub(super) fn find(&self, name: &str) -> Option<&Symbol> {
        self.refs.get(name).or_else(|| self.parent.as_ref()?.find(name))
    }

    /// What a variable holds at first.
    pub(super) fn load_of(&self, symbol: &Symbol) -> Option<&Load> {
        self.loads.get(symbol).or_else(|| self.parent.as_ref()?.load_of(symbol))
    }

    /// The variables of this scope that begin as another's value.
    pub(super) fn aliases(&self) -> impl Iterator<Item = (&Symbol, &Symbol)> {
        self.loads.iter().filter_map(|(symbol, load)| match load {
            Load::Alias(of) => Some((symbol, of)),
            _ => None,
        })
    }

    /// Whether a variable is ever stored to in the scope that owns it.
    pub(super) fn is_stored(&self, symbol: &Symbol) -> bool {
        if self.scope == symbol.scope && self.refs.get(&symbol.name) == Some(symbol) {
            return self.stores.contains(&symbol.name);
        }
        self.parent.as_ref().is_some_and(|parent| parent.is_stored(symbol))
    }

    /// All names that are stored here or around, with their variables: what an include sees.
    pub(super) fn stored(&self) -> BTreeMap<Rc<str>, Symbol> {
        let mut all = BTreeMap::new();
        let mut scope = Some(self);
        while let Some(symbols) = scope {
            for name in &symbols.stores {
                if let Some(symbol) = self.find(name) {
                    all.entry(Rc::clone(name)).or_insert_with(|| symbol.clone());
                }
            }
            scope = symbols.parent.as_deref();
        }
        all
    }

    /// The variables of this very scope.
    pub(super) fn own(&self) -> impl Iterator<Item = &Symbol> {
        self.loads.keys().filter(|symbol| symbol.scope == self.scope)
    }

    /// Makes `name` a parameter of this scope.
    pub(super) fn parameter(&mut self, name: &str) -> Symbol {
        self.set_stored(name.into());
        self.define(name, Load::Parameter)
    }

    fn define(&mut self, name: &str, load: Load) -> Symbol {
        let symbol = Symbol { scope: self.scope, name: name.into() };
        self.set_ref(Rc::clone(&symbol.name), symbol.clone());
        self.set_load(symbol.clone(), load);
        symbol
    }

    fn store(&mut self, name: &str) {
        if !self.stores.contains(name) {
            self.set_stored(name.into());
        }
        if self.refs.contains_key(name) {
            return;
        }
        let outer = self.parent.as_ref().and_then(|parent| parent.find(name)).cloned();
        self.define(name, outer.map_or(Load::Undefined, Load::Alias));
    }

    fn load(&mut self, name: &str) {
        if self.find(name).is_none() {
            self.define(name, Load::Resolve);
        }
    }

    /// Learns the names of statements that belong to this scope.
    pub(super) fn visit_body(&mut self, body: &[Stmt]) {
        for stmt in body {
            self.visit_stmt(stmt);
        }
    }

    /// Learns the names of an assignment's target, as parameters of this scope if they are given
    /// by what enters it.
    pub(super) fn visit_target(&mut self, target: &Expr, as_parameters: bool) {
        match &target.kind {
            ExprKind::Name(name) if as_parameters => drop(self.parameter(name)),
            ExprKind::Name(name) => self.store(name),
            ExprKind::NamespaceRef { name, .. } => self.load(name),
            ExprKind::Tuple(items) => items.iter().for_each(|item| self.visit_target(item, as_parameters)),
            _ => {}
        }
    }

    /// Learns the names that an expression loads.
    pub(super) fn visit_expr(&mut self, expr: &Expr) {
        walk::names(expr, &mut |name, _| self.load(name));
    }

    fn visit_stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::If(it) => self.visit_if(it),
            StmtKind::Macro(it) => self.store(&it.name.name),
            StmtKind::Import(it) => {
                self.visit_expr(&it.template);
                self.store(&it.target.name);
            }
            StmtKind::FromImport(it) => {
                self.visit_expr(&it.template);
                for (name, alias) in &it.names {
                    self.store(&alias.as_ref().unwrap_or(name).name);
                }
            }
            StmtKind::Set { target, value } => {
                self.visit_expr(value);
                self.visit_target(target, false);
            }
            StmtKind::SetBlock(it) => self.visit_target(&it.target, false),
            StmtKind::For(it) => self.visit_expr(&it.iter),
            StmtKind::CallBlock(it) => self.visit_expr(&it.call),
            StmtKind::FilterBlock(it) => self.visit_expr(&it.filter),
            StmtKind::With(it) => it.assignments.iter().for_each(|(_, value)| self.visit_expr(value)),
            StmtKind::Print(expr) | StmtKind::Do(expr) | StmtKind::Extends(expr) => self.visit_expr(expr),
            StmtKind::Include(it) => self.visit_expr(&it.template),
            StmtKind::Trans(it) => {
                self.load(if it.plural.is_some() { "ngettext" } else { "gettext" });
                it.variables.iter().for_each(|(_, value)| self.visit_expr(value));
                if let Some((_, count)) = &it.plural {
                    self.visit_expr(count);
                }
            }
            // Their bodies are scopes of their own, or functions.
            StmtKind::Autoescape { .. } | StmtKind::Block(_) => {}
            StmtKind::Text(_) | StmtKind::Break | StmtKind::Continue | StmtKind::Debug => {}
        }
    }

    fn visit_if(&mut self, it: &kiln_syntax::If) {
        let mut branches = Vec::new();
        if let Some(first) = it.branches.first() {
            self.visit_expr(&first.test);
            branches.push(self.branch(|symbols| symbols.visit_body(&first.body)));
        }
        branches.push(self.branch(|symbols| {
            for branch in it.branches.iter().skip(1) {
                symbols.visit_nested_if(branch);
            }
        }));
        branches.push(self.branch(|symbols| symbols.visit_body(&it.otherwise)));
        self.join(branches);
    }

    /// An `elif`, which Jinja2 takes for an `if` of its own.
    fn visit_nested_if(&mut self, it: &kiln_syntax::Branch) {
        self.visit_expr(&it.test);
        let body = self.branch(|symbols| symbols.visit_body(&it.body));
        self.join(vec![body]);
    }
}
