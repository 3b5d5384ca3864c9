//! Jinja2 renders every template and evaluates every expression of the pack, and every case of
//! the corpus.

use std::collections::BTreeMap;
use std::path::Path;

use kiln::{DiskFiles, Map, Request, Trace, TracedText, TracedValue, Value};
use serde::{Serialize, Serializer};

use super::{Bench, Tally, verdict};
use crate::Result;
use crate::command::Run;
use crate::conformance::{self, Oracle};

/// Asks Jinja2 for everything that kiln rendered and evaluated.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let traces = bench.examples.iter().map(|example| Ok((example.name(), trace(example.project())?)));
    let traces: BTreeMap<&str, Trace> = traces.collect::<Result<_>>()?;
    let jobs: BTreeMap<&str, Job<'_>> = traces.iter().map(|(name, trace)| (*name, Job::of(trace))).collect();
    let script = bench.root.join("xtask/peers/jinja2/render.py");
    let output = Run::new(bench.cache.python()).arg(script).input(serde_json::to_vec(&jobs)?).stdout()?;
    verdict::count("jinja2", &output, tally)?;
    judge_corpus(bench, tally)
}

/// Asks Jinja2 whether the expectations of the corpus are its own.
fn judge_corpus(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let mut jinja2 = Oracle::start(bench.root, &bench.cache.python())?;
    let cases = conformance::corpus(bench.root)?;
    for (case, answer) in cases.iter().zip(jinja2.ask(&cases)?) {
        let agrees = case.expected.as_ref().is_some_and(|expected| answer.agrees(expected));
        let outcome = if agrees { Ok(()) } else { Err(format!("Jinja2 gives {answer}").into()) };
        tally.claim(&format!("what {} expects is what Jinja2 gives", case.id), outcome);
    }
    Ok(())
}

fn trace(project: &Path) -> Result<Trace> {
    let project = DiskFiles::new(project.to_owned());
    kiln::trace(&Request::new(&project, 0))
        .map_err(|report| format!("the project has errors: {:?}", report.diagnostics).into())
}

/// What kiln rendered and evaluated for a project, in the format that `render.py` describes.
#[derive(Serialize)]
struct Job<'a> {
    syntax: BTreeMap<&'static str, &'a (String, String)>,
    functions: BTreeMap<&'a str, Function<'a>>,
    outputs: &'a BTreeMap<String, Vec<String>>,
    templates: &'a BTreeMap<String, String>,
    cases: Vec<Text<'a>>,
    expressions: Vec<Expression<'a>>,
}

#[derive(Serialize)]
struct Function<'a> {
    params: &'a [String],
    value: &'a str,
}

#[derive(Serialize)]
struct Text<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<&'a str>,
    source: &'a str,
    context: Names<'a>,
    expected: &'a str,
}

#[derive(Serialize)]
struct Expression<'a> {
    id: &'a str,
    expr: &'a str,
    context: Names<'a>,
    expected: InOrder<'a>,
}

impl<'a> Job<'a> {
    fn of(trace: &'a Trace) -> Job<'a> {
        let [block, variable, comment] = &trace.delimiters;
        let function = |it: &'a kiln::TracedFunction| {
            (it.name.as_str(), Function { params: &it.params, value: &it.value })
        };
        Job {
            syntax: BTreeMap::from([("block", block), ("variable", variable), ("comment", comment)]),
            functions: trace.functions.iter().map(function).collect(),
            outputs: &trace.outputs,
            templates: &trace.templates,
            cases: trace.texts.iter().map(Text::of).collect(),
            expressions: trace.values.iter().map(Expression::of).collect(),
        }
    }
}

impl<'a> Text<'a> {
    fn of(text: &'a TracedText) -> Text<'a> {
        Text {
            id: &text.id,
            template: text.template.as_deref(),
            source: &text.source,
            context: Names(&text.context),
            expected: &text.expected,
        }
    }
}

impl<'a> Expression<'a> {
    fn of(value: &'a TracedValue) -> Expression<'a> {
        Expression {
            id: &value.id,
            expr: &value.expression,
            context: Names(&value.context),
            expected: InOrder(&value.expected),
        }
    }
}

/// A mapping whose keys stay in the order in which they were written; `serde_json::Value` would
/// sort them.
struct Names<'a>(&'a Map);

impl Serialize for Names<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, entry)| (key, InOrder(&entry.node.value))))
    }
}

struct InOrder<'a>(&'a Value);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null | Value::Invalid => serializer.serialize_unit(),
            Value::Bool(it) => serializer.serialize_bool(*it),
            Value::Int(it) => match i64::try_from(*it) {
                Ok(it) => serializer.serialize_i64(it),
                Err(_) => serializer.collect_str(it),
            },
            Value::Float(it) => serializer.serialize_f64(*it),
            Value::String(it) => serializer.serialize_str(it),
            // Jinja2 has to render the same text; the keys of the examples are published.
            Value::Secret(it) => serializer.serialize_str(it.expose()),
            Value::List(items) => serializer.collect_seq(items.iter().map(|item| InOrder(&item.value))),
            Value::Map(map) => Names(map).serialize(serializer),
        }
    }
}
