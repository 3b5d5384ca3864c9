//! New projects: nothing is ever lost.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use crate::harness::{Ran, Sandbox, state};

/// What was printed, without the key that is another one every time.
fn shown(ran: &Ran) -> String {
    let lines = ran.stdout.lines().map(|line| match line.split_once("ssh-ed25519 ") {
        Some((before, _)) => format!("{before}ssh-ed25519 …\n"),
        None => format!("{line}\n"),
    });
    lines.collect::<String>() + &ran.stderr
}

/// The recipient of the published test key.
fn homelab_recipient() -> String {
    let key = Sandbox::example("homelab").read("age.key");
    key.lines().find_map(|line| line.strip_prefix("# public key: ")).expect("it names it").to_owned()
}

#[test]
fn an_empty_folder_becomes_a_project_and_stays_as_it_is() {
    let sandbox = Sandbox::empty();
    let first = sandbox.kiln(&["init"]);
    assert_eq!((first.code, shown(&first).as_str()), (0, include_str!("../corpus/init/empty.txt")));
    let before = state(sandbox.root());
    assert_eq!(before.len(), 13, "{:?}", before.keys());

    let second = sandbox.kiln(&["init"]);
    assert_eq!((second.code, shown(&second).as_str()), (0, include_str!("../corpus/init/twice.txt")));
    assert_eq!(state(sandbox.root()), before);
}

#[test]
fn a_used_folder_keeps_all_it_has() {
    let sandbox = Sandbox::empty();
    let mine = [
        ("README.md", "# Mine\n"),
        ("cluster.toml", "cluster_name = 'mine'\n"),
        ("versions.yaml", "tools: {}\n"),
        ("github-deploy.key", "mine\n"),
        (".gitignore", "target\n*deploy.key\n"),
        (".vscode/settings.json", "{}\n"),
    ];
    mine.iter().for_each(|(path, text)| sandbox.write(path, text));
    let before = state(sandbox.root());
    let ran = sandbox.kiln(&["init"]);
    let text = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!((ran.code, text.as_str()), (0, include_str!("../corpus/init/used.txt")));
    let after = state(sandbox.root());
    for (path, file) in &before {
        assert_eq!(after.get(path), Some(file), "{path}");
    }
    assert_eq!(after.len(), before.len() + 7);
}

#[test]
fn a_second_laptop_gets_no_second_key() {
    let sandbox = Sandbox::empty();
    let rules = format!("creation_rules:\n  - path_regex: x\n    age: {}\n", homelab_recipient());
    sandbox.write(".sops.yaml", &rules);
    let before = state(sandbox.root());
    let refused = sandbox.kiln(&["init"]);
    let expected = include_str!("../corpus/init/second-laptop.txt");
    assert_eq!((refused.code, shown(&refused).as_str()), (3, expected));
    assert_eq!(state(sandbox.root()), before);

    sandbox.write("age.key", &Sandbox::example("homelab").read("age.key"));
    let ran = sandbox.kiln(&["init"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(
        ran.stdout.contains("kept age.key\n") && !ran.stdout.contains("created age.key"),
        "{}",
        ran.stdout
    );
    assert_eq!(sandbox.read(".sops.yaml"), rules);
}

#[test]
fn rules_that_cannot_be_read_may_name_a_key() {
    let unreadable: [fn(&Path) -> std::io::Result<()>; 3] = [
        |rules| fs::create_dir(rules),
        |rules| symlink("/dev/null", rules),
        #[allow(clippy::disallowed_methods, reason = "the harness writes text alone")]
        |rules| fs::write(rules, b"age: age1other\xff\n"),
    ];
    for make in unreadable {
        let sandbox = Sandbox::empty();
        make(&sandbox.root().join(".sops.yaml")).expect("it can be made");
        let ran = sandbox.kiln(&["init"]);
        assert_eq!(ran.code, 1, "{}", ran.text());
        assert!(ran.stderr.contains("`.sops.yaml`"), "{}", ran.stderr);
        assert!(!sandbox.root().join("age.key").exists());
    }
}

#[test]
fn a_project_is_no_file() {
    let sandbox = Sandbox::empty();
    sandbox.write("file", "mine\n");
    symlink("nowhere", sandbox.root().join("link")).expect("it can be made");
    for name in ["file", "link"] {
        let ran = sandbox.kiln(&["init", name]);
        let message = format!("error[init.not-a-folder]: `{name}` is there, and is no folder");
        assert_eq!(ran.code, 2, "{}", ran.text());
        assert!(ran.stderr.contains(&message), "{}", ran.stderr);
    }
    assert_eq!(sandbox.read("file"), "mine\n");
}

#[test]
fn rules_are_looked_for_where_outputs_go() {
    let sandbox = Sandbox::empty();
    sandbox.write("kiln.toml", "output = 'cluster'\n");
    sandbox.write("cluster/.sops.yaml", &format!("creation_rules: [{{age: {}}}]\n", homelab_recipient()));
    assert_eq!(sandbox.kiln(&["init"]).code, 3);
}

#[test]
fn a_path_of_the_settings_is_one_however_it_is_spelt() {
    let sandbox = Sandbox::empty();
    sandbox.write("kiln.toml", "[secrets]\nage_key = './keys//age.key'\n");
    let ran = sandbox.kiln(&["init"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.stdout.contains("created keys/age.key\n"), "{}", ran.stdout);
    assert!(sandbox.read(".gitignore").contains("\n/keys/age.key\n"));
}

#[test]
fn a_new_project_that_is_filled_in_can_be_configured() {
    let sandbox = Sandbox::empty();
    assert_eq!(sandbox.kiln(&["init", "new/project"]).code, 0);
    for line in include_str!("../corpus/init/values.txt").lines() {
        let (file, value) = line.split_once(' ').expect("a file and a value");
        fill(&sandbox, &format!("new/project/{file}"), value);
    }
    let ran = sandbox.kiln(&["configure", "--project", "new/project"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    let key = sandbox.read("new/project/age.key");
    let recipient = key.lines().find_map(|line| line.strip_prefix("# public key: ")).expect("it names it");
    assert!(sandbox.read("new/project/.sops.yaml").contains(recipient));
    assert_eq!(sandbox.kiln(&["init", "new/project"]).code, 0, "the key of the rules is here");
    assert_eq!(sandbox.kiln(&["diff", "--project", "new/project", "--exit-code"]).code, 0);
}

/// Gives a key that stands without a value one, and an optional key another.
fn fill(sandbox: &Sandbox, path: &str, value: &str) {
    let text = sandbox.read(path);
    let (key, _) = value.split_once(": ").expect("a key and a value");
    let is_key = |line: &str| {
        let line = line.trim_start().trim_start_matches("- ");
        line == format!("{key}:") || (key.starts_with('#') && line.starts_with(&format!("{key}: ")))
    };
    assert_eq!(text.lines().filter(|line| is_key(line)).count(), 1, "{key}");
    let filled = text.lines().map(|line| match line.find(key) {
        Some(start) if is_key(line) => format!("{}{}\n", &line[..start], value.trim_start_matches('#')),
        _ => format!("{line}\n"),
    });
    sandbox.write(path, &filled.collect::<String>());
}

#[test]
fn secrets_are_private_and_never_printed() {
    let sandbox = Sandbox::empty();
    let ran = sandbox.kiln(&["init", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    for path in ["age.key", "github-deploy.key", "cluster.yaml"] {
        let mode = fs::metadata(sandbox.root().join(path)).expect("it was made").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }
    let again = Sandbox::empty();
    let human = again.kiln(&["init"]);
    for (sandbox, text) in [(&sandbox, ran.text()), (&again, human.text())] {
        for key in ["age.key", "github-deploy.key"] {
            let content = sandbox.read(key);
            let lines = content.lines().filter(|line| line.len() > 20 && !line.starts_with(['#', '-']));
            lines.for_each(|line| assert!(!text.contains(line), "a line of {key} is printed"));
        }
    }
    assert_ne!(sandbox.read("age.key"), again.read("age.key"));
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let sandbox = Sandbox::empty();
    sandbox.write(".kiln", "a file where a folder has to be\n");
    let before = state(sandbox.root());
    let ran = sandbox.kiln(&["init"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(ran.stderr.contains("`.kiln` is a file where"), "{}", ran.stderr);
    assert_eq!(state(sandbox.root()), before);
}

#[test]
fn schemas_are_printed_and_kept_up_to_date() {
    let sandbox = Sandbox::empty();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas");
    for name in [
        "cluster", "nodes", "kiln", "pack", "apps", "derive", "checks", "versions", "report", "explain",
        "why", "status",
    ] {
        let ran = sandbox.kiln(&["schema", name]);
        #[allow(clippy::disallowed_methods, reason = "the test compares with the published file")]
        let published = fs::read_to_string(format!("{root}/{name}.schema.json")).expect("it is published");
        assert_eq!((ran.code, ran.stdout), (0, published), "{name}");
    }
    let written = sandbox.kiln(&["schema", "cluster", "--write"]);
    assert!(written.stdout.starts_with("created .kiln/schemas/cluster.schema.json\n"), "{}", written.text());
    sandbox.write(".kiln/schemas/cluster.schema.json", "{}");
    let written = sandbox.kiln(&["schema", "cluster", "--write"]);
    assert!(written.stdout.starts_with("updated .kiln/schemas/cluster.schema.json\n"), "{}", written.text());
    assert_eq!(
        sandbox.read(".kiln/schemas/cluster.schema.json"),
        sandbox.kiln(&["schema", "cluster"]).stdout
    );
    for (name, help) in
        [("clutser", "did you mean `cluster`?"), ("zebra", "name one of `apps`, `checks`, `cluster`")]
    {
        let unknown = sandbox.kiln(&["schema", name]);
        assert_eq!((unknown.code, unknown.stdout.as_str()), (2, ""));
        assert!(unknown.stderr.contains(help), "{}", unknown.stderr);
    }
}
