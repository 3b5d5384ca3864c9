//! Blocks, parents, `self` and `super`.

use std::any::Any;
use std::sync::Arc;

use kiln_python::{Args, Fault, FaultKind, Object, Py, PyIter, Result};
use minijinja::value::{Rest, Value};
use minijinja::{Environment, Error};

use super::bridge::{given, raise, to_value};
use super::context::{BlockFunction, Context, Running, context, running, undefined};
use super::modules::{locals, unit_of};
use crate::ambient::Ambient;
use crate::lower::program::Unit;

/// The parent of a template, on its way through a program.
struct Parent(Arc<Unit>);

impl std::fmt::Debug for Parent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<template>")
    }
}

impl minijinja::value::Object for Parent {
    fn is_true(self: &Arc<Self>) -> bool {
        true
    }
}

pub(super) fn register(engine: &mut Environment<'static>) {
    engine.add_function("block", |c: &Value, name: &str, is_required: bool, names: Rest<Value>| {
        block(&context(c)?, name, is_required, &names).map_err(raise)
    });
    engine.add_function("extend", |c: &Value, name: &Value| {
        let context = context(c)?;
        let unit = unit_of(&context, &given(name)).map_err(raise)?;
        context.inherit(&unit);
        Ok::<_, Error>(Value::from_object(Parent(unit)))
    });
    engine.add_function("parent_root", |c: &Value, parent: &Value| {
        let parent =
            parent.downcast_object_ref::<Parent>().ok_or_else(|| raise(Fault::type_error("no parent")))?;
        context(c)?.run_function(&parent.0, 0, Vec::new()).map_err(raise)
    });
    engine.add_function("extended_twice", || {
        let fault = Fault::new(FaultKind::TemplateRuntimeError, "the template has two parents");
        Err::<(), _>(raise(fault.help("keep one `extends`")))
    });
    engine.add_function("self_reference", |c: &Value| {
        Ok::<_, Error>(to_value(Py::object(SelfReference { context: context(c)? })))
    });
    engine.add_function("super_reference", |c: &Value, name: &str, number: usize| {
        let Running { context, unit } = running(c)?;
        let stack = context.block(name);
        let is_current = |it: &BlockFunction| Arc::ptr_eq(&it.unit, unit) && it.number == number;
        let depth = stack.iter().position(is_current).map_or(stack.len(), |at| at + 1);
        Ok::<_, Error>(to_value(reference(Arc::clone(context), name, stack, depth)))
    });
}

fn block(context: &Arc<Context>, name: &str, is_required: bool, names: &[Value]) -> Result<String> {
    let stack = context.block(name);
    if is_required && stack.len() <= 1 {
        let message = format!("the required block `{name}` is not defined");
        return Err(Fault::new(FaultKind::TemplateRuntimeError, message)
            .help("define it in the template that extends this one"));
    }
    let Some(first) = stack.first() else { return Ok(String::new()) };
    if names.is_empty() {
        return context.run_function(&first.unit, first.number, Vec::new());
    }
    context.derived(locals(names)).run_function(&first.unit, first.number, Vec::new())
}

fn reference(context: Arc<Context>, name: &str, stack: Vec<BlockFunction>, depth: usize) -> Py {
    if depth >= stack.len() {
        let hint = format!("there is no parent block called '{name}'.");
        return undefined(
            context.undefined_mode(),
            hint,
            "define the block in the template that this one extends",
        );
    }
    Py::object(BlockReference { context, name: name.into(), stack, depth })
}

/// `self`: the blocks of a template.
struct SelfReference {
    context: Arc<Context>,
}

impl Object for SelfReference {
    fn type_name(&self) -> &str {
        "TemplateReference"
    }

    fn module(&self) -> &str {
        "jinja2.runtime"
    }

    /// Python goes through whatever has elements, by numbers, and no block has one for a name.
    fn iter(self: Arc<Self>) -> Option<Result<PyIter>> {
        let fault = Fault::new(FaultKind::KeyError, "`self` has blocks by name, and cannot be looped over");
        Some(Ok(Box::new(std::iter::once(Err(fault)))))
    }

    fn repr(&self) -> Result<String> {
        Ok(format!("<TemplateReference {}>", Py::Str(Arc::clone(&self.context.unit.name)).repr()?))
    }

    fn attr_names(&self) -> Vec<Arc<str>> {
        self.context.unit.blocks.keys().cloned().collect()
    }

    fn item(&self, key: &Py) -> Result<Option<Py>> {
        let Some(name) = key.as_str() else { return Ok(None) };
        let stack = self.context.block(name);
        Ok((!stack.is_empty()).then(|| reference(Arc::clone(&self.context), name, stack, 0)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A block that can be called: `self.name`, or `super`.
struct BlockReference {
    context: Arc<Context>,
    name: Arc<str>,
    stack: Vec<BlockFunction>,
    depth: usize,
}

impl Object for BlockReference {
    fn type_name(&self) -> &str {
        "BlockReference"
    }

    fn module(&self) -> &str {
        "jinja2.runtime"
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(match name {
            "super" => {
                Some(reference(Arc::clone(&self.context), &self.name, self.stack.clone(), self.depth + 1))
            }
            "name" => Some(Py::Str(Arc::clone(&self.name))),
            _ => None,
        })
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, args: Args) -> Result<Py> {
        args.none("block")?;
        let function = &self.stack[self.depth];
        let text = self.context.run_function(&function.unit, function.number, Vec::new())?;
        Ok(if self.context.autoescape() { Py::Markup(text.into()) } else { Py::str(text) })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
