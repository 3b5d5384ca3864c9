//! Expressions of an engine, each lowered and compiled once.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use minijinja::Expression;

use crate::engine::Engine;
use crate::lower::program::Function;
use crate::scope::Scope;
use crate::session::Session;

/// Expressions of an engine, each lowered and compiled once, for any number of sessions and
/// threads.
pub struct Programs<'e> {
    engine: &'e Engine,
    known: RwLock<HashMap<Box<str>, Option<Arc<Compiled<'e>>>>>,
}

/// An expression that is evaluated many times.
#[derive(Clone)]
pub struct Program<'e> {
    pub(crate) text: Box<str>,
    /// None if it cannot be lowered, which is told by the evaluation.
    pub(crate) compiled: Option<Arc<Compiled<'e>>>,
}

/// An expression, lowered, and compiled if it leaves all values as they are.
pub(crate) struct Compiled<'e> {
    pub(crate) function: Arc<Function>,
    pub(crate) program: Option<Expression<'e, 'static>>,
}

impl<'e> Programs<'e> {
    pub(crate) fn new(engine: &'e Engine) -> Programs<'e> {
        Programs { engine, known: RwLock::default() }
    }

    /// The engine whose expressions these are.
    pub fn engine(&self) -> &'e Engine {
        self.engine
    }

    /// Evaluations over one scope.
    pub fn session(&self, scope: &Scope) -> Session<'e> {
        Session::new(self.engine, scope)
    }

    /// An expression, lowered and compiled now if it was not before.
    pub fn program(&self, text: &str) -> Program<'e> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(text).cloned();
        let compiled = known.unwrap_or_else(|| {
            let compiled = self.compile(text).map(Arc::new);
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(text.into(), compiled.clone());
            compiled
        });
        Program { text: text.into(), compiled }
    }

    /// The names that an expression takes from its scope; quick for one that was compiled.
    pub fn names_in(&self, text: &str) -> Arc<BTreeSet<String>> {
        self.engine.environment().shared().names_in(text)
    }

    /// Whether the value of an expression may follow from what `name` stands for: it takes that
    /// name from its scope, or calls a function, which may.
    pub fn may_use(&self, text: &str, name: &str) -> bool {
        self.names_in(text).iter().any(|it| it == name || self.engine.is_alias(it))
    }

    fn compile(&self, text: &str) -> Option<Compiled<'e>> {
        let environment = self.engine.environment();
        let function = environment.lower(text).ok()?;
        let engine: &'e minijinja::Environment<'static> = environment.shared().engine();
        let leaves_values = !self.engine.may_change_values(text);
        // What the engine refuses to compile is told by the evaluation that does not need it.
        let program = leaves_values
            .then(|| engine.compile_expression_owned(function.source.to_string()).ok())
            .flatten();
        Some(Compiled { function, program })
    }
}
