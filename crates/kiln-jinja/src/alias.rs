//! Function aliases: functions that are expressions.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use minijinja::value::{Rest, Value};
use minijinja::{Error, State};

use crate::failure::complain;

/// How deep functions may call functions; each call takes room on the stack.
const MAX_DEPTH: usize = 32;

thread_local! {
    /// How many calls of functions are under way: the engine begins to count anew in each.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// A function whose value is an expression over its parameters and the names in scope.
pub(crate) struct Alias {
    name: String,
    params: Vec<String>,
    expression: String,
    free: BTreeSet<String>,
}

impl Alias {
    /// `free` are the names that the expression uses, parameters included.
    pub(crate) fn new(name: &str, params: &[String], expression: &str, free: BTreeSet<String>) -> Alias {
        Alias { name: name.to_owned(), params: params.to_vec(), expression: expression.to_owned(), free }
    }

    pub(crate) fn call(&self, state: &mut State, args: Rest<Value>) -> Result<Value, Error> {
        if args.len() != self.params.len() || args.iter().any(Value::is_kwargs) {
            return Err(complain(
                "wrong-arguments",
                &format!("`{}` takes {} and got {}", self.name, count(self.params.len()), count(args.len())),
                &format!("write `{}({})`", self.name, self.params.join(", ")),
            ));
        }
        let _call = Call::enter().ok_or_else(|| self.too_deep())?;
        let mut names: BTreeMap<&str, Value> = self
            .free
            .iter()
            .filter_map(|name| state.lookup(name).map(|value| (name.as_str(), value)))
            .collect();
        names.extend(self.params.iter().map(String::as_str).zip(args.iter().cloned()));
        state.env().compile_expression(&self.expression)?.eval(Value::from_pairs(names))
    }

    fn too_deep(&self) -> Error {
        complain(
            "function-too-deep",
            &format!("`{}` is called from within itself, or too many functions call each other", self.name),
            "write functions that do not need themselves",
        )
    }
}

/// A call that is under way.
struct Call;

impl Call {
    fn enter() -> Option<Call> {
        let depth = DEPTH.get();
        (depth < MAX_DEPTH).then(|| {
            DEPTH.set(depth + 1);
            Call
        })
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

fn count(number: usize) -> String {
    if number == 1 { "one argument".to_owned() } else { format!("{number} arguments") }
}
