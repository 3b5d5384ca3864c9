//! The engine for a pack's expressions, and conditions.

use std::sync::OnceLock;

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
/// can be done while the data is read. What is asked under a condition may never be.
pub fn prepare(pack: &Pack, programs: &Programs<'_>) {
    let secrets = pack.secrets.values().map(|file| (&file.when, None));
    let derive = pack.derive.values().map(|derive| (&derive.when, Some(&derive.value)));
    let checks = pack.checks.values().map(|rule| (&rule.when, Some(&rule.assert)));
    for (when, then) in secrets.chain(derive).chain(checks) {
        let sure = if when.is_always() { then } else { Some(when) };
        sure.map(|expr| programs.program(&expr.text));
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
    expr: &'a Expr,
    item: Option<&'a str>,
    programs: &'a Programs<'e>,
    stage: &'static str,
    sources: &'a Sources,
    asked: OnceLock<Asked<'e>>,
    truth: OnceLock<Option<bool>>,
    value: OnceLock<Value>,
}

/// An expression that was asked for.
struct Asked<'e> {
    program: Program<'e>,
    /// Whether the answer is the same for all items.
    is_general: bool,
}

impl<'a, 'e> Question<'a, 'e> {
    /// An expression about the data, or about the items of a list, which go by the name `item`.
    pub(crate) fn new(
        expr: &'a Expr,
        item: Option<&'a str>,
        programs: &'a Programs<'e>,
        stage: &'static str,
        sources: &'a Sources,
    ) -> Question<'a, 'e> {
        let truth = OnceLock::new();
        if expr.is_always() {
            let _ = truth.set(Some(true));
        }
        let (asked, value) = (OnceLock::new(), OnceLock::new());
        Question { expr, item, programs, stage, sources, asked, truth, value }
    }

    /// The expression, compiled when it is first asked: many a rule does not come to it.
    fn asked(&self) -> &Asked<'e> {
        self.asked.get_or_init(|| {
            let program = self.programs.program(&self.expr.text);
            let is_general = self.item.is_some_and(|item| !self.programs.may_use(&self.expr.text, item));
            Asked { program, is_general }
        })
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
        let asked = self.asked();
        let holds = self.told(session.holds(&asked.program, local), sink);
        if asked.is_general {
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
        let asked = self.asked();
        let evaluated = self.told(session.eval(&asked.program, local), sink);
        let value = evaluated.map_or(Value::Invalid, |evaluated| evaluated.value);
        if asked.is_general {
            let _ = self.value.set(value.clone());
        }
        value
    }

    fn told<T>(&self, answer: Result<T, Failure>, sink: &mut Diagnostics) -> Option<T> {
        answer.map_err(|failure| failure.report(self.stage, self.expr.span, self.sources, sink)).ok()
    }
}
