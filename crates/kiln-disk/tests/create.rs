//! New files on a real disk.

#![allow(clippy::disallowed_methods, reason = "tests look at what is on the disk")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use kiln_disk::{CommitError, DiskFiles, create_new, put};
use kiln_model::{Diagnostics, NewFile};

fn open(path: &str) -> NewFile {
    NewFile::open(path, "new\n")
}

/// Every path below a folder, folders with a `/` at the end.
fn listing(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("it is a folder") {
            let path = entry.expect("it can be listed").path();
            let name = path.strip_prefix(root).expect("it is below").display().to_string();
            if path.is_dir() {
                found.push(format!("{name}/"));
                folders.push(path);
            } else {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn files_and_their_folders_are_made_and_keys_are_private() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("a/project");
    let files = [open("x.yaml"), open("b/c.json"), NewFile::private("age.key", "secret\n".to_owned().into())];
    create_new(&root, &files, &mut Diagnostics::new()).unwrap();
    assert_eq!(listing(&root), ["age.key", "b/", "b/c.json", "x.yaml"]);
    let mode = fs::metadata(root.join("age.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_to_string(root.join("age.key")).unwrap(), "secret\n");
    let disk = DiskFiles::new(&root);
    assert_eq!(
        (disk.is_private("age.key"), disk.is_private("x.yaml"), disk.is_private("gone")),
        (Some(true), Some(false), None)
    );
}

#[test]
fn a_file_that_is_there_stays_and_nothing_else_is_made() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.yaml"), "mine\n").unwrap();
    let outcome = create_new(folder.path(), &[open("a/b"), open("x.yaml")], &mut Diagnostics::new());
    let Err(CommitError::Write { path, reason, unrestored, .. }) = outcome else { panic!("it is taken") };
    assert_eq!((path.as_str(), reason, unrestored.len()), ("x.yaml", "something else stands there", 0));
    assert_eq!(listing(folder.path()), ["x.yaml"]);
    assert_eq!(fs::read_to_string(folder.path().join("x.yaml")).unwrap(), "mine\n");
}

#[test]
fn a_dangling_link_is_not_written_through() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("elsewhere");
    let root = folder.path().join("project");
    fs::create_dir(&root).unwrap();
    std::os::unix::fs::symlink(&elsewhere, root.join("age.key")).unwrap();
    let mut sink = Diagnostics::new();
    assert!(create_new(&root, &[open("age.key")], &mut sink).is_err());
    assert!(!elsewhere.exists());
    assert_eq!(sink.iter().map(|it| it.code.as_ref()).collect::<Vec<_>>(), ["plan.obstructed"]);
}

#[test]
fn every_path_that_may_not_be_written_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let codes = |files: &[NewFile]| {
        let mut sink = Diagnostics::new();
        assert!(matches!(create_new(folder.path(), files, &mut sink), Err(CommitError::Reported(_))));
        sink.iter().map(|it| it.code.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        codes(&[open("../x"), open("ok"), open(".git/config")]),
        ["plan.path-outside", "plan.path-reserved"]
    );
    assert_eq!(codes(&[open("file/x")]), ["plan.obstructed"]);
    assert_eq!(listing(folder.path()), ["file"]);
}

#[test]
fn a_file_of_our_own_is_put_over_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    for content in ["one\n", "two\n"] {
        put(folder.path(), &NewFile::open("a/b.json", content), &mut Diagnostics::new()).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("a/b.json")).unwrap(), content);
    }
    assert_eq!(listing(folder.path()), ["a/", "a/b.json"]);
}
