//! What `docs/packs.md` promises, on a pack of a few lines.

mod toy;

use toy::Toy;

#[test]
fn data_derived_values_versions_and_outputs_reach_a_template() {
    Toy::new()
        .template(
            "list.txt.j2",
            "{{ name }} {{ gateway }} {{ versions.tools.t.version }} {{ outputs('apps') | join(',') }}\n",
        )
        .generate("list", "template = 'list.txt.j2'\npath = 'list.txt'")
        .check("list.txt", "toy 10.0.0.1 1 a.txt,b.txt\n");
}

#[test]
fn a_value_that_the_user_set_stands_against_a_default() {
    Toy::new()
        .data("name: toy\nnet: 10.0.0.0/24\ngateway: 10.0.0.254\n")
        .template("gateway.j2", "{{ gateway }}\n")
        .generate("gateway", "template = 'gateway.j2'\npath = 'gateway'")
        .check("gateway", "10.0.0.254\n");
}

#[test]
fn an_item_of_a_list_gets_a_key() {
    Toy::new()
        .file("derive/items.yaml", "items[].label:\n  as: item\n  value: name ~ '-' ~ item.id\n")
        .data("name: toy\nnet: 10.0.0.0/24\nitems: [{id: x}, {id: y}]\n")
        .template("items.j2", "{% for item in items %}{{ item.label }} {% endfor %}.\n")
        .generate("items", "template = 'items.j2'\npath = 'items'")
        .check("items", "toy-x toy-y .\n");
}

#[test]
fn an_optional_key_is_none_and_an_unknown_one_is_an_error() {
    let toy = Toy::new().generate("x", "template = 'x.j2'\npath = 'x'");
    toy.clone().template("x.j2", "{{ items is none }}\n").check("x", "True\n");
    toy.clone().template("x.j2", "{{ itmes }}\n").finds(&["render.undefined pack/templates/x.j2:1:4"]);
    toy.template("x.j2", "{{ items }}\n").finds(&["render.none-printed pack/templates/x.j2:1:4"]);
}

#[test]
fn values_that_need_each_other_are_refused() {
    Toy::new()
        .file("derive/cycle.yaml", "one:\n  value: two\ntwo:\n  value: one\n")
        .template("x.j2", "{{ one }}\n")
        .generate("x", "template = 'x.j2'\npath = 'x'")
        .finds(&["derive.cycle pack/derive/cycle.yaml:1:1"]);
}

#[test]
fn a_computed_value_does_not_take_a_name_of_kiln() {
    Toy::new()
        .project("overrides/derive/x.yaml", "secrets:\n  value: \"'x'\"\n")
        .finds(&["pack.reserved-name overrides/derive/x.yaml:1:1"]);
}

#[test]
fn a_condition_must_be_a_boolean() {
    Toy::new()
        .file("derive/x.yaml", "x:\n  when: name\n  value: 1\n")
        .finds(&["derive.not-a-boolean pack/derive/x.yaml:2:9"]);
}

#[test]
fn a_derived_value_cannot_be_set() {
    Toy::new()
        .file("derive/size.yaml", "size:\n  value: 1\n")
        .data("name: toy\nnet: 10.0.0.0/24\nsize: 2\n")
        .finds(&["validate.derived-key data.yaml:3:1"]);
}

#[test]
fn a_broken_rule_points_at_its_culprit_and_stops_nothing_else() {
    Toy::new()
        .file(
            "checks/name.yaml",
            "name-is-toy:\n  assert: name == 'toy'\n  at: [name]\n  message: the name is `{{ name }}`\n",
        )
        .data("name: tyo\nnet: 10.0.0.0/24\n")
        .template("x.j2", "{{ nope }}\n")
        .generate("x", "template = 'x.j2'\npath = 'x'")
        .finds(&["check.name-is-toy data.yaml:1:7", "render.undefined pack/templates/x.j2:1:4"]);
}

#[test]
fn an_empty_output_is_an_error() {
    Toy::new()
        .template("x.j2", "{% if false %}x{% endif %}\n")
        .generate("x", "template = 'x.j2'\npath = 'x'")
        .finds(&["render.empty-output pack/templates/x.j2:1:1"]);
}

#[test]
fn paths_stay_inside_and_apart() {
    let toy = Toy::new().template("x.j2", "x\n");
    toy.clone()
        .generate("x", "template = 'x.j2'\npath = '../x'")
        .finds(&["render.path-outside-root pack/pack.toml:*"]);
    toy.clone()
        .generate("x", "template = 'x.j2'\npath = 'a//x'")
        .finds(&["render.bad-path pack/pack.toml:*"]);
    toy.clone()
        .generate("x", "template = 'x.j2'\npath = 'apps/a.txt'")
        .finds(&["render.duplicate-path pack/pack.toml:*"]);
    toy.clone()
        .generate("x", "template = 'x.j2'\npath = 'apps/A.txt'")
        .finds(&["render.case-collision pack/pack.toml:*"]);
    toy.generate("x", "template = 'gone.j2'\npath = 'x'")
        .finds(&["render.template-not-found pack/pack.toml:*"]);
}

#[test]
fn an_edge_to_an_app_that_is_off_falls_away_and_a_cycle_is_refused() {
    let toy = Toy::new()
        .template("deps.j2", "{{ app.id }}:{% for d in app.kustomizations[0].depends_on %}{{ d.namespace }}/{{ d.name }}{% endfor %}.\n")
        .generate("deps", "each = 'apps'\nas = 'app'\ntemplate = 'deps.j2'\npath = 'deps/{{ app.id }}'");
    toy.check("deps/b", "b:one/a.\n");
    toy.clone().app("a", "namespace: one\npod_security: baseline\nwhen: false\nkustomizations: {app: {files: {a.txt: {}}}}\n")
        .check("deps/b", "b:.\n");
    toy.app("a", "namespace: one\npod_security: baseline\nkustomizations: {app: {depends_on: [b], files: {a.txt: {}}}}\n")
        .finds(&["render.dependency-cycle pack/apps/a.yaml:3:37"]);
}

#[test]
fn a_reference_to_nothing_is_refused() {
    Toy::new()
        .app("c", "namespace: one\npod_security: baseline\nchart: gone\nkustomizations: {app: {depends_on: [nobody], files: {}}}\n")
        .finds(&["pack.unknown-chart pack/apps/c.yaml:3:8", "pack.unknown-app pack/apps/c.yaml:4:37"]);
}

#[test]
fn a_namespace_is_as_strict_as_its_least_strict_app() {
    Toy::new()
        .app("c", "namespace: one\npod_security: privileged\nkustomizations: {app: {files: {c.txt: {}}}}\n")
        .template("apps/c/app/c.txt.j2", "c\n")
        .template(
            "ns.j2",
            "{{ ns.name }} {{ ns.pod_security.enforce }} {{ ns.apps | map(attribute='id') | join(',') }}\n",
        )
        .generate("ns", "each = 'namespaces'\nas = 'ns'\ntemplate = 'ns.j2'\npath = 'ns/{{ ns.name }}'")
        .check("ns/one", "one privileged a,c\n");
}

#[test]
fn overrides_change_an_entry_a_template_an_output_and_add_one() {
    let toy = Toy::new();
    toy.clone()
        .project("overrides/derive/x.yaml", "gateway:\n  value: net | nthhost(9)\n")
        .project("overrides/templates/apps/a/app/a.txt.j2", "changed {{ gateway }}\n")
        .check("apps/a.txt", "changed 10.0.0.9\n");
    toy.clone()
        .project("overrides/templates/apps/b.txt.j2", "only b, {{ name }}\n")
        .check("apps/b.txt", "only b, toy\n");
    toy.clone()
        .project("overrides/templates/apps/b.txt", "as it is {{ name }}\n")
        .check("apps/b.txt", "as it is {{ name }}\n");
    toy.clone()
        .project("overrides/templates/more/new.txt.j2", "new {{ name }}\n")
        .check("more/new.txt", "new toy\n");
    toy.clone()
        .project("versions.yaml", "tools:\n  t: {version: '2'}\n")
        .template("v.j2", "{{ versions.tools.t.version }}\n")
        .generate("v", "template = 'v.j2'\npath = 'v'")
        .check("v", "2\n");
    assert!(
        toy.project("overrides/apps/b.yaml", "null\n")
            .run()
            .artifacts
            .iter()
            .all(|it| it.path() != "apps/b.txt")
    );
}

#[test]
fn a_project_adds_an_app_with_templates_of_its_own() {
    let app = "namespace: one\npod_security: baseline\nkustomizations: {app: {files: {c.txt: {}}}}\n";
    let toy = Toy::new().project("overrides/apps/c.yaml", app);
    toy.clone().finds(&["render.template-not-found pack/pack.toml:*"]);
    let by_name = toy.clone().project("overrides/templates/apps/c/app/c.txt.j2", "c of {{ name }}\n");
    by_name.check("apps/c.txt", "c of toy\n");
    assert!(by_name.run().artifacts.iter().all(|it| it.path() != "apps/c/app/c.txt"));
    toy.project("overrides/templates/apps/c.txt.j2", "c by path\n").check("apps/c.txt", "c by path\n");
}

#[test]
fn a_broken_override_is_reported_and_the_rest_is_still_looked_at() {
    Toy::new()
        .project("overrides/derive/x.yaml", "gateway:\n  vlaue: 1\n")
        .data("name: toy\nnet: 10.0.0.0/24\nnmae: toy\n")
        .finds(&["validate.unknown-key overrides/derive/x.yaml:2:3", "validate.unknown-key data.yaml:3:1"]);
}
