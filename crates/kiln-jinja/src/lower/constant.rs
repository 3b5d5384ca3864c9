//! Expressions that Jinja2 works out when it compiles a template.
//!
//! It does so with what is printed, if nothing in it can change, and gives the same as it would
//! at run time. The one exception are slices: at run time they are Python's, and beforehand a
//! value that cannot be sliced has an undefined one.

use kiln_syntax::{Args, Expr, ExprKind};

/// Filters that want to know the template that uses them, for which Jinja2 waits.
const OF_TEMPLATES: &[&str] = &["map", "random", "reject", "rejectattr", "select", "selectattr"];

/// Whether Jinja2 knows the value beforehand.
pub(super) fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_) => true,
        ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Concat(items) => are_constant(items),
        ExprKind::Dict(entries) => entries.iter().all(|(key, value)| is_constant(key) && is_constant(value)),
        ExprKind::Cond(it) => {
            is_constant(&it.test) && is_constant(&it.then) && it.otherwise.iter().all(is_constant)
        }
        ExprKind::Unary(_, operand) | ExprKind::Attr(operand, _) => is_constant(operand),
        ExprKind::Binary(_, left, right)
        | ExprKind::And(left, right)
        | ExprKind::Or(left, right)
        | ExprKind::Item(left, right) => is_constant(left) && is_constant(right),
        ExprKind::Compare(first, rest) => is_constant(first) && rest.iter().all(|(_, it)| is_constant(it)),
        ExprKind::Slice(it) => {
            let bounds = [&it.start, &it.stop, &it.step];
            is_constant(&it.node) && bounds.into_iter().flatten().all(is_constant)
        }
        ExprKind::Filter(node, name, args) => {
            !OF_TEMPLATES.contains(&name.name.as_str()) && is_constant(node) && has_constants(args)
        }
        ExprKind::Test(node, _, args) => is_constant(node) && has_constants(args),
        ExprKind::Name(_) | ExprKind::NamespaceRef { .. } | ExprKind::Body | ExprKind::Call(..) => false,
    }
}

fn are_constant(items: &[Expr]) -> bool {
    items.iter().all(is_constant)
}

fn has_constants(args: &Args) -> bool {
    let unpacked = args.star.iter().chain(&args.double_star).all(|it| is_constant(it));
    unpacked && are_constant(&args.positional) && args.keyword.iter().all(|(_, it)| is_constant(it))
}
