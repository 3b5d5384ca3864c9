//! `kiln watch`, in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::harness::Sandbox;

/// How long a change may take to be noticed on a machine with much to do.
const LONGEST: Duration = Duration::from_secs(60);

struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn new(sandbox: &Sandbox, arguments: &[&str]) -> Watching {
        let (reader, writer) = std::io::pipe().expect("the system has pipes");
        let mut command = sandbox.command(arguments);
        // One pipe for both, so that the order is that in which things are told.
        command.stderr(writer.try_clone().expect("the system has pipes")).stdout(writer);
        let child = command.spawn().expect("kiln was built");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            BufReader::new(reader).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
        });
        Watching { child, lines }
    }

    /// The lines up to one that starts so.
    fn until(&self, start: &str) -> Vec<String> {
        let mut seen = Vec::new();
        loop {
            let line = self.lines.recv_timeout(LONGEST);
            seen.push(line.unwrap_or_else(|_| panic!("no line starts with `{start}`: {seen:#?}")));
            if seen.last().is_some_and(|line| line.starts_with(start)) {
                return seen;
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn each_change_is_followed_and_only_what_changes_is_told() {
    let sandbox = Sandbox::example("homelab");
    let watching = Watching::new(&sandbox, &["watch"]);
    watching.until("116 outputs in `.`: 116 created");

    // What it wrote, and what it does not read, is no reason to say anything.
    let given = sandbox.read("cluster.yaml");
    sandbox.write("notes.txt", "x");
    sandbox.write("cluster.yaml", &given.replace("repository_name: ", "repository_nam: "));
    let told = watching.until("1 error");
    let findings: Vec<&String> = told.iter().filter(|line| line.contains("]: ")).collect();
    assert_eq!(findings.len(), 1, "only the new one: {told:#?}");
    assert!(told[0].starts_with("error[validate.unknown-key]"), "{told:#?}");

    sandbox.write("cluster.yaml", &format!("{given}repository_branch: other\n"));
    let told = watching.until("116 outputs");
    assert_eq!(told.len(), 4, "what is mended, an output, the lock, and the counts: {told:#?}");
    assert!(told.iter().any(|line| line == "1 finding is no more"), "{told:#?}");
    assert!(told.iter().any(|line| line == "updated kiln.lock"), "{told:#?}");

    sandbox.write("versions.yaml", "x: [\n");
    watching.until("1 error");
}

#[test]
fn a_pack_beside_the_project_is_watched_too() {
    let sandbox = Sandbox::empty();
    sandbox.write("project/kiln.toml", "");
    sandbox.write("project/data.yaml", "name: one\n");
    let entry = "[[generate]]\nid = \"out\"\ntemplate = \"out.j2\"\npath = \"out.txt\"\n";
    let head = "[pack]\nname = \"toy\"\nversion = \"1.0.0\"\nformat = 1\n";
    sandbox
        .write("pack/pack.toml", &format!("{head}\n[[data]]\nfile = \"data\"\nschema = \"data\"\n\n{entry}"));
    sandbox.write("pack/schemas/data.schema.json", "{}");
    sandbox.write("pack/templates/out.j2", "{{ name }}\n");
    let watching =
        Watching::new(&sandbox, &["watch", "--project", "project", "--pack", "pack", "--format", "json"]);
    let told = watching.until("{");
    let created = "{\"action\":\"create\",\"path\":\"out.txt\"}";
    assert!(told.last().is_some_and(|line| line.contains(created)), "{told:#?}");
    sandbox.write("pack/templates/out.j2", "{{ name }} again\n");
    let told = watching.until("{");
    assert!(told.last().is_some_and(|line| line.contains(&created.replace("create", "update"))), "{told:#?}");
    assert_eq!(sandbox.read("project/out.txt"), "one again\n");
}
