//! What becomes of the files of the output folder, told command by command.
//!
//! Each tale is held against `corpus/disk/NAME.txt`, which has what was run, what was printed
//! (without the lines about stages), and the exit code. `UPDATE=1 cargo test --workspace --test cli
//! disk` writes them down; read them before they are committed.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use crate::harness::{Ran, Sandbox, state};

/// A project, and what happened to it so far.
struct Tale {
    sandbox: Sandbox,
    text: String,
}

/// A file of the project: its path, its template and a value.
type Line<'a> = (&'a str, &'a str, &'a str);

const TWO: &[Line<'_>] = &[("a.yaml", "value", "1"), ("b.yaml", "value", "1")];
const APP: &[Line<'_>] =
    &[("a.yaml", "value", "1"), ("apps/echo.yaml", "ks", "echo"), ("echo/config.yaml", "config", "echo")];

impl Tale {
    /// A project whose files were written once.
    fn begin(files: &[Line<'_>]) -> Tale {
        let mut tale = Tale { sandbox: Sandbox::empty(), text: String::new() };
        tale.sandbox.overlay("disk/project");
        tale.files(files);
        tale.run(&["configure"]);
        tale
    }

    /// Describes other files.
    fn files(&mut self, files: &[Line<'_>]) {
        let mut data = String::from("files:\n");
        for (path, template, value) in files {
            writeln!(data, "  - {{path: {path}, template: {template}, value: \"{value}\"}}")
                .expect("it is text");
        }
        self.sandbox.write("data.yaml", &data);
    }

    fn note(&mut self, what: &str) {
        writeln!(self.text, "# {what}\n").expect("it is text");
    }

    fn run(&mut self, arguments: &[&str]) -> i32 {
        let ran = self.sandbox.kiln(arguments);
        self.tell(arguments, &ran)
    }

    /// Runs a command on a terminal, where somebody types an answer.
    fn answer(&mut self, arguments: &[&str], answer: &str) -> i32 {
        let (code, stdout) = self.sandbox.answering(arguments, &[("NO_COLOR", "1")], answer);
        let typed = answer.replace('\u{4}', "");
        let stdout = stdout.strip_prefix(&typed).expect("a terminal shows what is typed").to_owned();
        self.tell(arguments, &Ran { code, stdout, stderr: String::new() })
    }

    fn tell(&mut self, arguments: &[&str], ran: &Ran) -> i32 {
        let is_told = |line: &&str| !line.contains(" ms  ") && !line.starts_with("kiln 0.");
        writeln!(self.text, "$ kiln {}", arguments.join(" ")).expect("it is text");
        for line in ran.stdout.lines().chain(ran.stderr.lines()).filter(is_told) {
            writeln!(self.text, "{line}").expect("it is text");
        }
        writeln!(self.text, "exit {}\n", ran.code).expect("it is text");
        ran.code
    }

    /// The user writes a file of the output folder.
    fn write(&self, path: &str, text: &str) {
        self.sandbox.write(&format!("out/{path}"), text);
    }

    fn read(&self, path: &str) -> String {
        self.sandbox.read(&format!("out/{path}"))
    }

    fn has(&self, path: &str) -> bool {
        fs::symlink_metadata(self.out(path)).is_ok()
    }

    fn out(&self, path: &str) -> std::path::PathBuf {
        self.sandbox.root().join("out").join(path)
    }

    /// Holds what happened against what is written down.
    #[allow(clippy::disallowed_methods, reason = "the corpus may be written anew")]
    fn end(self, name: &str) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/corpus/disk/{name}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&file, &self.text).expect("the corpus can be written");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(self.text, expected, "{name}");
    }
}

#[test]
fn an_edit_of_the_user_is_never_lost() {
    let mut tale = Tale::begin(TWO);
    tale.note("The user edits an output; nothing else changes.");
    tale.write("a.yaml", "value: mine\n");
    let before = state(&tale.out("."));
    tale.run(&["configure"]);
    tale.run(&["status"]);
    assert_eq!(state(&tale.out(".")), before);
    tale.note("The template comes to say the same.");
    tale.files(&[("a.yaml", "value", "mine"), ("b.yaml", "value", "1")]);
    assert_eq!(tale.run(&["configure"]), 0);
    tale.note("The user agrees to lose an edit.");
    tale.write("a.yaml", "value: other\n");
    tale.run(&["configure", "--force"]);
    assert_eq!(tale.read("a.yaml"), "value: mine\n");
    tale.end("user-edit");
}

#[test]
fn a_file_that_kiln_did_not_write_is_not_overwritten() {
    let mut tale = Tale::begin(TWO);
    tale.write("c.yaml", "value: foreign\n");
    tale.write("d.yaml", "value: 1\n");
    tale.note("One foreign file is in the way, another one already is as it would be written.");
    tale.files(&[TWO[0], TWO[1], ("c.yaml", "value", "1"), ("d.yaml", "value", "1")]);
    tale.run(&["configure"]);
    assert_eq!(tale.read("c.yaml"), "value: foreign\n");
    fs::remove_file(tale.out("c.yaml")).expect("it is there");
    tale.run(&["configure"]);
    tale.end("foreign-file");
}

#[test]
fn one_file_can_be_forced() {
    let mut tale = Tale::begin(TWO);
    tale.write("a.yaml", "value: mine\n");
    tale.write("b.yaml", "value: mine\n");
    tale.run(&["configure", "--force=a.yaml"]);
    tale.run(&["configure", "--force=a.yaml", "--force=b.yaml"]);
    tale.note("What is not in the way cannot be forced.");
    tale.write("a.yaml", "value: mine\n");
    tale.run(&["configure", "--force=a.yaml", "--force=b.yml"]);
    assert_eq!(tale.read("a.yaml"), "value: mine\n");
    tale.end("force-one");
}

#[test]
fn a_file_that_is_no_longer_an_output_goes() {
    let mut tale = Tale::begin(&[TWO[0], ("old/deep/b.yaml", "value", "1"), ("c.yaml", "value", "1")]);
    tale.write("old/mine.txt", "mine\n");
    tale.write("c.yaml", "value: mine\n");
    tale.files(&TWO[..1]);
    tale.run(&["diff"]);
    tale.run(&["configure", "--no-prune"]);
    tale.run(&["status"]);
    tale.run(&["configure"]);
    assert!(!tale.has("old/deep") && tale.has("old/mine.txt") && tale.has("c.yaml"));
    tale.end("stale-file");
}

#[test]
fn a_file_and_a_folder_take_each_others_place() {
    let mut tale = Tale::begin(&[("a", "value", "1"), ("b/c.yaml", "value", "1")]);
    tale.files(&[("a/c.yaml", "value", "1"), ("b", "value", "1")]);
    tale.run(&["diff"]);
    tale.run(&["configure"]);
    assert_eq!((tale.read("a/c.yaml"), tale.read("b")), ("value: 1\n".into(), "value: 1\n".into()));
    tale.note("Back again, but not what the user changed or wrote.");
    tale.files(&[("a", "value", "1"), ("b/c.yaml", "value", "1")]);
    tale.write("a/mine.txt", "mine\n");
    tale.write("b", "mine\n");
    let before = state(&tale.out("."));
    tale.run(&["configure", "--force"]);
    assert_eq!(state(&tale.out(".")), before);
    tale.note("Files that are to stay give no way.");
    fs::remove_file(tale.out("a/mine.txt")).expect("it is there");
    tale.write("b", "value: 1\n");
    tale.run(&["configure", "--no-prune"]);
    assert_eq!(tale.run(&["configure"]), 0);
    tale.end("file-and-folder");
}

#[test]
fn a_link_is_followed_if_it_is_relative() {
    let mut tale = Tale::begin(&[("real/a.yaml", "value", "1")]);
    let real = tale.out("real").canonicalize().expect("it is there");
    fs::create_dir(tale.out("deep")).expect("nothing is in the way");
    symlink(&real, tale.out("deep/link")).expect("nothing is in the way");
    tale.files(&[("real/a.yaml", "value", "1"), ("deep/link/b.yaml", "value", "1")]);
    tale.run(&["configure"]);
    assert!(!tale.has("real/b.yaml"));
    tale.note("The link is made relative.");
    fs::remove_file(tale.out("deep/link")).expect("it is there");
    symlink("../real", tale.out("deep/link")).expect("nothing is in the way");
    tale.run(&["configure"]);
    assert_eq!(tale.read("real/b.yaml"), "value: 1\n");
    tale.end("link");
}

#[test]
fn a_template_that_moves_moves_its_output() {
    let mut tale = Tale::begin(TWO);
    tale.files(&[("moved/a.yaml", "value", "1"), TWO[1]]);
    tale.run(&["configure"]);
    assert!(!tale.has("a.yaml") && tale.read("moved/a.yaml") == "value: 1\n");
    tale.note("Another template makes the same file.");
    tale.files(&[("moved/a.yaml", "other", "1"), TWO[1]]);
    tale.run(&["configure"]);
    assert!(tale.read("kiln.lock").contains("template = \"other.j2\" }\n"), "{}", tale.read("kiln.lock"));
    tale.end("moved-template");
}

#[test]
fn what_the_cluster_would_delete_needs_consent() {
    let mut tale = Tale::begin(APP);
    tale.files(&APP[..1]);
    tale.run(&["validate"]);
    let before = state(&tale.out("."));
    assert_eq!(tale.run(&["configure"]), 3);
    assert_eq!(state(&tale.out(".")), before);
    tale.run(&["configure", "--no-prune"]);
    tale.run(&["configure", "--prune"]);
    assert!(!tale.has("apps") && !tale.has("echo"));
    tale.note("Somewhere else, where only the repository is known, another one goes.");
    tale.files(APP);
    tale.run(&["configure"]);
    assert!(!tale.has(".kiln"));
    tale.files(&APP[..1]);
    tale.run(&["diff", "--exit-code"]);
    assert_eq!(tale.run(&["configure"]), 0);
    assert!(!tale.has("apps"));
    tale.note("The agreement is taken back.");
    let lock = tale.read("kiln.lock");
    assert_eq!(lock.matches("prune = true\n").count(), 1, "{lock}");
    tale.write("kiln.lock", &lock.replace("prune = true\n", ""));
    tale.files(APP);
    tale.run(&["configure"]);
    tale.files(&APP[..1]);
    assert_eq!(tale.run(&["configure"]), 3);
    tale.note("The Kustomization moves to another file.");
    tale.files(&[APP[0], ("moved/echo.yaml", "ks", "echo"), APP[2]]);
    tale.run(&["configure"]);
    assert!(!tale.has("apps") && tale.has("moved/echo.yaml"));
    tale.end("removed-component");
}

#[test]
fn on_a_terminal_what_goes_is_asked_for() {
    let mut tale = Tale::begin(APP);
    tale.files(&APP[..1]);
    let before = state(&tale.out("."));
    for (what, answer) in
        [("no", "n\n"), ("nothing that is an answer", "maybe\n"), ("that there is nothing more", "\u{4}")]
    {
        tale.note(&format!("Somebody says {what}."));
        assert_eq!(tale.answer(&["configure"], answer), 3);
        assert_eq!(tale.answer(&["reset"], answer), 3);
        assert_eq!(state(&tale.out(".")), before);
    }
    tale.note("Somebody says yes.");
    assert_eq!(tale.answer(&["configure"], "y\n"), 0);
    assert!(!tale.has("apps"));
    assert!(!tale.read("kiln.lock").contains("prune"), "a yes is for these files alone");
    assert_eq!(tale.answer(&["reset"], "yes\n"), 0);
    assert_eq!(state(&tale.out(".")).len(), 0);
    tale.end("prompts");
}

#[test]
fn an_adopted_file_is_left_alone() {
    let mut tale = Tale::begin(TWO);
    tale.write("a.yaml", "value: mine\n");
    tale.run(&["adopt", "a.yaml"]);
    tale.run(&["adopt", "b.yml"]);
    tale.run(&["configure"]);
    tale.run(&["configure", "--force"]);
    tale.run(&["status"]);
    assert_eq!(tale.read("a.yaml"), "value: mine\n");
    tale.note("It is given back.");
    tale.run(&["configure", "--force=a.yaml"]);
    tale.run(&["status"]);
    assert_eq!(tale.read("a.yaml"), "value: 1\n");
    tale.end("adopted-file");
}

#[test]
fn a_reset_takes_back_what_kiln_wrote() {
    let mut tale = Tale::begin(APP);
    tale.write("a.yaml", "value: mine\n");
    tale.write("mine.txt", "mine\n");
    tale.run(&["reset"]);
    tale.run(&["reset", "--yes"]);
    tale.run(&["reset", "--yes"]);
    let left: Vec<String> = state(&tale.out(".")).into_keys().collect();
    assert_eq!(left, ["a.yaml", "mine.txt"]);
    tale.end("reset");
}

#[test]
fn a_lock_that_cannot_be_read_stops_everything() {
    let mut tale = Tale::begin(TWO);
    let lock = tale.read("kiln.lock");
    tale.note("Two branches were merged.");
    tale.write("kiln.lock", &lock.replace("[outputs]", "<<<<<<< HEAD\n[outputs]"));
    tale.run(&["configure"]);
    tale.note("A hash was cut.");
    tale.write("kiln.lock", &lock.replacen("sha256 = \"", "sha256 = \"x", 1));
    tale.run(&["configure"]);
    tale.run(&["reset", "--yes"]);
    tale.note("A newer kiln was here.");
    tale.write("kiln.lock", &lock.replace("format = 1", "format = 2"));
    tale.run(&["configure"]);
    tale.note("A lock of an older version has no templates.");
    let old: String =
        lock.lines().map(|line| format!("{}\n", line.replace(", template = \"value.j2\"", ""))).collect();
    tale.write("kiln.lock", &old);
    tale.run(&["configure"]);
    assert_eq!(tale.read("kiln.lock"), lock);
    tale.end("lock");
}

/// The journal is that of a commit that updates `a.yaml`, creates `b.yaml` and removes `c.yaml`; its
/// hashes are those of `sha256sum`.
fn interrupted(change: impl FnOnce(&Tale)) -> Tale {
    let mut tale = Tale::begin(&[("a.yaml", "value", "1"), ("c.yaml", "value", "1")]);
    tale.files(&[("a.yaml", "value", "2"), ("b.yaml", "value", "2")]);
    tale.write(".kiln/state/journal", include_str!("../corpus/disk/journal"));
    tale.write(".kiln/state/.gitignore", "*\n");
    tale.write(".kiln-fc6e292dc06e-1.tmp", "value");
    change(&tale);
    tale
}

#[test]
fn what_a_run_was_cut_short_in_is_finished_by_the_next() {
    let mut tale = interrupted(|tale| tale.write("a.yaml", "value: 2\n"));
    let before = state(&tale.out("."));
    tale.run(&["diff"]);
    tale.run(&["status"]);
    assert_eq!(state(&tale.out(".")), before, "who only looks changes nothing");
    tale.run(&["configure"]);
    let left: Vec<String> = state(&tale.out(".")).into_keys().collect();
    assert_eq!(left, ["a.yaml", "b.yaml", "kiln.lock"]);
    tale.run(&["diff", "--exit-code"]);
    tale.end("interrupted");
}

#[test]
fn what_was_cut_short_can_be_finished_by_itself() {
    let mut tale = interrupted(|tale| tale.write("a.yaml", "value: mine\n"));
    tale.run(&["recover"]);
    tale.run(&["recover"]);
    assert_eq!((tale.read("a.yaml"), tale.read("b.yaml")), ("value: mine\n".into(), "value: 2\n".into()));
    assert!(!tale.has("c.yaml") && !tale.has(".kiln"));
    tale.note("A journal that was not written to its end decides nothing.");
    tale.write(".kiln/state/journal.tmp", "kiln journal 1\nwrite 644 - 9 z.yaml\nval");
    tale.run(&["recover"]);
    assert!(!tale.has(".kiln") && !tale.has("z.yaml"));
    tale.end("recover");
}

#[test]
fn an_output_folder_that_cannot_be_written_is_left_as_it_is() {
    let mut tale = Tale::begin(TWO);
    tale.files(&[("a.yaml", "value", "2"), ("new/b.yaml", "value", "2")]);
    let out = tale.out(".");
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).expect("it is ours");
    let before = state(&out);
    let mut command = tale.sandbox.command(&["configure"]);
    if fs::metadata(&out).expect("it is there").uid() == 0 {
        // What root may not write is not said by modes.
        command.uid(65534).gid(65534);
    }
    let ran: Ran = command.output().expect("kiln was built").into();
    tale.tell(&["configure"], &ran);
    assert_eq!(state(&out), before);
    fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).expect("it is ours");
    tale.end("read-only");
}

#[test]
fn something_else_in_the_place_of_an_output_is_left_as_it_is() {
    let mut tale = Tale::begin(&[TWO[0], ("c/d.yaml", "value", "1"), ("e.yaml", "value", "1")]);
    tale.sandbox.write("outside/d.yaml", "value: outside\n");
    tale.note("A folder for a file, a link for a folder, a link for a file.");
    fs::remove_file(tale.out("a.yaml")).expect("it is there");
    tale.write("a.yaml/mine", "mine\n");
    fs::rename(tale.out("c"), tale.out("kept")).expect("it is there");
    symlink("../outside", tale.out("c")).expect("nothing is in the way");
    fs::remove_file(tale.out("e.yaml")).expect("it is there");
    symlink("../outside/d.yaml", tale.out("e.yaml")).expect("nothing is in the way");
    tale.run(&["configure", "--force"]);
    tale.note("The folder of the outputs is a file.");
    tale.run(&["configure", "--output", "data.yaml"]);
    assert_eq!(tale.sandbox.read("outside/d.yaml"), "value: outside\n");
    tale.end("obstructed");
}

#[test]
fn a_pack_cannot_write_out_of_the_output_folder() {
    let mut tale = Tale::begin(TWO);
    tale.note("Paths that a hostile pack could ask for.");
    for path in
        ["../evil.yaml", "/tmp/evil.yaml", "a/../../evil.yaml", ".git/hooks/x", ".kiln/state/x", "con.yaml"]
    {
        tale.files(&[TWO[0], TWO[1], (path, "value", "evil")]);
        assert_eq!(tale.run(&["configure", "--force"]), 1, "{path}");
    }
    assert!(!tale.sandbox.root().join("evil.yaml").exists() && !tale.has(".git"));
    tale.end("hostile-paths");
}

#[test]
fn names_with_spaces_and_other_letters_are_names() {
    let mut tale = Tale::begin(&[("with space/ü ñ 日本.yaml", "value", "1")]);
    assert_eq!(tale.read("with space/ü ñ 日本.yaml"), "value: 1\n");
    tale.files(TWO);
    tale.run(&["configure"]);
    assert!(!tale.has("with space"));
    tale.end("names");
}

#[test]
fn a_second_run_waits_or_fails_as_it_is_told() {
    let mut tale = Tale::begin(TWO);
    tale.files(&[("a.yaml", "value", "2"), TWO[1]]);
    let folder = fs::File::open(tale.out(".")).expect("it is there");
    folder.lock().expect("nobody holds it");
    tale.run(&["configure", "--no-wait"]);
    assert_eq!(tale.read("a.yaml"), "value: 1\n");
    let mut command = tale.sandbox.command(&["configure"]);
    let waiting = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("kiln was built");
    while !is_waiting(waiting.id()) {
        sleep(Duration::from_millis(10));
    }
    drop(folder);
    let ran: Ran = waiting.wait_with_output().expect("it ends").into();
    tale.tell(&["configure"], &ran);
    assert_eq!(tale.read("a.yaml"), "value: 2\n");
    tale.end("one-at-a-time");
}

/// Whether a process waits for a lock, as the system tells (`/proc/locks`, proc(5)).
#[allow(clippy::disallowed_methods, reason = "the test asks the system")]
fn is_waiting(process: u32) -> bool {
    let locks = fs::read_to_string("/proc/locks").expect("the system tells of locks");
    let is_ours =
        |line: &str| line.contains("->") && line.split_whitespace().any(|word| word == process.to_string());
    locks.lines().any(is_ours)
}
