//! The engine for a pack's expressions, and conditions.

use std::cell::OnceCell;

use kiln_jinja::{Engine, Failure, Limits, Local, Program, Programs, Scope, Session, Syntax};
use kiln_model::{Diagnostic, Diagnostics, Map, Reported, Sources, Span, Value};
use kiln_pack::{Expr, Pack};

/// An engine with the pack's delimiters and function aliases and the project's limits, without
/// templates.
///
/// # Errors
/// If the delimiters cannot be told apart.
pub fn engine(
    pack: &Pack,
    limits: Limits,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> Result<Engine, Reported> {
    let jinja = Syntax::default();
    let or = |own: &Option<(String, String)>, default| own.clone().unwrap_or(default);
    let syntax = Syntax {
        block: or(&pack.syntax.block, jinja.block),
        variable: or(&pack.syntax.variable, jinja.variable),
        comment: or(&pack.syntax.comment, jinja.comment),
    };
    let mut engine = Engine::with_limits(&syntax, limits)
        .map_err(|failure| sink.error(failure.diagnostic("pack", Span::NONE, "")))?;
    for (name, function) in &pack.functions {
        if let Err(failure) = engine.add_alias(name, &function.params, &function.value.text) {
            failure.report("pack", function.value.span, sources, sink);
        }
    }
    Ok(engine)
}

/// Compiles what [`crate::read_keys`], [`crate::derive`] and [`crate::Rules`] are going to ask, which
/// can be done while the data is read.
pub fn prepare(pack: &Pack, programs: &Programs<'_>) {
    let secrets = pack.secrets.values().map(|file| &file.when);
    let derive = pack.derive.values().flat_map(|derive| [&derive.when, &derive.value]);
    let checks = pack.checks.values().flat_map(|rule| [&rule.when, &rule.assert]);
    for expr in secrets.chain(derive).chain(checks) {
        programs.program(&expr.text);
    }
}

/// Whether a condition holds for the data; `None` if that cannot be said.
pub fn holds(engine: &Engine, expr: &Expr, data: &Map) -> Option<bool> {
    engine.holds(&expr.text, &Scope::new(data)).ok()
}

/// Takes over findings, but of those that are alike in every word and place the first alone: an
/// expression that fails for all items of a list is one mistake.
pub(crate) fn extend_once(sink: &mut Diagnostics, found: Diagnostics) {
    let mut known: Vec<Diagnostic> = Vec::new();
    for finding in found {
        if !known.contains(&finding) {
            known.push(finding.clone());
            sink.push(finding);
        }
    }
}

/// An expression of the pack, for one evaluation or one for each item of a list. What goes wrong is
/// reported; for a list it is enough to say so once.
pub(crate) struct Question<'a, 'e> {
    program: Program<'e>,
    span: Span,
    stage: &'static str,
    sources: &'a Sources,
    /// Whether the answer is the same for all items.
    is_general: bool,
    truth: OnceCell<Option<bool>>,
    value: OnceCell<Value>,
}

impl<'a, 'e> Question<'a, 'e> {
    /// An expression about the data, or about the items of a list, which go by the name `item`.
    pub(crate) fn new(
        expr: &Expr,
        item: Option<&str>,
        programs: &Programs<'e>,
        stage: &'static str,
        sources: &'a Sources,
    ) -> Question<'a, 'e> {
        let truth = OnceCell::new();
        if expr.is_always() {
            let _ = truth.set(Some(true));
        }
        Question {
            program: programs.program(&expr.text),
            span: expr.span,
            stage,
            sources,
            is_general: item.is_some_and(|item| !programs.may_use(&expr.text, item)),
            truth,
            value: OnceCell::new(),
        }
    }

    /// Whether a condition holds; `None` if that cannot be said.
    pub(crate) fn holds(
        &self,
        session: &Session<'_>,
        local: Option<&Local<'_>>,
        sink: &mut Diagnostics,
    ) -> Option<bool> {
        if let Some(known) = self.truth.get() {
            return *known;
        }
        let holds = self.told(session.holds(&self.program, local), sink);
        if self.is_general {
            let _ = self.truth.set(holds);
        }
        holds
    }

    /// The value; invalid if there is none.
    pub(crate) fn value(
        &self,
        session: &Session<'_>,
        local: Option<&Local<'_>>,
        sink: &mut Diagnostics,
    ) -> Value {
        if let Some(known) = self.value.get() {
            return known.clone();
        }
        let evaluated = self.told(session.eval(&self.program, local), sink);
        let value = evaluated.map_or(Value::Invalid, |evaluated| evaluated.value);
        if self.is_general {
            let _ = self.value.set(value.clone());
        }
        value
    }

    fn told<T>(&self, answer: Result<T, Failure>, sink: &mut Diagnostics) -> Option<T> {
        answer.map_err(|failure| failure.report(self.stage, self.span, self.sources, sink)).ok()
    }
}
