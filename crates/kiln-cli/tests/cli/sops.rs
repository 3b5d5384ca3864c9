//! `kiln sops`, and kiln under the name of sops.
//!
//! That it says what sops says is for `cargo xtask interop sops` to find out; here stand the claims
//! that are kiln's own, and those that hold without the real program.

mod bad_input;

mod edit;

mod exit_codes;

mod files;

mod keys;

mod programs;

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use crate::harness::{Ran, Sandbox};

/// What is encrypted in these tests; no message may say it.
pub(crate) const SECRET: &str = "hunter2";

/// A folder with keys, a creation rule, and plain files in every format.
pub(crate) struct Safe {
    pub(crate) sandbox: Sandbox,
    /// The recipients of the key files `first` and `second`.
    pub(crate) recipients: [String; 2],
}

/// The plain files.
pub(crate) const PLAIN: [(&str, &str); 5] = [
    ("plain.yaml", "a: hunter2\nb:\n    - 1\n    - 2.5\n# why\nc:\n    d: true\n    e: null\n"),
    (
        "plain.json",
        "{\n\t\"a\": \"hunter2\",\n\t\"b\": [\n\t\t1,\n\t\t2.5\n\t],\n\t\"c\": {\n\t\t\"d\": true\n\t}\n}\n",
    ),
    ("plain.env", "# why\nA=hunter2\nB=two words\n"),
    ("plain.ini", "[one]\na = hunter2\n\n[two]\nb = 2\n"),
    ("plain.bin", "\u{0}hunter2, and no line end"),
];

impl Safe {
    pub(crate) fn new() -> Safe {
        let sandbox = Sandbox::empty();
        let recipients = ["first", "second"].map(|name| {
            let key = kiln::sops::generate(0).expect("the system gives random bytes");
            sandbox.write(&format!("keys/{name}"), &key);
            let named = key.lines().find_map(|line| line.strip_prefix("# public key: "));
            named.expect("a key names its recipient").to_owned()
        });
        sandbox.write(".sops.yaml", &format!("creation_rules:\n  - age: {}\n", recipients[0]));
        PLAIN.iter().for_each(|(name, text)| sandbox.write(name, text));
        Safe { sandbox, recipients }
    }

    /// The command, with the first key at hand.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let arguments: Vec<&str> = std::iter::once("sops").chain(arguments.iter().copied()).collect();
        let mut command = self.sandbox.command(&arguments);
        command.env("SOPS_AGE_KEY_FILE", self.path("keys/first")).env("PATH", "/usr/bin:/bin");
        command
    }

    pub(crate) fn sops(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().expect("kiln was built").into()
    }

    /// As [`Safe::sops`], to a good end; gives what it printed.
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let ran = self.sops(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.text());
        ran.stdout
    }

    /// Encrypts a text into a file.
    pub(crate) fn sealed(&self, name: &str, plain: &str) -> String {
        self.sandbox.write(name, plain);
        self.done(&["encrypt", "-i", name]);
        self.sandbox.read(name)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.sandbox.root().join(name)
    }

    /// A program of the user's; the rest of the lines of a shell script.
    pub(crate) fn script(&self, name: &str, lines: &str) -> String {
        use std::os::unix::fs::PermissionsExt as _;
        self.sandbox.write(name, &format!("#!/bin/sh\n{lines}\n"));
        let path = self.path(name);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
        path.display().to_string()
    }
}

#[test]
fn a_link_by_the_name_of_sops_does_the_same() {
    let safe = Safe::new();
    let link = safe.path("sops");
    symlink(env!("CARGO_BIN_EXE_kiln"), &link).expect("a link can be made");
    safe.sealed("a.yaml", "a: 1\n");
    let mut command = Command::new(link);
    command.args(["-d", "a.yaml"]).current_dir(safe.sandbox.root()).env_clear();
    let ran: Ran =
        command.env("SOPS_AGE_KEY_FILE", safe.path("keys/first")).output().expect("it runs").into();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "a: 1\n"), "{}", ran.stderr);
}

#[test]
fn the_version_is_that_of_sops() {
    let printed = Safe::new().done(&["--version"]);
    assert_eq!(printed.lines().next(), Some("sops 3.13.3"));
}

#[test]
fn every_command_explains_itself() {
    let safe = Safe::new();
    let all = safe.done(&["--help"]);
    let commands: Vec<&str> = all
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .map_while(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(commands.len(), 11, "{all}");
    for command in commands {
        let help = safe.done(&[command, "--help"]);
        assert!(help.contains("Usage: kiln sops"), "{command}: {help}");
        assert_eq!(safe.done(&["help", command]), help);
    }
}

#[test]
fn what_kiln_does_not_have_is_refused_by_name() {
    let safe = Safe::new();
    for (arguments, named) in [
        (["encrypt", "--kms=arn:x", "plain.yaml"], "--kms"),
        (["encrypt", "--pgp=0123", "plain.yaml"], "--pgp"),
        (["-e", "--hc-vault-transit=x", "plain.yaml"], "--hc-vault-transit"),
        (["rotate", "--add-azure-kv=x", "plain.yaml"], "--add-azure-kv"),
        (["decrypt", "--keyservice=tcp://x", "plain.yaml"], "--keyservice"),
        (["decrypt", "--enable-local-keyservice=false", "plain.yaml"], "--enable-local-keyservice"),
        (["publish", "plain.yaml", ""], "publish"),
        (["keyservice", "", ""], "keyservice"),
    ] {
        let ran = safe.sops(&arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{arguments:?}");
        assert!(ran.stderr.contains(named), "{arguments:?}: {}", ran.stderr);
    }
    let by_environment = safe.command(&["encrypt", "plain.yaml"]).env("SOPS_PGP_FP", "0123").output();
    let ran: Ran = by_environment.expect("kiln was built").into();
    assert!(ran.code == 1 && ran.stderr.contains("$SOPS_PGP_FP"), "{}", ran.stderr);
}
