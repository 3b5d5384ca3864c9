//! Whether the parser's places are in the text, and those of parts inside those of wholes.

use kiln_jinja::syntax::{Args, Expr, ExprKind, Ident, Param, ParseError, Span, Stmt, StmtKind, Template};

/// Checks all places of a template.
///
/// # Panics
/// If one is wrong.
pub fn check(template: &Template, text: &str) {
    let whole = Span { start: 0, end: u32::try_from(text.len()).expect("fuzzers make small inputs") };
    Places { text }.body(&template.body, whole);
}

/// Checks all places of an expression.
///
/// # Panics
/// If one is wrong.
pub fn check_expression(expression: &Expr, text: &str) {
    let whole = Span { start: 0, end: u32::try_from(text.len()).expect("fuzzers make small inputs") };
    Places { text }.expr(expression, whole);
}

/// Checks the places of a complaint.
///
/// # Panics
/// If one is wrong.
pub fn check_error(error: &ParseError, text: &str) {
    let places = Places { text };
    places.in_text(error.span);
    error.related.iter().for_each(|(span, _)| places.in_text(*span));
}

struct Places<'t> {
    text: &'t str,
}

impl Places<'_> {
    fn in_text(&self, span: Span) {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(self.text.get(start..end).is_some(), "{span:?} is no piece of {:?}", self.text);
    }

    /// Checks a place inside another.
    fn inside(&self, span: Span, outer: Span) {
        self.in_text(span);
        let is_inside = outer.start <= span.start && span.end <= outer.end;
        assert!(is_inside, "{span:?} is not inside {outer:?} in {:?}", self.text);
    }

    fn ident(&self, ident: &Ident, outer: Span) {
        self.inside(ident.span, outer);
    }

    fn body(&self, body: &[Stmt], outer: Span) {
        let mut before = Span { start: outer.start, end: outer.start };
        for stmt in body {
            self.inside(stmt.span, outer);
            // One tag may become two statements.
            let is_after = before.end <= stmt.span.start || before == stmt.span;
            assert!(is_after, "{:?} overlaps {before:?} in {:?}", stmt.span, self.text);
            before = stmt.span;
            self.stmt(stmt);
        }
    }

    fn stmt(&self, stmt: &Stmt) {
        let outer = stmt.span;
        let exprs = |exprs: &[&Expr]| exprs.iter().for_each(|it| self.expr(it, outer));
        match &stmt.kind {
            StmtKind::Text(_) | StmtKind::Break | StmtKind::Continue | StmtKind::Debug => {}
            StmtKind::Print(it) | StmtKind::Extends(it) | StmtKind::Do(it) => exprs(&[it]),
            StmtKind::For(it) => {
                exprs(&[&it.target, &it.iter]);
                it.test.iter().for_each(|test| self.expr(test, outer));
                self.body(&it.body, outer);
                self.body(&it.otherwise, outer);
            }
            StmtKind::If(it) => {
                for branch in &it.branches {
                    self.expr(&branch.test, outer);
                    self.body(&branch.body, outer);
                }
                self.body(&it.otherwise, outer);
            }
            StmtKind::Macro(it) => {
                self.ident(&it.name, outer);
                self.params(&it.params, outer);
                self.body(&it.body, outer);
            }
            StmtKind::CallBlock(it) => {
                self.params(&it.params, outer);
                exprs(&[&it.call]);
                self.body(&it.body, outer);
            }
            StmtKind::FilterBlock(it) => {
                exprs(&[&it.filter]);
                self.body(&it.body, outer);
            }
            StmtKind::With(it) => {
                it.assignments.iter().for_each(|(target, value)| exprs(&[target, value]));
                self.body(&it.body, outer);
            }
            StmtKind::Block(it) => {
                self.ident(&it.name, outer);
                self.body(&it.body, outer);
            }
            StmtKind::Include(it) => exprs(&[&it.template]),
            StmtKind::Import(it) => {
                exprs(&[&it.template]);
                self.ident(&it.target, outer);
            }
            StmtKind::FromImport(it) => {
                exprs(&[&it.template]);
                let names = it.names.iter().flat_map(|(name, alias)| [Some(name), alias.as_ref()]);
                names.flatten().for_each(|name| self.ident(name, outer));
            }
            StmtKind::Set { target, value } => exprs(&[target, value]),
            StmtKind::SetBlock(it) => {
                exprs(&[&it.target]);
                it.filter.iter().for_each(|filter| self.expr(filter, outer));
                self.body(&it.body, outer);
            }
            StmtKind::Autoescape { value, body } => {
                exprs(&[value]);
                self.body(body, outer);
            }
            StmtKind::Trans(it) => {
                it.variables.iter().for_each(|(_, value)| self.expr(value, outer));
                it.plural.iter().for_each(|(_, count)| self.expr(count, outer));
            }
        }
    }

    fn params(&self, params: &[Param], outer: Span) {
        for param in params {
            self.ident(&param.name, outer);
            param.default.iter().for_each(|default| self.expr(default, outer));
        }
    }

    fn expr(&self, expr: &Expr, outer: Span) {
        self.inside(expr.span, outer);
        let outer = expr.span;
        let exprs = |exprs: &[&Expr]| exprs.iter().for_each(|it| self.expr(it, outer));
        match &expr.kind {
            ExprKind::Const(_) | ExprKind::Name(_) | ExprKind::NamespaceRef { .. } | ExprKind::Body => {}
            ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Concat(items) => {
                items.iter().for_each(|item| self.expr(item, outer));
            }
            ExprKind::Dict(entries) => entries.iter().for_each(|(key, value)| exprs(&[key, value])),
            ExprKind::Cond(it) => {
                exprs(&[&it.test, &it.then]);
                it.otherwise.iter().for_each(|it| self.expr(it, outer));
            }
            ExprKind::Unary(_, operand) => exprs(&[operand]),
            ExprKind::Binary(_, left, right)
            | ExprKind::And(left, right)
            | ExprKind::Or(left, right)
            | ExprKind::Item(left, right) => exprs(&[left, right]),
            ExprKind::Compare(first, rest) => {
                exprs(&[first]);
                rest.iter().for_each(|(_, operand)| self.expr(operand, outer));
            }
            ExprKind::Attr(node, name) => {
                exprs(&[node]);
                self.ident(name, outer);
            }
            ExprKind::Slice(it) => {
                exprs(&[&it.node]);
                [&it.start, &it.stop, &it.step].into_iter().flatten().for_each(|it| self.expr(it, outer));
            }
            ExprKind::Call(node, args) => {
                exprs(&[node]);
                self.args(args, outer);
            }
            ExprKind::Filter(node, name, args) | ExprKind::Test(node, name, args) => {
                exprs(&[node]);
                self.ident(name, outer);
                self.args(args, outer);
            }
        }
    }

    fn args(&self, args: &Args, outer: Span) {
        args.positional.iter().for_each(|it| self.expr(it, outer));
        args.keyword.iter().for_each(|(name, value)| {
            self.ident(name, outer);
            self.expr(value, outer);
        });
        [&args.star, &args.double_star].into_iter().flatten().for_each(|it| self.expr(it, outer));
    }
}
