//! How long kiln takes for a whole project, side by side with the program it stands in for.

mod check;
mod sops;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;
use crate::interop::{example, makejinja as peer};

pub(crate) use self::check::check;
pub(crate) use self::sops::sops;

/// How many templates the project has: as many as the repository of a large cluster.
const TEMPLATES: usize = 340;

/// How often each program runs.
const ROUNDS: usize = 15;

/// How much faster kiln has to be, and how much with a plugin, which Python has to run.
const LEAST: f64 = 25.0;
const LEAST_WITH_PLUGIN: f64 = 5.0;

/// The shapes of templates that the project is made of, in turn.
const SHAPES: [(&str, &str); 6] = [
    ("helmrelease.yaml.j2", include_str!("../peers/makejinja/helmrelease.yaml.j2")),
    ("ks.yaml.j2", include_str!("../peers/makejinja/ks.yaml.j2")),
    ("kustomization.yaml.j2", include_str!("../peers/makejinja/kustomization.yaml.j2")),
    ("nodes.yaml.j2", include_str!("../peers/makejinja/nodes.yaml.j2")),
    ("network.yaml.j2", include_str!("../peers/makejinja/network.yaml.j2")),
    ("secret.yaml.j2", include_str!("../peers/makejinja/secret.yaml.j2")),
];

const SETTINGS: &str = include_str!("../peers/makejinja/makejinja.toml");

const MACROS: &str = include_str!("../peers/makejinja/macros.partial.j2");

const DATA: &str = include_str!("../peers/makejinja/cluster.yaml");

const PLUGIN: &str = include_str!("../peers/makejinja/plugin.py");

/// The shape of the templates, each sixth one, that call the plugin.
const CALLING: (&str, &str) = ("plugin.yaml.j2", include_str!("../peers/makejinja/plugin.yaml.j2"));

/// Renders a project of hundreds of templates with makejinja and with kiln, in turns, and prints
/// how long each takes and how much faster kiln is; whether that is enough.
///
/// # Errors
/// If either cannot be built, installed or run, or they make different files.
pub(crate) fn makejinja(root: &Path, with_plugin: bool) -> Result<bool> {
    let python = peer::installed(root)?;
    let kiln = example::build_command(root)?;
    let folder = tempfile::tempdir()?;
    let bytes = lay_out(folder.path(), with_plugin)?;
    println!("{TEMPLATES} templates, {bytes} bytes, {ROUNDS} rounds, whole processes");
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(time(Command::new(&python).args(["-m", "makejinja"]), folder.path(), "theirs")?);
        let mut kiln = Command::new(&kiln);
        ours.push(time(kiln.arg("makejinja").env("KILN_PYTHON", &python), folder.path(), "ours")?);
    }
    compare(folder.path())?;
    let (theirs, ours) = (median(theirs), median(ours));
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    println!("makejinja {:>8.1} ms", theirs.as_secs_f64() * 1000.0);
    println!("kiln      {:>8.1} ms", ours.as_secs_f64() * 1000.0);
    println!("kiln is {ratio:.1} times as fast");
    Ok(ratio >= if with_plugin { LEAST_WITH_PLUGIN } else { LEAST })
}

fn lay_out(folder: &Path, with_plugin: bool) -> Result<usize> {
    let mut bytes = 0;
    for number in 0..TEMPLATES {
        let shape = number % SHAPES.len();
        let (name, text) = if with_plugin && shape == 0 { CALLING } else { SHAPES[shape] };
        let app = format!("app-{:03}", number / SHAPES.len());
        let place = folder.join("templates/kubernetes/apps").join(&app);
        std::fs::create_dir_all(&place)?;
        let text = text.replace("APP", &app);
        bytes += text.len();
        std::fs::write(place.join(name), text)?;
    }
    std::fs::write(folder.join("templates/macros.partial.j2"), MACROS)?;
    let plugins = if with_plugin { "plugins = [\"plugin.Plugin\"]\n" } else { "" };
    let settings = SETTINGS.replacen("[makejinja]\n", &format!("[makejinja]\n{plugins}"), 1);
    std::fs::write(folder.join("makejinja.toml"), settings)?;
    std::fs::write(folder.join("plugin.py"), PLUGIN)?;
    std::fs::write(folder.join("age.key"), "# public key: age1harbour\nAGE-SECRET-KEY-1HARBOUR\n")?;
    std::fs::write(folder.join("cluster.yaml"), DATA)?;
    Ok(bytes)
}

fn time(command: &mut Command, folder: &Path, output: &str) -> Result<Duration> {
    let start = Instant::now();
    let ended = command
        .current_dir(folder)
        .env("MAKEJINJA_OUTPUT", output)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    let took = start.elapsed();
    if ended.success() { Ok(took) } else { Err(format!("{command:?} ended with {ended}").into()) }
}

fn compare(folder: &Path) -> Result<()> {
    let ended = Command::new("diff").args(["-r", "theirs", "ours"]).current_dir(folder).status()?;
    if ended.success() { Ok(()) } else { Err("the outputs differ".into()) }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
