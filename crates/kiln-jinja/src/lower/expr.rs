//! Lowering expressions: every operation becomes a call of a runtime function.

use kiln_syntax::{Args, BinaryOp, CompareOp, Cond, Const, Expr, ExprKind, Ident, Slice, Span, UnaryOp};

use super::writer::MAX_ARGUMENTS;
use super::{Frame, Lowering, Problem, constant};

/// A chain of operators longer than this is folded in one call, because the engine's parser
/// bounds how deep calls are nested.
const MAX_NESTED_OPERATORS: usize = 8;

impl Lowering<'_> {
    /// Writes an expression.
    pub(super) fn expr(&mut self, expr: &Expr, frame: &Frame) {
        let start = self.out.text.len();
        if self.slices_constants && !frame.is_constant && constant::is_worked_out(expr, frame.is_volatile) {
            self.expr_kind(expr, &Frame { is_constant: true, ..frame.clone() });
        } else {
            self.expr_kind(expr, frame);
        }
        self.out.came_from(start, expr.span);
    }

    fn expr_kind(&mut self, expr: &Expr, frame: &Frame) {
        match &expr.kind {
            ExprKind::Const(literal) => self.literal(literal),
            ExprKind::Name(name) => self.load(name, frame),
            ExprKind::NamespaceRef { name, .. } => self.load(name, frame),
            ExprKind::Body => self.captured_text(frame),
            ExprKind::Tuple(items) => self.function("tuple", items, frame),
            ExprKind::List(items) => self.function("list", items, frame),
            ExprKind::Dict(entries) => {
                let flat: Vec<&Expr> = entries.iter().flat_map(|(key, value)| [key, value]).collect();
                self.function("dict", flat, frame);
            }
            ExprKind::Cond(cond) => self.cond(cond, frame),
            ExprKind::Unary(UnaryOp::Not, operand) => self.function("negated", [&**operand], frame),
            ExprKind::Unary(UnaryOp::Neg, operand) => self.function("neg", [&**operand], frame),
            ExprKind::Unary(UnaryOp::Pos, operand) => self.function("pos", [&**operand], frame),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, frame),
            ExprKind::And(left, right) => self.short_circuit("and", left, right, frame),
            ExprKind::Or(left, right) => self.short_circuit("or", left, right, frame),
            ExprKind::Concat(items) => self.concat(items, frame),
            ExprKind::Compare(first, rest) => self.compare(first, rest, frame),
            ExprKind::Attr(node, attr) => self.attr(node, attr, frame),
            ExprKind::Item(node, key) => self.function("item", [&**node, &**key], frame),
            ExprKind::Slice(slice) => self.slice(slice, frame),
            ExprKind::Call(node, args) => self.call(node, args, None, frame),
            ExprKind::Filter(node, name, args) => {
                self.known(name, frame, "filter");
                self.named("filter", name, node, args, frame);
            }
            ExprKind::Test(node, name, args) => {
                self.known(name, frame, "test");
                self.named("test", name, node, args, frame);
            }
        }
    }

    fn literal(&mut self, literal: &Const) {
        match literal {
            Const::None => self.out.push("none"),
            Const::Bool(true) => self.out.push("true"),
            Const::Bool(false) => self.out.push("false"),
            Const::Int(number) => self.out.push(&number.to_string()),
            Const::BigInt(digits) => self.wrapped("integer", digits),
            Const::Float(number) => self.wrapped("float", &format!("{number:?}")),
            Const::Str(text) => self.out.literal(text),
        }
    }

    /// What stands in the filter block or set block around.
    fn captured_text(&mut self, frame: &Frame) {
        self.out.push("markup(c,");
        self.out.push(frame.body.as_deref().unwrap_or("none"));
        self.out.push(")");
    }

    fn wrapped(&mut self, function: &str, text: &str) {
        self.out.push(function);
        self.out.push("(");
        self.out.literal(text);
        self.out.push(")");
    }

    fn function<'e>(&mut self, name: &str, args: impl IntoIterator<Item = &'e Expr>, frame: &Frame) {
        self.out.push(name);
        self.out.push("(");
        self.items(&args.into_iter().collect::<Vec<_>>(), frame);
        self.out.push(")");
    }

    fn items(&mut self, items: &[&Expr], frame: &Frame) {
        self.out.begin_arguments(items.len());
        for item in items {
            self.expr(item, frame);
            self.out.push(",");
        }
        self.out.end_arguments(items.len());
    }

    fn concat(&mut self, items: &[Expr], frame: &Frame) {
        // Where Jinja2 knows only at run time whether text is escaped, it joins plain text; and so
        // it does beforehand.
        let is_constant = || items.iter().all(|item| constant::is_constant(item, frame.is_volatile));
        let joins_safe = frame.autoescape == Some(true) && !frame.is_volatile && !is_constant();
        self.out.push(if joins_safe { "concat(true," } else { "concat(false," });
        self.items(&items.iter().collect::<Vec<_>>(), frame);
        self.out.push(")");
    }

    fn cond(&mut self, cond: &Cond, frame: &Frame) {
        let soft = frame.soft();
        self.out.push("(");
        self.expr(&cond.then, &soft);
        self.out.push(" if ");
        self.truth(&cond.test, &soft);
        self.out.push(" else ");
        match &cond.otherwise {
            Some(otherwise) => self.expr(otherwise, &soft),
            None => self.out.push("no_else()"),
        }
        self.out.push(")");
    }

    /// Writes a condition.
    pub(super) fn truth(&mut self, test: &Expr, frame: &Frame) {
        let start = self.out.text.len();
        self.function("truth", [test], frame);
        self.out.came_from(start, test.span);
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, frame: &Frame) {
        let mut spine = vec![(op, right)];
        let mut first = left;
        while let ExprKind::Binary(op, left, right) = &first.kind {
            spine.push((*op, right));
            first = left;
        }
        if spine.len() <= MAX_NESTED_OPERATORS {
            let is_constant = |expr| constant::is_constant(expr, frame.is_volatile);
            let is_folded = op == BinaryOp::Pow && !frame.is_volatile;
            let loses_brackets = is_folded && is_constant(left) && !is_constant(right);
            let function = if loses_brackets { "pow_of_constant" } else { operator(op) };
            self.function(function, [left, right], frame);
            return;
        }
        self.out.push("fold(");
        self.expr(first, frame);
        for (op, operand) in spine.into_iter().rev() {
            self.out.push(",\"");
            self.out.push(operator(op));
            self.out.push("\",");
            self.expr(operand, frame);
        }
        self.out.push(")");
    }

    /// The engine's own operator, over a value whose truth is known to be askable.
    fn short_circuit(&mut self, word: &str, left: &Expr, right: &Expr, frame: &Frame) {
        let mut spine = vec![right];
        let mut first = left;
        while let (ExprKind::And(left, right), "and") | (ExprKind::Or(left, right), "or") =
            (&first.kind, word)
        {
            spine.push(right);
            first = left;
        }
        self.out.push("(");
        self.askable(first, frame);
        while let Some(operand) = spine.pop() {
            self.out.push(" ");
            self.out.push(word);
            self.out.push(" ");
            if spine.is_empty() {
                self.expr(operand, frame);
            } else {
                self.askable(operand, frame);
            }
        }
        self.out.push(")");
    }

    fn askable(&mut self, expr: &Expr, frame: &Frame) {
        let start = self.out.text.len();
        self.function("askable", [expr], frame);
        self.out.came_from(start, expr.span);
    }

    fn compare(&mut self, first: &Expr, rest: &[(CompareOp, Expr)], frame: &Frame) {
        if let [(op, right)] = rest {
            self.function(comparison(*op), [first, right], frame);
            return;
        }
        // Each operand in the middle is evaluated once and used twice, by way of a scratch value.
        let number = self.scratch;
        self.scratch += 1;
        self.out.push("(");
        for (at, (op, right)) in rest.iter().enumerate() {
            let start = self.out.text.len();
            self.out.push(if at == 0 { "" } else { " and " });
            self.out.push(comparison(*op));
            self.out.push("(");
            if at == 0 {
                self.expr(first, frame);
            } else {
                self.scratched("recall", number);
            }
            self.out.push(",");
            if at + 1 < rest.len() {
                self.scratched("keep", number);
                self.expr(right, frame);
                self.out.push(")");
            } else {
                self.expr(right, frame);
            }
            self.out.push(")");
            self.out.came_from(start, right.span);
        }
        self.out.push(")");
    }

    fn scratched(&mut self, function: &str, number: usize) {
        self.out.push(function);
        self.out.push("(c,");
        self.out.number(number);
        self.out.push(if function == "keep" { "," } else { ")" });
    }

    fn attr(&mut self, node: &Expr, attr: &Ident, frame: &Frame) {
        self.out.push("attr(");
        self.expr(node, frame);
        self.out.push(",");
        self.out.literal(&attr.name);
        self.out.push(")");
    }

    fn slice(&mut self, slice: &Slice, frame: &Frame) {
        self.out.push(if frame.is_constant { "slice_of_constant(" } else { "slice(" });
        self.expr(&slice.node, frame);
        for bound in [&slice.start, &slice.stop, &slice.step] {
            self.out.push(",");
            match bound {
                Some(bound) => self.expr(bound, frame),
                None => self.out.push("none"),
            }
        }
        self.out.push(")");
    }

    /// Writes a call; `caller` is the variable of a call block's function.
    pub(super) fn call(&mut self, node: &Expr, args: &Args, caller: Option<&str>, frame: &Frame) {
        self.out.push("call(c,");
        self.expr(node, frame);
        self.args(args, caller, frame);
        self.out.push(")");
    }

    fn named(&mut self, function: &str, name: &Ident, node: &Expr, args: &Args, frame: &Frame) {
        self.out.push(function);
        self.out.push("(c,");
        self.out.literal(&name.name);
        self.out.push(",");
        self.expr(node, frame);
        self.args(args, None, frame);
        self.out.push(")");
    }

    /// Arguments: how many there are by position, those, then names and values; or, with `*` or
    /// `**` among them or very many, a star and lists.
    fn args(&mut self, args: &Args, caller: Option<&str>, frame: &Frame) {
        let is_long = args.positional.len() + 2 * args.keyword.len() > MAX_ARGUMENTS;
        let is_dynamic = is_long || args.star.is_some() || args.double_star.is_some();
        self.out.push(",");
        if is_dynamic {
            self.out.push("\"*\",[");
        } else {
            self.out.number(args.positional.len());
            self.out.push(",");
        }
        for arg in &args.positional {
            self.expr(arg, frame);
            self.out.push(",");
        }
        if is_dynamic {
            self.out.push("],[");
            args.star.iter().for_each(|star| self.expr(star, frame));
            self.out.push("],[");
        }
        for (name, value) in &args.keyword {
            self.out.literal(&name.name);
            self.out.push(",");
            self.expr(value, frame);
            self.out.push(",");
        }
        if let Some(caller) = caller {
            self.out.push("\"caller\",");
            self.out.push(caller);
            self.out.push(",");
        }
        if is_dynamic {
            self.out.push("],[");
            args.double_star.iter().for_each(|star| self.expr(star, frame));
            self.out.push("]");
        }
    }

    /// Reports a filter or test that does not exist; inside a condition it is an error only when
    /// it is used, as in Jinja2.
    fn known(&mut self, name: &Ident, frame: &Frame, kind: &'static str) {
        let known = if kind == "filter" { &self.known.filters } else { &self.known.tests };
        if !frame.is_soft && !known(&name.name) {
            self.problems.push(Problem::unknown(kind, &name.name, name.span, self.known));
        }
    }

    /// Reports a name that may not be used so.
    pub(super) fn refuse(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.problems.push(Problem::new("template-syntax", span, message, Some(help.to_owned())));
    }
}

/// The runtime function of an operator.
fn operator(op: BinaryOp) -> &'static str {
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

/// The runtime function of a comparison.
fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "eq",
        CompareOp::Ne => "ne",
        CompareOp::Lt => "lt",
        CompareOp::Le => "le",
        CompareOp::Gt => "gt",
        CompareOp::Ge => "ge",
        CompareOp::In => "contained",
        CompareOp::NotIn => "not_contained",
    }
}
