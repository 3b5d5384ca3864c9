//! Filters of text.

use super::Body;

pub(crate) mod convert;
mod escaping;
mod filesize;
mod indent;
mod letters;
mod links;
mod replace;
mod truncate;
mod urlencode;
mod urlize;
mod words;
mod wordwrap;
mod wrap;
mod xmlattr;

#[cfg(test)]
mod corpus;

pub(super) const FILTERS: &[(&str, Body)] = &[
    ("capitalize", words::capitalize),
    ("center", words::center),
    ("e", escaping::escape),
    ("escape", escaping::escape),
    ("filesizeformat", filesize::filesizeformat),
    ("forceescape", escaping::forceescape),
    ("format", words::format),
    ("indent", indent::indent),
    ("lower", words::lower),
    ("replace", replace::replace),
    ("safe", escaping::safe),
    ("string", words::string),
    ("striptags", escaping::striptags),
    ("title", words::title),
    ("trim", words::trim),
    ("truncate", truncate::truncate),
    ("upper", words::upper),
    ("urlencode", urlencode::urlencode),
    ("urlize", urlize::urlize),
    ("wordcount", words::wordcount),
    ("wordwrap", wordwrap::wordwrap),
    ("xmlattr", xmlattr::xmlattr),
];
