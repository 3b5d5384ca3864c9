//! The pages of codes.

use crate::harness::{Ran, Sandbox};

/// What people see of the findings of a run: neither the stages before nor the counts after them.
fn findings(ran: &Ran) -> String {
    // Where not even the pack was read, there are no stages.
    let all = ran.stderr.strip_prefix('\n');
    let findings = all.unwrap_or_else(|| ran.stderr.split_once("\n\n").unwrap_or_default().1);
    findings.rsplit_once("\n\n").map_or(findings, |(findings, _)| findings).to_owned()
}

/// The project of an example.
fn sandbox(project: Option<&str>) -> Sandbox {
    let Some(name) = project else {
        let sandbox = Sandbox::empty();
        sandbox.overlay("explained");
        return sandbox;
    };
    Sandbox::example(name)
}

#[test]
fn every_example_is_what_kiln_says() {
    let mut differences = Vec::new();
    let pages = kiln::explain::pages();
    let examples = pages.iter().filter_map(|page| Some((page, page.example.as_ref()?)));
    let mut count = 0;
    for (page, example) in examples {
        count += 1;
        let sandbox = sandbox(example.project.as_deref());
        example.files.iter().for_each(|(path, text)| sandbox.write(path, text));
        let arguments: Vec<&str> = example.run.split(' ').collect();
        let said = findings(&sandbox.kiln(&arguments));
        let is_about = said.contains(&format!("[{}]", page.code));
        if said != example.output || !is_about {
            differences.push(format!("{}\n--- expected\n{}\n--- said\n{said}", page.code, example.output));
        }
    }
    assert!(count >= 40, "only {count} examples");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_project_of_the_examples_is_without_fault() {
    let ran = sandbox(None).kiln(&["validate"]);
    assert_eq!((ran.code, findings(&ran).as_str()), (0, ""), "{}", ran.text());
}

#[test]
fn a_page_is_a_result_and_without_colour_where_nobody_looks() {
    let sandbox = Sandbox::empty();
    let ran = sandbox.kiln(&["explain", "load.duplicate-key"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with("error[load.duplicate-key]: A key is given twice\n"), "{}", ran.stdout);
    assert!(!ran.stdout.contains('\x1b'), "{}", ran.stdout);
}

#[test]
fn a_mistake_in_an_expression_is_explained_wherever_it_is() {
    let sandbox = Sandbox::empty();
    for code in ["render.undefined", "derive.undefined", "check.undefined", "makejinja.undefined"] {
        let ran = sandbox.kiln(&["explain", code]);
        assert_eq!(ran.code, 0, "{}", ran.text());
        assert!(
            ran.stdout.starts_with(&format!("error[{code}]: There is no such value\n")),
            "{}",
            ran.stdout
        );
    }
}

#[test]
fn the_rules_of_a_pack_have_pages_and_a_project_may_change_them() {
    let sandbox = Sandbox::example("homelab");
    let ran = sandbox.kiln(&["explain", "check.node-outside-node-cidr"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.stdout.contains("{node.address}"), "{}", ran.stdout);
    assert!(ran.stdout.contains("It points at `nodes[].address`, `node_cidr`."), "{}", ran.stdout);
    sandbox.write(
        "overrides/checks/mine.yaml",
        "node-outside-node-cidr: null\nmy-rule:\n  assert: 'true'\n  at: [cluster_name]\n  message: my own words\n",
    );
    let own = sandbox.kiln(&["explain", "check.my-rule"]);
    assert!(own.stdout.starts_with("error[check.my-rule]: my own words\n"), "{}", own.text());
    assert_eq!(sandbox.kiln(&["explain", "check.node-outside-node-cidr"]).code, 2);
}

#[test]
fn an_unknown_code_is_met_with_the_one_that_was_meant() {
    let sandbox = Sandbox::empty();
    for (code, help) in [
        ("load.duplicat-key", "did you mean `load.duplicate-key`?"),
        ("duplicate-key", "did you mean `load.duplicate-key`?"),
        ("check.node-is-apo", "did you mean `check.node-is-api`?"),
        ("derive.undefind", "did you mean `derive.undefined`?"),
        ("zebra", "`kiln explain` lists all"),
    ] {
        let ran = sandbox.kiln(&["explain", code]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.text());
        assert_eq!(ran.stderr, format!("error: there is no code `{code}`; {help}\n"));
    }
}

#[test]
fn without_a_code_all_are_listed_and_shells_complete_them() {
    let sandbox = Sandbox::empty();
    let all = sandbox.kiln(&["explain"]).stdout;
    let script = sandbox.kiln(&["completions", "bash"]).stdout;
    for code in ["load.two-files", "render.undefined", "check.node-is-api", "kiln.bug"] {
        assert!(all.lines().any(|line| line.starts_with(&format!("{code} "))), "{code}");
        assert!(script.contains(code), "{code}");
    }
}

#[test]
fn a_pack_that_cannot_be_read_keeps_nobody_from_reading_about_it() {
    let sandbox = Sandbox::empty();
    sandbox.write("kiln.toml", "pack = \"nowhere\"\n");
    assert_eq!(sandbox.kiln(&["explain", "pack.missing"]).code, 0);
    let ran = sandbox.kiln(&["explain", "check.node-is-api"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.stderr.contains("this is about the built-in one"), "{}", ran.stderr);
}
