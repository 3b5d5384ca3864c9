//! Lowering what becomes a function of its own: macros, call blocks, blocks, recursive loops and
//! the tests of loops that look ahead.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use kiln_syntax::{Block, CallBlock, Expr, For, Macro, Param, Stmt};

use super::symbols::{Symbol, Symbols};
use super::{Frame, Lowering, names, walk};

impl Lowering<'_> {
    pub(super) fn macro_statement(&mut self, it: &Macro, frame: &Frame) {
        let Some(symbol) = frame.symbols.find(&it.name.name).cloned() else { return };
        self.store(&symbol, frame, |this| this.make_macro(Some(&it.name.name), &it.params, &it.body, frame));
        if frame.is_toplevel {
            self.export_name("export", &it.name.name, frame);
        }
    }

    pub(super) fn call_block(&mut self, it: &CallBlock, frame: &Frame) {
        let caller = self.temporary();
        self.out.start(&format!("set {caller} ="));
        self.make_macro(None, &it.params, &it.body, frame);
        self.out.end();
        let kiln_syntax::ExprKind::Call(node, args) = &it.call.kind else { return };
        self.place = it.call.span;
        self.printed(|this| {
            let start = this.out.text.len();
            this.out.push("written(");
            this.call(node, args, Some(&caller), frame);
            this.out.push(")");
            this.out.came_from(start, it.call.span);
        });
    }

    /// Writes the making of a macro: its function, what it is called, what it takes, and the
    /// cells it shares.
    fn make_macro(&mut self, name: Option<&str>, params: &[Param], body: &[Stmt], frame: &Frame) {
        let used = walk::undeclared(body, &["caller", "kwargs", "varargs"]);
        let explicit = params.iter().find(|param| param.name.name == "caller");
        if let Some(param) = explicit.filter(|param| used.contains("caller") && param.default.is_none()) {
            self.refuse(
                param.name.span,
                "the parameter `caller` has no default",
                "leave it out, or give it one, as in `caller=none`",
            );
        }
        let is_special = |name: &str| params.iter().any(|param| param.name.name == name);
        let extra: Vec<&str> = ["caller", "kwargs", "varargs"]
            .into_iter()
            .filter(|name| used.contains(*name) && !is_special(name))
            .collect();
        let (number, captures) = self.nested(|this| this.macro_function(params, &extra, body, frame));
        self.out.push(&format!("macro(c,{number},"));
        match name {
            Some(name) => self.out.literal(name),
            None => self.out.push("none"),
        }
        self.out.push(&format!(
            ",[[{},{},{}],[",
            used.contains("caller"),
            extra.contains(&"kwargs"),
            extra.contains(&"varargs")
        ));
        for param in params {
            self.out.literal(&param.name.name);
            self.out.push(",");
        }
        self.out.push("]]");
        self.cells(&captures);
        self.out.push(")");
    }

    fn macro_function(
        &mut self,
        params: &[Param],
        extra: &[&str],
        body: &[Stmt],
        frame: &Frame,
    ) -> Vec<Arc<str>> {
        let mut symbols = self.symbols(Some(Rc::clone(&frame.symbols)));
        let mut own: Vec<Symbol> = params.iter().map(|param| symbols.parameter(&param.name.name)).collect();
        for default in params.iter().filter_map(|param| param.default.as_ref()) {
            symbols.visit_expr(default);
        }
        own.extend(extra.iter().map(|name| symbols.parameter(name)));
        symbols.visit_body(body);
        let mut inner = frame.inner(symbols);
        inner.checks_parent = false;
        inner.around = None;
        inner.body = None;
        let variables: Vec<Arc<str>> = own.iter().map(|symbol| self.variable(symbol).into()).collect();
        self.enter_function(&inner, &own);
        self.in_defaults = true;
        for (param, symbol) in params.iter().zip(&own) {
            self.default(param, symbol, &inner);
        }
        self.in_defaults = false;
        self.body(body, &inner);
        variables
    }

    fn default(&mut self, param: &Param, symbol: &Symbol, frame: &Frame) {
        self.out.start("if is_missing(");
        self.peek(symbol, frame);
        self.out.push(")");
        self.out.end();
        self.store(symbol, frame, |this| match &param.default {
            Some(default) => this.expr(default, frame),
            None => {
                this.out.push("not_provided(");
                this.out.literal(&param.name.name);
                this.out.push(")");
            }
        });
        self.out.tag("endif");
    }

    pub(super) fn block_function(&mut self, number: usize, it: &Block) {
        self.function = number;
        self.captures = BTreeSet::new();
        let used = walk::undeclared(&it.body, &["self", "super"]);
        let mut symbols = self.symbols(None);
        let mut own = Vec::new();
        for name in ["self", "super"] {
            if used.contains(name) {
                own.push((symbols.parameter(name), name));
            }
        }
        symbols.visit_body(&it.body);
        let frame = Frame::root(Rc::new(symbols), self.known.autoescape);
        self.enter(&frame);
        for (symbol, name) in own {
            self.store(&symbol, &frame, |this| match name {
                "self" => this.out.push("self_reference(c)"),
                _ => {
                    this.out.push("super_reference(c,");
                    this.out.literal(&it.name.name);
                    this.out.push(&format!(",{number})"));
                }
            });
        }
        self.body(&it.body, &frame);
        self.seal(number, Vec::new());
    }

    /// A recursive loop is a function of what it goes through and of its depth.
    pub(super) fn recursive_loop(&mut self, it: &For, frame: &Frame) {
        let (number, captures) = self.nested(|this| {
            let mut inner = frame.clone();
            inner.checks_parent = false;
            inner.is_toplevel = false;
            inner.is_rootlevel = false;
            inner.around = None;
            let variable: Rc<str> = this.temporary().into();
            this.loop_statement(it, &inner, &variable, &inner, |this| this.out.push("passed"));
            Vec::new()
        });
        self.printed(|this| {
            let start = this.out.text.len();
            this.out.push(&format!("recurse(c,{number},"));
            this.expr(&it.iter, frame);
            this.cells(&captures);
            this.out.push(")");
            this.out.came_from(start, it.iter.span);
        });
    }

    /// The test of a loop whose loop object may look ahead: a function of an item.
    pub(super) fn loop_test(&mut self, it: &For, test: &Expr, frame: &Frame) {
        let (number, captures) = self.nested(|this| {
            let mut symbols = this.symbols(Some(Rc::clone(&frame.symbols)));
            symbols.visit_target(&it.target, true);
            symbols.visit_expr(test);
            let mut inner = frame.inner(symbols);
            inner.around = None;
            this.enter_function(&inner, &[]);
            this.assign(&it.target, &inner, &|this| this.out.push("passed"));
            this.printed(|this| this.truth(test, &inner));
            Vec::new()
        });
        self.out.push(&format!("loop_test(c,{number}"));
        self.cells(&captures);
        self.out.push(")");
    }

    /// Whether the loop object of a loop is seen by anything.
    pub(super) fn is_extended(it: &For) -> bool {
        names::is_extended(it)
    }

    pub(super) fn check_loop_name(&mut self, it: &For) {
        for span in names::stores_of_loop(it) {
            self.refuse(
                span,
                "`loop` is set inside of a loop",
                "choose another name: `loop` is the loop itself",
            );
        }
    }

    /// Writes a function beside the one that is being written. Gives its number and the
    /// variables that it shares.
    fn nested(&mut self, write: impl FnOnce(&mut Self) -> Vec<Arc<str>>) -> (usize, BTreeSet<Symbol>) {
        self.functions.push(None);
        let number = self.functions.len() - 1;
        let out = std::mem::take(&mut self.out);
        let function = std::mem::replace(&mut self.function, number);
        let outer_captures = std::mem::take(&mut self.captures);
        let in_defaults = std::mem::replace(&mut self.in_defaults, false);
        let params = write(self);
        self.seal(number, params);
        self.out = out;
        self.function = function;
        self.in_defaults = in_defaults;
        let captures = std::mem::replace(&mut self.captures, outer_captures);
        let foreign = captures.iter().filter(|symbol| self.scopes[symbol.scope] != function);
        self.captures.extend(foreign.cloned());
        (number, captures)
    }

    /// Writes names and cells of shared variables, as further arguments.
    fn cells(&mut self, captures: &BTreeSet<Symbol>) {
        self.out.push(",");
        self.out.begin_arguments(2 * captures.len());
        for symbol in captures {
            let variable = self.variable(symbol);
            self.out.push(&format!("\"{variable}\",{variable},"));
        }
        self.out.end_arguments(2 * captures.len());
    }

    fn enter_function(&mut self, frame: &Frame, params: &[Symbol]) {
        for symbol in params {
            if self.is_cell(symbol, &frame.symbols) {
                let variable = self.variable(symbol);
                self.out.tag(&format!("set {variable} = cell({variable})"));
            }
        }
        self.enter_with(frame, params);
    }

    pub(super) fn is_cell(&self, symbol: &Symbol, symbols: &Symbols) -> bool {
        self.shared.contains(&*symbol.name) && symbols.is_stored(symbol)
    }
}
