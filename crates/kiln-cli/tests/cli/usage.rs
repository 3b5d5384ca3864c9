//! What the command does before it looks at a project.

use crate::harness::Sandbox;

#[test]
fn help_and_version_are_results() {
    let sandbox = Sandbox::empty();
    for (arguments, expected) in [
        (&["--help"][..], "Examples:"),
        (&["configure", "--help"], "kiln configure --project examples/homelab --output target/homelab"),
        (&["--version"], env!("CARGO_PKG_VERSION")),
    ] {
        let ran = sandbox.kiln(arguments);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{arguments:?}");
        assert!(ran.stdout.contains(expected), "{arguments:?}: {}", ran.stdout);
        assert!(!ran.stdout.contains('\x1b'), "no colour where nobody looks");
    }
}

#[test]
fn wrong_usage_ends_with_2_and_leaves_the_results_empty() {
    let sandbox = Sandbox::empty();
    for arguments in [&[][..], &["configure", "--colour"], &["render"], &["diff", "--format", "xml"]] {
        let ran = sandbox.kiln(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty());
    }
}

#[test]
fn a_folder_that_is_not_there_ends_with_2() {
    let sandbox = Sandbox::empty();
    for arguments in [&["validate", "--project", "nowhere"][..], &["diff", "--pack", "nowhere"]] {
        let ran = sandbox.kiln(arguments);
        assert_eq!(ran.code, 2, "{}", ran.text());
        assert!(
            ran.stderr.contains("error[load.no-such-folder]: there is no folder `nowhere`"),
            "{}",
            ran.stderr
        );
    }
    let ran = sandbox.kiln(&["validate", "--project", "nowhere", "--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (2, ""));
    assert!(ran.stdout.contains(r#""exit_code":2"#), "{}", ran.stdout);
}

#[test]
fn completions_and_manual_pages_are_printed() {
    let sandbox = Sandbox::empty();
    assert!(sandbox.kiln(&["completions", "bash"]).stdout.contains("complete -F _kiln"));
    assert!(sandbox.kiln(&["man"]).stdout.contains(".TH kiln 1"));
    assert!(sandbox.kiln(&["man", "diff"]).stdout.contains("exit\\-code"));
    let ran = sandbox.kiln(&["man", "nonsense"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("configure, validate, diff"), "{}", ran.stderr);
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let sandbox = Sandbox::empty();
    let (reader, writer) = std::io::pipe().expect("there are pipes");
    drop(reader);
    let ran = sandbox.command(&["man"]).stdout(writer).output().expect("kiln was built");
    assert_eq!((ran.status.code(), ran.stderr.as_slice()), (Some(0), &b""[..]));
}
