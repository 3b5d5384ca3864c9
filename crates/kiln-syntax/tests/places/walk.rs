//! Every node of a tree, with its place, outer ones first.

use kiln_syntax::{Args, Expr, ExprKind, Ident, Param, Span, Stmt, StmtKind};

/// A node: how deep it is, what it is called here, and its place.
pub(crate) struct Node {
    pub(crate) depth: usize,
    pub(crate) name: &'static str,
    pub(crate) span: Span,
}

/// The nodes of a body.
pub(crate) fn nodes(body: &[Stmt]) -> Vec<Node> {
    let mut walk = Walk { depth: 0, found: Vec::new() };
    walk.body(body);
    walk.found
}

/// The nodes of an expression.
pub(crate) fn nodes_of_expression(value: &Expr) -> Vec<Node> {
    let mut walk = Walk { depth: 0, found: Vec::new() };
    walk.expr(value);
    walk.found
}

struct Walk {
    depth: usize,
    found: Vec<Node>,
}

impl Walk {
    fn note(&mut self, name: &'static str, span: Span) {
        self.found.push(Node { depth: self.depth, name, span });
    }

    fn ident(&mut self, ident: &Ident) {
        self.note("ident", ident.span);
    }

    fn body(&mut self, body: &[Stmt]) {
        for stmt in body {
            let name = match &stmt.kind {
                StmtKind::Text(_) => "text",
                StmtKind::Print(_) => "print",
                StmtKind::Trans(_) => "trans",
                _ => "statement",
            };
            self.note(name, stmt.span);
            self.depth += 1;
            self.parts(&stmt.kind);
            self.depth -= 1;
        }
    }

    fn parts(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Text(_) | StmtKind::Break | StmtKind::Continue | StmtKind::Debug => {}
            StmtKind::Print(value) | StmtKind::Extends(value) | StmtKind::Do(value) => self.expr(value),
            StmtKind::For(it) => {
                self.exprs([&it.target, &it.iter].into_iter().chain(&it.test));
                self.body(&it.body);
                self.body(&it.otherwise);
            }
            StmtKind::If(it) => {
                for branch in &it.branches {
                    self.expr(&branch.test);
                    self.body(&branch.body);
                }
                self.body(&it.otherwise);
            }
            StmtKind::Macro(it) => {
                self.ident(&it.name);
                self.params(&it.params);
                self.body(&it.body);
            }
            StmtKind::CallBlock(it) => {
                self.params(&it.params);
                self.expr(&it.call);
                self.body(&it.body);
            }
            StmtKind::FilterBlock(it) => {
                self.expr(&it.filter);
                self.body(&it.body);
            }
            StmtKind::With(it) => {
                self.exprs(it.assignments.iter().flat_map(|(target, value)| [target, value]));
                self.body(&it.body);
            }
            StmtKind::Block(it) => {
                self.ident(&it.name);
                self.body(&it.body);
            }
            StmtKind::Include(it) => self.expr(&it.template),
            StmtKind::Import(it) => {
                self.expr(&it.template);
                self.ident(&it.target);
            }
            StmtKind::FromImport(it) => {
                self.expr(&it.template);
                it.names.iter().for_each(|(name, alias)| {
                    self.ident(name);
                    alias.iter().for_each(|alias| self.ident(alias));
                });
            }
            StmtKind::Set { target, value } => self.exprs([target, value]),
            StmtKind::SetBlock(it) => {
                self.exprs([&it.target].into_iter().chain(&it.filter));
                self.body(&it.body);
            }
            StmtKind::Autoescape { value, body } => {
                self.expr(value);
                self.body(body);
            }
            StmtKind::Trans(it) => {
                self.exprs(it.plural.iter().map(|(_, counter)| counter));
                self.exprs(it.variables.iter().map(|(_, value)| value));
            }
        }
    }

    fn params(&mut self, params: &[Param]) {
        for param in params {
            self.ident(&param.name);
            self.exprs(&param.default);
        }
    }

    fn args(&mut self, args: &Args) {
        self.exprs(&args.positional);
        args.keyword.iter().for_each(|(name, value)| {
            self.ident(name);
            self.expr(value);
        });
        self.exprs(args.star.as_deref());
        self.exprs(args.double_star.as_deref());
    }

    fn exprs<'a>(&mut self, all: impl IntoIterator<Item = &'a Expr>) {
        all.into_iter().for_each(|value| self.expr(value));
    }

    fn expr(&mut self, value: &Expr) {
        let name = match &value.kind {
            ExprKind::Const(_) => "constant",
            ExprKind::Name(_) => "name",
            ExprKind::NamespaceRef { .. } => "attribute of a namespace",
            ExprKind::Body => "body",
            ExprKind::Tuple(_) => "tuple",
            ExprKind::List(_) => "list",
            ExprKind::Dict(_) => "dict",
            ExprKind::Cond(_) => "condition",
            ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::And(..) | ExprKind::Or(..) => "operation",
            ExprKind::Concat(_) | ExprKind::Compare(..) => "operation",
            ExprKind::Attr(..) => "attribute",
            ExprKind::Item(..) | ExprKind::Slice(_) => "item",
            ExprKind::Call(..) => "call",
            ExprKind::Filter(..) => "filter",
            ExprKind::Test(..) => "test",
        };
        self.note(name, value.span);
        self.depth += 1;
        self.operands(&value.kind);
        self.depth -= 1;
    }

    fn operands(&mut self, kind: &ExprKind) {
        match kind {
            ExprKind::Const(_) | ExprKind::Name(_) | ExprKind::NamespaceRef { .. } | ExprKind::Body => {}
            ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Concat(items) => self.exprs(items),
            ExprKind::Dict(items) => self.exprs(items.iter().flat_map(|(key, value)| [key, value])),
            ExprKind::Cond(it) => self.exprs([&it.then, &it.test].into_iter().chain(&it.otherwise)),
            ExprKind::Unary(_, operand) => self.expr(operand),
            ExprKind::Binary(_, left, right) | ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                self.exprs([&**left, &**right]);
            }
            ExprKind::Compare(first, others) => {
                self.expr(first);
                self.exprs(others.iter().map(|(_, operand)| operand));
            }
            ExprKind::Attr(node, name) => {
                self.expr(node);
                self.ident(name);
            }
            ExprKind::Item(node, item) => self.exprs([&**node, &**item]),
            ExprKind::Slice(it) => {
                self.expr(&it.node);
                self.exprs(it.start.iter().chain(&it.stop).chain(&it.step));
            }
            ExprKind::Call(node, args) => {
                self.expr(node);
                self.args(args);
            }
            ExprKind::Filter(node, name, args) | ExprKind::Test(node, name, args) => {
                self.expr(node);
                self.ident(name);
                self.args(args);
            }
        }
    }
}
