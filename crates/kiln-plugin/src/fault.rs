//! Exceptions of Python as faults, and what became of the process.

use std::time::Duration;

use kiln_python::{Fault, FaultKind};

use crate::child::Broken;
use crate::wire::Wire;

/// The longest message of an exception that is shown.
const LONGEST: usize = 2000;

/// The classes that templates, and plugins that call back, may tell apart.
const KINDS: &[(&str, FaultKind)] = &[
    ("UndefinedError", FaultKind::UndefinedError),
    ("FilterArgumentError", FaultKind::FilterArgumentError),
    ("TemplateNotFound", FaultKind::TemplateNotFound),
    ("TemplateRuntimeError", FaultKind::TemplateRuntimeError),
    ("KeyError", FaultKind::KeyError),
    ("IndexError", FaultKind::IndexError),
    ("LookupError", FaultKind::LookupError),
    ("AttributeError", FaultKind::AttributeError),
    ("ZeroDivisionError", FaultKind::ZeroDivisionError),
    ("OverflowError", FaultKind::OverflowError),
    ("RecursionError", FaultKind::RecursionError),
    ("UnicodeError", FaultKind::UnicodeError),
    ("TypeError", FaultKind::TypeError),
    ("ValueError", FaultKind::ValueError),
];

/// The name of Python's exception for a fault.
pub(crate) fn exception(fault: &Fault) -> &'static str {
    let found = KINDS.iter().find(|(_, kind)| *kind == fault.kind());
    found.map_or("KilnError", |(name, _)| name)
}

/// What a plugin raised: the names of its classes, its message, its traceback.
pub(crate) fn raised(described: &Wire) -> Fault {
    let [names, message, trace, _] = described.items() else { return crate::decode::garbled() };
    let names: Vec<&str> = names.items().iter().map(Wire::as_text).collect();
    let kind = names.iter().find_map(|name| KINDS.iter().find(|(it, _)| it == name));
    let kind = kind.map_or(FaultKind::RuntimeError, |(_, kind)| *kind);
    let (message, trace) = (shortened(message.as_text()), shortened(trace.as_text()));
    let said = if names.contains(&"SystemExit") {
        Fault::new(kind, format!("a plugin ends the program: `{message}`"))
            .help("raise an exception that says what is wrong; kiln goes on to tell it")
    } else {
        let found = if names.contains(&"ModuleNotFoundError") {
            "install the module for this Python, or name the Python that has it in KILN_PYTHON, such as \
             `uv run python`; modules of the project are found in `import_paths`"
        } else {
            "mend the plugin, or what it was given; the traceback is its own"
        };
        Fault::new(kind, format!("a plugin raised `{message}`")).help(found)
    };
    let said = said.coded("plugin-raised");
    if trace.is_empty() { said } else { said.note(trace) }
}

/// A text whose middle is left out if it is very long.
fn shortened(text: &str) -> String {
    if text.len() <= 2 * LONGEST {
        return text.to_owned();
    }
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    // Both ends of a text are boundaries.
    let start = (0..=LONGEST).rev().find(is_boundary).unwrap_or(0);
    let end = (text.len() - LONGEST..=text.len()).find(is_boundary).unwrap_or(text.len());
    format!("{} … {}", &text[..start], &text[end..])
}

/// Why the process cannot be spoken to any more.
pub(crate) fn broken(broken: &Broken, program: &str, limit: Duration) -> Fault {
    let fault = |message: String, code| Fault::new(FaultKind::Own, message).coded(code);
    match broken {
        Broken::NotStarted(error) if error.kind() == std::io::ErrorKind::NotFound => {
            fault(format!("`{program}`, which runs the plugins, is not there"), "plugin-no-python")
                .help("install Python 3, or name its command in KILN_PYTHON, such as `uv run python`")
        }
        Broken::NotStarted(error) => fault(
            format!("`{program}`, which runs the plugins, cannot be started: {}", error.kind()),
            "plugin-no-python",
        )
        .help("see to it that it can be run, or name another command in KILN_PYTHON"),
        Broken::Ended(status) => {
            let how = match status.map(|status| status.code()) {
                Some(Some(code)) => format!(" with exit code {code}"),
                Some(None) => ", because a signal ended it".to_owned(),
                None => String::new(),
            };
            fault(format!("the process that runs the plugins has ended{how}"), "plugin-ended")
                .help("a plugin must not end its process; if it did not, look above for what Python said")
        }
        Broken::TooSlow => {
            let seconds = limit.as_secs_f64();
            fault(format!("a plugin has not answered after {seconds} seconds"), "plugin-too-slow")
                .help("if it needs that long, give it more in KILN_PLUGIN_TIMEOUT, in seconds")
        }
        Broken::TooMuch => {
            fault("a plugin gives or gets more than 1 GiB at once".to_owned(), "plugin-too-much")
                .help("give templates less data")
        }
    }
}
