//! Lists and mappings that both sides change at random stay the same on both sides.

use std::sync::Arc;

use kiln_plugin::{Engine, Host, Interpreter, Limits, Table};
use kiln_python::{Args, Dict, Py, Result};

const PLUGIN: &str = r"
import random

ROOT = []
POOL = [ROOT]


def start(items):
    POOL[0] = items
    del POOL[1:]
    return items


def value(rng):
    kind = rng.randrange(7)
    if kind == 0:
        made = []
    elif kind == 1:
        made = {}
    elif kind in (2, 3):
        return rng.choice(POOL)
    else:
        return rng.choice([None, True, 1, 1.0, -(2**70), 'text', b'bytes', (1, POOL[0]), (), 'x' * 3])
    POOL.append(made)
    return made


def change(seed):
    rng = random.Random(seed)
    for _ in range(rng.randrange(4)):
        target = rng.choice(POOL)
        what = rng.randrange(5)
        if type(target) is list:
            if what == 0 and target:
                target.pop(rng.randrange(len(target)))
            elif what == 1 and target:
                target[rng.randrange(len(target))] = value(rng)
            elif what == 2:
                target.reverse()
            else:
                target.append(value(rng))
        elif what == 0 and target:
            target.popitem()
        else:
            target[rng.choice(['a', 'b', 1, None, (1, 2)])] = value(rng)
        if len(POOL) > 12:
            del POOL[rng.randrange(1, len(POOL))]
    return rng.choice(POOL)


def show(items):
    return repr(items)


class Plugin:
    def data(self):
        return {}

    def functions(self):
        return [start, change, show]
";

struct Globals(std::sync::Mutex<Vec<(String, Py)>>);

impl Engine for Globals {
    fn table(&self, _: Table) -> Vec<(Arc<str>, Py)> {
        Vec::new()
    }

    fn change(&self, _: Table, name: &str, value: Option<Py>) -> Result<()> {
        self.0.lock().expect("nobody panicked").extend(value.map(|value| (name.to_owned(), value)));
        Ok(())
    }

    fn data(&self) -> Py {
        Py::None
    }

    fn config(&self) -> Py {
        Py::None
    }
}

/// A change on this side, of one of the containers that came from the other.
fn change(rng: &mut fastrand::Rng, known: &mut Vec<Py>) {
    let target = known[rng.usize(..known.len())].clone();
    let value = match rng.u8(..5) {
        0 => Py::list(vec![Py::Int(7)]),
        1 => Py::Dict(Dict::default()),
        2 => known[rng.usize(..known.len())].clone(),
        3 => Py::tuple([target.clone(), Py::Bool(true)]),
        _ => Py::Int(rng.i64(..)),
    };
    match &target {
        Py::List(list) if rng.u8(..4) == 0 => drop(list.lock().pop()),
        Py::List(list) => list.lock().push(value.clone()),
        Py::Dict(dict) => dict
            .insert(Py::str(if rng.bool() { "a" } else { "own" }), value.clone())
            .expect("a text is a key"),
        _ => {}
    }
    if matches!(value, Py::List(_) | Py::Dict(_)) {
        known.push(value);
    }
    if known.len() > 8 {
        let at = rng.usize(1..known.len());
        known.remove(at);
    }
}

#[test]
fn what_both_sides_change_stays_the_same() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("changes");
    std::fs::create_dir_all(&folder).unwrap();
    #[allow(clippy::disallowed_methods, reason = "tests write their own plugins")]
    std::fs::write(folder.join("changes.py"), PLUGIN).expect("the folder for tests can be written");
    let interpreter = Interpreter {
        program: "python3".to_owned(),
        arguments: vec!["-B".to_owned()],
        argv: vec!["makejinja".to_owned()],
        folder: None,
    };
    let host = Host::start(&interpreter, Limits::default()).unwrap();
    let globals = Arc::new(Globals(std::sync::Mutex::default()));
    let engine: Arc<dyn Engine> = Arc::<Globals>::clone(&globals);
    host.load("changes.Plugin", &[folder.display().to_string()], engine).unwrap();
    let call = |name: &str, args: &[Py]| {
        let function = globals.0.lock().unwrap().iter().find(|(it, _)| it == name).unwrap().1.clone();
        function.call(Args::positional(args))
    };
    let mut rng = fastrand::Rng::with_seed(5);
    for round in 0..15 {
        let root = Py::list(Vec::new());
        call("start", std::slice::from_ref(&root)).unwrap();
        let mut known = vec![root.clone()];
        for step in 0..40 {
            if rng.bool() {
                change(&mut rng, &mut known);
            } else {
                let changed = call("change", &[Py::Int(rng.i64(..))]).unwrap();
                if matches!(changed, Py::List(_) | Py::Dict(_)) {
                    known.push(changed);
                }
            }
            for value in &known {
                let theirs = call("show", std::slice::from_ref(value)).unwrap();
                assert_eq!(theirs.as_str().unwrap(), value.repr().unwrap(), "round {round}, step {step}");
            }
        }
    }
    host.finish();
    std::fs::remove_dir_all(&folder).unwrap();
}
