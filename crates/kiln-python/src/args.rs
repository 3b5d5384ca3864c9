//! Arguments of a call, and how they are bound to parameters.

use std::sync::Arc;

use crate::{Fault, Py, fault::Result};

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub struct Args {
    /// By position.
    pub positional: Vec<Py>,
    /// By name, in the order of the call; no name twice.
    pub keyword: Vec<(Arc<str>, Py)>,
}

impl Args {
    /// Arguments by position alone.
    pub fn positional(positional: impl Into<Vec<Py>>) -> Args {
        Args { positional: positional.into(), keyword: Vec::new() }
    }

    /// Binds the arguments to the parameters `names` of `function`, as Python does where each
    /// may be given by position or by name.
    ///
    /// # Errors
    /// `TypeError` if there are too many, a name is unknown, or a parameter is given twice.
    pub fn bind<const N: usize>(self, function: &str, names: [&str; N]) -> Result<[Option<Py>; N]> {
        if self.positional.len() > N {
            return Err(Fault::type_error(format!(
                "`{function}` takes at most {N} arguments and got {}",
                self.positional.len()
            )));
        }
        let mut bound = [const { None }; N];
        for (slot, value) in bound.iter_mut().zip(self.positional) {
            *slot = Some(value);
        }
        for (name, value) in self.keyword {
            let Some(index) = names.iter().position(|it| **it == *name) else {
                return Err(Fault::type_error(format!("`{function}` has no parameter `{name}`")));
            };
            if bound[index].replace(value).is_some() {
                return Err(Fault::type_error(format!("`{function}` got its parameter `{name}` twice")));
            }
        }
        Ok(bound)
    }

    /// Binds arguments that may be given by position alone.
    ///
    /// # Errors
    /// `TypeError` if there are more than `N`, or any by name.
    pub fn bind_positional<const N: usize>(self, function: &str) -> Result<[Option<Py>; N]> {
        if let Some((name, _)) = self.keyword.first() {
            return Err(Fault::type_error(format!("`{function}` takes no arguments by name, not `{name}`")));
        }
        self.bind(function, [""; N])
    }

    /// For calls without arguments.
    ///
    /// # Errors
    /// `TypeError` if there are any.
    pub fn none(self, function: &str) -> Result<()> {
        self.bind_positional::<0>(function).map(drop)
    }

    /// Takes the argument `name` out, if it was given by name.
    pub fn take(&mut self, name: &str) -> Option<Py> {
        let index = self.keyword.iter().position(|(it, _)| **it == *name)?;
        Some(self.keyword.remove(index).1)
    }
}

/// The value of a parameter that must be given.
///
/// # Errors
/// `TypeError` if it is missing.
pub fn required(value: Option<Py>, function: &str, name: &str) -> Result<Py> {
    value.ok_or_else(|| Fault::type_error(format!("`{function}` needs its parameter `{name}`")))
}
