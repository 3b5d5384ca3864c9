//! How long a thousand secrets take, beside `sops`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::median;
use crate::Result;
use crate::interop::{example, sops as peer};

const FILES: usize = 1_000;

const VALUES: usize = 20;

/// How often kiln runs; `sops` runs once, for it starts a thousand times.
const ROUNDS: usize = 5;

/// How long the whole run may take, and how much faster than `sops` the encryption has to be:
/// `sops` neither renders the files nor makes sure that they are on the disk.
const LIMIT: Duration = Duration::from_secs(1);
const LEAST: f64 = 50.0;

/// A throw-away key that exists for tests alone.
const KEY: &str = include_str!("../../../crates/kiln-sops/tests/corpus/test-key.txt");

const SETTINGS: &str = "[makejinja]\ninputs = [\"templates\"]\noutput = \"out\"\ndata = [\"cluster.yaml\"]\njinja_suffix = \".j2\"\n";

/// Encrypts a thousand files of twenty values each with kiln, rendering them on the way, and
/// with `sops`, two at a time; prints how long each takes, and whether kiln is fast enough.
///
/// # Errors
/// If either cannot be built, installed or run.
pub(crate) fn sops(root: &Path) -> Result<bool> {
    let program = peer::installed(root)?;
    let kiln = example::build_command(root)?;
    let folder = tempfile::tempdir()?;
    let plain = lay_out(folder.path())?;
    println!("{FILES} files of {VALUES} values, two cores, whole processes");
    let (mut fresh, mut kept, mut encrypted) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let out = folder.path().join("out");
        if out.exists() {
            std::fs::remove_dir_all(out)?;
        }
        let (whole, encryption) = configure(&kiln, folder.path())?;
        fresh.push(whole);
        encrypted.push(encryption);
        kept.push(configure(&kiln, folder.path())?.0);
    }
    let theirs = encrypt(&program, folder.path(), &plain)?;
    let (fresh, kept, encrypted) = (median(fresh), median(kept), median(encrypted));
    let times = |ours: Duration| theirs.as_secs_f64() / ours.as_secs_f64();
    let ratio = times(encrypted);
    println!("sops                 {:>8.1} ms", millis(theirs));
    println!("kiln, encryption     {:>8.1} ms, {ratio:.1} times as fast", millis(encrypted));
    println!("kiln, the whole run  {:>8.1} ms, {:.1} times as fast", millis(fresh), times(fresh));
    println!("kiln, nothing to do  {:>8.1} ms", millis(kept));
    Ok(fresh < LIMIT && ratio >= LEAST)
}

fn lay_out(folder: &Path) -> Result<Vec<PathBuf>> {
    let recipient =
        KEY.lines().find_map(|line| line.strip_prefix("# public key: ")).ok_or("the key is whole")?;
    let rules = format!(
        "creation_rules:\n- path_regex: \\.sops\\.yaml$\n  encrypted_regex: ^stringData$\n  age: {recipient}\n"
    );
    std::fs::write(folder.join(".sops.yaml"), rules)?;
    std::fs::write(folder.join("age.key"), KEY)?;
    std::fs::write(folder.join("makejinja.toml"), SETTINGS)?;
    std::fs::write(folder.join("cluster.yaml"), "name: harbour\n")?;
    std::fs::create_dir_all(folder.join("templates"))?;
    std::fs::create_dir_all(folder.join("theirs"))?;
    (0..FILES).map(|number| lay_out_one(folder, number)).collect()
}

fn lay_out_one(folder: &Path, number: usize) -> Result<PathBuf> {
    let values: Vec<String> =
        (0..VALUES).map(|at| format!("  key-{at}: the value {at} of secret {number}\n")).collect();
    let text = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: secret-{number}\nstringData:\n{}",
        values.concat()
    );
    std::fs::write(folder.join(format!("templates/secret-{number}.sops.yaml.j2")), &text)?;
    let plain = folder.join(format!("theirs/secret-{number}.sops.yaml"));
    std::fs::write(&plain, &text)?;
    Ok(plain)
}

/// How long a run takes, and its encryption alone, as kiln says it.
fn configure(kiln: &Path, folder: &Path) -> Result<(Duration, Duration)> {
    let start = Instant::now();
    let said = run(Command::new(kiln).arg("configure").current_dir(folder))?;
    let whole = start.elapsed();
    let stage = said.lines().find_map(|line| line.trim_start().strip_prefix("encrypt "));
    let millis = stage.and_then(|line| line.trim_start().split(' ').next()?.parse::<f64>().ok());
    Ok((whole, Duration::from_secs_f64(millis.ok_or("kiln names no stage `encrypt`")? / 1000.0)))
}

/// Encrypts in place, on as many threads as there are cores.
fn encrypt(program: &Path, folder: &Path, files: &[PathBuf]) -> Result<Duration> {
    let half = files.len().div_ceil(2);
    let start = Instant::now();
    std::thread::scope(|scope| {
        let halves = files.chunks(half).map(|files| {
            scope.spawn(move || {
                files
                    .iter()
                    .try_for_each(|file| {
                        let mut command = Command::new(program);
                        run(command.args(["encrypt", "--in-place"]).arg(file).current_dir(folder)).map(drop)
                    })
                    .map_err(|error| error.to_string())
            })
        });
        let halves: Vec<_> = halves.collect();
        halves.into_iter().try_for_each(|half| half.join().map_err(|_| "a thread panicked".to_owned())?)
    })?;
    Ok(start.elapsed())
}

/// Runs a program; gives what it says to people.
fn run(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(said) } else { Err(format!("{command:?}: {said}").into()) }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
