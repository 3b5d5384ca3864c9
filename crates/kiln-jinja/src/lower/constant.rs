//! Expressions that Jinja2 works out when it compiles a template.
//!
//! It does so with what is printed and with operations, if nothing in them can change, and gives
//! the same as it would at run time. The exceptions are slices, of which a value that has none has
//! an undefined one beforehand, and powers of negative numbers, which lose their brackets.

use kiln_syntax::{Args, Const, Expr, ExprKind, Stmt};

use super::walk::{self, Visitor};

/// Filters that want to know the template that uses them, for which Jinja2 waits.
const OF_TEMPLATES: &[&str] = &["map", "random", "reject", "rejectattr", "select", "selectattr"];

/// Whether Jinja2 knows the value beforehand. Where a variable decides whether text is escaped,
/// which `is_volatile` says, filters and tests have to wait.
pub(super) fn is_constant(expr: &Expr, is_volatile: bool) -> bool {
    let is = |expr: &Expr| is_constant(expr, is_volatile);
    let are = |items: &[Expr]| items.iter().all(is);
    match &expr.kind {
        ExprKind::Const(_) => true,
        ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Concat(items) => are(items),
        ExprKind::Dict(entries) => entries.iter().all(|(key, value)| is(key) && is(value)),
        ExprKind::Cond(it) => match literal_truth(&it.test) {
            Some(true) => is(&it.then),
            Some(false) => it.otherwise.iter().all(is),
            None => is(&it.test) && is(&it.then) && it.otherwise.iter().all(is),
        },
        ExprKind::And(left, _) if literal_truth(left) == Some(false) => true,
        ExprKind::Or(left, _) if literal_truth(left) == Some(true) => true,
        ExprKind::Unary(_, operand) | ExprKind::Attr(operand, _) => is(operand),
        ExprKind::Binary(_, left, right)
        | ExprKind::And(left, right)
        | ExprKind::Or(left, right)
        | ExprKind::Item(left, right) => is(left) && is(right),
        ExprKind::Compare(first, rest) => is(first) && rest.iter().all(|(_, it)| is(it)),
        ExprKind::Slice(it) => is(&it.node) && [&it.start, &it.stop, &it.step].into_iter().flatten().all(is),
        ExprKind::Filter(_, name, _) if OF_TEMPLATES.contains(&name.name.as_str()) => false,
        ExprKind::Filter(node, _, args) | ExprKind::Test(node, _, args) => {
            !is_volatile && is(node) && all(args).all(is)
        }
        ExprKind::Name(_) | ExprKind::NamespaceRef { .. } | ExprKind::Body | ExprKind::Call(..) => false,
    }
}

/// Whether this is an operation on a constant that Jinja2 puts its value in the place of. What
/// gives a slice is none: where that is undefined beforehand, it waits.
pub(super) fn is_worked_out(expr: &Expr, is_volatile: bool) -> bool {
    let is_operation = !matches!(
        expr.kind,
        ExprKind::Const(_)
            | ExprKind::Tuple(_)
            | ExprKind::List(_)
            | ExprKind::Dict(_)
            | ExprKind::Attr(..)
            | ExprKind::Item(..)
    );
    is_operation && !is_volatile && !gives_slice(expr) && is_constant(expr, false)
}

fn gives_slice(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Slice(_) => true,
        ExprKind::And(_, it) | ExprKind::Or(_, it) => gives_slice(it),
        ExprKind::Cond(it) => gives_slice(&it.then) || it.otherwise.iter().any(gives_slice),
        _ => false,
    }
}

/// Whether there is a slice of a constant in these statements.
pub(super) fn is_sliced(body: &[Stmt]) -> bool {
    struct Slices(bool);
    impl Visitor for Slices {
        fn enter_expr(&mut self, expr: &Expr) {
            self.0 |= matches!(&expr.kind, ExprKind::Slice(it) if is_constant(&it.node, false));
        }
    }
    let mut slices = Slices(false);
    walk::stmts(body, &mut slices);
    slices.0
}

/// Whether a literal is true; none for what is no literal.
fn literal_truth(expr: &Expr) -> Option<bool> {
    match &expr.kind {
        ExprKind::Const(Const::None) => Some(false),
        ExprKind::Const(Const::Bool(it)) => Some(*it),
        ExprKind::Const(Const::Int(it)) => Some(*it != 0),
        ExprKind::Const(Const::BigInt(_)) => Some(true),
        ExprKind::Const(Const::Float(it)) => Some(*it != 0.0),
        ExprKind::Const(Const::Str(it)) => Some(!it.is_empty()),
        ExprKind::Tuple(items) | ExprKind::List(items) if items.is_empty() => Some(false),
        ExprKind::Dict(entries) if entries.is_empty() => Some(false),
        ExprKind::Slice(it) if is_unsliceable(&it.node) => Some(false),
        _ => None,
    }
}

/// Whether this is a literal that has no slices, so that one of it is undefined beforehand.
pub(super) fn is_unsliceable(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Const(literal) if !matches!(literal, Const::Str(_)))
}

fn all(args: &Args) -> impl Iterator<Item = &Expr> {
    let unpacked = args.star.iter().chain(&args.double_star).map(|it| &**it);
    args.positional.iter().chain(args.keyword.iter().map(|(_, it)| it)).chain(unpacked)
}
