//! Whatever happens to a commit at whatever step, the tree is the old one or the new one.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use kiln_model::{Artifact, Diagnostics, Rendered, Sources, Span};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tempfile::TempDir;

use crate::place::is_excluded;
use crate::step::{Fault, arm, disarm};
use crate::{CommitError, Force, Plan, Target, is_interrupted, plan, recover};

/// Some are folders of others, so that a file gives way to a folder and a folder to a file.
const PATHS: [&str; 12] = [
    "a",
    "b.yaml",
    "c/x",
    "c/y",
    "c/d/z",
    "e/f/g/h",
    "é ü/file with spaces",
    "p.conf",
    "q/r",
    "a/b",
    "c/d",
    "q",
];
/// Some begin as others do, so that a torn file can look like another one.
const TEXTS: [&str; 6] =
    ["", "one\n", "one\ntwo\n", "\0", "other\n", "a longer text that is cut somewhere\n"];

const DISK_FULL: i32 = 28;
const DISK_BROKEN: i32 = 5;
const DENIED: i32 = 13;

/// What each path holds: nothing, or a text of [`TEXTS`].
type Tree = [Option<usize>; PATHS.len()];

/// A folder's life before the commit.
#[derive(Clone, Debug)]
struct Story {
    old: Tree,
    new: Tree,
    /// What the user did to each file of the old run: nothing, deleted it, or, if the new run does
    /// not make it any more, edited it.
    edits: [u8; PATHS.len()],
    /// Whether there is a folder before the commit, and a former run.
    begins: bool,
}

fn story() -> impl Strategy<Value = Story> {
    let tree = || prop::array::uniform12(prop::option::weighted(0.7, 0..TEXTS.len()));
    let edits = prop::array::uniform12(prop_oneof![5 => Just(0_u8), 1 => Just(1), 1 => Just(2)]);
    let begins = prop::bool::weighted(0.85);
    let order = Just((0..PATHS.len()).collect::<Vec<_>>()).prop_shuffle();
    (tree(), tree(), edits, begins, order).prop_map(|(old, new, mut edits, begins, order)| {
        let new = sound(new, &order);
        for (path, edit) in PATHS.iter().zip(&mut edits) {
            // What the user changed does not give way.
            *edit = if *edit == 2 && is_excluded(path, &paths(&new)) { 0 } else { *edit };
        }
        let old = sound(old, &order.into_iter().rev().collect::<Vec<_>>());
        Story { old, new, edits, begins }
    })
}

fn paths(tree: &Tree) -> BTreeSet<&'static str> {
    PATHS.iter().zip(tree).filter(|(_, text)| text.is_some()).map(|(path, _)| *path).collect()
}

/// A tree without files that would also be folders: the first ones in this order stay.
fn sound(tree: Tree, order: &[usize]) -> Tree {
    let mut sound = [None; PATHS.len()];
    for &index in order {
        if !is_excluded(PATHS[index], &paths(&sound)) {
            sound[index] = tree[index];
        }
    }
    sound
}

fn artifacts(tree: &Tree) -> Vec<Artifact> {
    let outputs = PATHS.iter().zip(tree).filter_map(|(path, text)| Some((*path, TEXTS[(*text)?])));
    let artifact = |(path, text): (&str, &str)| {
        let rendered = Rendered::new(path, text, Span::NONE, Vec::new());
        match path {
            "p.conf" => Artifact::clear_by_exception(&rendered),
            _ => Artifact::clear(&rendered).expect("it holds no secret").made_by("t.j2"),
        }
    };
    outputs.map(artifact).collect()
}

fn planned(root: &Path, tree: &Tree) -> Plan {
    let target =
        Target { root, kiln: "0.1.0", pack: "demo 1", force: Force::Nothing, prune: true, is_partial: false };
    let mut sink = Diagnostics::new();
    plan(&target, artifacts(tree), &mut Sources::new(), &mut sink)
        .unwrap_or_else(|error| panic!("{error}: {:?}", sink.iter().collect::<Vec<_>>()))
}

/// A folder in which the story came to the moment before the commit.
fn begun(story: &Story) -> TempDir {
    // Where nothing waits for a disk.
    let memory = Path::new("/dev/shm");
    let temp = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    let temp = temp.expect("a folder for tests can be made");
    let root = temp.path().join("out");
    if story.begins {
        planned(&root, &story.old).commit().expect("nothing is in the way");
        fs::create_dir_all(root.join("c")).unwrap();
        write(&root.join("c/mine"), "foreign");
        for (index, path) in PATHS.iter().enumerate().filter(|(index, _)| story.old[*index].is_some()) {
            match story.edits[index] {
                1 => fs::remove_file(root.join(path)).unwrap(),
                2 if story.new[index].is_none() => write(&root.join(path), "edited"),
                _ => {}
            }
        }
        let _ = fs::set_permissions(root.join("a"), fs::Permissions::from_mode(0o755));
    }
    temp
}

#[allow(clippy::disallowed_methods, reason = "the test is the user who edits a file")]
fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

/// What each file holds, and its mode.
type Seen = BTreeMap<String, (Vec<u8>, u32)>;

/// Every file, without what kiln keeps for itself. Empty folders are nothing, as to git.
fn seen(folder: &Path) -> Seen {
    let mut found = everything(folder);
    found.retain(|path, _| !path.starts_with("/out/.kiln/state/"));
    found
}

#[allow(clippy::disallowed_methods, reason = "the test looks at the disk")]
fn everything(folder: &Path) -> Seen {
    let mut found = Seen::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            let about = fs::symlink_metadata(&path).unwrap();
            if about.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.display().to_string().replacen(&folder.display().to_string(), "", 1);
            found.insert(name, (fs::read(&path).unwrap(), about.permissions().mode() & 0o7777));
        }
    }
    found
}

/// The power goes: what is new and never reached the disk is torn.
fn tear(folder: &Path, old: &Seen, seed: usize) {
    for (index, (path, (bytes, _))) in seen(folder).iter().enumerate() {
        let is_new = old.get(path).is_none_or(|(old, _)| old != bytes);
        let place = folder.join(&path[1..]);
        if !is_new || (seed + index).is_multiple_of(3) {
            continue;
        }
        let cut = (seed * 7 + index) % (bytes.len() + 1);
        let mut torn = bytes[..cut].to_vec();
        if (seed + index).is_multiple_of(2) {
            torn.resize(bytes.len(), 0);
        }
        #[allow(clippy::disallowed_methods, reason = "the test is the disk that lost something")]
        fs::write(place, torn).unwrap();
    }
}

/// What the story comes to in the end, and in how many steps.
fn ends(story: &Story) -> (Seen, usize) {
    let temp = begun(story);
    let plan = planned(&temp.path().join("out"), &story.new);
    arm(Fault::Killed(usize::MAX));
    plan.commit().expect("nothing is in the way");
    let steps = disarm();
    let end = seen(temp.path());
    for (path, text) in PATHS.iter().zip(story.new) {
        let found = end.get(&format!("/out/{path}")).map(|(bytes, _)| bytes.as_slice());
        assert!(text.is_none_or(|text| found == Some(TEXTS[text].as_bytes())), "{path}: {found:?}");
    }
    (end, steps)
}

/// Nothing is left of a commit but what it wrote.
fn is_tidy(folder: &Path) -> bool {
    let all = everything(folder);
    let has_hashes = all.contains_key("/out/.kiln/state/private");
    let is_left = |path: &String| {
        path.ends_with("/journal")
            || path.ends_with(".tmp")
            || (path.starts_with("/out/.kiln/state/") && !has_hashes)
    };
    !all.keys().any(is_left)
}

fn fails(story: &Story, fault: Fault, new: &Seen) {
    let temp = begun(story);
    let root = temp.path().join("out");
    let old = seen(temp.path());
    let plan = planned(&root, &story.new);
    arm(fault);
    let done = plan.commit();
    disarm();
    match done {
        Ok(_) => assert_eq!(&seen(temp.path()), new, "{fault:?}"),
        Err(CommitError::Write { is_pending: false, unrestored, .. }) => {
            assert!(unrestored.is_empty(), "{fault:?}: {unrestored:?}");
            if matches!(fault, Fault::Once(..)) {
                assert_eq!(seen(temp.path()), old, "{fault:?}");
            }
        }
        Err(CommitError::Write { is_pending: true, .. }) => {
            assert!(!matches!(fault, Fault::Once(..)), "{fault:?}: nothing keeps it from being taken back");
            assert!(is_interrupted(&root), "{fault:?}");
        }
        Err(error) => panic!("{fault:?}: {error}"),
    }
    recover(&root).expect("nothing is in the way any more");
    let left = seen(temp.path());
    assert!(left == old || &left == new, "{fault:?}: {left:#?}\nold {old:#?}\nnew {new:#?}");
    assert!(is_tidy(temp.path()), "{fault:?}: {:#?}", everything(temp.path()).keys());
}

fn is_killed(story: &Story, at: usize, again: usize, new: &Seen) {
    let temp = begun(story);
    let root = temp.path().join("out");
    let old = seen(temp.path());
    let plan = planned(&root, &story.new);
    arm(Fault::Killed(at));
    let _ = plan.commit();
    disarm();
    let decided = is_interrupted(&root);
    if decided {
        tear(temp.path(), &old, at);
    }
    arm(Fault::Killed(again));
    let _ = recover(&root);
    disarm();
    if decided && is_interrupted(&root) {
        tear(temp.path(), &old, again);
    }
    recover(&root).expect("nothing is in the way any more");
    let left = seen(temp.path());
    if decided {
        assert_eq!(&left, new, "killed at {at}, then at {again}");
    } else {
        assert!(left == old || &left == new, "killed at {at}: {left:#?}\nold {old:#?}");
    }
    assert!(is_tidy(temp.path()), "{:#?}", everything(temp.path()).keys());
    planned(&root, &story.new).commit().expect("nothing is in the way");
    assert_eq!(&seen(temp.path()), new, "the next run");
}

/// Lets each step of a story go wrong in four ways; gives how often something went wrong.
fn drive(story: &Story, seed: usize) -> usize {
    let (new, steps) = ends(story);
    for at in 0..steps {
        fails(story, Fault::Once(at, [DISK_FULL, DISK_BROKEN, DENIED][at % 3]), &new);
        fails(story, Fault::From(at, DISK_FULL), &new);
        is_killed(story, at, (seed + at) % (steps + 10), &new);
        is_killed(story, at, usize::MAX, &new);
    }
    4 * steps
}

/// A story has some forty steps.
#[test]
fn the_tree_is_the_old_one_or_the_new_one() {
    const STORIES: u32 = 40;
    const LEAST: usize = 2_000;
    let config = ProptestConfig { cases: STORIES, failure_persistence: None, ..ProptestConfig::default() };
    let driven = Cell::new(0);
    let told = TestRunner::new(config).run(&(story(), 0_usize..60), |(story, seed)| {
        driven.set(driven.get() + drive(&story, seed));
        Ok(())
    });
    told.unwrap_or_else(|error| panic!("{error}"));
    assert!(driven.get() >= LEAST, "something went wrong {} times only, not {LEAST} times", driven.get());
}

#[test]
fn a_commit_finishes_the_one_before_and_then_looks_again() {
    let (mut old, mut new) = ([None; PATHS.len()], [None; PATHS.len()]);
    (old[0], new[0], new[1]) = (Some(1), Some(2), Some(2));
    let temp = begun(&Story { old, new, edits: [0; PATHS.len()], begins: true });
    let root = temp.path().join("out");
    let third = sound([Some(4); PATHS.len()], &(0..PATHS.len()).collect::<Vec<_>>());
    let (first, second) = (planned(&root, &new), planned(&root, &third));
    // Killed at the rename of its first file.
    arm(Fault::Killed(16));
    let _ = first.commit();
    disarm();
    assert!(is_interrupted(&root));
    assert!(matches!(second.commit(), Err(CommitError::Changed { .. })));
    assert!(!is_interrupted(&root));
    assert!(planned(&root, &new).is_empty());
}
