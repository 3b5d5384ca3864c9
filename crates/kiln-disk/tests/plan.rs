//! Plans and commits, through the public face of the crate, on real folders.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "these tests look at what is on the disk")]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use kiln_disk::{Action, CommitError, Force, Held, LOCK_FILE, Plan, PlanError, Reason, Target, hold, plan};
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
    let force = if force { Force::Everything } else { Force::Nothing };
    plan_as(&Target { force, ..target(root) }, outputs)
}

fn target(root: &Path) -> Target<'_> {
    Target { root, kiln: "0.1.0", pack: "demo 1", force: Force::Nothing, prune: true, is_partial: false }
}

fn plan_as(
    target: &Target<'_>,
    outputs: &[(&str, &str)],
) -> (Result<Plan, PlanError>, Vec<(String, String)>) {
    let mut sink = Diagnostics::new();
    let plan = plan(target, artifacts(outputs), &mut Sources::new(), &mut sink);
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
            ("a/x.yaml", Action::Remove),
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
fn a_file_that_is_no_longer_an_output_goes_with_its_empty_folders() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), &[("a/b/c.yaml", "1"), ("a/d/e.yaml", "1"), ("f.yaml", "1")]).commit().unwrap();
    fs::write(temp.path().join("a/d/mine"), "mine").unwrap();
    let (plan, said) = plan_with(temp.path(), &[("f.yaml", "1")], false);
    assert!(said.is_empty(), "{said:?}");
    let plan = plan.unwrap();
    assert_eq!(
        plan.removals().map(kiln_disk::Change::path).collect::<Vec<_>>(),
        ["a/b/c.yaml", "a/d/e.yaml"]
    );
    assert_eq!(plan.commit().unwrap().removed, 2);
    assert!(!temp.path().join("a/b").exists() && !temp.path().join("a/d/e.yaml").exists());
    assert_eq!(read(temp.path(), "a/d/mine"), "mine");
    assert!(planned(temp.path(), &[("f.yaml", "1")]).is_empty());
}

#[test]
fn a_file_that_is_no_longer_an_output_stays_known_if_it_is_to_stay() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), TWO).commit().unwrap();
    let keeping = Target { prune: false, ..target(temp.path()) };
    for _ in 0..2 {
        let (plan, said) = plan_as(&keeping, &TWO[..1]);
        assert_eq!(said, [("plan.stale".to_owned(), "`a/x.yaml` is no longer an output".to_owned())]);
        plan.unwrap().commit().unwrap();
        assert!(temp.path().join("a/x.yaml").exists());
    }
    planned(temp.path(), &TWO[..1]).commit().unwrap();
    assert!(!temp.path().join("a").exists() && !read(temp.path(), LOCK_FILE).contains("a/x.yaml"));
}

#[test]
fn a_file_that_is_no_longer_an_output_and_was_changed_stays() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), TWO).commit().unwrap();
    fs::write(temp.path().join("a/x.yaml"), "mine").unwrap();
    for _ in 0..2 {
        let (plan, said) = plan_with(temp.path(), &TWO[..1], false);
        assert_eq!(said.len(), 1);
        assert_eq!(said[0].0, "plan.stale-edited");
        plan.unwrap().commit().unwrap();
        assert_eq!(read(temp.path(), "a/x.yaml"), "mine");
    }
    fs::remove_file(temp.path().join("a/x.yaml")).unwrap();
    let (plan, said) = plan_with(temp.path(), &TWO[..1], false);
    assert!(said.is_empty());
    plan.unwrap().commit().unwrap();
    assert!(!read(temp.path(), LOCK_FILE).contains("a/x.yaml"));
}

#[test]
fn a_run_that_did_not_make_all_outputs_removes_none() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), TWO).commit().unwrap();
    let partial = Target { is_partial: true, ..target(temp.path()) };
    let plan = plan_as(&partial, &TWO[..1]).0.unwrap();
    assert_eq!((plan.not_compared(), plan.is_empty()), (&["a/x.yaml".to_owned()][..], true));
}

#[test]
fn one_file_can_be_forced_alone() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), TWO).commit().unwrap();
    fs::write(temp.path().join("b.yaml"), "mine\n").unwrap();
    fs::write(temp.path().join("a/x.yaml"), "mine\n").unwrap();
    let paths = ["b.yaml", "c.yaml"].map(str::to_owned).to_vec();
    let forcing = Target { force: Force::Paths(paths), ..target(temp.path()) };
    let plan = plan_as(&forcing, TWO).0.unwrap();
    assert_eq!(plan.needless(), ["c.yaml"]);
    assert_eq!(actions(&plan), [("a/x.yaml", Action::Conflict(Reason::Changed)), ("b.yaml", Action::Update)]);
}

#[test]
fn a_file_that_changes_between_plan_and_commit_is_not_lost() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), &[("a", "1"), ("b", "1"), ("gone", "1")]).commit().unwrap();
    for path in ["a", "gone", "new"] {
        let plan = planned(temp.path(), &[("a", "2"), ("b", "2"), ("new", "2")]);
        fs::write(temp.path().join(path), "mine").unwrap();
        let before = state(temp.path());
        let Err(CommitError::Changed { paths }) = plan.commit() else { panic!("`{path}` was changed") };
        assert_eq!(paths, [path]);
        assert_eq!(state(temp.path()), before);
        planned(temp.path(), &[("a", "1"), ("b", "1"), ("gone", "1")]);
        fs::remove_file(temp.path().join(path)).unwrap();
        planned(temp.path(), &[("a", "1"), ("b", "1"), ("gone", "1")]).commit().unwrap();
    }
}

#[test]
fn a_link_that_comes_between_plan_and_commit_is_not_followed() {
    let temp = tempfile::tempdir().unwrap();
    let (root, outside) = (temp.path().join("out"), temp.path().join("outside"));
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("x"), "outside").unwrap();
    let first = [("a/x", "1"), ("b/y", "1")];
    planned(&root, &first).commit().unwrap();
    for next in
        [&[("a/x", "2"), ("b/y", "1")][..], &[("b/y", "1")], &[("a/x", "1"), ("a/new", "1"), ("b/y", "1")]]
    {
        let plan = planned(&root, next);
        fs::rename(root.join("a"), root.join("kept")).unwrap();
        symlink(&outside, root.join("a")).unwrap();
        assert!(plan.commit().is_err(), "{next:?}");
        assert_eq!(read(&outside, "x"), "outside");
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
        fs::remove_file(root.join("a")).unwrap();
        fs::rename(root.join("kept"), root.join("a")).unwrap();
    }
    assert_eq!(read(&root, "a/x"), "1");
}

#[test]
fn another_folder_in_the_place_of_the_output_folder_is_not_written_to() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    planned(&root, TWO).commit().unwrap();
    let plan = planned(&root, &[("b.yaml", "b: 2\n"), ("a/x.yaml", "x: 1\n")]);
    fs::rename(&root, temp.path().join("moved")).unwrap();
    fs::create_dir(&root).unwrap();
    assert!(matches!(plan.commit(), Err(CommitError::Changed { .. })));
    assert_eq!(fs::read_dir(&root).unwrap().count(), 0);
    assert_eq!(read(temp.path(), "moved/b.yaml"), "b: 1\n");
}

#[test]
fn an_output_with_plain_secrets_is_private() {
    let temp = tempfile::tempdir().unwrap();
    let make = |text: &str| {
        let rendered = Rendered::new("s.conf", text, Span::NONE, Vec::new());
        let private = vec![Artifact::clear_by_exception(&rendered)];
        plan(&target(temp.path()), private, &mut Sources::new(), &mut Diagnostics::new())
            .unwrap()
            .commit()
            .unwrap();
        fs::metadata(temp.path().join("s.conf")).unwrap().mode() & 0o777
    };
    assert_eq!(make("one\n"), 0o600);
    fs::set_permissions(temp.path().join("s.conf"), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(make("two\n"), 0o600);
    assert!(read(temp.path(), LOCK_FILE).contains("\"s.conf\" = { private = true }\n"));
    let hashes = temp.path().join(".kiln/state/private");
    assert_eq!(fs::metadata(hashes).unwrap().mode() & 0o777, 0o600);
    assert_eq!(read(temp.path(), ".kiln/state/.gitignore"), "*\n");
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
    fs::write(root.join("folder/mine"), "x").unwrap();
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

/// What the plan for `outputs` says after a run that wrote `before`, and a change by the user.
fn obstructed(before: &[(&str, &str)], change: impl FnOnce(&Path), outputs: &[(&str, &str)]) -> Vec<String> {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), before).commit().unwrap();
    change(temp.path());
    let mut sink = Diagnostics::new();
    let made = plan(&target(temp.path()), artifacts(outputs), &mut Sources::new(), &mut sink);
    assert!(made.is_err());
    sink.iter().flat_map(|it| [it.message.clone()].into_iter().chain(it.notes.clone())).collect()
}

#[test]
fn a_file_gives_way_to_a_folder_and_a_folder_to_a_file() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), &[("a", "1"), ("b/c/d", "1"), ("b/e", "1")]).commit().unwrap();
    fs::create_dir(temp.path().join("b/empty")).unwrap();
    let next = [("a/x/y", "2"), ("b", "2")];
    let partial = Target { is_partial: true, ..target(temp.path()) };
    for target in [partial, target(temp.path())] {
        assert_eq!(
            actions(&plan_as(&target, &next).0.unwrap()),
            [
                ("a", Action::Remove),
                ("a/x/y", Action::Create),
                ("b", Action::Create),
                ("b/c/d", Action::Remove),
                ("b/e", Action::Remove)
            ]
        );
    }
    planned(temp.path(), &next).commit().unwrap();
    assert_eq!((read(temp.path(), "a/x/y"), read(temp.path(), "b")), ("2".to_owned(), "2".to_owned()));
    assert!(planned(temp.path(), &next).is_empty());
}

#[test]
fn what_is_not_kilns_gives_no_way() {
    let one = [("a", "1"), ("b/c", "1")];
    let file = "`a` is a file where `a/x` needs a folder".to_owned();
    let folder = "a folder stands where the file `b` has to go".to_owned();
    let write = |path: &'static str| move |root: &Path| fs::write(root.join(path), "mine").unwrap();
    assert_eq!(
        obstructed(&one, write("a"), &[("a/x", "2"), ("a/y", "2")]),
        [file.clone(), "`a` was changed since kiln wrote it".to_owned()]
    );
    assert_eq!(
        obstructed(&one, write("b/mine"), &[("b", "2")]),
        [folder.clone(), "`b/mine` is not kiln's to remove".to_owned()]
    );
    assert_eq!(
        obstructed(&one, |root| symlink("c", root.join("b/link")).unwrap(), &[("b", "2")]),
        [folder, "`b/link` is not kiln's to remove".to_owned()]
    );
    let adopt = |root: &Path| {
        planned(root, &one).adopt(&["a".to_owned()]).unwrap().commit().unwrap();
    };
    assert_eq!(obstructed(&one, adopt, &[("a/x", "2")]), [file, "`a` is not kiln's to remove".to_owned()]);
}

#[test]
fn a_file_that_comes_into_a_folder_that_gives_way_is_not_lost() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), &[("a/b", "1")]).commit().unwrap();
    let plan = planned(temp.path(), &[("a", "2")]);
    fs::write(temp.path().join("a/mine"), "mine").unwrap();
    let before = state(temp.path());
    let Err(CommitError::Changed { paths }) = plan.commit() else { panic!("a file came") };
    assert_eq!((paths, state(temp.path())), (vec!["a".to_owned()], before));
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
fn a_file_where_the_output_folder_should_be_is_not_written_over() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("file");
    fs::write(&root, "mine").unwrap();
    let (plan, _) = plan_with(&root, &[("a", "1")], true);
    assert!(matches!(plan, Err(PlanError::Read { reason: "is not a folder", .. })));
    assert_eq!(read(temp.path(), "file"), "mine");
}

#[test]
fn an_adopted_file_is_the_users_until_it_is_forced() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path();
    planned(root, TWO).commit().unwrap();
    fs::write(root.join("b.yaml"), "mine\n").unwrap();
    let missing = planned(root, TWO).adopt(&["b.yaml".to_owned(), "c".to_owned()]).err().unwrap();
    assert_eq!(missing, ["c"]);
    planned(root, TWO).adopt(&["b.yaml".to_owned()]).unwrap().commit().unwrap();
    assert!(read(root, LOCK_FILE).contains("\"b.yaml\" = { adopted = true }\n"), "{}", read(root, LOCK_FILE));
    let before = state(root);
    let next = [("a/x.yaml", "x: 1\n"), ("b.yaml", "b: 2\n")];
    let plan = plan_with(root, &next, true).0.unwrap();
    assert_eq!(actions(&plan), [("a/x.yaml", Action::Keep), ("b.yaml", Action::Adopted)]);
    assert!(plan.is_empty());
    plan.commit().unwrap();
    assert_eq!(state(root), before);
    let forcing = Target { force: Force::Paths(vec!["b.yaml".to_owned()]), ..target(root) };
    let plan = plan_as(&forcing, &next).0.unwrap();
    assert!(plan.needless().is_empty());
    plan.commit().unwrap();
    assert_eq!(read(root, "b.yaml"), "b: 2\n");
    assert!(!read(root, LOCK_FILE).contains("adopted"));
}

#[test]
fn an_adopted_file_that_is_no_longer_an_output_is_forgotten_and_stays() {
    let temp = tempfile::tempdir().unwrap();
    planned(temp.path(), TWO).commit().unwrap();
    planned(temp.path(), TWO).adopt(&["b.yaml".to_owned()]).unwrap().commit().unwrap();
    let plan = planned(temp.path(), &TWO[1..]);
    assert_eq!(actions(&plan), [("a/x.yaml", Action::Keep)]);
    plan.commit().unwrap();
    assert_eq!(read(temp.path(), "b.yaml"), "b: 1\n");
    assert!(!read(temp.path(), LOCK_FILE).contains("b.yaml"));
}

#[test]
fn a_reset_takes_back_what_kiln_wrote_and_nothing_else() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path();
    planned(root, &[("a/b/c", "1"), ("d", "1"), ("e/f", "1"), ("g", "1")]).commit().unwrap();
    fs::write(root.join("d"), "mine").unwrap();
    fs::write(root.join("e/mine"), "mine").unwrap();
    planned(root, &[("a/b/c", "1"), ("d", "1"), ("e/f", "1"), ("g", "1")])
        .adopt(&["g".to_owned()])
        .unwrap()
        .commit()
        .unwrap();
    let plan = kiln_disk::reset(root, &mut Sources::new(), &mut Diagnostics::new()).unwrap();
    assert_eq!(actions(&plan), [("a/b/c", Action::Remove), ("d", Action::Orphan), ("e/f", Action::Remove)]);
    assert_eq!(plan.lock_action(), Action::Remove);
    plan.commit().unwrap();
    let left: Vec<String> = state(root).into_iter().map(|(path, ..)| path).collect();
    let expected = ["d", "e", "e/mine", "g"].map(|path| root.join(path).display().to_string());
    assert_eq!(left, expected);
}

#[test]
fn of_two_first_runs_one_is_told_of_the_other() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("new/out");
    let (first, second) = (planned(&root, TWO), planned(&root, &[("b.yaml", "b: 2\n"), ("c", "2")]));
    first.commit().unwrap();
    let before = state(&root);
    let Err(CommitError::Changed { paths }) = second.commit() else { panic!("the first one was there") };
    assert_eq!(paths, ["b.yaml", LOCK_FILE]);
    assert_eq!(state(&root), before);
}

#[test]
fn a_folder_is_held_until_its_holder_is_gone() {
    let temp = tempfile::tempdir().unwrap();
    assert!(matches!(hold(&temp.path().join("none")).unwrap(), Held::Nothing));
    let Held::Now(first) = hold(temp.path()).unwrap() else { panic!("nobody holds it") };
    let Held::Busy(waiting) = hold(temp.path()).unwrap() else { panic!("it is held") };
    drop(first);
    let second = waiting.wait().unwrap();
    assert!(second.is_some() && matches!(hold(temp.path()).unwrap(), Held::Busy(_)));
    // Who waits for a folder that goes meanwhile waits for nothing.
    let Held::Busy(waiting) = hold(temp.path()).unwrap() else { panic!("it is held") };
    fs::remove_dir(temp.path()).unwrap();
    drop(second);
    assert!(waiting.wait().unwrap().is_none());
}

#[test]
fn ten_thousand_files_and_a_large_one_are_no_more_than_others() {
    let temp = tempfile::tempdir().unwrap();
    let large = "x".repeat(50 << 20);
    let names: Vec<String> = (0..10_000).map(|it| format!("{}/{it}", it % 100)).collect();
    let mut outputs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    outputs.push(("large", &large));
    assert_eq!(planned(temp.path(), &outputs).commit().unwrap().created, 10_001);
    assert!(planned(temp.path(), &outputs).is_empty());
    assert_eq!(planned(temp.path(), &outputs[..1]).commit().unwrap().removed, 10_000);
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 2, "one folder and the lock are left");
}
