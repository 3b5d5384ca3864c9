//! Programs that get what a file holds.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::Safe;

#[test]
fn values_become_variables() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "TEXT: |-\n  two\n  lines\nNUMBER: 12\nYES: true\nNOTHING: null\n");
    let printed = safe.done(&["exec-env", "a.yaml", "echo \"$TEXT|$NUMBER|$YES|$NOTHING|$KEPT\""]);
    assert_eq!(printed, "two\nlines|12|true|<nil>|\n", "as sops has it");
    let run = |option: &str| {
        let mut command = safe.command(&["exec-env", option, "a.yaml", "echo \"$NUMBER|$KEPT\""]);
        command.env("KEPT", "kept").output().expect("kiln was built").stdout
    };
    assert_eq!(run("--pristine=false"), b"12|kept\n");
    assert_eq!(run("--pristine"), b"12|\n");
    assert_eq!(run("--same-process"), b"12|kept\n");
}

#[test]
fn a_pipe_is_private_and_gone_afterwards() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: hunter2\n");
    let look = "test -p {} && stat -c %a {} $(dirname {}) && cat {} && echo {}";
    let printed = safe.done(&["exec-file", "a.yaml", look]);
    let lines: Vec<&str> = printed.lines().collect();
    let [mode, folder, value, path] = lines.as_slice() else { panic!("{printed}") };
    assert_eq!((*mode, *folder, *value), ("600", "700", "a: hunter2"));
    assert!(path.ends_with("/tmp-file"));
    assert!(!Path::new(path).parent().is_some_and(Path::exists), "{path}");
}

#[test]
fn a_file_is_private_lies_in_memory_and_is_gone_afterwards() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: hunter2\n");
    let look = "stat -c %a {} $(dirname {}) && cat {} {} && echo {}";
    let printed = safe.done(&["exec-file", "--no-fifo", "--filename", "x.yaml", "a.yaml", look]);
    let lines: Vec<&str> = printed.lines().collect();
    let [mode, folder, first, second, path] = lines.as_slice() else { panic!("{printed}") };
    assert_eq!((*mode, *folder, *first, *second), ("600", "700", "a: hunter2", "a: hunter2"));
    assert!(path.ends_with("/x.yaml"));
    assert!(!cfg!(target_os = "linux") || path.starts_with("/dev/shm/"), "{path}");
    assert!(!Path::new(path).parent().is_some_and(Path::exists), "{path}");
}

#[test]
fn a_program_that_reads_nothing_ends_as_well() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: 1\n");
    assert_eq!(safe.done(&["exec-file", "a.yaml", "echo done"]), "done\n");
}

#[test]
fn a_signal_takes_the_file_along() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: hunter2\n");
    for signal in ["INT", "TERM", "HUP"] {
        let line = "echo {} > path.new; mv path.new path; sleep 30";
        let mut command = safe.command(&["exec-file", "--no-fifo", "a.yaml", line]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("kiln was built");
        let path = wait_for(&safe, "path");
        assert!(Path::new(path.trim()).exists(), "{path}");
        let kill = std::process::Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        assert!(kill.expect("there is a kill").success());
        assert!(!child.wait().expect("it ends").success(), "{signal}");
        assert!(!Path::new(path.trim()).exists(), "{signal}: {path}");
        std::fs::remove_file(safe.path("path")).expect("it is there");
    }
}

/// The text of a file, once it is there.
pub(super) fn wait_for(safe: &Safe, name: &str) -> String {
    let start = Instant::now();
    while !safe.path(name).exists() {
        assert!(start.elapsed() < Duration::from_secs(20), "{name} does not come");
        std::thread::sleep(Duration::from_millis(10));
    }
    safe.sandbox.read(name)
}

#[test]
fn a_name_may_not_leave_the_folder() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: 1\n");
    for name in ["../x", "/tmp/x", "a/../../x"] {
        let ran = safe.sops(&["exec-file", "--filename", name, "a.yaml", "true"]);
        assert!(ran.code == 1 && ran.stderr.contains("not a local path"), "{name}: {}", ran.stderr);
    }
}

#[test]
fn nobody_becomes_a_user_that_is_not_there() {
    let safe = Safe::new();
    safe.sealed("a.env", "A=1\n");
    let ran = safe.sops(&["exec-env", "--user", "nobody-of-that-name", "a.env", "true"]);
    assert!(ran.code == 1 && ran.stderr.contains("unknown user"), "{}", ran.stderr);
}
