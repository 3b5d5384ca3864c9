//! Which Python runs the plugins of a project, and for how long.

use std::path::Path;
use std::time::Duration;

use kiln::makejinja::{Interpreter, PluginLimits};

/// The interpreter that `KILN_PYTHON` names, else `python3`, and the time that
/// `KILN_PLUGIN_TIMEOUT` gives one answer of a plugin. It works in `folder`, or in the current one.
pub(crate) fn interpreter(
    environ: &[(String, String)],
    folder: Option<&Path>,
) -> (Interpreter, PluginLimits) {
    let set = |name: &str| environ.iter().find(|(it, value)| it == name && !value.is_empty());
    // What cannot be split is a command that is not there, which is said when it is started.
    let split = |command: &String| shlex::split(command).unwrap_or_else(|| vec![command.clone()]);
    let words = set("KILN_PYTHON").map(|(_, command)| split(command)).unwrap_or_default();
    let mut words = words.into_iter();
    let interpreter = Interpreter {
        program: words.next().unwrap_or_else(|| "python3".to_owned()),
        arguments: words.collect(),
        argv: vec!["makejinja".to_owned()],
        folder: folder.map(Path::to_owned),
    };
    let mut limits = PluginLimits::default();
    if let Some(seconds) = set("KILN_PLUGIN_TIMEOUT").and_then(|(_, text)| text.parse().ok()) {
        limits.call = Duration::from_secs(seconds);
        limits.total = limits.total.max(limits.call.saturating_mul(10));
    }
    (interpreter, limits)
}
