//! What is wrong with a rendered output is told at the template and at the value that are to blame.

mod toy;

use kiln::Diagnostic;
use toy::Toy;

/// A project with one more output, `out.yaml`.
fn project(template: &str) -> Toy {
    let entry = "template = 'out.yaml.j2'\npath = 'out.yaml'";
    Toy::new().generate("out", entry).template("out.yaml.j2", template)
}

/// Data with the network that the pack asks for.
fn with_net(data: &str) -> String {
    format!("{data}net: 10.0.0.0/24\n")
}

/// The places of the one finding, each `file:line:column text`, and its notes.
#[track_caller]
fn told(toy: &Toy, code: &str) -> (Vec<String>, Vec<String>) {
    let report = toy.run();
    let found: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    assert_eq!(found.iter().map(|it| &*it.code).collect::<Vec<_>>(), [code], "{found:#?}");
    let place = |label: &kiln::Label| {
        let at = report.sources.position(label.span.source, label.span.start);
        format!("{}:{}:{} {}", report.sources.path(label.span.source), at.line, at.column, label.text)
    };
    (found[0].labels.iter().map(place).collect(), found[0].notes.clone())
}

#[track_caller]
fn check(toy: &Toy, code: &str, places: &[&str], notes: &[&str]) {
    let (found, said) = told(toy, code);
    assert_eq!(found, places);
    assert_eq!(said, notes);
}

const HERE: &str = "rendered from here";

const OBJECT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n";

#[test]
fn a_colon_in_a_value() {
    let toy = project("a: 1\nb: {{ name }}\n").data(&with_net("name: 'x: y'\n"));
    check(
        &toy,
        "manifest.yaml-syntax",
        &[&format!("pack/templates/out.yaml.j2:2:7 {HERE}"), "data.yaml:1:7 `name` is set here"],
        &["line 2 of the output `out.yaml`: `b: x: y`"],
    );
}

#[test]
fn a_quote_in_a_value() {
    let toy = project("a: \"{{ name }}\"\nb: 2\n").data(&with_net("name: 'say \"hi\" to'\n"));
    let (places, notes) = told(&toy, "manifest.yaml-syntax");
    assert!(places.contains(&"data.yaml:1:7 `name` is set here".to_owned()), "{places:?}");
    assert!(places[0].starts_with("pack/templates/out.yaml.j2:1:"), "{places:?}");
    assert_eq!(notes, ["line 1 of the output `out.yaml`: `a: \"say \"hi\" to\"`"]);
}

#[test]
fn a_line_break_in_a_value() {
    let toy = project("a:\n  b: {{ name }}\n").data(&with_net("name: \"x\\ny\"\n"));
    let (places, _) = told(&toy, "manifest.yaml-syntax");
    assert_eq!(places[0], format!("pack/templates/out.yaml.j2:2:9 {HERE}"));
    assert!(places.contains(&"data.yaml:1:7 `name` is set here".to_owned()), "{places:?}");
}

#[test]
fn a_mistake_in_the_indentation_of_a_template() {
    let toy = project("a:\n{% if name %}\n  b: 1\n   c: 2\n{% endif %}\n");
    let (places, notes) = told(&toy, "manifest.yaml-syntax");
    assert_eq!(places.len(), 1, "{places:?}");
    assert!(places[0].starts_with("pack/templates/out.yaml.j2:4:"), "{places:?}");
    assert_eq!(notes, ["line 3 of the output `out.yaml`: `c: 2`"]);
}

#[test]
fn a_value_of_the_wrong_kind() {
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ name }}\n";
    let toy = project(template)
        .generate("list", "template = 'list.j2'\npath = 'kustomization.yaml'")
        .template("list.j2", "resources: [out.yaml]\n")
        .data(&with_net("name: '8080'\n"));
    check(
        &toy,
        "manifest.missing-name",
        &[&format!("pack/templates/out.yaml.j2:4:12 {HERE}"), "data.yaml:1:7 `name` is set here"],
        &["line 4 of the output `out.yaml`: `name: 8080`"],
    );
}

#[test]
fn a_key_that_stands_twice_is_told_where_it_is_written() {
    let toy = project("{# a note #}\na: 1\nb: 2\na: 3\n");
    check(
        &toy,
        "manifest.duplicate-key",
        &[&format!("pack/templates/out.yaml.j2:4:1 {HERE}")],
        &["line 3 of the output `out.yaml`: `a: 3`"],
    );
}

#[test]
fn an_include_is_looked_into() {
    let toy = project("a: 1\n{% include 'part.j2' %}\n")
        .template("part.j2", "{# a part #}\nb: {{ name }}\n")
        .data(&with_net("name: 'x: y'\n"));
    check(
        &toy,
        "manifest.yaml-syntax",
        &[
            &format!("pack/templates/part.j2:2:7 {HERE}"),
            "pack/templates/out.yaml.j2:2:12 reached from here",
            "data.yaml:1:7 `name` is set here",
        ],
        &["line 2 of the output `out.yaml`: `b: x: y`"],
    );
}

#[test]
fn a_loop_points_at_the_item_that_it_printed() {
    let toy = project("{% for item in items %}\n{{ item.id }}: 1\n{% endfor %}\n")
        .data(&with_net("name: toy\nitems:\n  - id: one\n  - id: 'two: x'\n  - id: three\n"));
    check(
        &toy,
        "manifest.yaml-syntax",
        &[
            // The second colon of the line is the template's.
            &format!("pack/templates/out.yaml.j2:2:14 {HERE}"),
            "pack/templates/out.yaml.j2:2:4 prints `items[1].id`",
            "data.yaml:4:9 `items[1].id` is set here",
        ],
        &["line 2 of the output `out.yaml`: `two: x: 1`"],
    );
}

#[test]
fn a_macro_is_looked_into() {
    let toy = project("{% from 'macros/m.j2' import line %}\na: 1\n{{ line(items[1]) }}\n")
        .file("macros/m.j2", "{% macro line(item) %}\nb: {{ item.id }}\n{% endmacro %}\n")
        .data(&with_net("name: toy\nitems: [{id: one}, {id: 'two: x'}]\n"));
    check(
        &toy,
        "manifest.yaml-syntax",
        &[
            &format!("pack/macros/m.j2:2:7 {HERE}"),
            "pack/templates/out.yaml.j2:3:4 reached from here",
            "data.yaml:2:25 `items[1].id` is set here",
        ],
        &["line 2 of the output `out.yaml`: `b: two: x`"],
    );
}

#[test]
fn text_through_a_filter_is_told_where_it_was_printed() {
    let toy = project("a:\n  {{ ('b: ' ~ name) | indent(2) }}\n").data(&with_net("name: 'x: y'\n"));
    check(
        &toy,
        "manifest.yaml-syntax",
        &[&format!("pack/templates/out.yaml.j2:2:6 {HERE}"), "data.yaml:1:7 `name` is set here"],
        &["line 2 of the output `out.yaml`: `b: x: y`"],
    );
}

#[test]
fn a_computed_value_leads_to_what_it_was_computed_from() {
    let toy = project("a: 1\nb: x: {{ gateway }}\n");
    let (places, _) = told(&toy, "manifest.yaml-syntax");
    assert!(places[0].starts_with("pack/templates/out.yaml.j2:2:"), "{places:?}");
    assert!(places.contains(&"pack/templates/out.yaml.j2:2:10 prints `gateway`".to_owned()), "{places:?}");
    assert!(places.contains(&"data.yaml:2:6 `gateway` is computed from this".to_owned()), "{places:?}");
}

#[test]
fn a_secret_is_never_shown() {
    let toy = Toy::new()
        .with_encryption()
        .generate("secret", "template = 'secret.j2'\npath = 'a.sops.yaml'")
        .template("secret.j2", &format!("{OBJECT}data:\n  t: {{{{ token }}}}\n"))
        .data(&with_net("name: toy\ntoken: 'canary: of the token'\n"));
    let report = toy.run();
    let found = report.diagnostics.iter().next().expect("it is no YAML");
    assert_eq!(found.code, "manifest.yaml-syntax");
    assert_eq!(found.notes, ["line 6 of the output `a.sops.yaml`"]);
    let data = found.labels.last().expect("there is a place");
    assert_eq!(data.text, "`token` is set here");
    assert!(report.sources.hides(data.span));
    assert!(!format!("{found:?}").contains("canary"), "{found:?}");
}

#[test]
fn a_file_of_the_project_is_its_own_template() {
    let toy = project("a: 1\n").project("overrides/templates/out.yaml", "a: 1\nb: [\n");
    let (places, _) = told(&toy, "manifest.yaml-syntax");
    assert!(places[0].starts_with("overrides/templates/out.yaml:"), "{places:?}");
}
