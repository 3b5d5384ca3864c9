//! What `DiskFiles` reads and what it refuses.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "these tests lay out folders")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use kiln_disk::DiskFiles;
use kiln_model::Files;

/// A project with files, a `.git`, and links of every kind, beside a secret outside.
fn folder() -> tempfile::TempDir {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("project");
    for folder in ["a/b", ".git", "real"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    for file in ["top.yaml", "a/z.yaml", "a/b/c.yaml", ".git/config", "real/r.yaml"] {
        fs::write(root.join(file), file).unwrap();
    }
    fs::write(temp.path().join("outside"), "not yours").unwrap();
    symlink("../outside", root.join("leak")).unwrap();
    symlink("..", root.join("up")).unwrap();
    symlink("real", root.join("linked")).unwrap();
    symlink("top.yaml", root.join("alias.yaml")).unwrap();
    symlink(".", root.join("a/circle")).unwrap();
    temp
}

fn files(temp: &tempfile::TempDir) -> DiskFiles {
    DiskFiles::new(temp.path().join("project"))
}

fn text(files: &DiskFiles, path: &str) -> Result<Option<String>, String> {
    files
        .read(path)
        .map(|found| found.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()))
        .map_err(|error| error.reason)
}

#[test]
fn a_file_is_read_and_a_missing_one_is_none() {
    let temp = folder();
    let files = files(&temp);
    assert_eq!(text(&files, "a/b/c.yaml"), Ok(Some("a/b/c.yaml".to_owned())));
    assert_eq!(text(&files, "alias.yaml"), Ok(Some("top.yaml".to_owned())));
    assert_eq!(text(&files, "none.yaml"), Ok(None));
    assert_eq!(text(&files, "top.yaml/none"), Ok(None));
    assert_eq!(text(&DiskFiles::new(temp.path().join("nowhere")), "x"), Ok(None));
}

#[test]
fn nothing_outside_the_folder_is_read() {
    let temp = folder();
    let files = files(&temp);
    let link = Err("is a link that leads out of the folder".to_owned());
    assert_eq!(text(&files, "leak"), link);
    assert_eq!(text(&files, "up/outside"), link);
    assert_eq!(text(&files, "../outside"), Err("is outside the folder".to_owned()));
    let absolute = temp.path().join("outside").display().to_string();
    assert_eq!(text(&files, &absolute), Err("is outside the folder".to_owned()));
    assert!(files.list("..").is_err());
    assert!(files.list("up").is_err());
}

#[test]
fn a_folder_is_not_a_file() {
    let temp = folder();
    assert!(files(&temp).is_folder());
    assert!(!DiskFiles::new(temp.path().join("outside")).is_folder());
    assert!(!DiskFiles::new(temp.path().join("nowhere")).is_folder());
    assert_eq!(text(&files(&folder()), "a"), Err("is a folder".to_owned()));
}

#[test]
fn a_list_is_sorted_without_git_and_without_circles() {
    let temp = folder();
    let files = files(&temp);
    assert_eq!(
        files.list("").unwrap(),
        ["a/b/c.yaml", "a/z.yaml", "alias.yaml", "leak", "real/r.yaml", "top.yaml"]
    );
    assert_eq!(files.list("a").unwrap(), ["a/b/c.yaml", "a/z.yaml"]);
    assert_eq!(files.list("linked").unwrap(), ["linked/r.yaml"]);
    assert!(files.list("none").unwrap().is_empty());
    assert!(files.list("top.yaml").unwrap().is_empty());
}

#[test]
fn messages_show_the_prefix() {
    let shown = |prefix: &str| DiskFiles::new("x").with_display_prefix(Path::new(prefix)).display("a.yaml");
    assert_eq!(shown("."), "a.yaml");
    assert_eq!(shown(""), "a.yaml");
    assert_eq!(shown("./examples/homelab/"), "examples/homelab/a.yaml");
    assert_eq!(shown("/srv/cluster"), "/srv/cluster/a.yaml");
    assert_eq!(DiskFiles::new("x").display("a.yaml"), "a.yaml");
}
