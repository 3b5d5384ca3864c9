//! The process that runs plugins, as the rest of kiln sees it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kiln_python::{Fault, FaultKind, Py, Result};

use crate::child::{Broken, Child};
use crate::decode::{self, garbled, is_absent};
use crate::encode::{Encoder, id};
use crate::fault;
use crate::serve::{Engine, Table, serve};
use crate::tables::Tables;
use crate::turn::Turns;
use crate::wire::{self, Wire};

/// How often plugins and templates may call each other in turn.
const DEEPEST: usize = 60;

/// How long an interpreter may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// The parts of the program on the other side, by name.
const PARTS: [(&str, &str); 7] = [
    ("shim", include_str!("../python/shim.py")),
    ("encoding", include_str!("../python/encoding.py")),
    ("foreign", include_str!("../python/foreign.py")),
    ("failure", include_str!("../python/failure.py")),
    ("loading", include_str!("../python/loading.py")),
    ("stand_in", include_str!("../python/stand_in.py")),
    ("environment", include_str!("../python/environment.py")),
];

/// How an interpreter is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// The program, such as `python3`.
    pub program: String,
    /// Its first arguments, such as `run python` of `uv`.
    pub arguments: Vec<String>,
    /// What plugins see as `sys.argv`.
    pub argv: Vec<String>,
    /// The folder that it works in; the current one if none.
    pub folder: Option<PathBuf>,
}

/// Bounds on the time that plugins take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For one answer.
    pub call: Duration,
    /// For all answers together.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { call: Duration::from_secs(60), total: Duration::from_secs(600) }
    }
}

/// A process that runs plugins. It ends with the last clone of this, or with [`Host::finish`].
#[derive(Clone)]
pub struct Host(Arc<Inner>);

/// What a host and the objects of its process share.
pub(crate) struct Inner {
    program: String,
    limits: Limits,
    turns: Turns,
    child: Mutex<Option<Child>>,
    tables: Mutex<Tables>,
    released: Mutex<Vec<u64>>,
    engine: Mutex<Option<Arc<dyn Engine>>>,
    spent: Mutex<Duration>,
}

impl Host {
    /// Starts an interpreter.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(interpreter: &Interpreter, limits: Limits) -> Result<Host> {
        let failed = |it: &Broken| fault::broken(it, &interpreter.program, limits.call);
        let mut child = Child::start(interpreter).map_err(|it| failed(&it))?;
        let argv = ("argv", interpreter.argv.join("\0"));
        let part = |name: &str, text: &str| Wire::Items(vec![Wire::text(name), Wire::text(text)]);
        let mut parts: Vec<Wire> = PARTS.iter().map(|(name, text)| part(name, text)).collect();
        parts.push(part(argv.0, &argv.1));
        let mut frame = Vec::new();
        wire::write(&Wire::Items(parts), &mut frame);
        child.send(&frame, Instant::now() + limits.call).map_err(|it| failed(&it))?;
        Ok(Host(Arc::new(Inner {
            program: interpreter.program.clone(),
            limits,
            turns: Turns::default(),
            child: Mutex::new(Some(child)),
            tables: Mutex::default(),
            released: Mutex::default(),
            engine: Mutex::default(),
            spent: Mutex::default(),
        })))
    }

    /// Loads the plugin of an import path: makes it, and gives the engine what it contributes.
    /// Gives its number. `import_paths` are added to where Python looks for modules.
    ///
    /// # Errors
    /// What importing or making it raises; if it does not answer in time.
    pub fn load(&self, name: &str, import_paths: &[String], engine: Arc<dyn Engine>) -> Result<usize> {
        *lock(&self.0.engine) = Some(engine);
        let paths = import_paths.iter().map(|path| Py::str(path.as_str())).collect::<Vec<_>>();
        let number = self.0.request("load", None, &[Py::str(name), Py::tuple(paths)])?;
        number.and_then(|it| usize::try_from(it.as_index()?).ok()).ok_or_else(garbled)
    }

    /// Whether the path filters of a plugin let a path pass; none if it has no filters.
    ///
    /// # Errors
    /// What a filter raises; if it does not answer in time.
    pub fn accepts(&self, plugin: usize, path: &str) -> Result<Option<bool>> {
        match self.0.request("accepts", None, &[Py::from(plugin), Py::str(path)])? {
            Some(Py::Bool(accepts)) => Ok(Some(accepts)),
            _ => Ok(None),
        }
    }

    /// Lets the interpreter end as at the end of a program, and waits for it.
    pub fn finish(&self) {
        let child = lock(&self.0.child).take();
        if let Some(child) = child {
            child.finish(PATIENCE);
        }
        // The engine holds objects, and these the host.
        let engine = lock(&self.0.engine).take();
        let tables = std::mem::take(&mut *self.0.tables());
        drop((engine, tables));
    }
}

impl Inner {
    /// What both sides know by a number. Not to be held while anything is asked.
    pub(crate) fn tables(&self) -> MutexGuard<'_, Tables> {
        lock(&self.tables)
    }

    /// The engine of the plugins.
    pub(crate) fn engine(&self) -> Result<Arc<dyn Engine>> {
        lock(&self.engine).clone().ok_or_else(garbled)
    }

    /// Notes that nobody here has an object of the other side any more.
    pub(crate) fn release(&self, number: u64) {
        lock(&self.released).push(number);
    }

    /// Asks for an operation: on the object `own`, if any, and these values. None if the answer is
    /// that something is not there.
    pub(crate) fn request(
        self: &Arc<Self>,
        operation: &str,
        own: Option<u64>,
        args: &[Py],
    ) -> Result<Option<Py>> {
        self.ask(operation, |encoder| {
            let mut wires: Vec<Wire> = own.into_iter().map(handle).collect();
            for arg in args {
                wires.push(encoder.value(arg)?);
            }
            Ok(wires)
        })
    }

    /// Asks for an operator between the object `own` and another value.
    pub(crate) fn operate(
        self: &Arc<Self>,
        operator: &str,
        own: u64,
        other: &Py,
        reflected: bool,
    ) -> Result<Py> {
        let answer = self.ask(operator, |encoder| {
            let mut wires = vec![handle(own), encoder.value(other)?];
            if reflected {
                wires.reverse();
            }
            Ok(wires)
        });
        answer?.ok_or_else(garbled)
    }

    fn ask(
        self: &Arc<Self>,
        operation: &str,
        args: impl FnOnce(&mut Encoder<'_>) -> Result<Vec<Wire>>,
    ) -> Result<Option<Py>> {
        let turn = self.turns.take();
        if turn.depth > DEEPEST {
            let message = "plugins and templates call each other too deep";
            return Err(Fault::new(FaultKind::RecursionError, message).coded("too-deep"));
        }
        let started = Instant::now();
        let left = self.limits.total.saturating_sub(*lock(&self.spent));
        let deadline = started + self.limits.call.min(left);
        let payload = |encoder: &mut Encoder<'_>| {
            let args = args(encoder)?;
            Ok(vec![Wire::Int(0), Wire::text(operation), Wire::Items(args)])
        };
        self.send(payload, deadline)?;
        let answer = self.answer(deadline);
        if turn.depth == 0 {
            *lock(&self.spent) += started.elapsed();
        }
        answer
    }

    /// Sends a message.
    fn send(
        self: &Arc<Self>,
        payload: impl FnOnce(&mut Encoder<'_>) -> Result<Vec<Wire>>,
        deadline: Instant,
    ) -> Result<()> {
        let mut tables = self.tables();
        let (before, shared) = (tables.keep_alive(Vec::new()), tables.alive());
        let mut encoder = Encoder::new(self, &mut tables);
        let written = payload(&mut encoder).and_then(|mut message| {
            message.push(encoder.heap(&shared)?);
            Ok(message)
        });
        let new = encoder.finish(written.is_ok());
        // What the last message brought was changed or not; whoever wants it has it by now.
        drop((before, shared));
        let gone = tables.sweep();
        let released = std::mem::take(&mut *lock(&self.released));
        let handles = tables.let_go(released);
        let alive = tables.alive().into_iter().map(|(_, container)| container);
        tables.keep_alive(alive.chain(new).collect());
        drop(tables);
        let mut message = written?;
        for numbers in [gone, handles] {
            message.push(Wire::Items(numbers.into_iter().map(id).collect()));
        }
        let mut frame = Vec::new();
        wire::write(&Wire::Items(message), &mut frame);
        self.speak(|child| child.send(&frame, deadline))
    }

    /// Waits for an answer, and answers what is asked meanwhile.
    fn answer(self: &Arc<Self>, deadline: Instant) -> Result<Option<Py>> {
        loop {
            let frame = self.speak(|child| child.receive(deadline))?;
            let message = wire::read(&frame).ok_or_else(garbled)?;
            drop(frame);
            let [payload @ .., abouts, heap, changes, released] = message.items() else {
                return Err(garbled());
            };
            let taken = decode::take(self, abouts, heap).and_then(|()| self.take_over(changes));
            let given_back = self.tables().given_back(released.items());
            drop(given_back);
            match (payload, taken) {
                ([Wire::Int(1), value], Ok(())) => {
                    return if is_absent(value) { Ok(None) } else { decode::value(self, value).map(Some) };
                }
                ([Wire::Int(2), described], _) => return Err(self.raised(described)),
                ([Wire::Int(0), operation, args], taken) => {
                    let args = taken.and_then(|()| {
                        args.items().iter().map(|arg| decode::value(self, arg)).collect::<Result<Vec<Py>>>()
                    });
                    let result = args.and_then(|args| serve(self, operation.as_text(), args));
                    self.reply(result, deadline)?;
                }
                (_, Err(fault)) => return Err(fault),
                _ => return Err(garbled()),
            }
        }
    }

    /// Gives the engine what plugins changed in its tables.
    fn take_over(self: &Arc<Self>, changes: &Wire) -> Result<()> {
        for change in changes.items() {
            let [table, name, value] = change.items() else { return Err(garbled()) };
            let table = Table::of(table.int()).ok_or_else(garbled)?;
            let value = if is_absent(value) { None } else { Some(decode::value(self, value)?) };
            self.engine()?.change(table, name.as_text(), value)?;
        }
        Ok(())
    }

    fn raised(&self, described: &Wire) -> Fault {
        let number = described.items().get(3).unwrap_or(&Wire::None);
        self.tables().recall(number).unwrap_or_else(|| fault::raised(described))
    }

    fn reply(self: &Arc<Self>, result: Result<Option<Py>>, deadline: Instant) -> Result<()> {
        match result {
            Ok(value) => self.send(
                |encoder| {
                    let value = value
                        .as_ref()
                        .map_or(Ok(Wire::Items(vec![Wire::Int(14)])), |it| encoder.value(it))?;
                    Ok(vec![Wire::Int(1), value])
                },
                deadline,
            ),
            Err(fault) => {
                let (kind, message) = (fault::exception(&fault), fault.message().to_owned());
                let number = i64::try_from(self.tables().remember(fault)).unwrap_or(-1);
                let described = vec![Wire::text(kind), Wire::text(&message), Wire::Int(number)];
                self.send(|_| Ok(vec![Wire::Int(2), Wire::Items(described)]), deadline)
            }
        }
    }

    /// Speaks with the process, unless that has ended. It is ended where it cannot be spoken to.
    fn speak<T>(&self, speak: impl FnOnce(&mut Child) -> Result<T, Broken>) -> Result<T> {
        let mut slot = lock(&self.child);
        let Some(child) = &mut *slot else {
            return Err(fault::broken(&Broken::Ended(None), &self.program, self.limits.call));
        };
        speak(child).map_err(|broken| {
            *slot = None;
            fault::broken(&broken, &self.program, self.limits.call)
        })
    }
}

fn handle(number: u64) -> Wire {
    Wire::Items(vec![Wire::Int(2), id(number)])
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
