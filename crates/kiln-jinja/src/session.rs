//! Many expressions over one scope.

use std::sync::{Arc, PoisonError, RwLock};

use kiln_model::{Node, Value};
use kiln_python::{Key, Py, meter};

use crate::engine::{Engine, Evaluated};
use crate::failure::Failure;
use crate::lower;
use crate::programs::Program;
use crate::runtime::context::{Context, Names, Run};
use crate::scope::Scope;
use crate::tracker::Tracker;
use crate::tree;

/// Evaluates expressions over one scope, each as [`Engine::eval`] would, without doing again what
/// they have in common: a name is made into a value of Python's once.
///
/// An expression that could change a list or a mapping is evaluated over values of its own, so
/// that none sees what another did.
pub struct Session<'e> {
    engine: &'e Engine,
    scope: Arc<RwLock<Scope>>,
    tracker: Arc<Tracker>,
    run: Arc<Run>,
    context: Arc<Context>,
}

/// The item of a list under a name of its own.
pub struct Local<'v> {
    name: Arc<str>,
    value: &'v Value,
    python: Py,
}

impl<'e> Session<'e> {
    pub(crate) fn new(engine: &'e Engine, scope: &Scope) -> Session<'e> {
        let tracker = Tracker::new();
        let scope = Arc::new(RwLock::new(scope.clone()));
        let names = Live { scope: Arc::clone(&scope), tracker: Arc::clone(&tracker) };
        let run = Run::new(Arc::clone(engine.environment().shared()), Box::new(names), Arc::clone(&tracker));
        let context = Context::new(&run, &lower::no_unit(), true);
        Session { engine, scope, tracker, run, context }
    }

    /// Another session over the same scope, for another thread. What this one has made into values
    /// of Python's is not made again where it holds nothing secret or wrong, whose use each session
    /// notes for itself.
    #[must_use]
    pub fn another(&self) -> Session<'e> {
        let scope = self.scope.read().unwrap_or_else(PoisonError::into_inner);
        let other = Session::new(self.engine, &scope);
        let is_plain = |name: &str| scope.get(name).is_some_and(tree::is_plain);
        other.run.take_over(&self.run, &is_plain);
        other
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
    pub fn items<'v>(
        &self,
        list: &str,
        name: &str,
        items: impl ExactSizeIterator<Item = &'v Value>,
    ) -> Vec<Local<'v>> {
        let name: Arc<str> = name.into();
        let known = match self.context.find(list) {
            Some(Py::List(known)) => known.items(),
            _ => Vec::new(),
        };
        let is_known = known.len() == items.len();
        let mut known = known.into_iter();
        let local = |value: &'v Value| {
            let known = known.next().filter(|_| is_known);
            let python = known.unwrap_or_else(|| tree::to_python(value, &self.tracker));
            Local { name: Arc::clone(&name), value, python }
        };
        items.map(local).collect()
    }

    /// The value of an expression that sees the scope and, over it, `local`.
    ///
    /// # Errors
    /// As [`Engine::eval`].
    pub fn eval(&self, program: &Program<'_>, local: Option<&Local<'_>>) -> Result<Evaluated, Failure> {
        match self.run(program, local) {
            Some(value) => self.engine.evaluated(&program.text, value, &self.tracker),
            None => self.engine.eval(&program.text, &self.scope_with(local)),
        }
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// As [`Engine::holds`].
    pub fn holds(&self, condition: &Program<'_>, local: Option<&Local<'_>>) -> Result<bool, Failure> {
        match self.run(condition, local) {
            Some(Ok(Py::Bool(holds))) if !self.tracker.is_passed_over() => Ok(holds),
            Some(value) => {
                let evaluated = self.engine.evaluated(&condition.text, value, &self.tracker);
                Failure::boolean(evaluated?.value)
            }
            None => self.engine.holds(&condition.text, &self.scope_with(local)),
        }
    }

    /// The items of a list.
    ///
    /// # Errors
    /// As [`Engine::items`].
    pub fn list(&self, list: &Program<'_>) -> Result<Vec<Node>, Failure> {
        Failure::list(self.eval(list, None)?.value)
    }

    /// What a program gives that leaves all values as they are; `None` for another one.
    fn run(&self, program: &Program<'_>, local: Option<&Local<'_>>) -> Option<Result<Py, Failure>> {
        let compiled = program.compiled.as_ref()?;
        let expression = compiled.program.as_ref()?;
        self.run.begin_again();
        if let Some(local) = local {
            self.context.lend(&local.name, local.python.clone());
        }
        let environment = self.engine.environment();
        let limits = environment.shared().settings.limits;
        let meter = meter::Meter::start(limits.steps, limits.output);
        let run = || self.context.evaluate_compiled(expression);
        let value = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
        drop(meter);
        if let Some(local) = local {
            self.context.drop_name(&local.name);
        }
        let failure = |fault| {
            environment.failure(&fault, &program.text, &compiled.function, &self.run.names(), &self.tracker)
        };
        Some(value.map_err(|_| Failure::panic()).and_then(|value| value.map_err(failure)))
    }

    /// The scope as it is now, with `local` over it.
    pub fn scope_with(&self, local: Option<&Local<'_>>) -> Scope {
        let scope = self.scope.read().unwrap_or_else(PoisonError::into_inner);
        local.map_or_else(|| scope.clone(), |local| scope.with(&*local.name, local.value))
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
    use crate::{Programs, Syntax};

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

    fn of(engine: &Engine) -> (Programs<'_>, Session<'_>) {
        let programs = engine.programs();
        let session = programs.session(&scope());
        (programs, session)
    }

    #[test]
    fn an_item_is_seen_under_its_name_and_only_then() {
        let engine = engine();
        let (programs, session) = of(&engine);
        for (item, sum) in [(1, 3), (40, 42)] {
            let item = Value::Int(item);
            let locals = session.items("", "item", [&item].into_iter());
            let sum = programs.program(&format!("item + count == {sum}"));
            assert!(session.holds(&sum, Some(&locals[0])).unwrap());
        }
        assert!(session.eval(&programs.program("item"), None).is_err());
    }

    #[test]
    fn an_expression_sees_nothing_of_what_another_did_to_a_list() {
        let engine = engine();
        let (programs, session) = of(&engine);
        assert!(session.holds(&programs.program("names | length == 1"), None).unwrap());
        assert!(
            session
                .holds(&programs.program("names.append('b') is none and names | length == 2"), None)
                .unwrap()
        );
        assert!(session.holds(&programs.program("names | length == 1"), None).unwrap());
    }

    #[test]
    fn what_uses_a_wrong_value_is_passed_over_each_time_and_nothing_else_is() {
        let engine = engine();
        let (programs, session) = of(&engine);
        for _ in 0..2 {
            assert!(session.eval(&programs.program("wrong"), None).is_err());
            assert!(session.holds(&programs.program("count == 2"), None).unwrap());
        }
    }

    #[test]
    fn each_evaluation_says_which_secrets_it_used() {
        let engine = engine();
        let (programs, session) = of(&engine);
        assert_eq!(session.eval(&programs.program("token ~ '!'"), None).unwrap().reveals.len(), 1);
        assert_eq!(session.eval(&programs.program("token is not none"), None).unwrap().reveals.len(), 0);
        assert_eq!(session.eval(&programs.program("token ~ '!'"), None).unwrap().reveals.len(), 1);
    }

    #[test]
    fn a_name_that_is_set_later_is_seen() {
        let engine = engine();
        let (programs, mut session) = of(&engine);
        assert!(session.eval(&programs.program("later"), None).is_err());
        session.set("later", &Value::Int(3));
        session.set("count", &Value::Int(3));
        assert!(session.holds(&programs.program("later == count"), None).unwrap());
    }

    #[test]
    fn a_key_that_the_items_of_a_list_get_is_seen_in_the_list_and_in_its_items() {
        let engine = engine();
        let mut map = Map::new();
        let items = vec![node(Value::Map(Map::new())), node(Value::Map(Map::new()))];
        map.insert_node("nodes", node(Value::List(items.clone())));
        let programs = engine.programs();
        let mut session = programs.session(&Scope::new(&map));
        let is_seen = |session: &Session<'_>, text: &str, local: Option<&Local<'_>>| {
            session.holds(&programs.program(text), local).unwrap()
        };
        for name in ["before", "after"] {
            session.set_in_items("nodes", name, &[Some(Value::Int(1)), None]);
            assert!(is_seen(&session, &format!("nodes[0].{name} == 1 and '{name}' not in nodes[1]"), None));
            let locals = session.items("nodes", "node", items.iter().map(|item| &item.value));
            assert!(is_seen(&session, &format!("node.{name} == 1"), Some(&locals[0])));
            assert!(is_seen(&session, &format!("'{name}' not in node"), Some(&locals[1])));
        }
        let copied = programs.program("nodes.pop() == {} and nodes[0] == {'before': 1, 'after': 1}");
        assert!(session.holds(&copied, None).unwrap());
    }

    #[test]
    fn an_expression_may_use_a_name_that_it_names_or_through_a_function() {
        let mut engine = engine();
        engine.add_alias("own", &[], "item").unwrap();
        for using in ["item.size > count", "own() == 1", "names | map('upper') | first == item"] {
            assert!(engine.programs().may_use(using, "item"), "{using}");
        }
        assert!(!engine.programs().may_use("count > 1 and 'item' not in names", "item"));
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
