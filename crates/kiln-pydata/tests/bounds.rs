//! No file takes the process down, and no message repeats what stands in a file.

use kiln_pydata::{DataError, MAX_DEPTH, json, toml, yaml};
use kiln_python::Py;

fn too_deep<T>(result: Result<T, DataError>) -> bool {
    result.is_err_and(|error| error.message.contains("nested too deeply"))
}

#[test]
fn what_is_nested_too_deeply_is_refused() {
    let times = 100_000;
    for opening in ["[", "{a: ", "- ", "? ", "- [", "&a [", "!!seq ["] {
        assert!(too_deep(yaml(opening.repeat(times).as_bytes())), "{opening}");
    }
    assert!(too_deep(json("[".repeat(times).as_bytes())));
    assert!(too_deep(json("{\"a\":".repeat(times).as_bytes())));
    assert!(too_deep(toml(format!("a={}", "[".repeat(times)).as_bytes())));
    assert!(too_deep(toml(format!("a={}", "{a=".repeat(times)).as_bytes())));
    assert!(too_deep(toml(format!("[{}a]", "a.".repeat(times)).as_bytes())));
    assert!(too_deep(toml(format!("{}a=1", "a.".repeat(times)).as_bytes())));
}

#[test]
fn what_is_nested_as_deeply_as_allowed_is_read() {
    let depth = MAX_DEPTH - 1;
    let brackets = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(yaml(brackets.as_bytes()).is_ok());
    assert!(json(brackets.as_bytes()).is_ok());
    assert!(toml(format!("a={brackets}").as_bytes()).is_ok());
}

#[test]
fn merge_keys_cannot_multiply_without_end() {
    let mut text = "m0: &m0 {x: 1}\n".to_owned();
    for index in 1..64 {
        let last = index - 1;
        text.push_str(&format!("m{index}: &m{index} {{<<: [*m{last}, *m{last}]}}\n"));
    }
    assert!(yaml(text.as_bytes()).is_err_and(|error| error.message.contains("too many entries")));
}

#[test]
fn aliases_of_aliases_take_no_space() {
    let mut text = "- &l0 [x]\n".to_owned();
    for index in 1..64 {
        text.push_str(&format!("- &l{index} [{}]\n", vec![format!("*l{}", index - 1); 9].join(",")));
    }
    assert!(yaml(text.as_bytes()).is_ok());
}

#[test]
fn an_alias_is_the_same_list_as_its_anchor() {
    let documents = yaml(b"a: &x [1]\nb: *x\n").expect("it is YAML");
    let Py::Dict(mapping) = &documents[0] else { panic!("it is a mapping") };
    let (a, b) = (mapping.get_str("a").expect("a"), mapping.get_str("b").expect("b"));
    assert!(a.is(&b));
}

#[test]
fn a_message_does_not_repeat_a_value() {
    for text in [
        "a: [hunter2",
        "a: 'hunter2",
        "a: !!int hunter2",
        "a: *hunter2",
        "hunter2: hunter2: x",
        "a: !hunter2 x",
    ] {
        let error = yaml(text.as_bytes()).expect_err(text);
        assert!(!format!("{error:?}").contains("hunter2"), "{text}: {error:?}");
    }
    for text in ["a = hunter2", "a = \"hunter2", "hunter2 hunter2", "hunter2=1\nhunter2=2"] {
        let error = toml(text.as_bytes()).expect_err(text);
        assert!(!format!("{error:?}").contains("hunter2"), "{text}: {error:?}");
    }
    for text in ["hunter2", "[\"hunter2", "{\"hunter2\"}"] {
        let error = json(text.as_bytes()).expect_err(text);
        assert!(!format!("{error:?}").contains("hunter2"), "{text}: {error:?}");
    }
}

#[test]
fn an_error_names_the_byte_in_the_text() {
    let error = yaml("ä: 1\nb: [".as_bytes()).expect_err("it is not closed");
    assert_eq!((error.line, error.column, error.offset), (2, 5, 10));
    let error = json(b"\xff").expect_err("it is no text");
    assert_eq!((error.line, error.column, error.offset), (1, 1, 0));
}
