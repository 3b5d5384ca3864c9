//! Prints the tree of templates, one JSON request a line, for comparison with Jinja2's own.
#![allow(clippy::print_stdout, missing_docs)]
use kiln_syntax::*;
use serde_json::Value;
use std::io::BufRead;

fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("stdin is text");
        let request: Value = serde_json::from_str(&line).expect("a request is JSON");
        let o = options(&request["options"]);
        let source = request["source"].as_str().expect("source");
        let out = if request["expr"].as_bool() == Some(true) {
            parse_expression(source, &o).map(|e| {
                let mut s = String::new();
                expr(&mut s, &e);
                s
            })
        } else {
            parse(source, &o).map(|t| {
                let mut s = String::new();
                body(&mut s, &t.body);
                s
            })
        };
        let out = match out {
            Ok(s) => s,
            Err(e) => format!("ERR {:?} {}", e.span, e.message),
        };
        println!("{}", Value::String(out));
    }
}

fn options(v: &Value) -> Options {
    let mut o = Options::default();
    let s = |k: &str, d: &mut String| {
        if let Some(x) = v[k].as_str() {
            *d = x.to_owned()
        }
    };
    s("block_start", &mut o.block.start);
    s("block_end", &mut o.block.end);
    s("variable_start", &mut o.variable.start);
    s("variable_end", &mut o.variable.end);
    s("comment_start", &mut o.comment.start);
    s("comment_end", &mut o.comment.end);
    s("newline_sequence", &mut o.newline_sequence);
    o.line_statement_prefix = v["line_statement_prefix"].as_str().map(str::to_owned);
    o.line_comment_prefix = v["line_comment_prefix"].as_str().map(str::to_owned);
    let b = |k: &str| v[k].as_bool().unwrap_or(false);
    o.trim_blocks = b("trim_blocks");
    o.lstrip_blocks = b("lstrip_blocks");
    o.keep_trailing_newline = b("keep_trailing_newline");
    o.i18n_trimmed = b("i18n_trimmed");
    for e in v["extensions"].as_array().into_iter().flatten() {
        match e.as_str().unwrap_or_default().rsplit('.').next().unwrap_or_default() {
            "do" | "ExprStmtExtension" => o.extensions.do_statement = true,
            "loopcontrols" => o.extensions.loop_controls = true,
            "i18n" => o.extensions.i18n = true,
            "debug" => o.extensions.debug = true,
            other => panic!("{other}"),
        }
    }
    o
}

fn text(s: &mut String, t: &str) {
    s.push_str(&Value::String(t.to_owned()).to_string());
}

fn body(s: &mut String, stmts: &[Stmt]) {
    s.push('[');
    let mut data = String::new();
    for st in stmts {
        if let StmtKind::Text(t) = &st.kind {
            data.push_str(t);
            continue;
        }
        if !data.is_empty() {
            s.push_str("(text ");
            text(s, &data);
            s.push(')');
            data.clear();
        }
        stmt(s, &st.kind);
    }
    if !data.is_empty() {
        s.push_str("(text ");
        text(s, &data);
        s.push(')');
    }
    s.push(']');
}

fn opt(s: &mut String, e: Option<&Expr>) {
    match e {
        Some(e) => expr(s, e),
        None => s.push('-'),
    }
}

fn args(s: &mut String, a: &Args) {
    s.push('[');
    for e in &a.positional {
        expr(s, e);
    }
    for (k, e) in &a.keyword {
        s.push_str(&k.name);
        s.push('=');
        expr(s, e);
    }
    if let Some(e) = &a.star {
        s.push('*');
        expr(s, e);
    }
    if let Some(e) = &a.double_star {
        s.push_str("**");
        expr(s, e);
    }
    s.push(']');
}

fn params(s: &mut String, ps: &[Param]) {
    s.push('[');
    for p in ps {
        s.push_str(&p.name.name);
        if let Some(d) = &p.default {
            s.push('=');
            expr(s, d);
        }
        s.push(' ');
    }
    s.push(']');
}

fn stmt(s: &mut String, k: &StmtKind) {
    s.push('(');
    match k {
        StmtKind::Text(_) => {}
        StmtKind::Print(e) => {
            s.push_str("print ");
            expr(s, e);
        }
        StmtKind::For(f) => {
            s.push_str("for ");
            expr(s, &f.target);
            expr(s, &f.iter);
            opt(s, f.test.as_ref());
            s.push_str(if f.recursive { "R" } else { "N" });
            body(s, &f.body);
            body(s, &f.otherwise);
        }
        StmtKind::If(i) => {
            s.push_str("if ");
            for b in &i.branches {
                expr(s, &b.test);
                body(s, &b.body);
            }
            body(s, &i.otherwise);
        }
        StmtKind::Macro(m) => {
            s.push_str("macro ");
            s.push_str(&m.name.name);
            params(s, &m.params);
            body(s, &m.body);
        }
        StmtKind::CallBlock(c) => {
            s.push_str("call ");
            params(s, &c.params);
            expr(s, &c.call);
            body(s, &c.body);
        }
        StmtKind::FilterBlock(f) => {
            s.push_str("filterblock ");
            expr(s, &f.filter);
            body(s, &f.body);
        }
        StmtKind::With(w) => {
            s.push_str("with ");
            for (a, b) in &w.assignments {
                expr(s, a);
                s.push('=');
                expr(s, b);
            }
            body(s, &w.body);
        }
        StmtKind::Block(b) => {
            s.push_str(&format!("block {} {} {}", b.name.name, b.scoped, b.required));
            body(s, &b.body);
        }
        StmtKind::Extends(e) => {
            s.push_str("extends ");
            expr(s, e);
        }
        StmtKind::Include(i) => {
            s.push_str(&format!("include {} {} ", i.ignore_missing, i.with_context));
            expr(s, &i.template);
        }
        StmtKind::Import(i) => {
            s.push_str(&format!("import {} {} ", i.target.name, i.with_context));
            expr(s, &i.template);
        }
        StmtKind::FromImport(i) => {
            s.push_str(&format!("from {} ", i.with_context));
            expr(s, &i.template);
            for (n, a) in &i.names {
                s.push_str(&n.name);
                if let Some(a) = a {
                    s.push(':');
                    s.push_str(&a.name);
                }
                s.push(' ');
            }
        }
        StmtKind::Set { target, value } => {
            s.push_str("set ");
            expr(s, target);
            expr(s, value);
        }
        StmtKind::SetBlock(b) => {
            s.push_str("setblock ");
            expr(s, &b.target);
            opt(s, b.filter.as_ref());
            body(s, &b.body);
        }
        StmtKind::Autoescape { value, body: b } => {
            s.push_str("autoescape ");
            expr(s, value);
            body(s, b);
        }
        StmtKind::Do(e) => {
            s.push_str("do ");
            expr(s, e);
        }
        StmtKind::Break => s.push_str("break"),
        StmtKind::Continue => s.push_str("continue"),
        StmtKind::Debug => s.push_str("debug"),
        StmtKind::Trans(t) => {
            s.push_str("trans ");
            text(s, &t.singular);
            match &t.plural {
                Some((p, e)) => {
                    s.push(' ');
                    text(s, p);
                    s.push(' ');
                    expr(s, e);
                }
                None => s.push_str(" - "),
            }
            match &t.context {
                Some(c) => text(s, c),
                None => s.push('-'),
            }
            let mut v: Vec<_> = t.variables.iter().collect();
            v.sort_by(|a, b| a.0.cmp(&b.0));
            for (n, e) in v {
                if t.count_is_num && n == "num" {
                    continue;
                }
                s.push(' ');
                s.push_str(n);
                s.push('=');
                expr(s, e);
            }
        }
    }
    s.push(')');
}

fn expr(s: &mut String, e: &Expr) {
    s.push('(');
    match &e.kind {
        ExprKind::Const(Const::None) => s.push_str("const None"),
        ExprKind::Const(Const::Bool(b)) => s.push_str(if *b { "const True" } else { "const False" }),
        ExprKind::Const(Const::Int(i)) => s.push_str(&format!("int {i}")),
        ExprKind::Const(Const::BigInt(i)) => s.push_str(&format!("int {i}")),
        ExprKind::Const(Const::Float(f)) => s.push_str(&format!("float {:x}", f.to_bits())),
        ExprKind::Const(Const::Str(t)) => {
            s.push_str("str ");
            text(s, t);
        }
        ExprKind::Name(n) => {
            s.push_str("name ");
            s.push_str(n);
        }
        ExprKind::NamespaceRef { name, attr } => s.push_str(&format!("nsref {name} {attr}")),
        ExprKind::Body => s.push_str("body"),
        ExprKind::Tuple(x) => {
            s.push_str("tuple ");
            for e in x {
                expr(s, e);
            }
        }
        ExprKind::List(x) => {
            s.push_str("list ");
            for e in x {
                expr(s, e);
            }
        }
        ExprKind::Dict(x) => {
            s.push_str("dict ");
            for (a, b) in x {
                expr(s, a);
                s.push(':');
                expr(s, b);
            }
        }
        ExprKind::Cond(c) => {
            s.push_str("cond ");
            expr(s, &c.test);
            expr(s, &c.then);
            opt(s, c.otherwise.as_ref());
        }
        ExprKind::Unary(op, x) => {
            s.push_str(match op {
                UnaryOp::Not => "not ",
                UnaryOp::Neg => "neg ",
                UnaryOp::Pos => "pos ",
            });
            expr(s, x);
        }
        ExprKind::Binary(op, a, b) => {
            s.push_str(match op {
                BinaryOp::Add => "add ",
                BinaryOp::Sub => "sub ",
                BinaryOp::Mul => "mul ",
                BinaryOp::Div => "div ",
                BinaryOp::FloorDiv => "floordiv ",
                BinaryOp::Mod => "mod ",
                BinaryOp::Pow => "pow ",
            });
            expr(s, a);
            expr(s, b);
        }
        ExprKind::And(a, b) => {
            s.push_str("and ");
            expr(s, a);
            expr(s, b);
        }
        ExprKind::Or(a, b) => {
            s.push_str("or ");
            expr(s, a);
            expr(s, b);
        }
        ExprKind::Concat(x) => {
            s.push_str("concat ");
            for e in x {
                expr(s, e);
            }
        }
        ExprKind::Compare(a, x) => {
            s.push_str("compare ");
            expr(s, a);
            for (op, e) in x {
                s.push_str(match op {
                    CompareOp::Eq => "eq",
                    CompareOp::Ne => "ne",
                    CompareOp::Lt => "lt",
                    CompareOp::Le => "lteq",
                    CompareOp::Gt => "gt",
                    CompareOp::Ge => "gteq",
                    CompareOp::In => "in",
                    CompareOp::NotIn => "notin",
                });
                expr(s, e);
            }
        }
        ExprKind::Attr(x, n) => {
            s.push_str("attr ");
            expr(s, x);
            s.push_str(&n.name);
        }
        ExprKind::Item(x, i) => {
            s.push_str("item ");
            expr(s, x);
            expr(s, i);
        }
        ExprKind::Slice(x) => {
            s.push_str("slice ");
            expr(s, &x.node);
            opt(s, x.start.as_ref());
            opt(s, x.stop.as_ref());
            opt(s, x.step.as_ref());
        }
        ExprKind::Call(x, a) => {
            s.push_str("call ");
            expr(s, x);
            args(s, a);
        }
        ExprKind::Filter(x, n, a) => {
            s.push_str("filter ");
            expr(s, x);
            s.push_str(&n.name);
            args(s, a);
        }
        ExprKind::Test(x, n, a) => {
            s.push_str("test ");
            expr(s, x);
            s.push_str(&n.name);
            args(s, a);
        }
    }
    s.push(')');
}
