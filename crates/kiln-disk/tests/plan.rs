//! Plans and commits, through the public face of the crate, on real folders.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "these tests look at what is on the disk")]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use kiln_disk::{Action, CommitError, LOCK_FILE, Plan, PlanError, Reason, Target, plan};
use kiln_model::{Artifact, Diagnostics, Rendered, Sources, Span};

fn artifact(path: &str, text: &str) -> Artifact {
    Artifact::clear(&Rendered::new(path, text, Span::NONE, Vec::new())).unwrap()
}

fn artifacts(outputs: &[(&str, &str)]) -> Vec<Artifact> {
    outputs.iter().map(|(path, text)| artifact(path, text)).collect()
}

fn plan_with(
    root: &Path,
    outputs: &[(&str, &str)],
    force: bool,
) -> (Result<Plan, PlanError>, Vec<(String, String)>) {
    let mut sink = Diagnostics::new();
    let target = Target { root, kiln: "0.1.0", pack: "demo 1", force, is_partial: false };
    let plan = plan(&target, artifacts(outputs), &mut Sources::new(), &mut sink);
    (plan, sink.iter().map(|it| (it.code.to_string(), it.message.clone())).collect())
}

fn planned(root: &Path, outputs: &[(&str, &str)]) -> Plan {
    plan_with(root, outputs, false).0.unwrap_or_else(|error| panic!("{error}"))
}

fn actions(plan: &Plan) -> Vec<(&str, Action)> {
    plan.changes().iter().map(|change| (change.path(), change.action())).collect()
}

fn read(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

/// Every path below `root` with its inode, time and permissions.
fn state(root: &Path) -> Vec<(String, u64, i64, u32)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let meta = fs::symlink_metadata(&path).unwrap();
            let time = meta.mtime() * 1_000_000_000 + meta.mtime_nsec();
            found.push((path.display().to_string(), meta.ino(), time, meta.mode()));
            if meta.is_dir() {
                folders.push(path);
            }
        }
    }
    found.sort();
    found
}

const TWO: &[(&str, &str)] = &[("b.yaml", "b: 1\n"), ("a/x.yaml", "x: 1\n")];

#[test]
fn a_first_commit_creates_the_folder_the_files_and_the_lock() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("new/out");
    let plan = planned(&root, TWO);
    assert_eq!(actions(&plan), [("a/x.yaml", Action::Create), ("b.yaml", Action::Create)]);
    assert!(!root.exists(), "a plan alone writes nothing");
    let receipt = plan.commit().unwrap();
    assert_eq!((receipt.created, receipt.updated, receipt.kept, receipt.lock_written), (2, 0, 0, true));
    assert_eq!(read(&root, "a/x.yaml"), "x: 1\n");
    // sha256sum of `b: 1\n`, by coreutils.
    let b = "08e60701d32af867a9df2a88cc0a72b634187039d243c4dd3afe1b87b957c97d";
    assert!(read(&root, LOCK_FILE).contains(&format!("\"b.yaml\" = {{ sha256 = \"{b}\" }}\n")));
}

#[test]
fn a_second_commit_writes_nothing_at_all() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), TWO).commit().unwrap();
    let before = state(temp.path());
    let plan = planned(temp.path(), TWO);
    assert!(plan.is_empty());
    let receipt = plan.commit().unwrap();
    assert_eq!((receipt.kept, receipt.lock_written), (2, false));
    assert_eq!(state(temp.path()), before);
}

#[test]
fn only_changed_files_are_written_and_they_keep_their_permissions() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), TWO).commit().unwrap();
    fs::set_permissions(temp.path().join("b.yaml"), fs::Permissions::from_mode(0o755)).unwrap();
    let untouched = fs::metadata(temp.path().join("a/x.yaml")).unwrap().ino();
    let plan = planned(temp.path(), &[("a/x.yaml", "x: 1\n"), ("b.yaml", "b: 2\n")]);
    assert_eq!(actions(&plan), [("a/x.yaml", Action::Keep), ("b.yaml", Action::Update)]);
    assert_eq!(plan.changes()[1].old_bytes(), Some(b"b: 1\n".as_slice()));
    plan.commit().unwrap();
    let written = fs::metadata(temp.path().join("b.yaml")).unwrap();
    assert_eq!(written.mode() & 0o777, 0o755);
    assert_eq!(fs::metadata(temp.path().join("a/x.yaml")).unwrap().ino(), untouched);
}

#[test]
fn a_file_that_the_user_changed_is_refused_unless_forced() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), TWO).commit().unwrap();
    fs::write(temp.path().join("b.yaml"), "mine\n").unwrap();
    fs::write(temp.path().join("c.yaml"), "also mine\n").unwrap();
    let next = [("b.yaml", "b: 2\n"), ("c.yaml", "c: 1\n"), ("d.yaml", "d: 1\n")];
    let before = state(temp.path());
    let plan = planned(temp.path(), &next);
    assert_eq!(
        actions(&plan),
        [
            ("b.yaml", Action::Conflict(Reason::Changed)),
            ("c.yaml", Action::Conflict(Reason::Foreign)),
            ("d.yaml", Action::Create)
        ]
    );
    assert!(matches!(plan.commit(), Err(CommitError::Refused { count: 2, .. })));
    assert_eq!(state(temp.path()), before);

    plan_with(temp.path(), &next, true).0.unwrap().commit().unwrap();
    assert_eq!(read(temp.path(), "b.yaml"), "b: 2\n");
    assert!(planned(temp.path(), &next).is_empty());
}

#[test]
fn a_file_that_already_is_as_we_would_write_it_is_taken_over() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("b.yaml"), "b: 1\n").unwrap();
    let plan = planned(temp.path(), &[("b.yaml", "b: 1\n")]);
    assert_eq!(actions(&plan), [("b.yaml", Action::Keep)]);
    assert!(!plan.is_empty(), "the lock does not know it yet");
    plan.commit().unwrap();
    let next = planned(temp.path(), &[("b.yaml", "b: 2\n")]);
    assert_eq!(actions(&next), [("b.yaml", Action::Update)]);
}

#[test]
fn a_deleted_file_comes_back() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), TWO).commit().unwrap();
    fs::remove_file(temp.path().join("b.yaml")).unwrap();
    assert_eq!(planned(temp.path(), TWO).count(Action::Create), 1);
}

#[test]
fn a_file_that_is_no_longer_an_output_is_reported_and_stays_known() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), TWO).commit().unwrap();
    for _ in 0..2 {
        let (plan, said) = plan_with(temp.path(), &TWO[..1], false);
        assert_eq!(said, [("plan.stale".to_owned(), "`a/x.yaml` is no longer an output".to_owned())]);
        plan.unwrap().commit().unwrap();
        assert!(temp.path().join("a/x.yaml").exists());
    }
    fs::remove_file(temp.path().join("a/x.yaml")).unwrap();
    let (plan, said) = plan_with(temp.path(), &TWO[..1], false);
    assert!(said.is_empty());
    plan.unwrap().commit().unwrap();
    assert!(!read(temp.path(), LOCK_FILE).contains("a/x.yaml"));
}

#[test]
fn an_output_with_plain_secrets_is_private() {
    let temp = tempfile::tempdir().unwrap();
    let make = |text: &str| {
        let rendered = Rendered::new("s.conf", text, Span::NONE, Vec::new());
        let target =
            Target { root: temp.path(), kiln: "0.1.0", pack: "demo 1", force: false, is_partial: false };
        let private = vec![Artifact::clear_by_exception(&rendered)];
        plan(&target, private, &mut Sources::new(), &mut Diagnostics::new()).unwrap().commit().unwrap();
        fs::metadata(temp.path().join("s.conf")).unwrap().mode() & 0o777
    };
    assert_eq!(make("one\n"), 0o600);
    fs::set_permissions(temp.path().join("s.conf"), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(make("two\n"), 0o600);
}

#[test]
fn all_bad_paths_are_reported_and_nothing_is_planned() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path();
    let outputs = [("../up", ""), ("/abs", ""), ("a\\b", ""), ("X", ""), ("x", ""), (".git/config", "")];
    let (plan, said) = plan_with(root, &outputs, true);
    assert!(matches!(plan, Err(PlanError::Reported(_))));
    let mut codes: Vec<&str> = said.iter().map(|(code, _)| code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "plan.path-collision",
            "plan.path-outside",
            "plan.path-outside",
            "plan.path-reserved",
            "plan.path-unusable"
        ]
    );
}

#[test]
fn what_stands_in_the_way_on_disk_is_reported_even_with_force() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    fs::create_dir_all(root.join("folder")).unwrap();
    fs::write(root.join("file"), "x").unwrap();
    symlink(temp.path(), root.join("away")).unwrap();
    symlink("folder", root.join("inside")).unwrap();
    symlink("/etc/hostname", root.join("link")).unwrap();
    let outputs =
        [("folder", ""), ("file/x", ""), ("away/x", ""), ("away/y", ""), ("inside/x", ""), ("link", "")];
    let (plan, said) = plan_with(&root, &outputs, true);
    assert!(plan.is_err());
    let messages: Vec<&str> = said.iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`away` is a link that leads out of the output folder, so `away/x` is not written",
            "`file` is a file where `file/x` needs a folder",
            "a folder stands where the file `folder` has to go",
            "`link` is not a regular file",
        ]
    );
    assert!(said.iter().all(|(code, _)| code == "plan.obstructed"));
}

#[test]
fn a_damaged_lock_stops_the_plan() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join(LOCK_FILE), "<<<<<<< HEAD\n").unwrap();
    let (plan, said) = plan_with(temp.path(), TWO, true);
    assert!(matches!(plan, Err(PlanError::Reported(_))));
    assert_eq!(said, [("plan.lock-damaged".to_owned(), "`kiln.lock` is damaged".to_owned())]);
}

#[test]
fn a_lock_that_cannot_be_read_is_a_failure_of_the_world() {
    let temp = tempfile::tempdir().unwrap();
    fs::create_dir(temp.path().join(LOCK_FILE)).unwrap();
    let Err(PlanError::Read { path, reason, .. }) = plan_with(temp.path(), TWO, false).0 else {
        panic!("expected a failure to read");
    };
    assert!(path.ends_with("kiln.lock"));
    assert_eq!(reason, "is a folder");
}

#[test]
fn a_failure_half_way_puts_everything_back() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    planned(&root, &[("a.yaml", "old\n")]).commit().unwrap();
    let lock = read(&root, LOCK_FILE);
    let plan = planned(&root, &[("a.yaml", "new\n"), ("b/c/new.yaml", "new\n"), ("z", "new\n")]);
    // Someone puts a folder in the way after the plan was made.
    fs::create_dir_all(root.join("z/full")).unwrap();
    let Err(CommitError::Write { path, unrestored, .. }) = plan.commit() else {
        panic!("expected a failure to write");
    };
    assert_eq!((path.as_str(), unrestored.len()), ("z", 0));
    assert_eq!(read(&root, "a.yaml"), "old\n");
    assert_eq!(read(&root, LOCK_FILE), lock);
    let mut names: Vec<_> =
        fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["a.yaml", "kiln.lock", "z"]);
}

#[test]
fn a_file_where_the_output_folder_should_be_is_not_written_over() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("file");
    fs::write(&root, "mine").unwrap();
    let (plan, _) = plan_with(&root, &[("a", "1")], true);
    assert!(matches!(plan, Err(PlanError::Read { reason: "is not a folder", .. })));
    assert_eq!(read(temp.path(), "file"), "mine");
}
