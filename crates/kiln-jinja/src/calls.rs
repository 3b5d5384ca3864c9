//! Calls whose results Jinja2 3.1.6 gave on CPython 3.11, kept as files of JSON lines.
//!
//! A line is a call: `env` holds what differs from the defaults of an environment, `value`,
//! `args` and `kwargs` are what is called with, and either `gives` is the `repr` of the result or
//! `raises` the class of the exception, which is not compared. An object with one key that begins
//! with a dollar sign is a value that JSON does not have.

use std::sync::Arc;

use kiln_python::{
    Args, Dict, Generator, Key, List, Operator, Py, Result, Table, Undefined, UndefinedMode, Watched,
};
use serde_json::Value;

use crate::Policies;
use crate::ambient::{Ambient, Filter, Here, Test};

/// Calls what each of the lines says, and compares.
pub(crate) fn check(lines: &str, call: impl Fn(&Here, Py, Args) -> Result<Py>) {
    let mut wrong = Vec::new();
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).expect("a line is JSON");
        // A watched text is a text like any other.
        for watched in [false, true] {
            let found = run(&call, &case, watched).and_then(|result| shown(&result));
            if found.as_deref().ok() != case["gives"].as_str() {
                wrong.push(format!("{line}\n    found {found:?}, watched: {watched}"));
            }
        }
    }
    let shown = wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} calls went wrong:\n{shown}", wrong.len());
}

/// A template in an environment with the defaults.
pub(crate) fn here() -> Here {
    Arc::new(Stub::new(&Value::Null))
}

fn run(call: impl Fn(&Here, Py, Args) -> Result<Py>, case: &Value, watched: bool) -> Result<Py> {
    let stub = Arc::new(Stub::new(&case["env"]));
    let read = |value: &Value| stub.read(value, watched);
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let args = Args {
        positional: items(&case["args"]).iter().map(read).collect(),
        keyword: items(&case["kwargs"]).iter().map(|pair| (text(&pair[0]).into(), read(&pair[1]))).collect(),
    };
    let here: Here = stub.clone();
    call(&here, read(&case["value"]), args)
}

fn text(value: &Value) -> &str {
    value.as_str().expect("the corpus has text here")
}

/// The `repr` of a result; that of a generator shows what it gives.
fn shown(result: &Py) -> Result<String> {
    if result.downcast::<Generator>().is_none() {
        return result.repr();
    }
    Ok(format!("generator {}", Py::list(result.collect()?).repr()?))
}

/// The template that calls.
struct Stub {
    mode: UndefinedMode,
    autoescape: bool,
    newline_sequence: String,
    policies: Policies,
}

impl Stub {
    fn new(env: &Value) -> Stub {
        let mut policies = Policies::default();
        for (name, value) in env["policies"].as_object().into_iter().flatten() {
            let words = || value.as_str().map(str::to_owned);
            match &**name {
                "truncate.leeway" => policies.truncate_leeway = value.as_i64().expect("a leeway is a number"),
                "urlize.rel" => policies.urlize_rel = words(),
                "urlize.target" => policies.urlize_target = words(),
                "urlize.extra_schemes" => {
                    let schemes = value.as_array().into_iter().flatten();
                    policies.urlize_extra_schemes = schemes.map(|scheme| text(scheme).to_owned()).collect();
                }
                _ => panic!("a filter has no policy `{name}`"),
            }
        }
        Stub {
            mode: match env["undefined"].as_str() {
                Some("strict") => UndefinedMode::Strict,
                Some("chainable") => UndefinedMode::Chainable,
                Some("debug") => UndefinedMode::Debug,
                _ => UndefinedMode::Default,
            },
            autoescape: env["autoescape"] == true,
            newline_sequence: env["newline_sequence"].as_str().unwrap_or("\n").to_owned(),
            policies,
        }
    }

    fn read(&self, value: &Value, watched: bool) -> Py {
        let list = |items: &Value| -> Vec<Py> {
            items.as_array().into_iter().flatten().map(|item| self.read(item, watched)).collect()
        };
        match value {
            Value::Null => Py::None,
            Value::Bool(it) => Py::Bool(*it),
            Value::Number(it) => Py::Int(it.as_i64().expect("a number of the corpus is small")),
            Value::String(it) if watched => Py::Watched(Arc::new(Noted(it.clone()))),
            Value::String(it) => Py::str(it.as_str()),
            Value::Array(_) => Py::List(List::new(list(value))),
            Value::Object(tagged) => {
                let (tag, it) = tagged.iter().next().expect("a tagged value has a tag");
                match &**tag {
                    "$int" => whole_number(text(it)),
                    "$float" => Py::Float(text(it).parse().expect("it is a float")),
                    "$markup" => Py::Markup(text(it).into()),
                    "$bytes" => Py::Bytes(text(it).chars().map(|it| u32::from(it) as u8).collect()),
                    "$tuple" => Py::tuple(list(it)),
                    "$generator" => Generator::new(Box::new(list(it).into_iter().map(Ok))),
                    "$undefined" => Py::Undefined(Arc::new(Undefined::name(self.mode, text(it)))),
                    "$range" => kiln_python::range(Args::positional(list(it))).expect("it is a range"),
                    "$view" => {
                        let method = text(&it[1]);
                        self.read(&it[0], watched).call_method(method, Args::default()).expect("it has views")
                    }
                    "$groups" => {
                        let groupby = crate::filters::builtin("groupby").expect("it is there");
                        let args = Args::positional([self.read(&it[1], watched)]);
                        groupby(&here(), self.read(&it[0], watched), args).expect("it can be grouped")
                    }
                    "$namespace" => {
                        let namespace = crate::globals::builtin("namespace").expect("it is there");
                        namespace.call(Args::positional([Py::list(list(it))])).expect("they are pairs")
                    }
                    "$dict" => {
                        let pairs = it.as_array().into_iter().flatten();
                        let entry = |pair: &Value| {
                            let key = Key::new(self.read(&pair[0], watched)).expect("keys are hashable");
                            (key, self.read(&pair[1], watched))
                        };
                        Py::Dict(Dict::new(pairs.map(entry).collect::<Table>()))
                    }
                    _ => panic!("the corpus has no tag `{tag}`"),
                }
            }
        }
    }
}

/// A number of any size.
fn whole_number(digits: &str) -> Py {
    if let Some(digits) = digits.strip_prefix('-') {
        return whole_number(digits).negate().expect("numbers have negatives");
    }
    digits.bytes().fold(Py::Int(0), |number, digit| {
        let next = number.operate(Operator::Mul, &Py::Int(10)).expect("numbers multiply");
        next.operate(Operator::Add, &Py::Int(i64::from(digit - b'0'))).expect("numbers add")
    })
}

impl Ambient for Stub {
    fn undefined_mode(&self) -> UndefinedMode {
        self.mode
    }

    fn autoescape(&self) -> bool {
        self.autoescape
    }

    fn policies(&self) -> Arc<Policies> {
        Arc::new(self.policies.clone())
    }

    fn passed(self: Arc<Self>, _: &str) -> Result<Py> {
        Ok(Py::None)
    }

    fn newline_sequence(&self) -> &str {
        &self.newline_sequence
    }

    fn filter(&self, name: &str) -> Option<Filter> {
        crate::filters::builtin(name)
    }

    fn test(&self, name: &str) -> Option<Test> {
        crate::builtin_tests::builtin(name)
    }

    fn filter_names(&self) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn test_names(&self) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn random_below(&self, _: usize) -> usize {
        0
    }
}

/// A watched text.
struct Noted(String);

impl Watched for Noted {
    fn text(&self) -> &str {
        &self.0
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}
