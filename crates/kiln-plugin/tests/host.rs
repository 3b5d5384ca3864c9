//! Plugins in the `python3` of this machine.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kiln_plugin::{Engine, Host, Interpreter, Limits, Table};
use kiln_python::{Args, Dict, Fault, FaultKind, Object, Py, Result};

/// An engine that only has tables.
#[derive(Default)]
struct Tables {
    entries: Mutex<Vec<(Table, String, Py)>>,
    data: Dict,
}

impl Engine for Tables {
    fn table(&self, table: Table) -> Vec<(Arc<str>, Py)> {
        let entries = self.entries.lock().expect("nobody panicked");
        let of_table = entries.iter().filter(|(it, _, _)| *it == table);
        of_table.map(|(_, name, value)| (name.as_str().into(), value.clone())).collect()
    }

    fn change(&self, table: Table, name: &str, value: Option<Py>) -> Result<()> {
        let mut entries = self.entries.lock().expect("nobody panicked");
        entries.retain(|(it, known, _)| *it != table || known != name);
        entries.extend(value.map(|value| (table, name.to_owned(), value)));
        Ok(())
    }

    fn data(&self) -> Py {
        Py::Dict(self.data.clone())
    }

    fn config(&self) -> Py {
        Py::None
    }
}

/// A plugin that was loaded.
struct Loaded {
    host: Host,
    engine: Arc<Tables>,
    folder: PathBuf,
}

impl Loaded {
    fn new(name: &str, text: &str) -> Loaded {
        Loaded::try_new(name, text, Limits::default())
            .unwrap_or_else(|fault| panic!("{fault}: {:?}", fault.note_text()))
    }

    fn try_new(name: &str, text: &str, limits: Limits) -> Result<Loaded> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).expect("the folder for tests can be written");
        #[allow(clippy::disallowed_methods, reason = "tests write their own plugins")]
        std::fs::write(folder.join(format!("{name}.py")), text).expect("the folder for tests can be written");
        let interpreter = Interpreter {
            program: "python3".to_owned(),
            arguments: vec!["-B".to_owned()],
            argv: vec!["makejinja".to_owned()],
            folder: None,
        };
        let host = Host::start(&interpreter, limits)?;
        let engine = Arc::new(Tables::default());
        let known: Arc<dyn Engine> = Arc::<Tables>::clone(&engine);
        host.load(&format!("{name}.Plugin"), &[folder.display().to_string()], known)?;
        Ok(Loaded { host, engine, folder })
    }

    fn global(&self, name: &str) -> Py {
        let found = self.engine.table(Table::Globals).into_iter().find(|(it, _)| **it == *name);
        found.unwrap_or_else(|| panic!("there is no `{name}`")).1
    }

    fn call(&self, name: &str, args: &[Py]) -> Result<Py> {
        self.global(name).call(Args::positional(args))
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        self.host.finish();
        std::fs::remove_dir_all(&self.folder).expect("it is there");
    }
}

fn functions(names: &str, body: &str) -> String {
    format!("{body}\n\nclass Plugin:\n    def functions(self):\n        return [{names}]\n")
}

fn shown(value: &Py) -> String {
    value.repr().expect("it can be shown")
}

#[test]
fn values_come_back_as_they_went() {
    let loaded = Loaded::new(
        "echoes",
        &functions("echo, kind", "def echo(value): return value\ndef kind(value): return repr(value)"),
    );
    let dict = Dict::default();
    dict.insert(Py::tuple([Py::Int(1), Py::None]), Py::list(vec![Py::Float(f64::NEG_INFINITY)])).unwrap();
    dict.insert(Py::Bool(true), Py::Bytes(b"\x00\xff".as_slice().into())).unwrap();
    let date = kiln_python::dates::parse_iso_datetime("2024-02-29T12:30:00.000001+05:30").unwrap();
    for value in [
        Py::integer("-123456789012345678901234567890").unwrap(),
        Py::Int(i64::MIN),
        Py::Float(0.1),
        Py::str("ünï🦀\0"),
        Py::Dict(dict),
        date,
        kiln_python::dates::timedelta(-1).unwrap(),
        kiln_python::dates::date(1, 1, 1).unwrap(),
        kiln_python::Range::new(3, -4, -2).unwrap(),
        Py::tuple([Py::None]),
    ] {
        assert_eq!(shown(&loaded.call("echo", std::slice::from_ref(&value)).unwrap()), shown(&value));
        assert_eq!(
            loaded.call("kind", std::slice::from_ref(&value)).unwrap().as_str(),
            Some(&*shown(&value))
        );
    }
}

#[test]
fn lists_are_the_same_on_both_sides() {
    let body = "kept = []\n\ndef keep(items):\n    items.append('python')\n    kept.append(items)\n    return kept\n\ndef first(): return kept[0]";
    let loaded = Loaded::new("shared", &functions("keep, first", body));
    let list = Py::list(vec![Py::Int(1)]);
    let kept = loaded.call("keep", std::slice::from_ref(&list)).unwrap();
    assert_eq!(shown(&list), "[1, 'python']");
    assert_eq!(shown(&kept), "[[1, 'python']]");
    list.call_method("append", Args::positional([kept])).unwrap();
    assert_eq!(shown(&loaded.call("first", &[]).unwrap()), "[1, 'python', [[...]]]");
    assert!(loaded.call("first", &[]).unwrap().is(&list));
}

#[test]
fn objects_stay_where_they_are() {
    let body = "import collections\nclass Node:\n    def __init__(self, name): self.name = name\n    def greet(self, *, loud=False): return self.name.upper() if loud else self.name\n    def __eq__(self, other): return other == self.name\n    def __hash__(self): return hash(self.name)\ndef node(name): return Node(name)\ndef lazily():\n    yield from range(3)\ndef counted(): return collections.defaultdict(int, a=1)";
    let loaded = Loaded::new("objects", &functions("node, lazily, counted", body));
    let node = loaded.call("node", &[Py::str("k8s-0")]).unwrap();
    assert_eq!(node.attr("name").unwrap().unwrap().as_str(), Some("k8s-0"));
    assert!(node.attr("nope").unwrap().is_none());
    let loud = Args { positional: vec![], keyword: vec![("loud".into(), Py::Bool(true))] };
    assert_eq!(node.call_method("greet", loud).unwrap().as_str(), Some("K8S-0"));
    assert!(node.equals(&Py::str("k8s-0")).unwrap());
    assert_eq!(shown(&Py::list(loaded.call("lazily", &[]).unwrap().collect().unwrap())), "[0, 1, 2]");
    let counted = loaded.call("counted", &[]).unwrap();
    assert!(matches!(counted.item(&Py::str("b")), Ok(Some(Py::Int(0)))));
    assert_eq!(shown(&counted), "defaultdict(<class 'int'>, {'a': 1, 'b': 0})");
    assert_eq!(shown(&counted.plain().unwrap()), "{'a': 1, 'b': 0}");
}

/// Something that only this side has.
struct Secret;

impl Object for Secret {
    fn type_name(&self) -> &str {
        "Macro"
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, args: Args) -> Result<Py> {
        args.positional.first().cloned().ok_or_else(|| Fault::new(FaultKind::Exhausted, "nothing to give"))
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[test]
fn plugins_call_back() {
    let body = "def twice(function, *args): return [function(*args), type(function).__name__]\ndef guarded(function):\n    try:\n        return function()\n    except Exception as error:\n        return str(error)";
    let loaded = Loaded::new("back", &functions("twice, guarded", body));
    let own = Py::object(Secret);
    let answer = loaded.call("twice", &[own.clone(), Py::Int(3)]).unwrap();
    assert_eq!(shown(&answer), "[3, 'Macro']");
    assert_eq!(loaded.call("guarded", std::slice::from_ref(&own)).unwrap().as_str(), Some("nothing to give"));
    let fault = loaded.call("twice", &[own]).unwrap_err();
    assert_eq!((fault.kind(), fault.message()), (FaultKind::Exhausted, "nothing to give"));
}

#[test]
fn what_a_plugin_raises_names_its_own_frames() {
    let body = "def inner(): raise KeyError('gone')\ndef outer():\n    inner()";
    let loaded = Loaded::new("raises", &functions("outer", body));
    let fault = loaded.call("outer", &[]).unwrap_err();
    assert_eq!((fault.kind(), fault.message()), (FaultKind::KeyError, "a plugin raised `KeyError: 'gone'`"));
    let note = fault.note_text().unwrap();
    assert!(note.contains("raises.py\", line 3, in outer") && !note.contains("kiln/"), "{note}");
    assert!(matches!(loaded.call("outer", &[]), Err(fault) if fault.kind() == FaultKind::KeyError));
}

#[test]
fn a_process_that_hangs_or_ends_is_a_fault() {
    let body = "import os, sys, time\ndef hang():\n    while True: pass\ndef leave(): os._exit(7)\ndef leave_politely(): sys.exit('no more')\ndef close(): os.closerange(3, 100)";
    let limits = Limits { call: Duration::from_millis(800), total: Duration::from_secs(60) };
    let start = || {
        Loaded::try_new(
            &format!("ends{}", next()),
            &functions("hang, leave, leave_politely, close", body),
            limits,
        )
    };
    let code = |name: &str| start().unwrap().call(name, &[]).unwrap_err().code();
    assert_eq!(code("hang"), Some("plugin-too-slow"));
    assert_eq!(code("leave"), Some("plugin-ended"));
    assert_eq!(code("leave_politely"), Some("plugin-raised"));
    assert_eq!(code("close"), Some("plugin-ended"));
    let loaded = start().unwrap();
    assert_eq!(loaded.call("hang", &[]).unwrap_err().code(), Some("plugin-too-slow"));
    assert_eq!(loaded.call("leave", &[]).unwrap_err().code(), Some("plugin-ended"));
}

fn next() -> usize {
    static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

#[test]
fn much_text_and_half_a_pair() {
    let body = "def much(): return 'x' * 10_000_000\ndef many(): return list(range(200_000))\ndef half(): return ['\\ud800']";
    let loaded = Loaded::new("much", &functions("much, many, half", body));
    assert_eq!(loaded.call("much", &[]).unwrap().len().unwrap(), 10_000_000);
    assert_eq!(loaded.call("many", &[]).unwrap().len().unwrap(), 200_000);
    assert_eq!(loaded.call("half", &[]).unwrap_err().code(), Some("plugin-text"));
    assert_eq!(loaded.call("much", &[]).unwrap().len().unwrap(), 10_000_000);
}

#[test]
fn a_missing_interpreter_is_named() {
    let interpreter =
        Interpreter { program: "no-such-python".to_owned(), arguments: vec![], argv: vec![], folder: None };
    let fault = Host::start(&interpreter, Limits::default()).err().unwrap();
    assert_eq!(fault.code(), Some("plugin-no-python"));
    assert_eq!(fault.message(), "`no-such-python`, which runs the plugins, is not there");
}
