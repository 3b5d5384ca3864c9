use kiln_python::{Args, FaultKind, List, Py, meter};

use super::{batch, map, select, slice};
use crate::calls::here;

fn args<const N: usize>(positional: [Py; N]) -> Args {
    Args::positional(positional)
}

fn numbers() -> Py {
    Py::list(vec![Py::Int(1), Py::Int(2), Py::Int(3)])
}

#[test]
fn what_is_wrong_is_raised_only_when_someone_goes_through() {
    for filter in [map, select] {
        let items = filter(&here(), numbers(), args([Py::str("nope")])).expect("nothing is raised yet");
        let fault = items.collect().expect_err("there is no such filter or test");
        assert_eq!(fault.kind(), FaultKind::TemplateRuntimeError);
    }
    let rows = slice(&here(), numbers(), args([Py::Int(0)])).expect("nothing is raised yet");
    assert_eq!(rows.collect().expect_err("it cannot be cut").kind(), FaultKind::ZeroDivisionError);
}

#[test]
fn a_generator_ends_with_its_first_fault() {
    let items = Py::list(vec![Py::Int(1), Py::str("a"), Py::Int(2)]);
    let generator = map(&here(), items, args([Py::str("abs")])).expect("nothing is raised yet");
    let mut items = generator.iter().expect("a generator can be gone through");
    assert!(items.next().expect("there is one").is_ok());
    assert!(items.next().expect("there is another").is_err());
    assert!(items.next().is_none());
}

#[test]
fn items_that_come_later_are_seen() {
    let list = List::new(vec![Py::Int(1)]);
    let odd = select(&here(), Py::List(list.clone()), args([Py::str("odd")])).expect("it is a test");
    list.lock().push(Py::Int(3));
    assert_eq!(odd.collect().expect("they are numbers").len(), 2);
}

#[test]
fn a_generator_that_goes_through_itself_is_a_fault() {
    let list = List::new(Vec::new());
    let generator = map(&here(), Py::List(list.clone()), args([Py::str("list")])).expect("it is a filter");
    list.lock().push(generator.clone());
    assert_eq!(generator.collect().expect_err("it is at work").kind(), FaultKind::ValueError);
    list.lock().clear();
}

#[test]
fn what_would_fill_the_memory_is_refused_before_it_is_made() {
    let _meter = meter::Meter::start(1_000_000, u64::MAX);
    for count in [1_000_000_000, i64::MAX] {
        let rows = batch(&here(), numbers(), args([Py::Int(count), Py::str("x")])).expect("it is lazy");
        rows.collect().expect_err("there is not that much memory");
        let columns = slice(&here(), numbers(), args([Py::Int(count)])).expect("it is lazy");
        columns.collect().expect_err("there is not that much memory");
    }
}
