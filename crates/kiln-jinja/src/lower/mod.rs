//! Lowering: from the tree of a template to programs for the engine.
//!
//! The engine is minijinja, through its stable interface, and it is used for what it does as
//! Jinja2 does: printing text, `if`, going through a loop, holding variables, calling functions.
//! All else is decided here or done by runtime functions: which variable a name means
//! ([`symbols`]), what an operator does, what a macro, block, include or loop is. Template,
//! blocks, macros, call blocks and recursive loops each become a program of their own, to which
//! the variables that it shares with what is around it are handed in cells.

pub(crate) mod program;

mod beforehand;

mod branches;

mod constant;

mod depth;

mod expr;

mod functions;

mod marks;

mod names;

mod stmt;

mod symbols;

mod variables;

pub(crate) mod walk;

mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use kiln_syntax::{Expr, Span, Stmt, StmtKind, Template};

use crate::failure::UNKNOWN;
use program::{Function, Mark, Unit};
use symbols::{Load, Symbol, Symbols};
use writer::Writer;

/// What an environment knows when a template is lowered.
pub(crate) struct Known<'a> {
    /// Whether printed values are escaped.
    pub(crate) autoescape: bool,
    /// Whether programs say where what they print comes from.
    pub(crate) is_marked: bool,
    /// Whether there is a filter of that name.
    pub(crate) filters: &'a dyn Fn(&str) -> bool,
    /// Whether there is a test of that name.
    pub(crate) tests: &'a dyn Fn(&str) -> bool,
    /// The name nearest to one that does not exist, among filters or tests.
    pub(crate) nearest: &'a dyn Fn(&str, &str) -> Option<String>,
}

/// What is wrong with a template that is well-formed.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// The diagnostic's name, without its stage.
    pub(crate) name: &'static str,
    /// Where.
    pub(crate) span: Span,
    /// What.
    pub(crate) message: String,
    /// How to mend it.
    pub(crate) help: Option<String>,
    /// Another place that belongs to it, and what it is.
    pub(crate) related: Option<(Span, String)>,
}

impl Problem {
    fn new(name: &'static str, span: Span, message: impl Into<String>, help: Option<String>) -> Problem {
        Problem { name, span, message: message.into(), help, related: None }
    }

    fn unknown(kind: &'static str, name: &str, span: Span, known: &Known<'_>) -> Problem {
        let code = if kind == "filter" { "unknown-filter" } else { "unknown-test" };
        let near = (known.nearest)(kind, name).map(|near| format!("did you mean `{near}`?"));
        let help = near.unwrap_or_else(|| UNKNOWN.to_owned());
        Problem::new(code, span, format!("there is no such {kind}: `{name}`"), Some(help))
    }
}

/// Lowers a template.
///
/// # Errors
/// Everything that is wrong with it that can be told without running it.
pub(crate) fn template(name: &str, template: &Template, known: &Known<'_>) -> Result<Unit, Vec<Problem>> {
    let mut lowering = Lowering::new(name, known);
    lowering.shared = names::used_in_functions(&template.body);
    lowering.slices_constants = constant::is_sliced(&template.body);
    lowering.blocks_of(&template.body);
    lowering.root(&template.body);
    lowering.finish()
}

/// Lowers an expression that stands alone.
///
/// # Errors
/// As [`template`].
pub(crate) fn expression(expr: &Expr, known: &Known<'_>) -> Result<Function, Vec<Problem>> {
    let mut lowering = Lowering::new("", known);
    let mut symbols = lowering.symbols(None);
    symbols.visit_expr(expr);
    let frame = Frame::root(Rc::new(symbols), known.autoescape);
    lowering.expr(expr, &frame);
    let program = std::mem::take(&mut lowering.out);
    let function = lowering.function_of("".into(), program, Vec::new());
    if lowering.problems.is_empty() { Ok(function) } else { Err(lowering.problems) }
}

/// The template of an expression that stands alone: an empty one.
pub(crate) fn no_unit() -> Arc<Unit> {
    Arc::new(Unit { name: "".into(), functions: Vec::new(), blocks: BTreeMap::new(), marks: Vec::new() })
}

/// A template on its way.
struct Lowering<'a> {
    name: Arc<str>,
    known: &'a Known<'a>,
    problems: Vec<Problem>,
    functions: Vec<Option<Function>>,
    blocks: BTreeMap<Arc<str>, usize>,
    /// The program that is being written, and the number of its function.
    out: Writer,
    function: usize,
    /// The variables of other functions that this one uses.
    captures: BTreeSet<Symbol>,
    /// The function that each scope belongs to.
    scopes: Vec<usize>,
    /// Names that functions inside other functions use: if such a name is stored, its variable
    /// is a cell, which all of them share.
    shared: BTreeSet<String>,
    variables: BTreeMap<Symbol, usize>,
    /// The statement that is being written.
    place: Span,
    marks: Vec<Mark>,
    temporaries: usize,
    scratch: usize,
    /// Whether there is a slice of a constant, which is not the same beforehand.
    slices_constants: bool,
    /// Whether the defaults of parameters are being written, when later ones are not there yet.
    in_defaults: bool,
    extends: Extends,
}

/// How much is known of the `extends` of a template.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Extends {
    /// Whether there is any.
    any: bool,
    /// How many were met so far.
    met: usize,
    /// Whether one was met that is always reached.
    certain: bool,
    /// Where the first one is.
    place: Option<Span>,
}

/// Where a statement stands.
#[derive(Clone)]
struct Frame {
    symbols: Rc<Symbols>,
    /// Whether names stored here are the template's.
    is_toplevel: bool,
    /// Whether it stands outside every statement.
    is_rootlevel: bool,
    /// Whether it is inside a condition, where filters may be missing.
    is_soft: bool,
    /// Whether printing is to be left out if the template has a parent.
    checks_parent: bool,
    /// Whether Jinja2 knows the value of the expression beforehand.
    is_constant: bool,
    /// Whether printed values are escaped; none if that is only known when it runs.
    autoescape: Option<bool>,
    /// Whether printed values were escaped where that was last known.
    last_autoescape: bool,
    /// Whether a variable around here decides if they are, so that little is worked out beforehand.
    is_volatile: bool,
    /// The innermost loop of this function.
    around: Option<Loop>,
    /// The variable that holds the text of the filter block or set block around.
    body: Option<Rc<str>>,
}

/// A loop around a statement.
#[derive(Clone)]
struct Loop {
    /// The variable of its loop object.
    variable: Rc<str>,
    /// Whether a capture lies between the loop and the statement.
    is_captured: bool,
}

impl Frame {
    fn root(symbols: Rc<Symbols>, autoescape: bool) -> Frame {
        Frame {
            symbols,
            is_toplevel: false,
            is_rootlevel: false,
            is_soft: false,
            checks_parent: false,
            is_constant: false,
            autoescape: Some(autoescape),
            last_autoescape: autoescape,
            is_volatile: false,
            around: None,
            body: None,
        }
    }

    /// The same scope, inside a condition.
    fn soft(&self) -> Frame {
        Frame { is_soft: true, is_rootlevel: false, ..self.clone() }
    }

    /// A scope inside this one.
    fn inner(&self, symbols: Symbols) -> Frame {
        Frame {
            symbols: Rc::new(symbols),
            is_toplevel: false,
            is_rootlevel: false,
            is_soft: false,
            ..self.clone()
        }
    }

    /// This frame, in a capture: its text is not printed yet.
    fn captured(mut self) -> Frame {
        if let Some(around) = &mut self.around {
            around.is_captured = true;
        }
        self
    }
}

impl<'a> Lowering<'a> {
    fn new(name: &str, known: &'a Known<'a>) -> Lowering<'a> {
        Lowering {
            name: name.into(),
            known,
            problems: Vec::new(),
            functions: vec![None],
            blocks: BTreeMap::new(),
            out: Writer::default(),
            function: 0,
            captures: BTreeSet::new(),
            scopes: Vec::new(),
            shared: BTreeSet::new(),
            variables: BTreeMap::new(),
            place: Span::default(),
            marks: Vec::new(),
            temporaries: 0,
            scratch: 0,
            slices_constants: false,
            in_defaults: false,
            extends: Extends::default(),
        }
    }

    /// A new scope of this function.
    fn symbols(&mut self, parent: Option<Rc<Symbols>>) -> Symbols {
        self.scopes.push(self.function);
        Symbols::new(self.scopes.len() - 1, parent)
    }

    /// A new variable that is none of the template's.
    fn temporary(&mut self) -> String {
        self.temporaries += 1;
        format!("t{}", self.temporaries)
    }

    /// Numbers the blocks, and reports those that share a name.
    fn blocks_of(&mut self, body: &[Stmt]) {
        for (name, span) in names::blocks(body) {
            if self.blocks.contains_key(name.as_str()) {
                self.refuse(span, format!("there are two blocks `{name}`"), "give one of them another name");
                continue;
            }
            self.functions.push(None);
            self.blocks.insert(name.into(), self.functions.len() - 1);
        }
    }

    fn root(&mut self, body: &[Stmt]) {
        self.extends.any = names::has_extends(body);
        let mut symbols = self.symbols(None);
        if walk::undeclared(body, &["self"]).contains("self") {
            symbols.parameter("self");
        }
        symbols.visit_body(body);
        let mut frame = Frame::root(Rc::new(symbols), self.known.autoescape);
        frame.is_toplevel = true;
        frame.is_rootlevel = true;
        frame.checks_parent = self.extends.any;
        if self.extends.any {
            self.out.tag("set parent = none");
        }
        self.enter(&frame);
        for constant in beforehand::not_put_off(body) {
            let frame = Frame { is_constant: true, ..frame.clone() };
            self.run(|this| this.expr(&constant, &frame));
        }
        if let Some(symbol) = frame
            .symbols
            .find("self")
            .filter(|it| frame.symbols.load_of(it) == Some(&Load::Parameter))
            .cloned()
        {
            self.store(&symbol, &frame, |this| this.out.push("self_reference(c)"));
        }
        self.body(body, &frame);
        if self.extends.any {
            self.out.tag("if parent");
            let start = self.out.text.len();
            self.printed(|this| this.out.push("parent_root(c,parent)"));
            self.out.came_from(start, self.extends.place.unwrap_or_default());
            self.out.tag("endif");
        }
        self.seal(0, Vec::new());
        self.block_functions(body);
    }

    fn block_functions(&mut self, body: &[Stmt]) {
        let mut blocks = Vec::new();
        names::find_blocks(body, &mut blocks);
        for block in blocks {
            let Some(number) = self.blocks.get(block.name.name.as_str()).copied() else { continue };
            if self.functions[number].is_none() {
                self.block_function(number, block);
            }
        }
    }

    /// Puts what was written into the function of that number, and begins anew.
    fn seal(&mut self, number: usize, params: Vec<Arc<str>>) {
        let name = format!("{}{}{number}", self.name, program::FUNCTION_MARK).into();
        let program = std::mem::take(&mut self.out);
        self.functions[number] = Some(self.function_of(name, program, params));
    }

    /// A written program, which is refused if it is too deep for the engine.
    fn function_of(&mut self, name: Arc<str>, program: Writer, params: Vec<Arc<str>>) -> Function {
        let Writer { text, map } = program;
        if let Some(at) = depth::too_deep(&text) {
            let span = map.find(&(at..at + 1)).unwrap_or_default();
            self.refuse(span, "this is nested too deep", "put a part of it into a variable with `set`");
        }
        Function { name, source: text, map, params }
    }

    fn finish(self) -> Result<Unit, Vec<Problem>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let functions = self.functions.into_iter().flatten().collect();
        Ok(Unit { name: self.name, functions, blocks: self.blocks, marks: self.marks })
    }

    /// Writes statements.
    fn body(&mut self, body: &[Stmt], frame: &Frame) {
        let mut guards = 0;
        for stmt in body {
            // Nothing after a certain second `extends` is reached.
            if frame.is_toplevel && self.extends.certain && matches!(stmt.kind, StmtKind::Extends(_)) {
                self.stmt(stmt, frame);
                break;
            }
            self.stmt(stmt, frame);
            if let Some(around) = frame.around.as_ref().filter(|around| around.is_captured)
                && names::leaves_loop(stmt)
            {
                let test = format!("if not is_left({})", around.variable);
                self.out.tag(&test);
                guards += 1;
            }
        }
        for _ in 0..guards {
            self.out.tag("endif");
        }
    }
}
