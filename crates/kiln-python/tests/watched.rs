//! A watched text is a `str` to every operation, and is used only where its text matters.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kiln_python::{Args, Comparison, Dict, Operator, Py, Watched};

#[derive(Default)]
struct Secret {
    text: String,
    used: AtomicUsize,
}

impl Watched for Secret {
    fn text(&self) -> &str {
        self.used.fetch_add(1, Ordering::Relaxed);
        &self.text
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn secret() -> (Arc<Secret>, Py) {
    let secret = Arc::new(Secret { text: "s3cret".to_owned(), ..Secret::default() });
    (Arc::clone(&secret), Py::Watched(secret))
}

#[test]
fn what_does_not_look_at_the_text_does_not_use_it() {
    let (secret, value) = secret();
    assert!(value.truth().expect("text has a truth"));
    assert_eq!(value.type_name(), "str");
    assert_eq!(value.type_repr(), "str object");
    assert!(value.is(&value.clone()));
    assert!(!value.is_callable());
    let holder = Py::list(vec![value.clone(), Py::tuple([value])]);
    assert_eq!(holder.len().expect("a list has a length"), 2);
    assert_eq!(secret.used.load(Ordering::Relaxed), 0);
}

#[test]
fn what_looks_at_the_text_uses_it() {
    let uses: [fn(&Py); 8] = [
        |it| drop(it.to_str()),
        |it| drop(it.repr()),
        |it| drop(Py::list(vec![it.clone()]).repr()),
        |it| drop(it.len()),
        |it| drop(it.equals(&Py::str("x"))),
        |it| drop(it.operate(Operator::Add, &Py::str("x"))),
        |it| drop(it.item(&Py::Int(0))),
        |it| drop(Dict::default().insert(it.clone(), Py::None)),
    ];
    for look in uses {
        let (secret, value) = secret();
        look(&value);
        assert!(secret.used.load(Ordering::Relaxed) > 0);
    }
}

#[test]
fn a_watched_text_behaves_as_text() {
    let (_, value) = secret();
    let text = Py::str("s3cret");
    let shown = |value: Py| value.repr().expect("it has a repr");
    assert!(value.equals(&text).expect("texts compare") && text.equals(&value).expect("texts compare"));
    assert!(value.compare(Comparison::Le, &text).expect("texts compare"));
    assert!(value.contains(&Py::str("cre")).expect("text can be searched"));
    assert!(Py::str("my s3cret!").contains(&value).expect("text can be searched"));
    let dict = Dict::default();
    dict.insert(text, Py::Int(1)).expect("text is a key");
    assert!(dict.get(&value).expect("text is a key").is_some());
    let doubled = value.operate(Operator::Mul, &Py::Int(2)).expect("text is repeated");
    assert_eq!(shown(doubled), "'s3crets3cret'");
    assert_eq!(shown(value.operate(Operator::Add, &Py::str("!")).expect("texts are joined")), "'s3cret!'");
    assert_eq!(shown(value.slice(&Py::None, &Py::None, &Py::Int(-1)).expect("text is cut")), "'terc3s'");
    assert_eq!(shown(value.call_method("upper", Args::default()).expect("text has it")), "'S3CRET'");
    let safe = Py::Markup("<b>".into()).operate(Operator::Add, &value).expect("texts are joined");
    assert_eq!(shown(safe), "Markup('<b>s3cret')");
}
