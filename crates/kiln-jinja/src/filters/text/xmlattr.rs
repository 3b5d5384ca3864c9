//! `xmlattr`.

use kiln_python::{Args, Fault, Py, Result, escape, meter};

use super::convert::method;
use crate::ambient::Here;

/// `xmlattr(autospace=true)`: the attributes of a tag.
pub(super) fn xmlattr(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [autospace] = args.bind("xmlattr", ["autospace"])?;
    let mut attributes = String::new();
    for pair in method(&value, "items", [])?.iter()? {
        let [name, value] = <[Py; 2]>::try_from(pair?.collect()?)
            .map_err(|_| Fault::value_error("`xmlattr` needs a mapping"))?;
        if matches!(value, Py::None | Py::Undefined(_)) {
            continue;
        }
        check_name(&name)?;
        let (name, value) = (escape(&name)?, escape(&value)?);
        meter::charge_text(name.len() + value.len())?;
        attributes.push_str(&format!(" {name}=\"{value}\""));
    }
    let begins_with_space = autospace.as_ref().map_or(Ok(true), Py::truth)?;
    if !attributes.is_empty() && !begins_with_space {
        attributes.remove(0);
    }
    Ok(if here.autoescape() { Py::Markup(attributes.into()) } else { Py::str(attributes) })
}

/// A name that ends early would let a value in as markup.
fn check_name(name: &Py) -> Result<()> {
    let Some(text) = name.as_str() else {
        let found = name.type_name();
        return Err(Fault::type_error(format!("`xmlattr` needs names that are text, not `{found}`")));
    };
    let ends_name = |byte: u8| matches!(byte, b'\t'..=b'\r' | b' ' | b'/' | b'>' | b'=');
    if text.bytes().any(ends_name) {
        return Err(Fault::value_error("`xmlattr` needs names without spaces, `/`, `>` and `=`"));
    }
    Ok(())
}
