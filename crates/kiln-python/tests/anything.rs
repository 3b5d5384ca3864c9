//! Whatever a template does to whatever values, nothing panics.

use std::sync::Arc;

use kiln_python::meter::Meter;
use kiln_python::{Args, Comparison, Dict, Operator, Py, Range, Undefined, UndefinedMode};
use proptest::prelude::*;

const OPERATORS: [Operator; 7] = [
    Operator::Add,
    Operator::Sub,
    Operator::Mul,
    Operator::Div,
    Operator::FloorDiv,
    Operator::Mod,
    Operator::Pow,
];

const COMPARISONS: [Comparison; 8] = [
    Comparison::Eq,
    Comparison::Ne,
    Comparison::Lt,
    Comparison::Le,
    Comparison::Gt,
    Comparison::Ge,
    Comparison::In,
    Comparison::NotIn,
];

const NAMES: [&str; 40] = [
    "append",
    "extend",
    "insert",
    "pop",
    "remove",
    "clear",
    "copy",
    "index",
    "count",
    "sort",
    "reverse",
    "get",
    "setdefault",
    "popitem",
    "update",
    "keys",
    "values",
    "items",
    "fromkeys",
    "isdisjoint",
    "real",
    "start",
    "__class__",
    "__len__",
    "__iter__",
    "__getitem__",
    "__setitem__",
    "__delitem__",
    "__contains__",
    "__add__",
    "__rmod__",
    "__rpow__",
    "__eq__",
    "__lt__",
    "__neg__",
    "__abs__",
    "__str__",
    "__bool__",
    "upper",
    "x",
];

fn integer() -> impl Strategy<Value = Py> {
    let edges = [0, 1, -1, 2, 63, i64::MAX, i64::MIN, i64::MIN + 1];
    prop_oneof![
        proptest::sample::select(edges.to_vec()).prop_map(Py::Int),
        any::<i64>().prop_map(Py::Int),
        (-20i64..20).prop_map(Py::Int),
        (any::<i64>(), any::<i64>()).prop_map(|(left, right)| {
            Py::Int(left).operate(Operator::Mul, &Py::Int(right)).expect("integers have a product")
        }),
    ]
}

fn scalar() -> impl Strategy<Value = Py> {
    prop_oneof![
        Just(Py::None),
        any::<bool>().prop_map(Py::Bool),
        integer(),
        any::<f64>().prop_map(Py::Float),
        ".{0,6}".prop_map(Py::str),
        "[a<é]{0,3}".prop_map(|text| Py::Markup(text.into())),
        proptest::collection::vec(any::<u8>(), 0..4).prop_map(|bytes| Py::Bytes(bytes.into())),
        (-9i64..9, any::<i64>(), -3i64..3)
            .prop_map(|(start, stop, step)| { Range::new(start, stop, step).unwrap_or(Py::None) }),
        proptest::sample::select(vec![
            UndefinedMode::Default,
            UndefinedMode::Chainable,
            UndefinedMode::Debug,
            UndefinedMode::Strict,
        ])
        .prop_map(|mode| Py::Undefined(Arc::new(Undefined::name(mode, "missing")))),
    ]
}

fn value() -> impl Strategy<Value = Py> {
    scalar().prop_recursive(3, 12, 4, |inner| {
        let items = proptest::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            items.clone().prop_map(Py::list),
            items.prop_map(Py::tuple),
            proptest::collection::vec((inner.clone(), inner.clone()), 0..4).prop_map(|entries| {
                let dict = Dict::default();
                for (key, value) in entries {
                    // What cannot be a key is left out.
                    let _ = dict.insert(key, value);
                }
                Py::Dict(dict)
            }),
            inner.prop_map(|value| {
                let views = ["keys", "values", "items"].map(|name| value.call_method(name, Args::default()));
                views.into_iter().find_map(Result::ok).unwrap_or(value)
            }),
        ]
    })
}

fn look_at(value: &Py) {
    let _ = (value.type_name(), value.type_repr(), value.truth(), value.repr(), value.to_str(), value.len());
    let _ =
        (value.negate(), value.plus(), value.is_callable(), value.iter().map(|items| items.take(9).count()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_operator_panics(left in value(), right in value()) {
        let _meter = Meter::start(10_000, u64::MAX);
        look_at(&left);
        for operator in OPERATORS {
            if let Ok(result) = left.operate(operator, &right) {
                look_at(&result);
            }
        }
        for comparison in COMPARISONS {
            let _ = left.compare(comparison, &right);
        }
        let _ = (left.item(&right), left.is(&right), left.call(Args::positional([right])));
    }

    #[test]
    fn no_slice_panics(value in value(), start in scalar(), stop in scalar(), step in scalar()) {
        let _meter = Meter::start(10_000, u64::MAX);
        if let Ok(result) = value.slice(&start, &stop, &step) {
            look_at(&result);
        }
    }

    #[test]
    fn no_method_panics(
        receiver in value(),
        calls in proptest::collection::vec(
            (proptest::sample::select(NAMES.to_vec()), proptest::collection::vec(value(), 0..4), any::<bool>()),
            1..8,
        ),
    ) {
        let _meter = Meter::start(10_000, u64::MAX);
        for (name, mut arguments, own) in calls {
            if own {
                arguments.insert(0, receiver.clone());
            }
            if let Ok(result) = receiver.call_method(name, Args::positional(arguments)) {
                look_at(&result);
            }
            look_at(&receiver);
        }
    }
}
