//! Values that change while they are looked at.

use std::any::Any;

use kiln_python::{Args, Dict, FaultKind, Generator, Object, Py, Result};

fn numbers(range: std::ops::Range<i64>) -> Vec<Py> {
    range.map(Py::Int).collect()
}

fn call(receiver: &Py, name: &str, args: &[Py]) -> Py {
    receiver.call_method(name, Args::positional(args)).expect("the method takes these arguments")
}

#[test]
fn a_list_that_grows_while_it_is_gone_through_shows_what_was_added() {
    let list = Py::list(numbers(0..3));
    let mut seen = 0;
    for item in list.iter().expect("a list can be gone through") {
        item.expect("nothing is raised");
        if seen < 3 {
            call(&list, "append", &[Py::None]);
        }
        seen += 1;
    }
    assert_eq!(seen, 6);
}

#[test]
fn a_list_iterator_that_ended_does_not_start_again() {
    let list = Py::list(numbers(0..1));
    let mut items = list.iter().expect("a list can be gone through");
    assert!(items.next().is_some());
    assert!(items.next().is_none());
    call(&list, "append", &[Py::None]);
    assert!(items.next().is_none());
}

#[test]
fn a_dict_that_grows_while_it_is_gone_through_raises() {
    let dict = Py::Dict(Dict::default());
    call(&dict, "setdefault", &[Py::Int(1)]);
    for view in ["keys", "values", "items"] {
        let mut items = call(&dict, view, &[]).iter().expect("a view can be gone through");
        call(&dict, "setdefault", &[Py::str(view)]);
        let fault = items.next().expect("there is a step").expect_err("it raises");
        assert_eq!(fault.kind(), FaultKind::RuntimeError);
    }
}

#[test]
fn a_view_shows_what_the_dict_is_now() {
    let dict = Py::Dict(Dict::default());
    let keys = call(&dict, "keys", &[]);
    call(&dict, "setdefault", &[Py::str("a")]);
    assert_eq!(keys.repr().expect("it has a repr"), "dict_keys(['a'])");
    assert_eq!(keys.len().expect("it has a length"), 1);
}

#[test]
fn a_list_can_be_extended_by_itself() {
    let list = Py::list(numbers(0..2));
    call(&list, "extend", std::slice::from_ref(&list));
    assert_eq!(list.repr().expect("it has a repr"), "[0, 1, 0, 1]");
}

/// A function that appends to a list.
struct Grow(Py);

impl Object for Grow {
    fn type_name(&self) -> &str {
        "function"
    }

    fn call(&self, _: Args) -> Result<Py> {
        self.0.call_method("append", Args::positional([Py::None]))?;
        Ok(Py::Int(0))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[test]
fn a_list_that_its_sort_key_changes_raises() {
    let list = Py::list(numbers(0..3));
    let key = Py::object(Grow(list.clone()));
    let args = Args { positional: Vec::new(), keyword: vec![("key".into(), key)] };
    assert_eq!(list.call_method("sort", args).expect_err("it raises").kind(), FaultKind::ValueError);
    assert_eq!(list.repr().expect("it has a repr"), "[0, 1, 2]");
}

#[test]
fn a_sort_that_fails_keeps_the_items() {
    let list = Py::list(vec![Py::Int(2), Py::str("a"), Py::Int(1)]);
    let fault = list.call_method("sort", Args::default()).expect_err("they have no order");
    assert_eq!(fault.kind(), FaultKind::TypeError);
    assert_eq!(list.repr().expect("it has a repr"), "[2, 'a', 1]");
}

#[test]
fn a_generator_gives_its_items_once() {
    let generator = Generator::new(Box::new(numbers(0..3).into_iter().map(Ok)));
    assert_eq!(generator.collect().expect("it gives its items").len(), 3);
    assert_eq!(generator.collect().expect("it has ended").len(), 0);
    assert!(generator.truth().expect("it has a truth"));
    assert_eq!(generator.len().expect_err("it has no length").kind(), FaultKind::TypeError);
}

#[test]
fn two_that_go_through_a_generator_share_its_items() {
    let generator = Generator::new(Box::new(numbers(0..4).into_iter().map(Ok)));
    let mut first = generator.iter().expect("it can be gone through");
    assert!(first.next().is_some());
    assert_eq!(
        Py::list(generator.collect().expect("it gives the rest")).repr().expect("a list"),
        "[1, 2, 3]"
    );
    assert!(first.next().is_none());
}

#[test]
fn a_generator_that_asks_itself_raises() {
    let holder = Py::list(Vec::new());
    let inner = holder.clone();
    let generator = Generator::new(Box::new(std::iter::from_fn(move || {
        let own = inner.item(&Py::Int(0)).ok()??;
        own.iter().ok()?.next()
    })));
    call(&holder, "append", std::slice::from_ref(&generator));
    assert_eq!(generator.collect().expect_err("it raises").kind(), FaultKind::ValueError);
    call(&holder, "clear", &[]);
}
