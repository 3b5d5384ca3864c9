//! Filters that give a generator: nothing happens, and nothing is wrong, until someone goes
//! through it.

use std::collections::HashSet;
use std::sync::Arc;

use kiln_python::{
    Args, Comparison, Fault, FaultKind, Generator, Key, Operator, Py, PyIter, Result, meter, required,
};

use super::path::{Case, Path};
use crate::ambient::Here;
use crate::filters::text::convert::{given, is_set};
use crate::parameters::integer;

mod choose;
mod map;

pub(super) use choose::{reject, rejectattr, select, selectattr};
pub(super) use map::map;

/// A generator that finds out what its items are when it is asked for the first, and that
/// ends with the first fault.
fn lazy(start: impl FnOnce() -> Result<PyIter> + Send + Sync + 'static) -> Py {
    Generator::new(Box::new(Lazy { start: Some(start), items: None }))
}

struct Lazy<F> {
    start: Option<F>,
    items: Option<PyIter>,
}

impl<F: FnOnce() -> Result<PyIter>> Iterator for Lazy<F> {
    type Item = Result<Py>;

    fn next(&mut self) -> Option<Result<Py>> {
        if let Some(start) = self.start.take() {
            match start() {
                Ok(items) => self.items = Some(items),
                Err(fault) => return Some(Err(fault)),
            }
        }
        let next = self.items.as_mut()?.next();
        if !matches!(next, Some(Ok(_))) {
            self.items = None;
        }
        next
    }
}

/// What a generator that has no items goes through.
fn nothing() -> PyIter {
    Box::new(std::iter::empty())
}

/// `items`.
pub(super) fn items(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [] = args.bind("items", [])?;
    Ok(lazy(move || match value {
        Py::Undefined(_) => Ok(nothing()),
        Py::Dict(_) => value.call_method("items", Args::default())?.iter(),
        _ => Err(Fault::type_error("`items` takes a mapping")),
    }))
}

/// `unique(case_sensitive=false, attribute=none)`.
pub(super) fn unique(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [case_sensitive, attribute] = args.bind("unique", ["case_sensitive", "attribute"])?;
    let here = Arc::clone(here);
    Ok(lazy(move || {
        let path = Path::new(attribute.as_ref())?;
        let case = Case::sensitive(is_set(case_sensitive.as_ref())?);
        let mut seen = HashSet::new();
        let mut is_new = move |item: &Py| Ok(seen.insert(Key::new(case.key(path.follow(&here, item)?)?)?));
        Ok(kept(value.iter()?, move |item| is_new(item)))
    }))
}

/// The items for which `keep` holds.
fn kept(items: PyIter, mut keep: impl FnMut(&Py) -> Result<bool> + Send + Sync + 'static) -> PyIter {
    Box::new(items.filter_map(move |item| {
        let item = match item {
            Ok(item) => item,
            fault => return Some(fault),
        };
        match keep(&item) {
            Ok(true) => Some(Ok(item)),
            Ok(false) => None,
            Err(fault) => Some(Err(fault)),
        }
    }))
}

/// `batch(linecount, fill_with=none)`.
pub(super) fn batch(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [count, fill] = args.bind("batch", ["linecount", "fill_with"])?;
    let count = required(count, "batch", "linecount")?;
    Ok(lazy(move || {
        Ok(Box::new(Batches { items: value.iter()?, count, fill: given(fill), row: Vec::new() }))
    }))
}

struct Batches {
    items: PyIter,
    /// Compared with the length of a row, so that anything may be given; what is equal to no
    /// length makes one row of all.
    count: Py,
    fill: Option<Py>,
    row: Vec<Py>,
}

impl Iterator for Batches {
    type Item = Result<Py>;

    fn next(&mut self) -> Option<Result<Py>> {
        self.advance().transpose()
    }
}

impl Batches {
    fn advance(&mut self) -> Result<Option<Py>> {
        while let Some(item) = self.items.next().transpose()? {
            let full = length(&self.row).equals(&self.count)?;
            let row = if full { Some(std::mem::take(&mut self.row)) } else { None };
            self.row.push(item);
            if row.is_some() {
                return Ok(row.map(Py::list));
            }
        }
        if self.row.is_empty() {
            return Ok(None);
        }
        let mut row = std::mem::take(&mut self.row);
        if let Some(fill) = &self.fill
            && length(&row).compare(Comparison::Lt, &self.count)?
        {
            let missing = integer(&self.count.operate(Operator::Sub, &length(&row))?)?;
            row.resize(row.len().saturating_add(affordable(missing)?), fill.clone());
        }
        Ok(Some(Py::list(row)))
    }
}

fn length(row: &[Py]) -> Py {
    Py::Int(i64::try_from(row.len()).unwrap_or(i64::MAX))
}

/// That many items, if there may be that many.
fn affordable(count: i64) -> Result<usize> {
    const LARGEST: usize = u32::MAX as usize;
    match usize::try_from(count) {
        Ok(count) if count <= LARGEST => meter::charge(count).map(|()| count),
        Ok(_) => Err(Fault::new(FaultKind::OverflowError, "so many items do not fit into memory")),
        Err(_) => Ok(0),
    }
}

/// `slice(slices, fill_with=none)`.
pub(super) fn slice(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [slices, fill] = args.bind("slice", ["slices", "fill_with"])?;
    let slices = required(slices, "slice", "slices")?;
    Ok(lazy(move || {
        let items = value.collect()?;
        if let Py::Undefined(undefined) = &slices {
            return Err(undefined.fault());
        }
        let slices = integer(&slices)?;
        if slices == 0 {
            return Err(Fault::new(FaultKind::ZeroDivisionError, "`slice` cannot make zero slices"));
        }
        Ok(columns(items, usize::try_from(slices).unwrap_or(0), given(fill)))
    }))
}

/// Cuts the items into `count` lists of nearly the same length, the longer ones first; the
/// shorter ones are filled up.
fn columns(items: Vec<Py>, count: usize, fill: Option<Py>) -> PyIter {
    let (short, longer) = (items.len().checked_div(count), items.len().checked_rem(count));
    let (short, longer) = (short.unwrap_or(0), longer.unwrap_or(0));
    let mut items = items.into_iter();
    Box::new((0..count).map(move |number| {
        let length = short + usize::from(number < longer);
        meter::charge(length + 1)?;
        let mut column: Vec<Py> = items.by_ref().take(length).collect();
        if number >= longer {
            column.extend(fill.clone());
        }
        Ok(Py::list(column))
    }))
}

/// Filters that hand on any arguments cannot be given their own value by name.
fn no_keyword(args: &Args, function: &str) -> Result<()> {
    match args.keyword.iter().find(|(name, _)| matches!(&**name, "value" | "context")) {
        Some((name, _)) => Err(Fault::type_error(format!("`{function}` got its parameter `{name}` twice"))),
        None => Ok(()),
    }
}
