//! How long templates take, on one core: `cargo bench -p kiln --bench templates`.
//!
//! `front_end` parses and lowers; the throughput it shows is that of template text. `render_340`
//! compiles and renders as many templates as a large repository has, each once, as a run does.

#![allow(missing_docs, reason = "a benchmark has no users")]

use divan::Bencher;
use divan::counter::BytesCount;
use kiln::{DiskFiles, Request, Trace, TracedText};
use kiln_jinja::{Engine, Scope, Syntax};
use kiln_model::Sources;

/// How many templates a large repository has.
const MANY: usize = 340;

fn main() {
    divan::main();
}

fn trace(example: &str) -> Trace {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/");
    let project = DiskFiles::new(format!("{examples}{example}"));
    kiln::trace(&Request::new(&project, 0)).unwrap_or_else(|_| panic!("the example `{example}` is good"))
}

fn engine(trace: &Trace) -> Engine {
    let [block, variable, comment] = trace.delimiters.clone();
    let mut engine = Engine::new(&Syntax { block, variable, comment }).expect("the pack's delimiters differ");
    for function in &trace.functions {
        engine.add_alias(&function.name, &function.params, &function.value).expect("an expression");
    }
    engine.add_lookup("outputs", trace.outputs.clone());
    engine
}

/// As many templates as `MANY`, each with the names it sees.
fn many(trace: &Trace) -> Vec<(String, &str, Scope)> {
    let named = |text: &TracedText| {
        let source = trace.templates.get(text.template.as_ref()?)?;
        Some((text.id.clone(), source.as_str(), Scope::new(&text.context)))
    };
    let texts: Vec<_> = trace.texts.iter().filter_map(named).collect();
    let many = texts.iter().cycle().take(MANY).enumerate();
    many.map(|(number, (id, source, scope))| (format!("{number}/{id}"), *source, scope.clone())).collect()
}

#[divan::bench]
fn front_end(bencher: Bencher<'_, '_>) {
    let trace = trace("homelab");
    let bytes: usize = trace.templates.values().map(String::len).sum();
    let mut sources = Sources::new();
    let source = sources.add("template", "");
    bencher.counter(BytesCount::new(bytes)).with_inputs(|| engine(&trace)).bench_local_values(
        |mut engine| {
            for (name, text) in &trace.templates {
                engine.add_template(name, source, text).expect("a template");
            }
            engine
        },
    );
}

#[divan::bench]
fn render_340(bencher: Bencher<'_, '_>) {
    let trace = trace("homelab");
    let many = many(&trace);
    let bytes: usize = many.iter().map(|(_, text, _)| text.len()).sum();
    let mut sources = Sources::new();
    let source = sources.add("template", "");
    bencher.counter(BytesCount::new(bytes)).with_inputs(|| engine(&trace)).bench_local_values(
        |mut engine| {
            for (name, text) in &trace.templates {
                if name.starts_with("macros/") {
                    engine.add_template(name, source, text).expect("a template");
                }
            }
            for (name, text, scope) in &many {
                engine.add_template(name, source, text).expect("a template");
                divan::black_box(engine.render(name, scope).expect("it renders"));
            }
            engine
        },
    );
}
