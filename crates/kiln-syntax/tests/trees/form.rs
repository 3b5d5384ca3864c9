//! A tree as JSON: each node is a list of its name and its parts, as `corpus/trees.py` writes
//! it. Places are left out, neighbouring texts are joined.

use kiln_syntax::{Args, BinaryOp, CompareOp, Const, Expr, ExprKind, Param, Stmt, StmtKind, Trans, UnaryOp};
use serde_json::{Value, json};

/// The statements of a body.
pub(crate) fn body(statements: &[Stmt]) -> Value {
    let mut all: Vec<Value> = Vec::new();
    for statement in statements {
        match (&statement.kind, all.last_mut()) {
            (StmtKind::Text(text), Some(Value::String(last))) => last.push_str(text),
            (StmtKind::Text(text), _) => all.push(json!(text)),
            (kind, _) => all.push(stmt(kind)),
        }
    }
    Value::Array(all)
}

fn stmt(kind: &StmtKind) -> Value {
    match kind {
        StmtKind::Text(text) => json!(text),
        StmtKind::Print(value) => json!(["print", expr(value)]),
        StmtKind::For(it) => json!([
            "for",
            expr(&it.target),
            expr(&it.iter),
            option(it.test.as_ref()),
            it.recursive,
            body(&it.body),
            body(&it.otherwise)
        ]),
        StmtKind::If(it) => {
            let branches = it.branches.iter().map(|branch| json!([expr(&branch.test), body(&branch.body)]));
            json!(["if", branches.collect::<Vec<_>>(), body(&it.otherwise)])
        }
        StmtKind::Macro(it) => json!(["macro", it.name.name, params(&it.params), body(&it.body)]),
        StmtKind::CallBlock(it) => json!(["callblock", params(&it.params), expr(&it.call), body(&it.body)]),
        StmtKind::FilterBlock(it) => json!(["filterblock", expr(&it.filter), body(&it.body)]),
        StmtKind::With(it) => {
            let assignments = it.assignments.iter().map(|(target, value)| json!([expr(target), expr(value)]));
            json!(["with", assignments.collect::<Vec<_>>(), body(&it.body)])
        }
        StmtKind::Block(it) => json!(["block", it.name.name, it.scoped, it.required, body(&it.body)]),
        StmtKind::Extends(template) => json!(["extends", expr(template)]),
        StmtKind::Include(it) => json!(["include", expr(&it.template), it.ignore_missing, it.with_context]),
        StmtKind::Import(it) => json!(["import", expr(&it.template), it.target.name, it.with_context]),
        StmtKind::FromImport(it) => {
            let names = it.names.iter().map(|(name, alias)| match alias {
                Some(alias) => json!([name.name, alias.name]),
                None => json!(name.name),
            });
            json!(["from", expr(&it.template), names.collect::<Vec<_>>(), it.with_context])
        }
        StmtKind::Set { target, value } => json!(["set", expr(target), expr(value)]),
        StmtKind::SetBlock(it) => {
            json!(["setblock", expr(&it.target), option(it.filter.as_ref()), body(&it.body)])
        }
        StmtKind::Autoescape { value, body: held } => json!(["autoescape", expr(value), body(held)]),
        StmtKind::Do(value) => json!(["do", expr(value)]),
        StmtKind::Break => json!(["break"]),
        StmtKind::Continue => json!(["continue"]),
        StmtKind::Trans(it) => trans(it),
        StmtKind::Debug => json!(["debug"]),
    }
}

/// Jinja2 has a call of `ngettext` and the like, whose keywords are in no certain order; one
/// of them that is called `num` is left out if it counts.
fn trans(it: &Trans) -> Value {
    let named = it.variables.iter().filter(|(name, _)| !(it.count_is_num && name == "num"));
    let mut variables: Vec<Value> = named.map(|(name, value)| json!([name, expr(value)])).collect();
    variables.sort_by_key(Value::to_string);
    let plural = it.plural.as_ref().map(|(text, counter)| json!([text, expr(counter)]));
    json!(["trans", it.context, it.singular, plural, variables])
}

fn params(params: &[Param]) -> Value {
    params.iter().map(|param| json!([param.name.name, option(param.default.as_ref())])).collect()
}

fn option(value: Option<&Expr>) -> Value {
    value.map_or(Value::Null, expr)
}

fn all(values: &[Expr]) -> Value {
    values.iter().map(expr).collect()
}

fn args(args: &Args) -> Value {
    let keyword: Vec<Value> =
        args.keyword.iter().map(|(name, value)| json!([name.name, expr(value)])).collect();
    json!([all(&args.positional), keyword, option(args.star.as_deref()), option(args.double_star.as_deref())])
}

/// An expression.
pub(crate) fn expr(value: &Expr) -> Value {
    match &value.kind {
        ExprKind::Const(it) => constant(it),
        ExprKind::Name(name) => json!(["name", name]),
        ExprKind::NamespaceRef { name, attr } => json!(["nsref", name, attr]),
        ExprKind::Body => Value::Null,
        ExprKind::Tuple(items) => json!(["tuple", all(items)]),
        ExprKind::List(items) => json!(["list", all(items)]),
        ExprKind::Dict(items) => {
            let pairs = items.iter().map(|(key, value)| json!([expr(key), expr(value)]));
            json!(["dict", pairs.collect::<Vec<_>>()])
        }
        ExprKind::Cond(it) => json!(["cond", expr(&it.test), expr(&it.then), option(it.otherwise.as_ref())]),
        ExprKind::Unary(op, operand) => json!([unary(*op), expr(operand)]),
        ExprKind::Binary(op, left, right) => json!([binary(*op), expr(left), expr(right)]),
        ExprKind::And(left, right) => json!(["and", expr(left), expr(right)]),
        ExprKind::Or(left, right) => json!(["or", expr(left), expr(right)]),
        ExprKind::Concat(parts) => json!(["concat", all(parts)]),
        ExprKind::Compare(first, others) => {
            let others = others.iter().map(|(op, operand)| json!([comparison(*op), expr(operand)]));
            json!(["compare", expr(first), others.collect::<Vec<_>>()])
        }
        ExprKind::Attr(node, name) => json!(["attr", expr(node), name.name]),
        ExprKind::Item(node, item) => json!(["item", expr(node), expr(item)]),
        ExprKind::Slice(it) => json!([
            "slice",
            expr(&it.node),
            option(it.start.as_ref()),
            option(it.stop.as_ref()),
            option(it.step.as_ref())
        ]),
        ExprKind::Call(node, given) => json!(["call", expr(node), args(given)]),
        ExprKind::Filter(node, name, given) => json!(["filter", expr(node), name.name, args(given)]),
        ExprKind::Test(node, name, given) => json!(["test", expr(node), name.name, args(given)]),
    }
}

fn constant(it: &Const) -> Value {
    match it {
        Const::None => json!(["none"]),
        Const::Bool(value) => json!(["bool", value]),
        Const::Int(value) => json!(["int", value.to_string()]),
        Const::BigInt(digits) => json!(["int", digits]),
        Const::Float(value) => json!(["float", format!("{:016x}", value.to_bits())]),
        Const::Str(text) => json!(["str", text]),
    }
}

fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Not => "not",
        UnaryOp::Neg => "neg",
        UnaryOp::Pos => "pos",
    }
}

fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "add",
        BinaryOp::Sub => "sub",
        BinaryOp::Mul => "mul",
        BinaryOp::Div => "div",
        BinaryOp::FloorDiv => "floordiv",
        BinaryOp::Mod => "mod",
        BinaryOp::Pow => "pow",
    }
}

fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "eq",
        CompareOp::Ne => "ne",
        CompareOp::Lt => "lt",
        CompareOp::Le => "lteq",
        CompareOp::Gt => "gt",
        CompareOp::Ge => "gteq",
        CompareOp::In => "in",
        CompareOp::NotIn => "notin",
    }
}
