//! What a broken rule says, and what a project can do about it.

mod toy;

use kiln::{MemoryFiles, Report, Request, Severity};

const SCHEMA: &str = r#"{
  "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "additionalProperties": false,
  "properties": {
    "name": {"type": "string"}, "other": {"type": "string"}, "size": {"type": "integer", "default": 3},
    "nothing": {"type": "string"}, "token": {"type": "string", "writeOnly": true},
    "up": {"type": "boolean"}, "tags": {"type": "array", "items": {"type": "string"}},
    "items": {"type": "array", "items": {"type": "object", "properties": {
      "id": {"type": "string"}, "mac": {"type": "string"}, "later": {"x-unused": true}}}},
    "path": {"type": "string", "minLength": 1}, "later": {"type": "integer", "x-unused": true}
  }
}"#;

/// A project with this data, and this in its pack's `checks/`.
fn project(data: &str, checks: &str) -> MemoryFiles {
    let mut files = MemoryFiles::new();
    for (path, text) in [
        ("kiln.toml", "pack = 'pack'\n"),
        (
            "pack/pack.toml",
            "[pack]\nname = 'toy'\nversion = '1'\nformat = 1\n[[data]]\nfile = 'data'\nschema = 'data'\n",
        ),
        ("pack/versions.yaml", ""),
        ("pack/schemas/data.schema.json", SCHEMA),
        (
            "pack/derive/all.yaml",
            "twice: {value: name ~ name}\nfour: {value: size + 1}\nshadow: {value: \"'x' ~ token\"}\n",
        ),
        ("pack/checks/all.yaml", checks),
        ("data.yaml", data),
    ] {
        files.insert(path, text);
    }
    files
}

/// Each finding: severity, code, message, then its labels, notes and help.
fn said(report: &Report) -> String {
    let mut text = String::new();
    for finding in report.diagnostics.iter() {
        text += &format!("{} {}: {}\n", finding.severity.name(), finding.code, finding.message);
        for label in &finding.labels {
            let at = report.sources.position(label.span.source, label.span.start);
            let slice = report.sources.slice(label.span);
            text += &format!("  {}:{} {slice:?} {}\n", at.line, at.column, label.text);
        }
        finding.notes.iter().for_each(|note| text += &format!("  note: {note}\n"));
        finding.help.iter().for_each(|help| text += &format!("  help: {help}\n"));
    }
    text
}

#[track_caller]
fn check(data: &str, checks: &str, expected: &str) {
    let files = project(data, checks);
    assert_eq!(said(&kiln::check(&Request::new(&files, 0))), expected);
}

#[test]
fn findings_come_in_the_order_of_the_rules_on_any_number_of_threads() {
    let rule = |number| {
        let words = format!("message: '{{{{ item.id }}}} {number}', at: [item.id]");
        format!("r{number}: {{each: items, as: item, assert: 'false', {words}}}\n")
    };
    let checks: String = (0..20).map(rule).collect();
    let message = |number, id: &str| format!("{id} {number}");
    let expected: Vec<String> = (0..20).flat_map(|it| ["a", "b"].map(|id| message(it, id))).collect();
    let files = project("items: [{id: a}, {id: b}]\n", &checks);
    let messages = || -> Vec<String> {
        let report = kiln::check(&Request::new(&files, 0));
        report.diagnostics.iter().map(|finding| finding.message.clone()).collect()
    };
    for threads in [1, 2, 3, 7, 64] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
        assert_eq!(pool.install(messages), expected, "{threads}");
    }
}

#[test]
fn a_label_names_the_value_and_where_it_comes_from() {
    check(
        "name: a\nother: ''\nup: false\ntags: [x, y]\nitems:\n  - id: one\n",
        "r: {assert: 'false', message: m, at: [name, other, up, tags, 'items[0].id', 'items[0]', size, four, twice, nothing]}\n",
        "error check.r: m\n  \
           1:7 \"a\" `name` is `a`\n  \
           2:8 \"''\" `other` is empty\n  \
           3:5 \"false\" `up` is `false`\n  \
           4:1 \"tags\" `tags` has 2 entries\n  \
           6:9 \"one\" `items[0].id` is `one`\n  \
           6:5 \"id\" `items[0]` has 1 entry\n  \
           1:7 \"a\" `twice` is `aa`, computed from this\n  \
           note: `size` is `3` by default\n  \
           note: `four` is `4`, which is computed\n",
    );
}

#[test]
fn a_label_of_its_own_stays_with_the_first_path() {
    check(
        "name: a\nother: b\n",
        "r: {assert: 'false', message: m, at: [name, other], label: 'is #{ name }#'}\n"
            .replace("#{", "{{")
            .replace("}#", "}}")
            .as_str(),
        "error check.r: m\n  1:7 \"a\" is a\n  2:8 \"b\" `other` is `b`\n",
    );
    check(
        "name: a\n",
        "r: {assert: 'false', message: m, at: [size, name], label: own}\n",
        "error check.r: m\n  1:7 \"a\" `name` is `a`\n  note: `size` is `3` by default\n",
    );
}

#[test]
fn no_secret_stands_in_a_label_and_no_value_is_longer_than_a_line() {
    let long = "x".repeat(70);
    check(
        &format!("token: hunter2\nname: {long}\nother: |\n  one\n  two\n"),
        "r: {assert: 'false', message: m, at: [token, shadow, name, other]}\n",
        &format!(
            "error check.r: m\n  \
               1:8 \"hunter2\" `token` is set here\n  \
               1:8 \"hunter2\" `shadow` is computed from this\n  \
               2:7 {long:?} `name` is `{}…`\n  \
               3:8 \"|\\n  one\\n  two\" `other` is `one…`\n",
            &long[..60]
        ),
    );
}

#[test]
fn a_path_may_be_computed() {
    check(
        "items: [{id: a}, {id: b}]\n",
        "r: {assert: 'false', message: m, at: ['items[{{ items | length - 1 }}].id']}\n",
        "error check.r: m\n  1:23 \"b\" `items[1].id` is `b`\n",
    );
}

#[test]
fn what_all_items_break_because_of_one_key_is_one_finding() {
    let rule = "r: {each: items, as: it, assert: it.id == name, message: 'm {{ it.id }}', at: [it.id, name], label: l}\n";
    check(
        "name: x\nitems: [{id: a}, {id: b}, {id: c}]\n",
        rule,
        "error check.r: m a\n  \
           2:14 \"a\" l\n  \
           1:7 \"x\" `name` is `x`\n  \
           2:23 \"b\" l\n  \
           2:32 \"c\" l\n  \
           note: it is the same for all 3 entries of `items`, so look at `name` first\n",
    );
    check(
        "name: b\nitems: [{id: a}, {id: b}, {id: c}]\n",
        rule,
        "error check.r: m a\n  2:14 \"a\" l\n  1:7 \"b\" `name` is `b`\n\
         error check.r: m c\n  2:32 \"c\" l\n  1:7 \"b\" `name` is `b`\n",
    );
}

#[test]
fn a_rule_that_cannot_be_evaluated_says_so_once() {
    let files = project(
        "name: x\nitems: [{id: a}, {id: b}]\n",
        "r: {each: items, as: it, assert: it.id == nobody, message: m, at: [it.id]}\n",
    );
    let report = kiln::check(&Request::new(&files, 0));
    let codes: Vec<&str> = report.diagnostics.iter().map(|it| &*it.code).collect();
    assert_eq!(codes, ["check.undefined"]);
}

#[test]
fn compatibility_makes_a_warning_of_the_errors_of_rules_that_say_so() {
    let rules = "r: {assert: 'false', message: m, at: [name], compat: true}\n\
                 s: {assert: 'false', message: n, at: [name]}\n";
    let files = project("name: a\n", rules);
    let mut request = Request::new(&files, 0);
    assert_eq!(
        said(&kiln::check(&request)),
        "error check.r: m\n  1:7 \"a\" `name` is `a`\nerror check.s: n\n  1:7 \"a\" `name` is `a`\n"
    );
    request.compat = true;
    assert_eq!(
        said(&kiln::check(&request)),
        "warning check.r: m\n  1:7 \"a\" `name` is `a`\n  note: this is an error without `--compat`\n\
         error check.s: n\n  1:7 \"a\" `name` is `a`\n"
    );
}

#[test]
fn compatibility_takes_an_optional_key_that_is_empty_for_one_that_is_not_set() {
    let files = project("name: a\npath: ''\n", "r: {assert: path is none, message: m, at: [path]}\n");
    let mut request = Request::new(&files, 0);
    assert_eq!(
        said(&kiln::check(&request)),
        "error validate.empty-value: `path` is empty\n  2:7 \"''\" expected a value\n  \
         help: write a value, or remove the key\n"
    );
    request.compat = true;
    assert_eq!(
        said(&kiln::check(&request)),
        "warning validate.empty-value: `path` is empty, and counts as not set\n  2:7 \"''\" expected a value\n  \
         note: this is an error without `--compat`\n  help: write a value, or remove the key\n"
    );
}

#[test]
fn keys_that_nothing_reads_are_told_together() {
    let later = "`later` does nothing in this version\n  2:1 \"later\" nothing reads this key yet\n";
    let help = "  help: leave it for a later version, or remove it\n";
    check("name: a\nlater: 1\n", "{}", &format!("warning validate.unused-keys: {later}{help}"));
    let help = "  help: leave them for a later version, or remove them\n";
    check(
        "later: 1\nname: a\nitems: [{later: 2}]\n",
        "{}",
        &format!(
            "warning validate.unused-keys: 2 keys do nothing in this version\n  \
             1:1 \"later\" nothing reads this key yet\n  3:10 \"later\" nothing reads this key yet\n{help}"
        ),
    );
}

/// What is found, and how much of it was silenced.
#[track_caller]
fn allowed(data: &str, checks: &str, silenced: usize, expected: &str) {
    let files = project(data, checks);
    let report = kiln::run(&Request::new(&files, 0));
    assert_eq!(said(&report), expected, "{data}");
    assert_eq!(report.silenced, silenced, "{data}");
}

const WARNING: &str = "r: {severity: warning, assert: name != 'a', message: m, at: [name, other]}\n";

#[test]
fn a_comment_at_any_line_that_a_warning_points_at_silences_it() {
    for data in [
        "name: a  # kiln: allow check.r it is so\nother: b\n",
        "# kiln: allow check.r it is so\nname: a\nother: b\n",
        "# kiln: allow check.r it is so\n# and will be\nname: a\nother: b\n",
        "name: a\nother: b # kiln: allow check.r it is so\n",
    ] {
        allowed(data, WARNING, 1, "");
    }
    allowed(
        "# kiln: allow check.r it is so\ntags:\n  - x\n",
        "r: {severity: info, assert: 'false', message: m, at: [tags]}\n",
        1,
        "",
    );
    allowed(
        "items:\n  # kiln: allow check.r it is so\n  - id: a\n  - id: b\n",
        "r: {severity: warning, each: items, as: it, assert: it.id == 'b', message: m, at: [it]}\n",
        1,
        "",
    );
}

#[test]
fn several_codes_stand_on_several_lines() {
    let rules = format!("{WARNING}s: {{severity: info, assert: 'false', message: n, at: [name]}}\n");
    allowed("# kiln: allow check.r one\n# kiln: allow check.s two\nname: a\n", &rules, 2, "");
}

#[test]
fn an_error_stays_and_says_that_it_cannot_be_silenced() {
    allowed(
        "name: a # kiln: allow check.r why\n",
        "r: {assert: 'false', message: m, at: [name]}\n",
        0,
        "error check.r: m\n  1:7 \"a\" `name` is `a`\n  note: an error cannot be silenced\n",
    );
}

#[test]
fn a_comment_that_silences_nothing_is_told() {
    let comment = "# kiln: allow check.r why";
    allowed(
        &format!("name: b {comment}\n"),
        WARNING,
        0,
        &format!(
            "warning load.allow-unused: `check.r` is allowed here, where nothing of the kind is found\n  \
               1:9 {comment:?} silences nothing\n  help: remove it\n"
        ),
    );
    allowed(
        &format!("name: a\n{comment}\n\nother: b\n"),
        WARNING,
        0,
        &format!(
            "warning check.r: m\n  1:7 \"a\" `name` is `a`\n  4:8 \"b\" `other` is `b`\n\
             warning load.allow-unused: `check.r` is allowed here, where nothing of the kind is found\n  \
               2:1 {comment:?} silences nothing\n  \
               help: write it at the end of a line that the finding points at, or directly above\n"
        ),
    );
}

#[test]
fn a_comment_without_a_reason_or_with_an_unknown_code_is_told() {
    allowed(
        "name: a # kiln: allow check.r\n",
        WARNING,
        1,
        "warning load.allow-without-reason: nobody says why `check.r` does not matter here\n  \
           1:9 \"# kiln: allow check.r\" no reason\n  \
           help: write the reason behind the code: `# kiln: allow check.r because …`\n",
    );
    allowed(
        "name: b # kiln: allow check.rr why\n",
        WARNING.replace("r:", "rules:").as_str(),
        0,
        "warning load.allow-unknown: there is no finding `check.rr` to be silenced\n  \
           1:9 \"# kiln: allow check.rr why\" silences nothing\n  \
           help: write the code that stands in brackets before the message, or remove this\n",
    );
    allowed(
        "name: b # kiln: allow\n",
        WARNING,
        0,
        "warning load.allow-unknown: this names no finding to be silenced\n  \
           1:9 \"# kiln: allow\" silences nothing\n  \
           help: write the code that stands in brackets before the message, or remove this\n",
    );
}

#[test]
fn nothing_is_said_of_comments_where_the_rules_could_not_be_held_against_everything() {
    allowed(
        "name: b # kiln: allow check.r why\nsize: many\n",
        WARNING,
        0,
        "error validate.wrong-type: `size` must be a whole number, this is text\n  \
           2:7 \"many\" expected a whole number\n  help: write a whole number\n",
    );
}

#[test]
fn an_entry_of_the_settings_that_silences_nothing_is_told() {
    let mut files = project("name: b\n", WARNING);
    files.insert("kiln.toml", "pack = 'pack'\n[[allow]]\ncode = 'check.r'\nreason = 'why'\n");
    let report = kiln::run(&Request::new(&files, 0));
    let found: Vec<_> = report.diagnostics.iter().map(|it| (it.severity, &*it.code)).collect();
    assert_eq!(found, [(Severity::Warning, "load.allow-unused")]);
}

#[test]
fn a_wrong_value_is_told_once_and_rules_that_use_it_are_passed_over() {
    let rules = "r: {assert: size > 100, message: m, at: [size, name]}\n\
                 s: {assert: four > 100, message: n, at: [four]}\n\
                 t: {each: items, as: it, assert: it.id == 'x', message: o, at: [it.id, size]}\n";
    check(
        "size: many\nitems: [{id: [1]}, {id: x}]\n",
        rules,
        "error validate.wrong-type: `size` must be a whole number, this is text\n  \
           1:7 \"many\" expected a whole number\n  help: write a whole number\n\
         error validate.wrong-type: `items[0].id` must be text, this is a list\n  \
           2:10 \"id\" expected text\n  help: write text\n",
    );
}
