//! What the lowered programs call: names, operators, loops, macros, blocks, modules.

pub(crate) mod bridge;

mod blocks;

mod calls;

pub(crate) mod context;

mod looping;

mod macros;

mod modules;

mod operators;

mod passed;

mod variables;

use kiln_python::UndefinedMode;
use minijinja::Environment;

/// Makes the runtime functions known to the engine.
pub(crate) fn register(engine: &mut Environment<'static>, undefined: UndefinedMode) {
    variables::register(engine, undefined);
    operators::register(engine, undefined);
    calls::register(engine);
    looping::register(engine);
    macros::register(engine);
    blocks::register(engine);
    modules::register(engine);
}
