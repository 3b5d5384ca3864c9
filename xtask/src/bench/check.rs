//! How long kiln takes to load, validate, derive and check.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::median;
use crate::Result;
use crate::command::Run;

/// How often each project is checked.
const ROUNDS: usize = 30;

/// How many nodes the large project has.
const NODES: usize = 500;

/// What a whole process may take for `examples/ha`, and for the large project.
const LIMIT: Duration = Duration::from_millis(15);
const LIMIT_OF_MANY: Duration = Duration::from_millis(60);

/// Checks the data of a usual project and of one with hundreds of nodes, each in processes of its
/// own, and prints how long that takes; whether it is fast enough.
///
/// # Errors
/// If the program cannot be built or a project has errors.
pub(crate) fn check(root: &Path) -> Result<bool> {
    let program = build(root)?;
    let usual = root.join("examples/ha");
    let many = tempfile::tempdir()?;
    lay_out(&usual, many.path())?;
    println!("load, validate, derive and check; whole processes, {ROUNDS} rounds");
    let usual = measure(&program, &usual, "examples/ha", LIMIT)?;
    let many = measure(&program, many.path(), &format!("the same with {NODES} nodes"), LIMIT_OF_MANY)?;
    Ok(usual && many)
}

/// The example `check` of the command, which does these stages and no other.
fn build(root: &Path) -> Result<PathBuf> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let build = ["build", "--release", "--locked", "-p", "kiln-cli", "--example", "check"];
    Run::new(cargo).args(build).dir(root).stdout()?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("release/examples/check"))
}

/// The example with many workers, in a network that has room for them.
fn lay_out(example: &Path, folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(example)? {
        let entry = entry?;
        std::fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    let cluster = std::fs::read_to_string(example.join("cluster.yaml"))?;
    let wide =
        cluster.replace("node_cidr: 10.20.0.0/24", "node_cidr: 10.20.0.0/20\ncluster_pod_cidr: 10.128.0.0/9");
    std::fs::write(folder.join("cluster.yaml"), wide.replace("10.20.30.", "10.20.130."))?;
    let mut nodes = String::from("nodes:\n");
    for number in 0..NODES {
        let (high, low) = (number / 250 + 1, number % 250 + 1);
        write!(
            nodes,
            "  - name: node-{number}\n    address: 10.20.{high}.{low}\n    controller: {}\n    disk: SERIAL{number:06}\n    \
             mac_addr: bc:24:11:00:{high:02x}:{low:02x}\n    mtu: 9000\n    secureboot: true\n    encrypt_disk: true\n",
            number < 3
        )?;
    }
    std::fs::write(folder.join("nodes.yaml"), nodes)?;
    Ok(())
}

fn measure(program: &Path, project: &Path, name: &str, limit: Duration) -> Result<bool> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let ended = Command::new(program).arg(project).stdin(Stdio::null()).stdout(Stdio::null()).status()?;
        times.push(start.elapsed());
        if !ended.success() {
            return Err(format!("{name} has errors").into());
        }
    }
    let fastest = times.iter().min().copied().unwrap_or_default();
    let median = median(times);
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{name:<26} {:>6.1} ms fastest, {:>6.1} ms median, limit {} ms",
        ms(fastest),
        ms(median),
        limit.as_millis()
    );
    Ok(median < limit)
}
