//! Many expressions over one scope.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, PoisonError, RwLock};

use kiln_model::{Node, Value};
use kiln_python::{Key, Py, meter};
use minijinja::Expression;

use crate::engine::{Engine, Evaluated};
use crate::failure::Failure;
use crate::lower::{self, program::Function};
use crate::runtime::context::{Context, Names, Run};
use crate::scope::Scope;
use crate::tracker::Tracker;
use crate::tree;

/// Evaluates expressions over one scope, each as [`Engine::eval`] would, without doing again what
/// they have in common: a name is made into a value of Python's once, and an expression is
/// compiled once.
///
/// An expression that could change a list or a mapping is evaluated over values of its own, so
/// that none sees what another did.
pub struct Session<'e> {
    engine: &'e Engine,
    scope: Arc<RwLock<Scope>>,
    tracker: Arc<Tracker>,
    run: Arc<Run>,
    context: Arc<Context>,
    compiled: RefCell<HashMap<String, Rc<Compiled<'e>>>>,
}

/// The item of a list under a name of its own.
pub struct Local<'v> {
    name: String,
    value: &'v Value,
    python: Py,
}

/// An expression, lowered, and compiled if it leaves all values as they are.
struct Compiled<'e> {
    function: Arc<Function>,
    program: Option<Expression<'e, 'static>>,
}

impl<'e> Session<'e> {
    pub(crate) fn new(engine: &'e Engine, scope: &Scope) -> Session<'e> {
        let tracker = Tracker::new();
        let scope = Arc::new(RwLock::new(scope.clone()));
        let names = Live { scope: Arc::clone(&scope), tracker: Arc::clone(&tracker) };
        let run = Run::new(Arc::clone(engine.environment().shared()), Box::new(names), Arc::clone(&tracker));
        let context = Context::new(&run, &lower::no_unit(), true);
        Session { engine, scope, tracker, run, context, compiled: RefCell::default() }
    }

    /// Gives a name of the scope a value, over any that it had.
    pub fn set(&mut self, name: &str, value: &Value) {
        self.scope.write().unwrap_or_else(PoisonError::into_inner).set(name, value);
        self.run.forget(name);
    }

    /// Gives the items of a list of the scope, where they are mappings, a value under `key`; an item
    /// without a value stays as it is.
    pub fn set_in_items(&mut self, list: &str, key: &str, values: &[Option<Value>]) {
        self.scope.write().unwrap_or_else(PoisonError::into_inner).set_in_items(list, key, values);
        // Text is hashable.
        let (Some(Py::List(items)), Ok(key)) = (self.run.seen(list), Key::new(Py::str(key))) else { return };
        for (item, value) in items.items().iter().zip(values) {
            if let (Py::Dict(item), Some(value)) = (item, value) {
                item.lock().insert(key.clone(), tree::to_python(value, &self.tracker));
            }
        }
    }

    /// The items of a list under a name of their own, for any number of evaluations. `list` is what
    /// the list is called in the scope, if it is there: then they are the very items of it.
    pub fn items<'v>(&self, list: &str, name: &str, items: &'v [Node]) -> Vec<Local<'v>> {
        let known = match self.context.find(list) {
            Some(Py::List(known)) => known.items(),
            _ => Vec::new(),
        };
        if known.len() != items.len() {
            return items.iter().map(|item| self.local(name, &item.value)).collect();
        }
        let local =
            |(item, python): (&'v Node, Py)| Local { name: name.to_owned(), value: &item.value, python };
        items.iter().zip(known).map(local).collect()
    }

    /// A value under a name of its own, for any number of evaluations.
    pub fn local<'v>(&self, name: &str, value: &'v Value) -> Local<'v> {
        Local { name: name.to_owned(), value, python: tree::to_python(value, &self.tracker) }
    }

    /// The value of an expression that sees the scope and, over it, `local`.
    ///
    /// # Errors
    /// As [`Engine::eval`].
    pub fn eval(&self, expression: &str, local: Option<&Local<'_>>) -> Result<Evaluated, Failure> {
        let compiled = self.compiled(expression)?;
        let Some(program) = &compiled.program else {
            return self.engine.eval(expression, &self.scope_with(local));
        };
        self.run.begin_again();
        if let Some(local) = local {
            self.context.remember(&local.name, local.python.clone(), false);
        }
        let limits = self.engine.environment().shared().settings.limits;
        let meter = meter::Meter::start(limits.steps, limits.output);
        let run = || self.context.evaluate_compiled(program);
        let value = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
        drop(meter);
        if let Some(local) = local {
            self.context.drop_name(&local.name);
        }
        let names = || self.run.names();
        let value = value.map_err(|_| Failure::panic()).and_then(|value| {
            value.map_err(|fault| {
                self.engine.environment().failure(
                    &fault,
                    expression,
                    &compiled.function,
                    &names(),
                    &self.tracker,
                )
            })
        });
        self.engine.evaluated(expression, value, &self.tracker)
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// As [`Engine::holds`].
    pub fn holds(&self, condition: &str, local: Option<&Local<'_>>) -> Result<bool, Failure> {
        if condition == "true" {
            return Ok(true);
        }
        Failure::boolean(self.eval(condition, local)?.value)
    }

    /// The scope as it is now, with `local` over it.
    pub fn scope_with(&self, local: Option<&Local<'_>>) -> Scope {
        let scope = self.scope.read().unwrap_or_else(PoisonError::into_inner);
        local.map_or_else(|| scope.clone(), |local| scope.with(local.name.as_str(), local.value))
    }

    fn compiled(&self, expression: &str) -> Result<Rc<Compiled<'e>>, Failure> {
        if let Some(compiled) = self.compiled.borrow().get(expression) {
            return Ok(Rc::clone(compiled));
        }
        let function = self.engine.environment().lower(expression)?;
        let engine: &'e minijinja::Environment<'static> = self.engine.environment().shared().engine();
        let leaves_values = !self.engine.may_change_values(expression);
        // What the engine refuses to compile is told by the evaluation that does not need it.
        let program = leaves_values
            .then(|| engine.compile_expression_owned(function.source.to_string()).ok())
            .flatten();
        let compiled = Rc::new(Compiled { function, program });
        self.compiled.borrow_mut().insert(expression.to_owned(), Rc::clone(&compiled));
        Ok(compiled)
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.run.finish();
    }
}

/// A scope that may still get names.
struct Live {
    scope: Arc<RwLock<Scope>>,
    tracker: Arc<Tracker>,
}

impl Names for Live {
    fn get(&self, name: &str) -> Option<Py> {
        self.scope.read().unwrap_or_else(PoisonError::into_inner).value_for(name, &self.tracker)
    }

    fn names(&self) -> Vec<String> {
        let scope = self.scope.read().unwrap_or_else(PoisonError::into_inner);
        scope.names().into_iter().map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use kiln_model::{Map, Node, Origin, Secret};

    use super::*;
    use crate::Syntax;

    fn node(value: Value) -> Node {
        Node { value, origin: Origin::Default }
    }

    fn scope() -> Scope {
        let mut map = Map::new();
        map.insert_node("names", node(Value::List(vec![node(Value::String("a".into()))])));
        map.insert_node("count", node(Value::Int(2)));
        map.insert_node("wrong", node(Value::Invalid));
        map.insert_node("token", node(Value::Secret(Secret::new("token", "canary"))));
        Scope::new(&map)
    }

    fn engine() -> Engine {
        Engine::new(&Syntax::default()).unwrap()
    }

    #[test]
    fn an_item_is_seen_under_its_name_and_only_then() {
        let engine = engine();
        let session = engine.session(&scope());
        for (item, sum) in [(1, 3), (40, 42)] {
            let item = Value::Int(item);
            let local = session.local("item", &item);
            assert!(session.holds(&format!("item + count == {sum}"), Some(&local)).unwrap());
        }
        assert!(session.eval("item", None).is_err());
    }

    #[test]
    fn an_expression_sees_nothing_of_what_another_did_to_a_list() {
        let engine = engine();
        let session = engine.session(&scope());
        assert!(session.holds("names | length == 1", None).unwrap());
        assert!(session.holds("names.append('b') is none and names | length == 2", None).unwrap());
        assert!(session.holds("names | length == 1", None).unwrap());
    }

    #[test]
    fn what_uses_a_wrong_value_is_passed_over_each_time_and_nothing_else_is() {
        let engine = engine();
        let session = engine.session(&scope());
        for _ in 0..2 {
            assert!(session.eval("wrong", None).is_err());
            assert!(session.holds("count == 2", None).unwrap());
        }
    }

    #[test]
    fn each_evaluation_says_which_secrets_it_used() {
        let engine = engine();
        let session = engine.session(&scope());
        assert_eq!(session.eval("token ~ '!'", None).unwrap().reveals.len(), 1);
        assert_eq!(session.eval("token is not none", None).unwrap().reveals.len(), 0);
        assert_eq!(session.eval("token ~ '!'", None).unwrap().reveals.len(), 1);
    }

    #[test]
    fn a_name_that_is_set_later_is_seen() {
        let engine = engine();
        let mut session = engine.session(&scope());
        assert!(session.eval("later", None).is_err());
        session.set("later", &Value::Int(3));
        session.set("count", &Value::Int(3));
        assert!(session.holds("later == count", None).unwrap());
    }

    #[test]
    fn methods_that_change_values_are_told_from_filters_of_their_names() {
        let engine = engine();
        for changing in ["names.append(1)", "names . pop ()", "names | map('sort') ", "names|attr('clear')"] {
            assert!(engine.may_change_values(changing), "{changing}");
        }
        for reading in ["names | sort", "names|reverse|list", "names | sort(attribute='x')", "sorted_names"] {
            assert!(!engine.may_change_values(reading), "{reading}");
        }
    }
}
