//! No value is too deep or too large to end well.

use kiln_python::meter::Meter;
use kiln_python::{Args, Comparison, Dict, FaultKind, Generator, Key, Operator, Py};

const DEEP: usize = 100_000;
const TOO_DEEP: usize = 1_000;

/// Runs where a call for each level would not fit.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(512 * 1024)
        .spawn(run)
        .expect("a thread can be started")
        .join()
        .expect("the thread ends well");
}

fn nested(depth: usize, mut wrap: impl FnMut(Py) -> Py) -> Py {
    let mut value = Py::Int(1);
    for _ in 0..depth {
        value = wrap(value);
    }
    value
}

fn in_list(value: Py) -> Py {
    Py::list(vec![value])
}

fn in_tuple(value: Py) -> Py {
    Py::tuple([value])
}

fn in_dict(value: Py) -> Py {
    let dict = Dict::default();
    dict.insert(Py::str("k"), value).expect("text is a key");
    Py::Dict(dict)
}

fn in_bound_method(value: Py) -> Py {
    in_list(value).attr("append").expect("nothing is raised").expect("a list has it")
}

fn in_generator(value: Py) -> Py {
    Generator::new(Box::new(
        std::iter::once_with(move || value.iter().map_or_else(|_| Vec::new(), Iterator::collect)).flatten(),
    ))
}

fn in_view(value: Py) -> Py {
    in_dict(value).call_method("values", Args::default()).expect("a dict has views")
}

const WRAPS: [fn(Py) -> Py; 6] = [in_list, in_tuple, in_dict, in_bound_method, in_generator, in_view];

#[test]
fn values_nested_however_deep_are_dropped() {
    on_a_small_stack(|| {
        for wrap in WRAPS {
            drop(nested(DEEP, wrap));
        }
        let mut turn = 0;
        drop(nested(DEEP, |value| {
            turn += 1;
            WRAPS[turn % WRAPS.len()](value)
        }));
    });
}

#[test]
fn deep_values_are_dropped_by_a_thread_that_ends() {
    thread_local! {
        static KEPT: std::cell::RefCell<Option<Py>> = const { std::cell::RefCell::new(None) };
    }
    on_a_small_stack(|| KEPT.set(Some(nested(100, in_list))));
}

#[test]
fn what_goes_into_deep_values_raises() {
    on_a_small_stack(|| {
        for wrap in [in_list, in_tuple, in_dict, in_view] {
            assert_eq!(
                nested(TOO_DEEP, wrap).repr().expect_err("too deep").kind(),
                FaultKind::RecursionError
            );
        }
        for wrap in [in_list, in_tuple, in_dict] {
            let (left, right) = (nested(TOO_DEEP, wrap), nested(TOO_DEEP, wrap));
            assert_eq!(left.equals(&right).expect_err("too deep").kind(), FaultKind::RecursionError);
        }
        for wrap in [in_list, in_tuple] {
            let (left, right) = (nested(TOO_DEEP, wrap), nested(TOO_DEEP, wrap));
            let fault = left.compare(Comparison::Lt, &right).expect_err("too deep");
            assert_eq!(fault.kind(), FaultKind::RecursionError);
        }
        let fault = Key::new(nested(TOO_DEEP, in_tuple)).err().expect("too deep");
        assert_eq!(fault.kind(), FaultKind::RecursionError);
        let fault = nested(TOO_DEEP, in_generator).collect().expect_err("too deep");
        assert_eq!(fault.kind(), FaultKind::RecursionError);
    });
}

#[test]
fn keys_as_deep_as_can_be_are_found() {
    on_a_small_stack(|| {
        let dict = Dict::default();
        dict.insert(nested(200, in_tuple), Py::None).expect("deep, but not too deep");
        assert!(dict.get(&nested(200, in_tuple)).expect("it is hashable").is_some());
    });
}

#[test]
fn lists_that_contain_themselves_raise_when_they_are_compared() {
    on_a_small_stack(|| {
        let make = || {
            let list = Py::list(Vec::new());
            list.call_method("append", Args::positional([list.clone()])).expect("a list can grow");
            list
        };
        let (left, right) = (make(), make());
        assert_eq!(left.equals(&right).expect_err("endless").kind(), FaultKind::RecursionError);
        assert_eq!(left.repr().expect("it has a repr"), "[[...]]");
        for list in [left, right] {
            list.call_method("clear", Args::default()).expect("a list can be cleared");
        }
    });
}

/// A value of which each level names the one below twice.
fn doubled(levels: usize, pair: fn(Py, Py) -> Py) -> Py {
    nested(levels, |value| pair(value.clone(), value))
}

#[test]
fn the_meter_ends_what_would_take_for_ever() {
    let lists: fn(Py, Py) -> Py = |left, right| Py::list(vec![left, right]);
    let tuples: fn(Py, Py) -> Py = |left, right| Py::tuple([left, right]);
    let values: Vec<(Py, Py)> =
        [lists, tuples].map(|pair| (doubled(60, pair), doubled(60, pair))).into_iter().collect();
    let _meter = Meter::start(100_000, u64::MAX);
    for (left, right) in &values {
        assert_eq!(left.repr().expect_err("too much").kind(), FaultKind::Exhausted);
        assert_eq!(left.equals(right).expect_err("too much").kind(), FaultKind::Exhausted);
        assert!(Key::new(left.clone()).is_err());
    }
}

#[test]
fn the_meter_is_asked_before_anything_large_is_made() {
    let huge = Py::Int(1_000_000_000_000);
    for small in [Py::str("ab"), Py::Markup("ab".into()), Py::list(vec![Py::None]), Py::tuple([Py::None])] {
        let _meter = Meter::start(1_000_000, u64::MAX);
        let fault = small.operate(Operator::Mul, &huge).expect_err("too much");
        assert_eq!(fault.kind(), FaultKind::Exhausted);
    }
    let _meter = Meter::start(1_000_000, u64::MAX);
    let power = Py::Int(3).operate(Operator::Pow, &huge).expect_err("too much");
    assert_eq!(power.kind(), FaultKind::Exhausted);
    let range = kiln_python::range(Args::positional([huge])).expect("a range makes nothing");
    assert_eq!(range.collect().expect_err("too much").kind(), FaultKind::Exhausted);
}
