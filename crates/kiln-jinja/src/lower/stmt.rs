//! Lowering statements.

use std::rc::Rc;

use kiln_syntax::{
    Block, Const, Expr, ExprKind, FilterBlock, For, FromImport, If, Import, Include, SetBlock, Span, Stmt,
    StmtKind, Trans, With,
};

use super::{Frame, Loop, Lowering, constant, names};

/// An `if` with more branches than this is lowered flat: the engine's parser nests them.
const MAX_NESTED_BRANCHES: usize = 20;

impl Lowering<'_> {
    /// Writes a statement.
    pub(super) fn stmt(&mut self, stmt: &Stmt, frame: &Frame) {
        let start = self.out.text.len();
        let around = std::mem::replace(&mut self.place, stmt.span);
        match &stmt.kind {
            StmtKind::Text(text) => self.guarded(frame, |it| it.printed_text(text, stmt.span)),
            StmtKind::Print(expr) => self.guarded(frame, |it| it.print(expr, frame)),
            StmtKind::For(it) => self.for_loop(it, frame),
            StmtKind::If(it) => self.if_statement(it, frame),
            StmtKind::Macro(it) => self.macro_statement(it, frame),
            StmtKind::CallBlock(it) => self.guarded(frame, |this| this.call_block(it, frame)),
            StmtKind::FilterBlock(it) => self.filter_block(it, frame),
            StmtKind::With(it) => self.with(it, frame),
            StmtKind::Block(it) => self.block(it, frame),
            StmtKind::Extends(name) => self.extends(name, stmt.span, frame),
            StmtKind::Include(it) => self.include(it, frame),
            StmtKind::Import(it) => self.import(it, frame),
            StmtKind::FromImport(it) => self.import_names(it, frame),
            StmtKind::Set { target, value } => self.set(target, value, frame),
            StmtKind::SetBlock(it) => self.set_block(it, frame),
            StmtKind::Autoescape { value, body } => self.autoescape(value, body, frame),
            StmtKind::Do(expr) => self.run(|it| it.expr(expr, frame)),
            StmtKind::Break => self.leave_loop("break", stmt.span, frame),
            StmtKind::Continue => self.leave_loop("continue", stmt.span, frame),
            StmtKind::Trans(it) => self.guarded(frame, |this| this.trans(it, frame)),
            StmtKind::Debug => self.guarded(frame, |it| it.printed(|it| it.out.push("debug(c)"))),
        }
        self.place = around;
        self.out.came_from(start, stmt.span);
    }

    /// Writes what prints; where a parent may take over, only if there is none.
    fn guarded(&mut self, frame: &Frame, write: impl FnOnce(&mut Self)) {
        if !frame.checks_parent {
            return write(self);
        }
        if !self.extends.certain {
            self.out.tag("if not parent");
            write(self);
            self.out.tag("endif");
        }
    }

    /// Writes an expression that is evaluated and not printed.
    pub(super) fn run(&mut self, write: impl FnOnce(&mut Self)) {
        self.out.start("set _ =");
        write(self);
        self.out.end();
    }

    fn print(&mut self, expr: &Expr, frame: &Frame) {
        let start = self.out.text.len();
        let is_constant = constant::is_constant(expr, frame.is_volatile);
        let frame = Frame { is_constant, ..frame.clone() };
        // Beforehand Jinja2 does not know what the variable will say.
        let is_early = is_constant && frame.is_volatile;
        let autoescape = if is_early { Some(frame.last_autoescape) } else { frame.autoescape };
        self.printed_expr(expr, &frame, |this| match autoescape {
            Some(false) => this.expr(expr, &frame),
            Some(true) => this.wrap("escape(", expr, &frame),
            None => this.wrap("escape_if(c,", expr, &frame),
        });
        self.out.came_from(start, expr.span);
    }

    fn wrap(&mut self, function: &str, expr: &Expr, frame: &Frame) {
        self.out.push(function);
        self.expr(expr, frame);
        self.out.push(")");
    }

    fn if_statement(&mut self, it: &If, frame: &Frame) {
        let frame = frame.soft();
        if it.branches.len() > MAX_NESTED_BRANCHES {
            return self.flat_if(it, &frame);
        }
        for (at, branch) in it.branches.iter().enumerate() {
            self.out.start(if at == 0 { "if" } else { "elif" });
            self.truth(&branch.test, &frame);
            self.out.end();
            self.body(&branch.body, &frame);
        }
        if !it.otherwise.is_empty() {
            self.out.tag("else");
            self.body(&it.otherwise, &frame);
        }
        self.out.tag("endif");
    }

    /// Branches one after another, with a variable that says whether one was taken.
    fn flat_if(&mut self, it: &If, frame: &Frame) {
        let taken = self.temporary();
        self.out.tag(&format!("set {taken} = false"));
        for branch in &it.branches {
            self.out.start(&format!("if not {taken} and"));
            self.truth(&branch.test, frame);
            self.out.end();
            self.out.tag(&format!("set {taken} = true"));
            self.body(&branch.body, frame);
            self.out.tag("endif");
        }
        self.out.tag(&format!("if not {taken}"));
        self.body(&it.otherwise, frame);
        self.out.tag("endif");
    }

    fn filter_block(&mut self, it: &FilterBlock, frame: &Frame) {
        let mut symbols = self.symbols(Some(Rc::clone(&frame.symbols)));
        symbols.visit_body(&it.body);
        symbols.visit_expr(&it.filter);
        let mut inner = frame.inner(symbols).captured();
        inner.checks_parent = false;
        self.guarded_statement(frame, |this| {
            this.enter(&inner);
            inner.body = Some(this.capture(&it.body, &inner));
            this.leave_after_capture(&it.body, frame);
            this.printed(|this| this.wrap("written(", &it.filter, &inner));
        });
    }

    /// As [`Self::guarded`], for statements that Jinja2 runs even if their text is thrown away.
    fn guarded_statement(&mut self, frame: &Frame, write: impl FnOnce(&mut Self)) {
        if !frame.checks_parent {
            return write(self);
        }
        let sink = self.temporary();
        self.out.tag(&format!("set {sink}"));
        write(self);
        self.out.tag("endset");
        if !self.extends.certain {
            self.out.tag("if not parent");
            self.printed(|this| this.out.push(&sink));
            self.out.tag("endif");
        }
    }

    /// Writes statements whose text goes into a new variable.
    fn capture(&mut self, body: &[Stmt], frame: &Frame) -> Rc<str> {
        let variable = self.temporary();
        self.out.tag(&format!("set {variable}"));
        self.body(body, frame);
        self.out.tag("endset");
        variable.into()
    }

    fn set_block(&mut self, it: &SetBlock, frame: &Frame) {
        let mut symbols = self.symbols(Some(Rc::clone(&frame.symbols)));
        symbols.visit_body(&it.body);
        let mut inner = frame.inner(symbols).captured();
        inner.checks_parent = false;
        self.enter(&inner);
        inner.body = Some(self.capture(&it.body, &inner));
        self.leave_after_capture(&it.body, frame);
        self.assign(&it.target, frame, &|this| match &it.filter {
            Some(filter) => this.wrap("markup(c,", filter, &inner),
            None => this.out.push(&format!("markup(c,{})", inner.body.as_deref().unwrap_or("none"))),
        });
        self.export(&it.target, frame);
    }

    fn with(&mut self, it: &With, frame: &Frame) {
        let mut symbols = self.symbols(Some(Rc::clone(&frame.symbols)));
        it.assignments.iter().for_each(|(target, _)| symbols.visit_target(target, false));
        symbols.visit_body(&it.body);
        let inner = frame.inner(symbols);
        self.enter(&inner);
        for (target, value) in &it.assignments {
            self.assign(target, &inner, &|this| this.expr(value, frame));
        }
        self.body(&it.body, &inner);
    }

    fn set(&mut self, target: &Expr, value: &Expr, frame: &Frame) {
        self.check_namespaces(target, frame);
        self.assign(target, frame, &|this| this.expr(value, frame));
        self.export(target, frame);
    }

    /// Jinja2 looks at every namespace of a target before it evaluates the value.
    fn check_namespaces(&mut self, target: &Expr, frame: &Frame) {
        match &target.kind {
            ExprKind::NamespaceRef { name, .. } => self.run(|this| {
                let start = this.out.text.len();
                this.out.push("namespace_of(");
                this.load(name, frame);
                this.out.push(")");
                this.out.came_from(start, target.span);
            }),
            ExprKind::Tuple(items) => items.iter().for_each(|item| self.check_namespaces(item, frame)),
            _ => {}
        }
    }

    /// Makes the names of a target known to the context, if they are the template's.
    fn export(&mut self, target: &Expr, frame: &Frame) {
        if !frame.is_toplevel {
            return;
        }
        match &target.kind {
            ExprKind::Name(name) => self.export_name("export", name, frame),
            ExprKind::Tuple(items) => items.iter().for_each(|item| self.export(item, frame)),
            _ => {}
        }
    }

    pub(super) fn export_name(&mut self, function: &str, name: &str, frame: &Frame) {
        let Some(symbol) = frame.symbols.find(name).cloned() else { return };
        self.run(|this| {
            this.out.push(function);
            this.out.push("(c,");
            this.out.literal(name);
            this.out.push(",");
            this.peek(&symbol, frame);
            this.out.push(")");
        });
    }

    fn autoescape(&mut self, value: &Expr, body: &[Stmt], frame: &Frame) {
        if body.is_empty() {
            // Nothing asks whether the value is true.
            return self.run(|this| this.expr(value, frame));
        }
        let mut symbols = self.symbols(Some(Rc::clone(&frame.symbols)));
        symbols.visit_expr(value);
        symbols.visit_body(body);
        let mut inner = frame.inner(symbols);
        self.enter(&inner);
        let before = self.temporary();
        self.out.start(&format!("set {before} ="));
        self.wrap("set_autoescape(c,", value, &inner);
        self.out.end();
        inner.autoescape = match &value.kind {
            ExprKind::Const(Const::Bool(on)) => Some(*on),
            ExprKind::Const(Const::None) => Some(false),
            ExprKind::Const(Const::Int(number)) => Some(*number != 0),
            ExprKind::Const(Const::Str(text)) => Some(!text.is_empty()),
            _ => None,
        };
        inner.last_autoescape = inner.autoescape.unwrap_or(frame.last_autoescape);
        inner.is_volatile = frame.is_volatile || !constant::is_constant(value, frame.is_volatile);
        self.body(body, &inner);
        self.run(|this| this.out.push(&format!("reset_autoescape(c,{before})")));
    }

    fn trans(&mut self, it: &Trans, frame: &Frame) {
        let plural = if it.plural.is_some() { "n" } else { "" };
        let context = if it.context.is_some() { "p" } else { "" };
        self.printed(|this| {
            this.out.push("escape_if(c,call(c,");
            this.load(&format!("{plural}{context}gettext"), frame);
            let count = usize::from(it.context.is_some()) + 1 + 2 * usize::from(it.plural.is_some());
            let all = count + 2 * it.variables.len();
            this.out.push(&format!(",{count},"));
            this.out.begin_arguments(all);
            for text in it.context.iter().chain([&it.singular]) {
                this.out.literal(text);
                this.out.push(",");
            }
            if let Some((message, number)) = &it.plural {
                this.out.literal(message);
                this.out.push(",");
                this.expr(number, frame);
                this.out.push(",");
            }
            for (name, value) in &it.variables {
                if !(it.plural.is_some() && it.count_is_num && name == "num") {
                    this.out.literal(name);
                    this.out.push(",");
                    this.expr(value, frame);
                    this.out.push(",");
                }
            }
            this.out.end_arguments(all);
            this.out.push("))");
        });
    }

    fn for_loop(&mut self, it: &For, frame: &Frame) {
        self.check_loop_name(it);
        if it.recursive {
            return self.guarded(frame, |this| this.recursive_loop(it, frame));
        }
        let variable: Rc<str> = self.temporary().into();
        self.loop_statement(it, frame, &variable, frame, |this| this.expr(&it.iter, frame));
    }

    /// Writes a loop over what `iter` writes. `outer` is the frame of the statement.
    pub(super) fn loop_statement(
        &mut self,
        it: &For,
        outer: &Frame,
        variable: &Rc<str>,
        parent: &Frame,
        iter: impl FnOnce(&mut Self),
    ) {
        let mut symbols = self.symbols(Some(Rc::clone(&parent.symbols)));
        let is_extended = Lowering::is_extended(it);
        let loop_symbol = is_extended.then(|| symbols.parameter("loop"));
        symbols.visit_target(&it.target, true);
        symbols.visit_body(&it.body);
        let mut inner = parent.inner(symbols);
        inner.around = Some(Loop { variable: Rc::clone(variable), is_captured: false });

        let lazy_test = it.test.as_ref().filter(|_| is_extended);
        let start = self.out.text.len();
        let function = if it.recursive { "iterate_again" } else { "iterate" };
        self.out.start(&format!("set {variable} = {function}(c,{},", names::text_bytes(&it.body)));
        iter(self);
        self.out.push(",");
        match lazy_test {
            Some(test) => self.loop_test(it, test, parent),
            None => self.out.push("none"),
        }
        self.out.push(if it.recursive { ",around)" } else { ")" });
        self.out.end();
        self.out.came_from(start, it.iter.span);

        self.out.tag(&format!("for _ in {variable}"));
        self.enter(&inner);
        let start = self.out.text.len();
        self.assign(&it.target, &inner, &|this| this.out.push(&format!("next_item({variable})")));
        self.out.came_from(start, it.iter.span);
        if let Some(symbol) = &loop_symbol {
            self.store(symbol, &inner, |this| this.out.push(variable));
        }
        let inline_test = it.test.as_ref().filter(|_| !is_extended);
        if let Some(test) = inline_test {
            self.inline_test(it, test, &inner, parent);
        }
        self.body(&it.body, &inner);
        if !it.otherwise.is_empty() {
            self.run(|this| this.out.push(&format!("completed({variable})")));
        }
        if inline_test.is_some() {
            self.out.tag("endif");
        }
        self.out.tag("endfor");
        if !it.otherwise.is_empty() {
            self.loop_else(it, outer, variable, parent);
        }
    }

    /// The condition of a loop as an `if` around its body. It sees the targets of the loop, but
    /// no name that the body sets.
    fn inline_test(&mut self, it: &For, test: &Expr, inner: &Frame, parent: &Frame) {
        let mut symbols = inner.symbols.beside(Rc::clone(&parent.symbols));
        symbols.visit_target(&it.target, true);
        symbols.visit_expr(test);
        self.out.start("if");
        self.truth(test, &parent.inner(symbols));
        self.out.end();
    }

    fn loop_else(&mut self, it: &For, outer: &Frame, variable: &str, parent: &Frame) {
        let mut symbols = self.symbols(Some(Rc::clone(&parent.symbols)));
        symbols.visit_body(&it.otherwise);
        let mut inner = parent.inner(symbols);
        inner.around = outer.around.clone();
        self.out.tag(&format!("if not is_completed({variable})"));
        self.enter(&inner);
        self.body(&it.otherwise, &inner);
        self.out.tag("endif");
    }

    fn leave_loop(&mut self, how: &str, span: Span, frame: &Frame) {
        let Some(around) = frame.around.clone() else {
            return self.refuse(span, format!("`{how}` stands outside of a loop"), "move it into a `for`");
        };
        if around.is_captured {
            self.run(|this| this.out.push(&format!("leave({},\"{how}\")", around.variable)));
        } else {
            self.out.tag(how);
        }
    }

    /// After a capture in which the loop may have been left.
    fn leave_after_capture(&mut self, body: &[Stmt], frame: &Frame) {
        let Some(around) = frame.around.clone() else { return };
        if around.is_captured || !body.iter().any(names::leaves_loop) {
            return;
        }
        for how in ["break", "continue"] {
            self.out.tag(&format!("if is_left_by({},\"{how}\")", around.variable));
            self.out.tag(how);
            self.out.tag("endif");
        }
    }

    fn block(&mut self, it: &Block, frame: &Frame) {
        if frame.is_toplevel && self.extends.certain {
            return;
        }
        let is_guarded = frame.is_toplevel && self.extends.met > 0;
        if is_guarded {
            self.out.tag("if not parent");
        }
        self.printed(|this| {
            let start = this.out.text.len();
            this.out.push("block(c,");
            this.out.literal(&it.name.name);
            this.out.push(if it.required { ",true" } else { ",false" });
            if it.scoped {
                this.locals(frame);
            }
            this.out.push(")");
            this.out.came_from(start, it.name.span);
        });
        if is_guarded {
            self.out.tag("endif");
        }
    }

    fn extends(&mut self, name: &Expr, span: Span, frame: &Frame) {
        if !frame.is_toplevel {
            return self.refuse(
                span,
                "`extends` stands inside of another statement",
                "move it to the top level",
            );
        }
        if self.extends.met > 0 {
            if !self.extends.certain {
                self.out.tag("if parent");
            }
            self.run(|this| this.out.push("extended_twice()"));
            if self.extends.certain {
                return;
            }
            self.out.tag("endif");
        }
        self.out.start("set parent =");
        let start = self.out.text.len();
        self.wrap("extend(c,", name, frame);
        self.out.came_from(start, name.span);
        self.out.end();
        self.extends.certain |= frame.is_rootlevel;
        self.extends.met += 1;
        self.extends.place.get_or_insert(span);
    }

    fn include(&mut self, it: &Include, frame: &Frame) {
        self.place = it.template.span;
        self.guarded_statement(frame, |this| {
            this.printed(|this| {
                let start = this.out.text.len();
                this.out.push(if it.with_context { "include(c," } else { "include_module(c," });
                this.expr(&it.template, frame);
                this.out.push(if it.ignore_missing { ",true" } else { ",false" });
                if it.with_context {
                    this.locals(frame);
                }
                this.out.push(")");
                this.out.came_from(start, it.template.span);
            });
        });
    }

    fn module(&mut self, template: &Expr, with_context: bool, frame: &Frame) {
        let start = self.out.text.len();
        self.out.push(if with_context { "import_with(c," } else { "import(c," });
        self.expr(template, frame);
        if with_context {
            self.locals(frame);
        }
        self.out.push(")");
        self.out.came_from(start, template.span);
    }

    fn import(&mut self, it: &Import, frame: &Frame) {
        let Some(symbol) = frame.symbols.find(&it.target.name).cloned() else { return };
        self.store(&symbol, frame, |this| this.module(&it.template, it.with_context, frame));
        if frame.is_toplevel {
            self.export_name("remember", &it.target.name, frame);
        }
    }

    fn import_names(&mut self, it: &FromImport, frame: &Frame) {
        let module = self.temporary();
        self.out.start(&format!("set {module} ="));
        self.module(&it.template, it.with_context, frame);
        self.out.end();
        for (name, alias) in &it.names {
            let target = &alias.as_ref().unwrap_or(name).name;
            let Some(symbol) = frame.symbols.find(target).cloned() else { continue };
            self.store(&symbol, frame, |this| {
                let start = this.out.text.len();
                this.out.push(&format!("imported(c,{module},"));
                this.out.literal(&name.name);
                this.out.push(")");
                this.out.came_from(start, name.span);
            });
            if frame.is_toplevel {
                self.export_name("remember", target, frame);
            }
        }
    }
}
