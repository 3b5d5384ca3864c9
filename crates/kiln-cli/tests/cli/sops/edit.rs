//! `edit`: the plain text is in an editor, and nowhere else.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use super::programs::wait_for;
use super::{SECRET, Safe};
use crate::harness::Ran;

fn edit(safe: &Safe, editor: &str, arguments: &[&str]) -> Ran {
    safe.command(arguments).env("EDITOR", editor).output().expect("kiln was built").into()
}

#[test]
fn what_the_editor_leaves_is_encrypted() {
    let safe = Safe::new();
    for arguments in [&["edit", "a.yaml"][..], &["a.yaml"]] {
        safe.sealed("a.yaml", "a: old\nb: kept\n");
        let ran = edit(&safe, "sed -i s/old/hunter2/", arguments);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(!safe.sandbox.read("a.yaml").contains(SECRET));
        assert_eq!(safe.done(&["decrypt", "a.yaml"]), "a: hunter2\nb: kept\n");
    }
}

#[test]
fn the_text_is_private_lies_in_memory_and_is_gone_afterwards() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: hunter2\n");
    let look = safe.script("look", "stat -c %a \"$1\" \"$(dirname \"$1\")\" > seen; echo \"$1\" >> seen");
    assert_eq!(edit(&safe, &look, &["edit", "a.yaml"]).code, 200);
    let seen = safe.sandbox.read("seen");
    let lines: Vec<&str> = seen.lines().collect();
    let [mode, folder, path] = lines.as_slice() else { panic!("{seen}") };
    assert_eq!((*mode, *folder), ("600", "700"));
    assert!(path.ends_with("/a.yaml"), "an editor knows the file by its name");
    assert!(!cfg!(target_os = "linux") || path.starts_with("/dev/shm/"), "{path}");
    assert!(!Path::new(path).parent().is_some_and(Path::exists), "{path}");
}

#[test]
fn what_cannot_be_read_is_opened_again() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: 1\n");
    let editor = safe.script(
        "editor",
        "if [ -e broken ]; then echo 'a: mended' > \"$1\"; else touch broken; echo 'a: [hunter2' > \"$1\"; fi",
    );
    let mut command = safe.command(&["edit", "a.yaml"]);
    command.env("EDITOR", editor).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("kiln was built");
    child.stdin.take().expect("it is piped").write_all(b"\n").expect("it is read");
    let ran = Ran::from(child.wait_with_output().expect("it ends"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("Press enter to return to the editor"), "{}", ran.stderr);
    assert!(!ran.stderr.contains(SECRET), "{}", ran.stderr);
    assert_eq!(safe.done(&["decrypt", "a.yaml"]), "a: mended\n");
}

#[test]
fn without_anybody_to_press_enter_it_ends() {
    let safe = Safe::new();
    let before = safe.sealed("a.yaml", "a: 1\n");
    let editor = safe.script("editor", "echo 'a: [' > \"$1\"");
    let ran = edit(&safe, &editor, &["edit", "a.yaml"]);
    assert!(ran.code == 2 && ran.stderr.contains("discarded"), "{}", ran.stderr);
    assert_eq!(safe.sandbox.read("a.yaml"), before);
}

#[test]
fn a_new_file_begins_with_an_example_of_its_format() {
    let safe = Safe::new();
    for name in ["new.yaml", "new.json", "new.env", "new.ini", "new.txt"] {
        let keep = safe.script("keep", "cp \"$1\" example; echo >> \"$1\"");
        let ran = edit(&safe, &keep, &["edit", name]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
        assert!(safe.sandbox.read("example").contains("xample"), "{name}");
        assert!(!safe.sandbox.read(name).contains("example_value"), "{name}");
        assert!(safe.done(&["decrypt", name]).contains("xample"), "{name}");
        assert_eq!(edit(&safe, "true", &["edit", name]).code, 200, "{name}");
    }
    assert_eq!(edit(&safe, "true", &["edit", "other.yaml"]).code, 200);
    assert!(!safe.path("other.yaml").exists(), "an example that nobody changed is not kept");
}

#[test]
fn the_metadata_can_be_shown_and_values_beside_them_changed() {
    let safe = Safe::new();
    for (name, plain, back) in [
        ("a.yaml", "a: old\n", "a: new\n"),
        ("a.json", "{\"a\": \"old\"}", "{\n\t\"a\": \"new\"\n}\n"),
        ("a.env", "A=old\n", "A=new\n"),
        ("a.ini", "[s]\na = old\n", "[s]\na = new\n"),
    ] {
        safe.sealed(name, plain);
        let editor = safe.script("editor", "cp \"$1\" seen; sed -i s/old/new/ \"$1\"");
        let ran = edit(&safe, &editor, &["edit", "-s", name]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
        assert!(safe.sandbox.read("seen").contains(&safe.recipients[0]), "{name}");
        assert_eq!(safe.done(&["decrypt", name]), back, "{name}");
    }
}

#[test]
fn vim_is_kept_from_writing_the_text_elsewhere() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: 1\n");
    // A program that prints what it is asked for; it takes `-n` for itself.
    let vim = safe.path("vim").display().to_string();
    fs::copy("/bin/echo", &vim).expect("there is an echo");
    let ran = edit(&safe, &vim, &["edit", "a.yaml"]);
    assert!(ran.stdout.starts_with("-i NONE -c "), "{}", ran.text());
    let ran = edit(&safe, &format!("{vim} -u mine"), &["edit", "a.yaml"]);
    assert!(ran.stdout.starts_with("-u mine /"), "{}", ran.text());
    let script = safe.script("bin/vim", "echo \"$@\"");
    let ran = edit(&safe, &script, &["edit", "a.yaml"]);
    assert!(ran.stdout.starts_with('/'), "{}", ran.text());
}

#[test]
fn a_signal_takes_the_text_along() {
    let safe = Safe::new();
    let before = safe.sealed("a.yaml", "a: hunter2\n");
    for (signal, code) in [("INT", Some(1)), ("TERM", Some(1)), ("HUP", None)] {
        let editor = safe.script("editor", "echo \"$1\" > path.new; mv path.new path; exec sleep 30");
        let mut command = safe.command(&["edit", "a.yaml"]);
        let mut child = command
            .env("EDITOR", editor)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("kiln was built");
        let path = wait_for(&safe, "path");
        let kill = std::process::Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        assert!(kill.expect("there is a kill").success());
        assert_eq!(child.wait().expect("it ends").code(), code, "{signal}");
        assert!(!Path::new(path.trim()).exists(), "{signal}: {path}");
        fs::remove_file(safe.path("path")).expect("it is there");
    }
    assert_eq!(safe.sandbox.read("a.yaml"), before);
}

#[test]
fn an_edit_that_would_leave_everything_in_clear_is_opened_again() {
    let safe = Safe::new();
    safe.sandbox.write("a.yaml", "data: {x: hunter2}\n");
    safe.done(&["encrypt", "--in-place", "--encrypted-regex", "^data$", "a.yaml"]);
    let before = safe.sandbox.read("a.yaml");
    let editor = safe.script("editor", "sed -i s/data/dtaa/ \"$1\"");
    let ran = edit(&safe, &editor, &["edit", "a.yaml"]);
    assert_ne!(ran.code, 0);
    assert_eq!(safe.sandbox.read("a.yaml"), before);
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
}
