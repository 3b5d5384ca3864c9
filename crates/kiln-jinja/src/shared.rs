//! What all renders of an environment share: settings, templates, functions.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use foldhash::fast::FixedState;
use indexmap::IndexMap;
use kiln_model::nearest;
use kiln_python::{Args, Fault, FaultKind, Object, Py, Result, meter};
use kiln_syntax::Expr;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Output, UndefinedBehavior, Value};

use crate::Policies;
use crate::ambient::{Filter, Here, Test};
use crate::environment::Settings;
use crate::lower::program::{FUNCTION_MARK, Function, Unit, delimiter};
use crate::lower::{self, Known, Problem, walk};
use crate::runtime::bridge::{given, raise};
use crate::runtime::context::Context;
use crate::{builtin_tests, catalogue, filters, globals, runtime, translations, tree};

/// What the name of a text begins with that has no name: the text follows.
pub(crate) const UNNAMED: char = '\u{1}';

/// A template that is known by name, compiled when it is first needed.
struct Source {
    text: Arc<str>,
    unit: OnceLock<Result<Arc<Unit>, BadTemplate>>,
}

/// What is wrong with a template that cannot be compiled.
#[derive(Clone, Debug)]
pub(crate) struct BadTemplate {
    /// Its name.
    pub(crate) name: Arc<str>,
    /// What is wrong; not empty.
    pub(crate) problems: Arc<[Problem]>,
}

impl std::fmt::Display for BadTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the template `{}` is broken", self.name)
    }
}

impl std::error::Error for BadTemplate {}

/// Finds the text of a template by its name.
pub(crate) type Loader = dyn Fn(&str) -> Result<Option<String>> + Send + Sync;

/// Values that a project gives every template. A render sees them as they were when it began.
pub(crate) type Globals = Arc<IndexMap<Arc<str>, Py>>;

/// An expression that stands alone, lowered.
struct Lowered {
    function: Arc<Function>,
    /// The names that it takes from its scope.
    names: Arc<BTreeSet<String>>,
}

/// What all renders of an environment share.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    /// Whether programs say where what they print comes from.
    is_marked: bool,
    /// Whether a test of a wrong value counts as a use of it.
    counts_tests: AtomicBool,
    policies: RwLock<Arc<Policies>>,
    loader: OnceLock<Box<Loader>>,
    sources: Arc<RwLock<BTreeMap<Arc<str>, Arc<Source>>>>,
    globals: RwLock<Globals>,
    filters: RwLock<BTreeMap<Arc<str>, Filter>>,
    tests: RwLock<BTreeMap<Arc<str>, Test>>,
    expressions: RwLock<BTreeMap<Box<str>, Lowered>>,
    engine: OnceLock<Environment<'static>>,
    functions: OnceLock<HashMap<Box<str>, Value, FixedState>>,
}

impl Shared {
    pub(crate) fn new(settings: Settings) -> Shared {
        Shared {
            policies: RwLock::new(Arc::new(settings.policies.clone())),
            settings,
            is_marked: false,
            counts_tests: AtomicBool::new(false),
            loader: OnceLock::new(),
            sources: Arc::default(),
            globals: RwLock::default(),
            filters: RwLock::default(),
            tests: RwLock::default(),
            expressions: RwLock::default(),
            engine: OnceLock::new(),
            functions: OnceLock::new(),
        }
    }

    /// The same templates and functions, with programs that say where what they print comes from.
    /// Templates that a loader would find are not there.
    pub(crate) fn marked(&self) -> Shared {
        let marked = Shared { is_marked: true, ..Shared::new(self.settings.clone()) };
        for (name, source) in read(&self.sources).iter() {
            marked.add_source(name, &source.text);
        }
        *write(&marked.policies) = self.policies();
        *write(&marked.globals) = self.own_globals();
        write(&marked.filters).clone_from(&read(&self.filters));
        write(&marked.tests).clone_from(&read(&self.tests));
        marked
    }

    /// The engine, made when something is first run.
    pub(crate) fn engine(&self) -> &Environment<'static> {
        self.engine.get_or_init(|| {
            let sources = Arc::clone(&self.sources);
            engine(&self.settings, move |name| {
                let (template, number) = name.rsplit_once(FUNCTION_MARK)?;
                let source = Arc::clone(read(&sources).get(template)?);
                let unit = source.unit.get()?.as_ref().ok()?;
                Some(unit.functions.get(number.parse::<usize>().ok()?)?.source.clone())
            })
        })
    }

    /// The runtime function of a name.
    pub(crate) fn function(&self, name: &str) -> Option<&Value> {
        let all = || self.engine().globals().map(|(name, function)| (name.into(), function)).collect();
        self.functions.get_or_init(all).get(name)
    }

    /// Makes a template known. One that was known by that name is forgotten, unless it has run.
    pub(crate) fn add_source(&self, name: &str, text: &str) {
        let source = Source { text: text.into(), unit: OnceLock::new() };
        write(&self.sources).insert(name.into(), Arc::new(source));
    }

    /// Sets what is asked for templates that are not known; the first one stays.
    pub(crate) fn set_loader(&self, loader: Box<Loader>) {
        // A second loader would make names mean different templates in one run.
        let _ = self.loader.set(loader);
    }

    /// The template of a name, asking the loader for one that is not known.
    fn source(&self, name: &str) -> Result<Option<Arc<Source>>> {
        if let Some(source) = read(&self.sources).get(name) {
            return Ok(Some(Arc::clone(source)));
        }
        let Some(loader) = self.loader.get() else { return Ok(None) };
        let Some(text) = loader(name)? else { return Ok(None) };
        let source = Arc::new(Source { text: text.into(), unit: OnceLock::new() });
        // Two threads may have asked at once: both get what the first one keeps.
        Ok(Some(Arc::clone(write(&self.sources).entry(name.into()).or_insert(source))))
    }

    /// Makes a text known that has no name; gives the name it has here.
    pub(crate) fn add_text(&self, text: &str) -> String {
        let name = format!("{UNNAMED}{text}");
        if !read(&self.sources).contains_key(name.as_str()) {
            self.add_source(&name, text);
        }
        name
    }

    /// The names of all templates, sorted.
    pub(crate) fn template_names(&self) -> Vec<Arc<str>> {
        read(&self.sources).keys().filter(|name| !name.starts_with(UNNAMED)).cloned().collect()
    }

    /// The text of a template.
    pub(crate) fn text(&self, name: &str) -> Option<Arc<str>> {
        read(&self.sources).get(name).map(|source| Arc::clone(&source.text))
    }

    /// The template of a name, compiled.
    ///
    /// # Errors
    /// If it is broken, or the loader fails.
    pub(crate) fn unit(&self, name: &str) -> Result<Option<Arc<Unit>>> {
        let Some(source) = self.source(name)? else { return Ok(None) };
        match source.unit.get_or_init(|| self.compile(name, &source.text)) {
            Ok(unit) => Ok(Some(Arc::clone(unit))),
            Err(bad) => Err(Fault::new(FaultKind::TemplateRuntimeError, bad.to_string())
                .coded("template-syntax")
                .through(Arc::new(bad.clone()))),
        }
    }

    fn compile(&self, name: &str, text: &str) -> Result<Arc<Unit>, BadTemplate> {
        let bad = |problems: Vec<Problem>| BadTemplate { name: name.into(), problems: problems.into() };
        let tree =
            kiln_syntax::parse(text, &self.settings.syntax).map_err(|error| bad(vec![error.into()]))?;
        self.with_known(|known| lower::template(name, &tree, known)).map(Arc::new).map_err(bad)
    }

    /// An expression that stands alone, lowered once.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn expression(&self, text: &str) -> Result<Arc<Function>, Vec<Problem>> {
        if let Some(known) = read(&self.expressions).get(text) {
            return Ok(Arc::clone(&known.function));
        }
        let tree = kiln_syntax::parse_expression(text, &self.settings.syntax)
            .map_err(|error| vec![Problem::from(error)])?;
        let function = Arc::new(self.with_known(|known| lower::expression(&tree, known))?);
        let lowered = Lowered { function: Arc::clone(&function), names: Arc::new(names(&tree)) };
        write(&self.expressions).insert(text.into(), lowered);
        Ok(function)
    }

    /// The names that an expression takes from its scope; none of one that is broken.
    pub(crate) fn names_in(&self, expression: &str) -> Arc<BTreeSet<String>> {
        if let Some(known) = read(&self.expressions).get(expression) {
            return Arc::clone(&known.names);
        }
        let tree = kiln_syntax::parse_expression(expression, &self.settings.syntax);
        Arc::new(tree.map_or_else(|_| BTreeSet::new(), |tree| names(&tree)))
    }

    /// The expressions that say a word, of those that were evaluated.
    pub(crate) fn expressions_with(&self, word: &str) -> Vec<String> {
        read(&self.expressions)
            .keys()
            .filter(|text| text.contains(word))
            .map(|text| text.to_string())
            .collect()
    }

    /// What is known when a template is lowered.
    pub(crate) fn with_known<T>(&self, run: impl FnOnce(&Known<'_>) -> T) -> T {
        let nearest_name = |kind: &str, name: &str| {
            let names = if kind == "filter" { self.filter_names() } else { self.test_names() };
            nearest(name, names.iter().map(|it| &**it)).map(str::to_owned)
        };
        run(&Known {
            autoescape: self.settings.autoescape,
            is_marked: self.is_marked,
            filters: &|name| self.filter(name).is_some(),
            tests: &|name| self.test(name).is_some(),
            nearest: &nearest_name,
        })
    }

    /// The policies as they are now.
    pub(crate) fn policies(&self) -> Arc<Policies> {
        Arc::clone(&read(&self.policies))
    }

    /// Sets a policy for all renders.
    pub(crate) fn set_policy(&self, name: &str, value: &Py) -> Result<()> {
        let mut policies = Policies::clone(&self.policies());
        policies.set(name, value)?;
        *write(&self.policies) = Arc::new(policies);
        Ok(())
    }

    /// Takes a value of the project's own away.
    pub(crate) fn remove_global(&self, name: &str) {
        let removed = Arc::make_mut(&mut write(&self.globals)).shift_remove(name);
        drop(removed);
    }

    /// Takes a filter of the project's own away.
    pub(crate) fn remove_filter(&self, name: &str) {
        let removed = write(&self.filters).remove(name);
        drop(removed);
    }

    /// Takes a test of the project's own away.
    pub(crate) fn remove_test(&self, name: &str) {
        let removed = write(&self.tests).remove(name);
        drop(removed);
    }

    pub(crate) fn add_global(&self, name: &str, value: Py) {
        let replaced = Arc::make_mut(&mut write(&self.globals)).insert(name.into(), value);
        drop(replaced);
    }

    pub(crate) fn add_filter(&self, name: &str, filter: Filter) {
        write(&self.filters).insert(name.into(), filter);
    }

    pub(crate) fn add_test(&self, name: &str, test: Test) {
        write(&self.tests).insert(name.into(), test);
    }

    /// The values of the project's own, as they are now.
    pub(crate) fn own_globals(&self) -> Globals {
        Arc::clone(&read(&self.globals))
    }

    /// A global value that is built in.
    pub(crate) fn builtin_global(&self, name: &str) -> Option<Py> {
        let translation = self.settings.null_translations.then(|| translation(name)).flatten();
        translation.or_else(|| globals::builtin(name))
    }

    /// All global values, as they are now.
    pub(crate) fn globals(&self) -> IndexMap<Arc<str>, Py> {
        self.globals_with(&self.own_globals())
    }

    /// All global values, those of the project's own being these.
    pub(crate) fn globals_with(&self, own: &Globals) -> IndexMap<Arc<str>, Py> {
        let builtin =
            catalogue::GLOBALS.iter().filter_map(|name| Some((Arc::from(*name), globals::builtin(name)?)));
        let mut all: IndexMap<Arc<str>, Py> = builtin.collect();
        all.extend(own.iter().map(|(name, value)| (Arc::clone(name), value.clone())));
        all
    }

    pub(crate) fn filter(&self, name: &str) -> Option<Filter> {
        read(&self.filters).get(name).cloned().or_else(|| filters::builtin(name))
    }

    pub(crate) fn test(&self, name: &str) -> Option<Test> {
        let test = read(&self.tests).get(name).cloned().or_else(|| builtin_tests::builtin(name))?;
        if !self.counts_tests.load(Ordering::Relaxed) {
            return Some(test);
        }
        Some(Arc::new(move |here: &Here, value: Py, args: Args| {
            tree::ask(&value);
            test(here, value, args)
        }))
    }

    /// From now on, a test of a wrong value counts as a use of it.
    pub(crate) fn count_tests(&self) {
        self.counts_tests.store(true, Ordering::Relaxed);
    }

    /// The names of all filters, sorted.
    pub(crate) fn filter_names(&self) -> Vec<Arc<str>> {
        sorted(&catalogue::FILTERS, read(&self.filters).keys())
    }

    /// The names of all tests, sorted.
    pub(crate) fn test_names(&self) -> Vec<Arc<str>> {
        sorted(&catalogue::TESTS, read(&self.tests).keys())
    }
}

/// A function of the null translations, which give messages as they are.
fn translation(name: &str) -> Option<Py> {
    let function = match name {
        "gettext" | "_" => translations::gettext,
        "ngettext" => translations::ngettext,
        "pgettext" => translations::pgettext,
        "npgettext" => translations::npgettext,
        _ => return None,
    };
    let call = move |context: &Arc<Context>, args: Args| {
        let here: Here = Arc::<Context>::clone(context);
        function(&here, args)
    };
    Some(Py::object(ContextFunction { name: name.into(), call: Box::new(call) }))
}

fn sorted<'a>(builtin: &[&str], own: impl Iterator<Item = &'a Arc<str>>) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = builtin.iter().map(|name| Arc::from(*name)).chain(own.cloned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A poisoned lock guards nothing that a panic could have torn: each change is one insertion.
fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// How programs are written.
pub(crate) fn program_syntax() -> SyntaxConfig {
    SyntaxConfig::builder()
        .block_delimiters(delimiter::BLOCK_START, delimiter::BLOCK_END)
        .variable_delimiters(delimiter::PRINT_START, delimiter::PRINT_END)
        .comment_delimiters(delimiter::COMMENT_START, delimiter::COMMENT_END)
        .keep_trailing_newline(true)
        .build()
        .expect("the delimiters differ")
}

/// The engine that runs lowered programs.
fn engine(
    settings: &Settings,
    load: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> Environment<'static> {
    let mut engine = Environment::empty();
    engine.set_syntax(program_syntax());
    engine.set_undefined_behavior(UndefinedBehavior::Lenient);
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    // Byte ranges of errors are only kept in debug mode.
    engine.set_debug(true);
    engine.set_recursion_limit(1000);
    let prints_none = settings.prints_none;
    engine.set_formatter(move |out, _, value| print(out, value, prints_none));
    engine.set_loader(move |name| Ok(load(name)));
    runtime::register(&mut engine, settings.undefined);
    engine
}

fn print(out: &mut Output<'_>, value: &Value, prints_none: bool) -> Result<(), minijinja::Error> {
    if let Some(text) = value.as_str() {
        meter::print(text.len()).map_err(raise)?;
        return out.write_str(text).map_err(minijinja::Error::from);
    }
    let value = given(value);
    if matches!(value, Py::None) && !prints_none {
        return Err(raise(
            Fault::type_error("this is `none`, which would print the word `None`")
                .coded("none-printed")
                .help("test the value with `is not none`, or write `default(…, true)`"),
        ));
    }
    let text = value.to_str().map_err(raise)?;
    meter::print(text.len()).map_err(raise)?;
    out.write_str(&text).map_err(minijinja::Error::from)
}

/// What a function does that sees the names of the template that calls it.
type CallInContext = dyn Fn(&Arc<Context>, Args) -> Result<Py> + Send + Sync;

/// The names that an expression takes from its scope.
fn names(tree: &Expr) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    walk::names(tree, &mut |name, _| {
        names.insert(name.to_owned());
    });
    names
}

/// A function of a project's own that sees the names of the template that calls it.
pub(crate) struct ContextFunction {
    pub(crate) name: Arc<str>,
    pub(crate) call: Box<CallInContext>,
}

impl ContextFunction {
    pub(crate) fn call_in(&self, context: &Arc<Context>, args: Args) -> Result<Py> {
        (self.call)(context, args)
    }
}

impl Object for ContextFunction {
    fn type_name(&self) -> &str {
        "function"
    }

    fn repr(&self) -> Result<String> {
        Ok(format!("<function {}>", self.name))
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
