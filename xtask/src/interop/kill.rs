//! The real command is killed at every system call of a commit, and runs out of disk; the tree is the
//! old one or the new one.
//!
//! strace kills it as it enters a call, before the system does what was asked. Only the main thread is
//! watched: the commit is made there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

use super::example::{build_command, copy_into, read_tree};
use super::{Bench, Tally};
use crate::Result;
use crate::command::Run;

/// How many files change.
const FILES: usize = 60;

const PACK: &str = "[pack]\nname = \"many\"\nversion = \"1.0.0\"\nformat = 1\n\n\
    [[data]]\nfile = \"data\"\nschema = \"data\"\n\n\
    [[generate]]\nid = \"file\"\neach = \"range(count) | list\"\nas = \"number\"\n\
    template = \"file.j2\"\npath = \"{{ folder }}/{{ number % 7 }}/{{ number }}.txt\"\n";
const SCHEMA: &str = r#"{"type": "object", "required": ["count", "folder", "value"], "properties": {
    "count": {"type": "integer"}, "folder": {"type": "string"}, "value": {"type": "string"},
    "repeat": {"type": "integer", "default": 1}}}"#;
const TEMPLATE: &str = "{{ number }} {{ value * repeat }}\n";

/// The calls that write somewhere, or prepare it.
const WRITES: &str = "trace=write,writev,pwrite64,pwritev,pwritev2,open,openat,openat2,creat,mkdir,mkdirat,\
    rename,renameat,renameat2,unlink,unlinkat,rmdir,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,\
    truncate,ftruncate,fallocate,utimensat,fsync,fdatasync,syncfs,sync";

/// Every file of a tree.
type Tree = BTreeMap<String, Vec<u8>>;

/// A folder as it is before the commit and after, and what makes the one of the other.
struct Stage {
    program: PathBuf,
    folder: TempDir,
    old: Tree,
    new: Tree,
}

/// Kills it, fills its disk, and watches a run without changes.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let stage = Stage::set(&build_command(bench.root)?)?;
    tally.claim("killed at every system call", killed_everywhere(&stage));
    tally.claim("a full disk", full_disk(&stage));
    tally.claim("a run without changes writes to standard output and error alone", unchanged(&stage));
    Ok(())
}

impl Stage {
    /// Writes the old tree, and finds out what the new one is.
    fn set(program: &Path) -> Result<Stage> {
        let folder = in_memory()?;
        let project = folder.path().join("project");
        for (path, text) in [
            ("kiln.toml", "pack = \"pack\"\n"),
            ("pack/pack.toml", PACK),
            ("pack/schemas/data.schema.json", SCHEMA),
            ("pack/templates/file.j2", TEMPLATE),
        ] {
            let place = project.join(path);
            std::fs::create_dir_all(place.parent().ok_or("a file lies in a folder")?)?;
            std::fs::write(place, text)?;
        }
        let mut stage = Stage { program: program.to_owned(), folder, old: Tree::new(), new: Tree::new() };
        let old = stage.folder.path().join("old");
        stage.data("a", "old", 1)?;
        stage.configure(&old).stdout()?;
        std::fs::write(old.join("a/0/foreign.txt"), "foreign\n")?;
        // Other values for all files, in a folder of another name for some: what stood there goes.
        stage.data("a", "new", 1)?;
        let new = stage.folder.path().join("new");
        copy_into(&old, &new)?;
        let data = std::fs::read_to_string(stage.project().join("data.yaml"))?;
        std::fs::write(stage.project().join("data.yaml"), data.replace("count: 70", "count: 60"))?;
        stage.configure(&new).stdout()?;
        (stage.old, stage.new) = (read_tree(&old)?, read_tree(&new)?);
        let gone = stage.old.keys().filter(|path| !stage.new.contains_key(*path)).count();
        let changed = stage.new.iter().filter(|(path, it)| stage.old.get(*path) != Some(it)).count();
        if (gone, changed) != (10, FILES + 1) {
            return Err(format!("{gone} files go and {changed} change").into());
        }
        Ok(stage)
    }

    fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    fn data(&self, folder: &str, value: &str, repeat: usize) -> Result<()> {
        let text = format!("count: {}\nfolder: {folder}\nvalue: {value}\nrepeat: {repeat}\n", FILES + 10);
        Ok(std::fs::write(self.project().join("data.yaml"), text)?)
    }

    fn arguments(&self, output: &Path) -> [std::ffi::OsString; 5] {
        let (project, output) = (self.project().into_os_string(), output.as_os_str().to_owned());
        ["configure".into(), "--project".into(), project, "--output".into(), output]
    }

    fn configure(&self, output: &Path) -> Run {
        Run::new(&self.program).args(self.arguments(output))
    }

    /// The command under strace with these options.
    fn traced(&self, options: &[&str], output: &Path) -> Run {
        Run::new("strace").args(options).arg(&self.program).args(self.arguments(output))
    }

    /// A copy of the old tree.
    fn old_tree(&self) -> Result<TempDir> {
        let copy = in_memory()?;
        copy_into(&self.folder.path().join("old"), &copy.path().join("out"))?;
        Ok(copy)
    }
}

/// A folder where nothing waits for a disk.
fn in_memory() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() { TempDir::new_in(memory)? } else { TempDir::new()? })
}

/// A system call: its name, and how many of this name come before it and with it.
type Call = (String, usize);

/// Kills the command at each call, from the first that writes to the output folder to the last one
/// of all, and lets `kiln recover` do what is left.
fn killed_everywhere(stage: &Stage) -> Result<()> {
    let calls = calls_of_commit(stage)?;
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(call) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
            let is_new = killed_at(stage, call).map_err(|error| format!("{call:?}: {error}"));
            found.lock().unwrap_or_else(PoisonError::into_inner).push(is_new);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (good, bad): (Vec<_>, Vec<_>) = found.into_iter().partition(std::result::Result::is_ok);
    let finished = good.iter().filter(|is_new| **is_new == Ok(true)).count();
    let kept = good.len() - finished;
    println!(
        "{:<22} {} calls: {kept} times the old tree, {finished} times the new one",
        "killed",
        calls.len()
    );
    if let Some(Err(first)) = bad.first() {
        return Err(format!("{} times neither, such as {first}", bad.len()).into());
    }
    if kept < 10 || finished < FILES { Err("the kills did not reach the commit".into()) } else { Ok(()) }
}

/// The calls of the main thread, from the first that belongs to the commit on.
fn calls_of_commit(stage: &Stage) -> Result<Vec<Call>> {
    let copy = stage.old_tree()?;
    let log = copy.path().join("log");
    let options = ["-s", "256", "-o", log.to_str().ok_or("the path is text")?];
    stage.traced(&options, &copy.path().join("out")).stdout()?;
    if read_tree(&copy.path().join("out"))? != stage.new {
        return Err("under strace it writes something else".into());
    }
    let log = String::from_utf8_lossy(&std::fs::read(log)?).into_owned();
    let (mut counts, mut calls) = (BTreeMap::new(), Vec::new());
    // Signals and the end of the process are lines, but no calls.
    for line in log.lines().filter(|line| !line.starts_with(['+', '-'])) {
        let name = line.split('(').next().unwrap_or_default();
        let count: &mut usize = counts.entry(name.to_owned()).or_default();
        *count += 1;
        if !calls.is_empty() || (name.starts_with("mkdir") && line.contains(".kiln")) {
            calls.push((name.to_owned(), *count));
        }
    }
    if calls.is_empty() { Err("the commit makes no journal".into()) } else { Ok(calls) }
}

/// Kills the command at one call; gives whether the new tree is there in the end.
fn killed_at(stage: &Stage, (name, count): &Call) -> Result<bool> {
    let copy = stage.old_tree()?;
    let out = copy.path().join("out");
    let when = format!("inject={name}:signal=KILL:when={count}");
    stage.traced(&["-o", "/dev/null", "-e", &when], &out).outcome()?;
    let between = read_tree(&out)?;
    let is_whole = |(path, bytes): (&String, &Vec<u8>)| {
        let is_own = path.starts_with(".kiln/") || path.ends_with(".tmp");
        is_own || stage.old.get(path) == Some(bytes) || stage.new.get(path) == Some(bytes)
    };
    if let Some((path, _)) = between.iter().find(|it| !is_whole(*it)) {
        return Err(format!("`{path}` is torn").into());
    }
    let was_decided = between.contains_key(".kiln/state/journal");
    Run::new(&stage.program)
        .arg("recover")
        .arg("--project")
        .arg(stage.project())
        .arg("--output")
        .arg(&out)
        .stdout()?;
    let left = read_tree(&out)?;
    match (left == stage.old, left == stage.new) {
        (true, _) if !was_decided => Ok(false),
        (_, true) => Ok(true),
        _ => Err(difference(&left, &stage.new).into()),
    }
}

fn difference(found: &Tree, wanted: &Tree) -> String {
    let mut text = String::from("neither the old tree nor the new one;");
    let paths: std::collections::BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
    for path in paths.into_iter().filter(|path| found.get(*path) != wanted.get(*path)).take(5) {
        // Writing to a String cannot fail.
        let _ = write!(text, " `{path}`");
    }
    text
}

/// A disk of a megabyte, for files of two; where the test may not mount one, the system says that the
/// disk is full, at each write in turn.
fn full_disk(stage: &Stage) -> Result<()> {
    stage.data("a", "large", 8 * 1024)?;
    let copy = stage.old_tree()?;
    let (out, result) = (copy.path().join("out"), copy.path().join("result"));
    let script = "mkdir \"$0/disk\" && mount -t tmpfs -o size=1m none \"$0/disk\" && cp -a \"$0/out\" \"$0/disk\" \
        || exit 99; \"$@\" \"$0/disk/out\"; code=$?; cp -a \"$0/disk/out\" \"$0/result\"; exit $code";
    let [command, project, folder, output, _] = stage.arguments(&out);
    let run = Run::new("unshare").args(["-rm", "sh", "-c", script]).arg(copy.path()).arg(&stage.program);
    let outcome = run.args([command, project, folder, output]).outcome()?;
    if outcome.code() == Some(2) {
        println!("{:<22} on a tmpfs of 1 MiB", "a full disk");
        return is_refused(&outcome.stderr, &read_tree(&result)?, stage);
    }
    println!(
        "{:<22} injected, as no tmpfs can be mounted: {}",
        "a full disk",
        outcome.complaint().replace('\n', " ")
    );
    for at in (1..200).step_by(9) {
        let copy = stage.old_tree()?;
        let out = copy.path().join("out");
        let when = format!("inject=write:error=ENOSPC:when={at}+");
        let outcome = stage.traced(&["-o", "/dev/null", "-e", &when], &out).outcome()?;
        is_refused(&outcome.stderr, &read_tree(&out)?, stage)?;
    }
    Ok(())
}

fn is_refused(said: &[u8], left: &Tree, stage: &Stage) -> Result<()> {
    if *left != stage.old {
        return Err(difference(left, &stage.old).into());
    }
    let said = String::from_utf8_lossy(said);
    // Where standard error is full, too, there is nobody to tell.
    if said.is_empty() || said.contains("no space left") { Ok(()) } else { Err(said.into_owned().into()) }
}

/// Every call by which a run without changes could have written.
fn unchanged(stage: &Stage) -> Result<()> {
    let copy = stage.old_tree()?;
    let out = copy.path().join("out");
    stage.data("a", "old", 1)?;
    let log = copy.path().join("log");
    let options = ["-f", "-e", WRITES, "-o", log.to_str().ok_or("the path is text")?];
    stage.traced(&options, &out).stdout()?;
    let log = String::from_utf8_lossy(&std::fs::read(&log)?).into_owned();
    let calls = || log.lines().filter_map(|line| line.split_once(' ').map(|(_, call)| call.trim_start()));
    let is_call = |line: &&str| !line.starts_with(['+', '-', '<']);
    let may_write = |line: &&str| match line.split_once('(') {
        Some(("open" | "openat" | "openat2", rest)) => {
            // The terminal or the null device is no file.
            ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| rest.contains(flag))
                && !rest.contains("\"/dev/")
        }
        Some(("write" | "writev", rest)) => !rest.starts_with("1,") && !rest.starts_with("2,"),
        _ => true,
    };
    if !calls().any(|line| line.starts_with("write(1,")) {
        return Err("nothing was seen".into());
    }
    let found: Vec<&str> = calls().filter(is_call).filter(may_write).take(5).collect();
    if found.is_empty() { Ok(()) } else { Err(found.join("\n").into()) }
}
