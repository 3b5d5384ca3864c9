//! Templates that run: they print text or fail at a place, and no failure tells a secret.

#![no_main]

use kiln_fuzz::Input;
use kiln_jinja::{Engine, Environment, Failure, Place, Syntax};
use kiln_model::Sources;

kiln_fuzz::fuzz_templates!();

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let input = Input::read(bytes);
    let failure = if input.is_pack { as_pack(&input) } else { as_jinja2(&input) };
    if let Some(failure) = failure {
        check(&failure, &input);
    }
});

fn as_jinja2(input: &Input) -> Option<Failure> {
    let mut environment = Environment::new(input.settings.clone());
    environment.add_source("main", &input.main);
    input.others.iter().for_each(|(name, text)| environment.add_source(name, text));
    environment.render("main", kiln_fuzz::names()).err()
}

fn as_pack(input: &Input) -> Option<Failure> {
    let mut sources = Sources::new();
    let mut engine = Engine::new(&Syntax::default()).expect("Jinja2's delimiters differ");
    for (name, text) in &input.others {
        let source = sources.add(name, text);
        // A broken template fails where it is used.
        let _ = engine.add_template(name, source, text);
    }
    let source = sources.add("main", &input.main);
    let added = engine.add_template("main", source, &input.main);
    let failure = added.and_then(|()| engine.render("main", &kiln_fuzz::scope()).map(drop)).err()?;
    let whole = kiln_model::Span::new(source, 0, input.main.len());
    let mut told = kiln_model::Diagnostics::new();
    failure.report("render", whole, &sources, &mut told);
    // What is wrong with a template is told when it is added, and not again by what needs it.
    if !told.has_errors() {
        return None;
    }
    let shown = format!("{told:?}");
    assert!(!shown.contains(kiln_fuzz::SECRET), "a secret is told: {shown}");
    Some(failure)
}

fn check(failure: &Failure, input: &Input) {
    let message = failure.message();
    assert!(!message.contains("the template engine gave up"), "{failure:?}");
    for at in failure.calls().iter().chain(match failure.place() {
        Place::Template(at) => Some(at),
        _ => None,
    }) {
        let text = if at.template == "main" {
            Some(&input.main)
        } else {
            input.others.iter().rev().find(|(name, _)| *name == at.template).map(|(_, text)| text)
        };
        let text = text.expect("a failure is in a template that exists");
        assert!(text.get(at.bytes.clone()).is_some(), "{failure:?} is no place in {text:?}");
    }
    // Nothing is left to do when even the first step is one too many.
    let has_begun = failure.place() != &Place::Unknown;
    assert!(has_begun, "nobody knows where: {failure:?}");
}
