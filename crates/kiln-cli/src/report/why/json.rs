//! The same as a JSON object; `schemas/why.schema.json` says what is in it.

use kiln::why::{Computed, Setting, Text, Told, Where, Why};
use kiln::{Part, Sources, Span};
use serde_json::{Value, json};

use super::depends::dependents;

/// The version of the objects' form; a field may be added without a new one.
const VERSION: u32 = 1;

/// What is known of an output, as a JSON object and a line break.
pub(crate) fn output(why: &Why, told: &Told) -> String {
    let sources = &why.report.sources;
    let entry = told.entry.as_ref().map(|(id, span)| placed(sources, *span, json!({"id": id})));
    let conditions = told.conditions.iter().map(|it| {
        let of = json!({"of": part(&it.part), "expression": it.text, "names": it.names});
        placed(sources, it.span, of)
    });
    let names = told.names.iter().map(|(name, span)| placed(sources, *span, json!({"name": name})));
    let macros = told.macros.iter().map(|(name, of)| json!({"name": name, "template": text(sources, of)}));
    let keys = told.keys.iter().filter_map(|key| Some(setting(sources, key, why.keys.get(key)?)));
    let values = told.values.iter().filter_map(|name| Some(computed(sources, name, why.values.get(name)?)));
    let key_files = told.key_files.iter().filter_map(|id| {
        let file = why.key_files.get(id)?;
        Some(json!({"id": id, "file": file.file, "keys": file.keys}))
    });
    line(&json!({
        "version": VERSION,
        "path": told.path,
        "pack": why.report.pack_id,
        "template": text(sources, &told.template),
        "entry": entry,
        "part": told.part.as_ref().map(part),
        "conditions": conditions.collect::<Vec<_>>(),
        "names": names.collect::<Vec<_>>(),
        "decided_by": told.decided_by,
        "keys": keys.collect::<Vec<_>>(),
        "values": values.collect::<Vec<_>>(),
        "key_files": key_files.collect::<Vec<_>>(),
        "templates": told.templates.iter().map(|it| text(sources, it)).collect::<Vec<_>>(),
        "macros": macros.collect::<Vec<_>>(),
        "encrypted_by": told.encrypted_by,
    }))
}

/// What made an output of a makejinja project, as a JSON object and a line break.
pub(crate) fn made(path: &str, template: Option<&str>) -> String {
    line(&json!({"version": VERSION, "path": path, "template": template}))
}

/// What depends on a key or a computed value, as a JSON object and a line break.
pub(crate) fn key(why: &Why, key: &str) -> String {
    let sources = &why.report.sources;
    let found = dependents(why, key);
    let outputs = found.outputs.iter().map(|it| {
        placed(
            sources,
            it.span,
            json!({"path": it.told.path, "through": it.through, "used": it.is_used || it.through.is_some()}),
        )
    });
    let rules =
        found.rules.iter().map(|it| placed(sources, it.span, json!({"code": it.code, "names": it.names})));
    line(&json!({
        "version": VERSION,
        "key": why.keys.get(key).map(|it| setting(sources, key, it)),
        "value": why.values.get(key).map(|it| computed(sources, key, it)),
        "values": found.values.iter().map(|(name, it)| computed(sources, name, it)).collect::<Vec<_>>(),
        "rules": rules.collect::<Vec<_>>(),
        "outputs": outputs.collect::<Vec<_>>(),
    }))
}

fn line(object: &Value) -> String {
    format!("{object}\n")
}

fn text(sources: &Sources, text: &Text) -> Value {
    placed(sources, text.span, json!({"name": text.name, "own": text.is_own}))
}

fn part(part: &Part) -> Value {
    match part {
        Part::App(app) => json!({"app": app}),
        Part::Kustomization(app, folder) => json!({"app": app, "kustomization": folder}),
        Part::File(app, folder, file) => json!({"app": app, "kustomization": folder, "file": file}),
        Part::Entry(id) => json!({"entry": id}),
    }
}

fn setting(sources: &Sources, key: &str, setting: &Setting) -> Value {
    let from = match setting.from {
        Where::Written => "file",
        Where::Default => "default",
        Where::Computed => "computed",
        Where::Unset => "unset",
    };
    let value = json!({"key": key, "from": from, "value": setting.value, "secret": setting.is_secret});
    placed(sources, setting.span, value)
}

fn computed(sources: &Sources, name: &str, value: &Computed) -> Value {
    placed(
        sources,
        value.span,
        json!({"name": name, "value": value.value, "from": value.from, "keys": value.keys}),
    )
}

/// The object with the place that it is about; `null` where there is none.
fn placed(sources: &Sources, span: Span, mut object: Value) -> Value {
    let at = (!span.is_none()).then(|| sources.position(span.source, span.start));
    object["file"] = json!(at.map(|_| sources.path(span.source)));
    object["line"] = json!(at.map(|it| it.line));
    object["column"] = json!(at.map(|it| it.column));
    object
}
