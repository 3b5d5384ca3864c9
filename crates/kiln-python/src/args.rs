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
            return Err(too_many(function, N, self.positional.len()));
        }
        let mut bound = [const { None }; N];
        for (slot, value) in bound.iter_mut().zip(self.positional) {
            *slot = Some(value);
        }
        for (name, value) in self.keyword {
            let Some(index) = names.iter().position(|it| **it == *name) else {
                return Err(no_parameter(function, &name, names));
            };
            if bound[index].replace(value).is_some() {
                let message = format!("`{function}` got its parameter `{name}` twice");
                return Err(Fault::type_error(message).about(&*name).help("remove one of them"));
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
            return Err(no_parameter(function, name, [""; N]));
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

/// That a call has more arguments by position than there are parameters.
fn too_many(function: &str, most: usize, given: usize) -> Fault {
    let most = match most {
        0 => "no arguments".to_owned(),
        1 => "at most one argument".to_owned(),
        _ => format!("at most {most} arguments"),
    };
    Fault::type_error(format!("`{function}` takes {most} and got {given}")).help("remove what is too much")
}

/// That a call names a parameter that is none of `names`; one without a name takes its argument
/// by position alone.
pub fn no_parameter<'a>(
    function: &str,
    name: &str,
    names: impl IntoIterator<Item = &'a str> + Clone,
) -> Fault {
    let shown: Vec<String> =
        names.clone().into_iter().filter(|it| !it.is_empty()).map(|it| format!("`{it}`")).collect();
    let help = match shown.len() {
        0 => format!("`{function}` takes no arguments by name"),
        1 => format!("its one parameter is {}", shown[0]),
        _ => format!("its parameters are {}", shown.join(", ")),
    };
    Fault::type_error(format!("`{function}` has no parameter `{name}`"))
        .or_discreetly(format!("`{function}` has no parameter of this name"))
        .about(name)
        .among(names)
        .help(help)
}

/// The value of a parameter that must be given.
///
/// # Errors
/// `TypeError` if it is missing.
pub fn required(value: Option<Py>, function: &str, name: &str) -> Result<Py> {
    value.ok_or_else(|| {
        let fault = Fault::type_error(format!("`{function}` needs its parameter `{name}`"));
        fault.help(format!("give it one: `{function}({name})`"))
    })
}
