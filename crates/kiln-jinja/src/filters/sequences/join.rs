//! `join`.

use std::sync::Arc;

use kiln_python::{Args, Py, Result, escape, meter};

use super::path::Path;
use crate::ambient::Here;
use crate::filters::text::convert::has_html;

/// `join(d='', attribute=none)`.
pub(super) fn join(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [separator, attribute] = args.bind("join", ["d", "attribute"])?;
    let separator = separator.unwrap_or_else(|| Py::str(""));
    let path = Path::new(attribute.as_ref())?;
    let items = value.iter()?.map(|item| path.follow(here, &item?));
    if !here.autoescape() {
        let separator = separator.to_str()?;
        let texts = items.map(|item| item?.to_str()).collect::<Result<Vec<_>>>()?;
        return concat(&separator, &texts).map(Py::str);
    }
    let items = items.collect::<Result<Vec<_>>>()?;
    let safe = match has_html(&separator)? {
        true => matches!(separator, Py::Markup(_)),
        false => any_html(&items)?,
    };
    if safe {
        let separator = escape(&separator)?;
        let texts = items.iter().map(escape).collect::<Result<Vec<_>>>()?;
        concat(&separator, &texts).map(|text| Py::Markup(text.into()))
    } else {
        let texts = items.iter().map(Py::to_str).collect::<Result<Vec<_>>>()?;
        concat(&separator.to_str()?, &texts).map(Py::str)
    }
}

fn any_html(items: &[Py]) -> Result<bool> {
    for item in items {
        if has_html(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn concat(separator: &str, texts: &[Arc<str>]) -> Result<String> {
    let length = |text: &Arc<str>| text.len().saturating_add(separator.len());
    meter::charge_text(texts.iter().map(length).fold(0, usize::saturating_add))?;
    Ok(texts.join(separator))
}
