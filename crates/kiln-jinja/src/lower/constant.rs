//! Expressions that Jinja2 works out when it compiles a template.
//!
//! It does so with what is printed, if nothing in it can change, and gives the same as it would
//! at run time. The exceptions are slices, of which a value that has none has an undefined one
//! beforehand, and powers of negative numbers, which lose their brackets.

use kiln_syntax::{Args, Expr, ExprKind};

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
        ExprKind::Cond(it) => is(&it.test) && is(&it.then) && it.otherwise.iter().all(is),
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

fn all(args: &Args) -> impl Iterator<Item = &Expr> {
    let unpacked = args.star.iter().chain(&args.double_star).map(|it| &**it);
    args.positional.iter().chain(args.keyword.iter().map(|(_, it)| it)).chain(unpacked)
}
