//! `batch` and `slice`, which lay items out in rows and columns.

use kiln_python::{Args, Comparison, Fault, FaultKind, Operator, Py, PyIter, Result, meter, required};

use super::lazy;
use crate::ambient::Here;
use crate::filters::text::convert::given;
use crate::parameters::integer;

/// `batch(linecount, fill_with=none)`.
pub(in super::super) fn batch(_: &Here, value: Py, args: Args) -> Result<Py> {
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
pub(in super::super) fn slice(_: &Here, value: Py, args: Args) -> Result<Py> {
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
