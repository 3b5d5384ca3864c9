//! Jinja2 renders every template and evaluates every expression of the pack.

use std::path::Path;

use kiln::{DiskFiles, Request, TracedText, TracedValue, Value};
use serde_json::{Map, Value as Json, json};

use super::{Bench, Tally, verdict};
use crate::Result;
use crate::command::Run;

/// Asks Jinja2 for everything that kiln rendered and evaluated.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let jobs = bench.examples.iter().map(|example| Ok((example.name().to_owned(), job(example.project())?)));
    let jobs: Map<String, Json> = jobs.collect::<Result<_>>()?;
    let script = bench.root.join("xtask/peers/jinja2/render.py");
    let output = Run::new(bench.cache.python()).arg(script).input(serde_json::to_vec(&jobs)?).stdout()?;
    verdict::count("jinja2", &output, tally)
}

/// What kiln rendered and evaluated for a project, in the format that `render.py` describes.
fn job(project: &Path) -> Result<Json> {
    let project = DiskFiles::new(project.to_owned());
    let trace = kiln::trace(&Request::new(&project, 0))
        .map_err(|report| format!("the project has errors: {:?}", report.diagnostics))?;
    let [block, variable, comment] = &trace.delimiters;
    let functions: Map<String, Json> = trace
        .functions
        .iter()
        .map(|it| (it.name.clone(), json!({"params": it.params, "value": it.value})))
        .collect();
    Ok(json!({
        "syntax": {"block": block, "variable": variable, "comment": comment},
        "functions": functions,
        "outputs": trace.outputs,
        "templates": trace.templates,
        "cases": trace.texts.iter().map(text_case).collect::<Vec<_>>(),
        "expressions": trace.values.iter().map(value_case).collect::<Vec<_>>(),
    }))
}

fn text_case(text: &TracedText) -> Json {
    let (key, value) = match &text.template {
        Some(name) => ("template", name),
        None => ("source", &text.source),
    };
    json!({"id": text.id, key: value, "context": mapping(&text.context), "expected": text.expected})
}

fn value_case(value: &TracedValue) -> Json {
    json!({
        "id": value.id,
        "expr": value.expression,
        "context": mapping(&value.context),
        "expected": to_json(&value.expected),
    })
}

fn mapping(map: &kiln::Map) -> Json {
    Json::Object(map.iter().map(|(key, entry)| (key.to_owned(), to_json(&entry.node.value))).collect())
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Invalid => Json::Null,
        Value::Bool(it) => json!(it),
        Value::Int(it) => i64::try_from(*it).map_or_else(|_| json!(it.to_string()), |it| json!(it)),
        Value::Float(it) => json!(it),
        Value::String(it) => json!(it),
        // Jinja2 has to render the same text; the keys of the examples are published.
        Value::Secret(it) => json!(it.expose()),
        Value::List(items) => items.iter().map(|item| to_json(&item.value)).collect(),
        Value::Map(map) => mapping(map),
    }
}
