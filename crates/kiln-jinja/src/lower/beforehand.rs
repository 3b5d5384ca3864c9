//! Constants that fail when Jinja2 works them out.
//!
//! Jinja2 works constants out while it compiles a template, also those in macros that nobody
//! calls and in branches that nobody takes. Most failures it puts off until the expression is
//! reached. It does not where an undefined value becomes text or a truth: in the strict mode,
//! `{}.a ~ 'b'` fails whenever its template is used.

use kiln_syntax::{Args, Const, Expr, ExprKind, Stmt, StmtKind, UnaryOp};

use super::constant;
use super::walk::{self, Visitor};

/// What fails if an undefined value stands in these statements where Jinja2 wants to know it.
pub(super) fn not_put_off(body: &[Stmt]) -> Vec<Expr> {
    let mut search = Search(Vec::new());
    walk::stmts(body, &mut search);
    search.0
}

struct Search(Vec<Expr>);

impl Search {
    fn is_asked(&mut self, operand: &Expr) {
        if may_be_undefined(operand) {
            let kind = ExprKind::Unary(UnaryOp::Not, Box::new(operand.clone()));
            self.0.push(Expr { kind, span: operand.span });
        }
    }
}

impl Visitor for Search {
    fn enter(&mut self, stmt: &Stmt) -> bool {
        // Where a variable decides whether text is escaped, little is worked out beforehand.
        !matches!(&stmt.kind, StmtKind::Autoescape { value, .. } if !constant::is_constant(value, false))
    }

    fn enter_expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::And(first, _) | ExprKind::Or(first, _) => self.is_asked(first),
            ExprKind::Cond(it) => self.is_asked(&it.test),
            // The parts are asked in order, as long as they are constant.
            ExprKind::Concat(items) => {
                items
                    .iter()
                    .take_while(|it| constant::is_constant(it, false))
                    .for_each(|it| self.is_asked(it));
            }
            _ => {}
        }
    }
}

/// Whether this looks into a literal, where there may be nothing.
fn may_be_undefined(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Attr(node, _) => is_literal(node),
        ExprKind::Slice(it) => {
            constant::is_unsliceable(&it.node)
                && [&it.start, &it.stop, &it.step].into_iter().flatten().all(is_literal)
        }
        ExprKind::Item(node, key) => is_literal(node) && is_literal(key),
        ExprKind::Filter(node, name, args) => filter_may_find_nothing(&name.name, node, args),
        _ => false,
    }
}

/// Whether a filter of a literal may find nothing, and cannot fail in another way.
fn filter_may_find_nothing(name: &str, node: &Expr, args: &Args) -> bool {
    if !is_literal(node) || args.star.is_some() || args.double_star.is_some() {
        return false;
    }
    let given: Vec<&Expr> = match &args.keyword[..] {
        [] => args.positional.iter().collect(),
        [(parameter, value)] if name == "attr" && parameter.name == "name" => {
            args.positional.iter().chain([value]).collect()
        }
        _ => return false,
    };
    match (name, &given[..]) {
        ("first" | "last" | "min" | "max", []) => match &node.kind {
            ExprKind::Tuple(items) | ExprKind::List(items) => items.is_empty(),
            ExprKind::Dict(entries) => entries.is_empty(),
            ExprKind::Const(Const::Str(text)) => text.is_empty(),
            _ => false,
        },
        ("attr", [attribute]) => matches!(attribute.kind, ExprKind::Const(Const::Str(_))),
        _ => false,
    }
}

fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_) => true,
        ExprKind::Unary(UnaryOp::Neg | UnaryOp::Pos, number) => {
            matches!(number.kind, ExprKind::Const(Const::Int(_) | Const::Float(_)))
        }
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().all(is_literal),
        ExprKind::Dict(entries) => entries.iter().all(|(key, value)| is_hashable(key) && is_literal(value)),
        _ => false,
    }
}

/// Whether a literal may be a key.
fn is_hashable(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_) => true,
        ExprKind::Tuple(items) => items.iter().all(is_hashable),
        _ => false,
    }
}
