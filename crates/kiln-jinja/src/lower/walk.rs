//! Looking through a tree.

use std::collections::BTreeSet;

use kiln_syntax::{Args, Const, Expr, ExprKind, Span, Stmt, StmtKind};

/// What is met on the way through a tree.
pub(crate) trait Visitor {
    /// A name that is loaded.
    fn load(&mut self, _name: &str, _span: Span) {}

    /// A name that is stored: a target, a parameter.
    fn store(&mut self, _name: &str, _span: Span) {}

    /// Another word: an attribute, the name of a filter, test or argument, a string.
    fn mention(&mut self, _text: &str, _span: Span) {}

    /// An expression, before what is in it.
    fn enter_expr(&mut self, _expr: &Expr) {}

    /// A statement, before what is in it. Gives whether to look into it.
    fn enter(&mut self, _stmt: &Stmt) -> bool {
        true
    }
}

/// Visits the names that an expression loads, in order.
pub(crate) fn names(expr: &Expr, visit: &mut dyn FnMut(&str, Span)) {
    struct Names<'a>(&'a mut dyn FnMut(&str, Span));
    impl Visitor for Names<'_> {
        fn load(&mut self, name: &str, span: Span) {
            (self.0)(name, span);
        }
    }
    self::expr(expr, &mut Names(visit));
}

/// Which of `names` the statements load before they store them, blocks left out: Jinja2's
/// test for `loop`, `caller`, `self` and their like.
pub(super) fn undeclared(body: &[Stmt], names: &[&'static str]) -> BTreeSet<&'static str> {
    struct Undeclared {
        wanted: Vec<&'static str>,
        found: BTreeSet<&'static str>,
    }
    impl Visitor for Undeclared {
        fn load(&mut self, name: &str, _: Span) {
            self.found.extend(self.wanted.iter().find(|it| **it == name));
        }
        fn store(&mut self, name: &str, _: Span) {
            self.wanted.retain(|it| *it != name);
        }
        fn enter(&mut self, stmt: &Stmt) -> bool {
            !matches!(stmt.kind, StmtKind::Block(_))
        }
    }
    let mut visitor = Undeclared { wanted: names.to_vec(), found: BTreeSet::new() };
    stmts(body, &mut visitor);
    visitor.found
}

/// Visits statements in order, and what is in them.
pub(crate) fn stmts(body: &[Stmt], visitor: &mut impl Visitor) {
    for stmt in body {
        if visitor.enter(stmt) {
            children(stmt, visitor);
        }
    }
}

fn children(stmt: &Stmt, visitor: &mut impl Visitor) {
    match &stmt.kind {
        StmtKind::Text(_) | StmtKind::Break | StmtKind::Continue | StmtKind::Debug => {}
        StmtKind::Print(it) | StmtKind::Do(it) | StmtKind::Extends(it) => expr(it, visitor),
        StmtKind::For(it) => {
            target(&it.target, visitor);
            expr(&it.iter, visitor);
            stmts(&it.body, visitor);
            stmts(&it.otherwise, visitor);
            it.test.iter().for_each(|test| expr(test, visitor));
        }
        StmtKind::If(it) => {
            for branch in &it.branches {
                expr(&branch.test, visitor);
                stmts(&branch.body, visitor);
            }
            stmts(&it.otherwise, visitor);
        }
        StmtKind::Macro(it) => function(&it.params, &it.body, visitor),
        StmtKind::CallBlock(it) => {
            expr(&it.call, visitor);
            function(&it.params, &it.body, visitor);
        }
        StmtKind::FilterBlock(it) => {
            stmts(&it.body, visitor);
            expr(&it.filter, visitor);
        }
        StmtKind::With(it) => {
            it.assignments.iter().for_each(|(to, _)| target(to, visitor));
            it.assignments.iter().for_each(|(_, value)| expr(value, visitor));
            stmts(&it.body, visitor);
        }
        StmtKind::Block(it) => stmts(&it.body, visitor),
        StmtKind::Include(it) => expr(&it.template, visitor),
        StmtKind::Import(it) => expr(&it.template, visitor),
        StmtKind::FromImport(it) => expr(&it.template, visitor),
        StmtKind::Set { target: to, value } => {
            target(to, visitor);
            expr(value, visitor);
        }
        StmtKind::SetBlock(it) => {
            target(&it.target, visitor);
            it.filter.iter().for_each(|filter| expr(filter, visitor));
            stmts(&it.body, visitor);
        }
        StmtKind::Autoescape { value, body } => {
            expr(value, visitor);
            stmts(body, visitor);
        }
        StmtKind::Trans(it) => {
            visitor.load(if it.plural.is_some() { "ngettext" } else { "gettext" }, stmt.span);
            it.variables.iter().for_each(|(_, value)| expr(value, visitor));
            it.plural.iter().for_each(|(_, count)| expr(count, visitor));
        }
    }
}

fn function(params: &[kiln_syntax::Param], body: &[Stmt], visitor: &mut impl Visitor) {
    params.iter().for_each(|param| visitor.store(&param.name.name, param.name.span));
    params.iter().filter_map(|param| param.default.as_ref()).for_each(|default| expr(default, visitor));
    stmts(body, visitor);
}

pub(super) fn target(to: &Expr, visitor: &mut impl Visitor) {
    match &to.kind {
        ExprKind::Name(name) => visitor.store(name, to.span),
        ExprKind::Tuple(items) => items.iter().for_each(|item| target(item, visitor)),
        _ => {}
    }
}

/// Visits an expression, and what is in it.
pub(crate) fn expr(it: &Expr, visitor: &mut impl Visitor) {
    visitor.enter_expr(it);
    match &it.kind {
        ExprKind::Const(Const::Str(text)) => visitor.mention(text, it.span),
        ExprKind::Const(_) | ExprKind::Body | ExprKind::NamespaceRef { .. } => {}
        ExprKind::Name(name) => visitor.load(name, it.span),
        ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Concat(items) => {
            items.iter().for_each(|item| expr(item, visitor));
        }
        ExprKind::Dict(entries) => {
            for (key, value) in entries {
                expr(key, visitor);
                expr(value, visitor);
            }
        }
        ExprKind::Cond(cond) => {
            expr(&cond.test, visitor);
            expr(&cond.then, visitor);
            cond.otherwise.iter().for_each(|otherwise| expr(otherwise, visitor));
        }
        ExprKind::Unary(_, operand) => expr(operand, visitor),
        ExprKind::Attr(node, attr) => {
            expr(node, visitor);
            visitor.mention(&attr.name, attr.span);
        }
        ExprKind::Binary(_, left, right) | ExprKind::And(left, right) | ExprKind::Or(left, right) => {
            expr(left, visitor);
            expr(right, visitor);
        }
        ExprKind::Compare(first, rest) => {
            expr(first, visitor);
            rest.iter().for_each(|(_, operand)| expr(operand, visitor));
        }
        ExprKind::Item(node, key) => {
            expr(node, visitor);
            expr(key, visitor);
        }
        ExprKind::Slice(slice) => {
            expr(&slice.node, visitor);
            [&slice.start, &slice.stop, &slice.step].into_iter().flatten().for_each(|it| expr(it, visitor));
        }
        ExprKind::Call(node, args) => {
            expr(node, visitor);
            arguments(args, visitor);
        }
        ExprKind::Filter(node, name, args) | ExprKind::Test(node, name, args) => {
            expr(node, visitor);
            visitor.mention(&name.name, name.span);
            arguments(args, visitor);
        }
    }
}

fn arguments(args: &Args, visitor: &mut impl Visitor) {
    args.positional.iter().for_each(|it| expr(it, visitor));
    for (name, it) in &args.keyword {
        visitor.mention(&name.name, name.span);
        expr(it, visitor);
    }
    args.star.iter().for_each(|it| expr(it, visitor));
    args.double_star.iter().for_each(|it| expr(it, visitor));
}
