//! What operators, methods and protocols give is what CPython gives: `corpus/operators.jsonl`,
//! written by `xtask/peers/python/operators.py`.

mod literal;

use kiln_python::{Args, Comparison, Dict, FaultKind, Operator, Py, Result};
use literal::{field, value};
use serde_json::Value;

#[test]
fn operators_give_what_cpython_gives() {
    let mut failures = Vec::new();
    let corpus = include_str!("corpus/operators.jsonl");
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).expect("a line of the corpus is JSON");
        let (expected, got) = (expectation(&case), outcome(&case));
        if expected != got {
            failures.push(format!("{line}\n    but kiln: {got}"));
        }
    }
    let total = corpus.lines().count();
    assert!(failures.is_empty(), "{} of {total} differ\n{}", failures.len(), failures.join("\n"));
}

fn expectation(case: &Value) -> String {
    match case.get("gives") {
        Some(gives) => gives.as_str().expect("`gives` is text").to_owned(),
        None => {
            let class = field(case, "raises").as_str().expect("`raises` is text");
            let absent = matches!(case["do"].as_str(), Some("item" | ".__getitem__")) && class == "TypeError";
            format!("raises {}", if absent { "LookupError" } else { group(class) })
        }
    }
}

fn outcome(case: &Value) -> String {
    let operands: Vec<Py> =
        field(case, "on").as_array().expect("`on` is an array").iter().map(value).collect();
    let action = field(case, "do").as_str().expect("`do` is text");
    match perform(action, &operands).and_then(|result| Ok((result.repr()?, result))) {
        Ok((repr, result)) => format!("{} {repr}", result.type_name()),
        Err(fault) => format!("raises {}", group(&format!("{:?}", fault.kind()))),
    }
}

/// `attr` and `item` give nothing where Python raises one of these, and memory is bounded by
/// the meter.
fn group(class: &str) -> &str {
    match class {
        "KeyError" | "IndexError" => "LookupError",
        "MemoryError" => "Exhausted",
        class => class,
    }
}

fn perform(action: &str, on: &[Py]) -> Result<Py> {
    if let Some(name) = action.strip_prefix('.') {
        let (receiver, args) = on.split_first().expect("a method has a receiver");
        let result = receiver.call_method(name, Args::positional(args))?;
        return Ok(Py::tuple([result, receiver.clone()]));
    }
    match on {
        [operand] => unary(action, operand),
        [left, right] => binary(action, left, right),
        [sliced, start, stop, step] => sliced.slice(start, stop, step),
        _ => panic!("no action has {} operands", on.len()),
    }
}

fn unary(action: &str, operand: &Py) -> Result<Py> {
    match action {
        "neg" => operand.negate(),
        "pos" => operand.plus(),
        "abs" => operand.abs(),
        "truth" => operand.truth().map(Py::Bool),
        "str" => operand.to_str().map(Py::Str),
        "repr" => operand.repr().map(Py::str),
        "len" => operand.len().map(|length| Py::Int(length as i64)),
        "list" => operand.collect().map(Py::list),
        "key" => {
            let dict = Dict::default();
            dict.insert(operand.clone(), Py::Int(1))?;
            Ok(Py::Dict(dict))
        }
        name => operand.attr(name)?.ok_or_else(|| missing(FaultKind::AttributeError)),
    }
}

fn binary(action: &str, left: &Py, right: &Py) -> Result<Py> {
    if let Some(operator) = operator(action) {
        return left.operate(operator, right);
    }
    if let Some(comparison) = comparison(action) {
        return left.compare(comparison, right).map(Py::Bool);
    }
    match action {
        "item" => left.item(right)?.ok_or_else(|| missing(FaultKind::LookupError)),
        "onekey" => {
            let dict = Dict::default();
            dict.insert(left.clone(), Py::Int(1))?;
            dict.insert(right.clone(), Py::Int(2))?;
            Py::Dict(dict).len().map(|length| Py::Int(length as i64))
        }
        _ => panic!("there is no action `{action}`"),
    }
}

fn missing(kind: FaultKind) -> kiln_python::Fault {
    kiln_python::Fault::new(kind, "there is nothing of that name")
}

fn operator(action: &str) -> Option<Operator> {
    Some(match action {
        "+" => Operator::Add,
        "-" => Operator::Sub,
        "*" => Operator::Mul,
        "/" => Operator::Div,
        "//" => Operator::FloorDiv,
        "%" => Operator::Mod,
        "**" => Operator::Pow,
        _ => return None,
    })
}

fn comparison(action: &str) -> Option<Comparison> {
    Some(match action {
        "==" => Comparison::Eq,
        "!=" => Comparison::Ne,
        "<" => Comparison::Lt,
        "<=" => Comparison::Le,
        ">" => Comparison::Gt,
        ">=" => Comparison::Ge,
        "in" => Comparison::In,
        "not in" => Comparison::NotIn,
        _ => return None,
    })
}
