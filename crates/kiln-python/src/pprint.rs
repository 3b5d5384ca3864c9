//! `pprint.pformat`.

mod literals;

use crate::fault::Result;
use crate::meter::{charge, charge_text};
use crate::{Comparison, FaultKind, Py, nesting, sort};

/// How many characters fit on a line.
const WIDTH: usize = 80;

/// `pprint.pformat(value)`: its `repr` with sorted mappings, broken into lines of up to 80
/// characters where it is longer. A value that contains itself is cut off there without the
/// address that Python shows, which is another on each run.
///
/// # Errors
/// What `repr` and the comparison of keys raise; `RecursionError` if the value is too deep.
pub fn pformat(value: &Py) -> Result<String> {
    print(value, usize::MAX, false)
}

/// `pprint.pformat(value, depth=depth, compact=True)`: as [`pformat`], but with as many items on
/// a line as fit, and with dots for the insides of what is nested deeper.
///
/// # Errors
/// As [`pformat`].
pub fn pformat_compact(value: &Py, depth: usize) -> Result<String> {
    print(value, depth, true)
}

fn print(value: &Py, depth: usize, compact: bool) -> Result<String> {
    let mut printer = Printer { out: String::new(), above: Vec::new(), depth, compact };
    printer.value(value, Place { column: 0, behind: 0 })?;
    Ok(printer.out)
}

/// Where a value is written.
#[derive(Clone, Copy)]
struct Place {
    /// The column of its first character, to which its further lines are indented.
    column: usize,
    /// How many characters will follow on its last line.
    behind: usize,
}

impl Place {
    fn inside(self, column: usize, behind: usize) -> Place {
        Place { column: self.column + column, behind: self.behind + behind }
    }

    /// Whether text fits on a line, and what follows as well if this line is the last.
    fn fits(self, text: &str, last: bool) -> bool {
        let width = text.chars().count();
        self.column + width + if last { self.behind } else { 0 } <= WIDTH
    }
}

struct Printer {
    out: String,
    /// The containers that are being written, outermost first.
    above: Vec<Py>,
    /// How many containers around a value its insides are shown in.
    depth: usize,
    /// Whether items share lines.
    compact: bool,
}

impl Printer {
    fn value(&mut self, value: &Py, place: Place) -> Result<()> {
        let line = self.one_line(value)?;
        if place.fits(&line, true) || self.above.iter().any(|it| it.is(value)) {
            return self.write(&line);
        }
        match value {
            Py::Str(_) | Py::Watched(_) if line.len() > "''".len() => {
                let (place, alone) = self.in_parentheses(place);
                let literals = literals::of_text(value, place)?;
                // A single literal stands bare, though room was left for parentheses.
                self.literals(&literals, alone && literals.len() > 1, place.column)
            }
            Py::Bytes(bytes) if bytes.len() > 4 => {
                let (place, alone) = self.in_parentheses(place);
                self.literals(&literals::of_bytes(bytes, place)?, alone, place.column)
            }
            Py::List(list) => {
                self.out.push('[');
                self.within(value, |printer| printer.items(&list.items(), place.inside(1, 1)))?;
                self.write("]")
            }
            Py::Tuple(items) => {
                let end = if items.len() == 1 { ",)" } else { ")" };
                self.out.push('(');
                self.within(value, |printer| printer.items(items, place.inside(1, end.len())))?;
                self.write(end)
            }
            Py::Dict(dict) => {
                self.out.push('{');
                let entries = by_key(dict.entries())?;
                self.within(value, |printer| printer.entries(&entries, place.inside(1, 1)))?;
                self.write("}")
            }
            _ => self.write(&line),
        }
    }

    fn within(&mut self, value: &Py, write: impl FnOnce(&mut Printer) -> Result<()>) -> Result<()> {
        self.above.push(value.clone());
        let written = write(self);
        self.above.pop();
        written
    }

    fn items(&mut self, items: &[Py], place: Place) -> Result<()> {
        if self.compact { self.packed(items, place) } else { self.stacked(items, place) }
    }

    /// Items, as many on each line as fit.
    fn packed(&mut self, items: &[Py], place: Place) -> Result<()> {
        let whole = |last: bool| {
            let behind = if last { place.behind } else { 0 };
            (WIDTH + 1).saturating_sub(place.column.saturating_add(behind))
        };
        let mut used = 0;
        let mut breaks = false;
        for (at, item) in items.iter().enumerate() {
            let last = at + 1 == items.len();
            let line = self.one_line(item)?;
            let width = line.chars().count() + ", ".len();
            let fits_behind = used + width <= whole(last);
            let fits_alone = width <= whole(last);
            if at > 0 && fits_behind && !breaks {
                self.write(", ")?;
            } else if at > 0 {
                self.out.push(',');
                self.line(place.column)?;
            }
            if fits_behind || fits_alone {
                used = if fits_behind { used + width } else { width };
                breaks = false;
                self.write(&line)?;
            } else {
                used = 0;
                breaks = true;
                self.value(item, before_comma(place, last))?;
            }
        }
        Ok(())
    }

    /// Items, each on lines of its own.
    fn stacked(&mut self, items: &[Py], place: Place) -> Result<()> {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
                self.line(place.column)?;
            }
            self.value(item, before_comma(place, at + 1 == items.len()))?;
        }
        Ok(())
    }

    fn entries(&mut self, entries: &[(Py, Py)], place: Place) -> Result<()> {
        for (at, (key, item)) in entries.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
                self.line(place.column)?;
            }
            let key = self.one_line(key)?;
            self.write(&key)?;
            self.out.push_str(": ");
            let place = before_comma(place, at + 1 == entries.len());
            self.value(item, place.inside(key.chars().count() + 2, 0))?;
        }
        Ok(())
    }

    /// Where the literals of a value begin. Those of a value that stands in no container are put
    /// into parentheses.
    fn in_parentheses(&self, place: Place) -> (Place, bool) {
        let alone = self.above.is_empty();
        (if alone { place.inside(1, 1) } else { place }, alone)
    }

    fn literals(&mut self, literals: &[String], in_parentheses: bool, column: usize) -> Result<()> {
        if in_parentheses {
            self.out.push('(');
        }
        for (at, literal) in literals.iter().enumerate() {
            if at > 0 {
                self.line(column)?;
            }
            self.write(literal)?;
        }
        if in_parentheses {
            self.out.push(')');
        }
        Ok(())
    }

    /// The `repr` of a value with its mappings sorted.
    fn one_line(&mut self, value: &Py) -> Result<String> {
        charge(1)?;
        let (open, close) = match value {
            Py::List(_) => ('[', "]"),
            Py::Tuple(items) if items.len() == 1 => ('(', ",)"),
            Py::Tuple(_) => ('(', ")"),
            Py::Dict(_) => ('{', "}"),
            _ => return value.repr(),
        };
        if self.above.len() >= self.depth && value.truth()? {
            return Ok(format!("{open}...{close}"));
        }
        if self.above.iter().any(|it| it.is(value)) {
            return Ok(format!("<Recursion on {}>", value.type_name()));
        }
        nesting::check(self.above.len())?;
        self.above.push(value.clone());
        let inner = self.inner_line(value);
        self.above.pop();
        Ok(format!("{open}{}{close}", inner?))
    }

    fn inner_line(&mut self, value: &Py) -> Result<String> {
        let mut parts = Vec::new();
        match value {
            Py::Tuple(items) => {
                for item in items.iter() {
                    parts.push(self.one_line(item)?);
                }
            }
            Py::List(list) => {
                charge(list.lock().len())?;
                for item in list.items() {
                    parts.push(self.one_line(&item)?);
                }
            }
            Py::Dict(dict) => {
                charge(dict.lock().len())?;
                for (key, item) in by_key(dict.entries())? {
                    parts.push(format!("{}: {}", self.one_line(&key)?, self.one_line(&item)?));
                }
            }
            _ => {}
        }
        charge_text(parts.iter().map(String::len).sum())?;
        Ok(parts.join(", "))
    }

    fn line(&mut self, column: usize) -> Result<()> {
        charge_text(column)?;
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', column));
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<()> {
        charge_text(text.len())?;
        self.out.push_str(text);
        Ok(())
    }
}

fn before_comma(place: Place, last: bool) -> Place {
    Place { column: place.column, behind: if last { place.behind } else { 1 } }
}

/// Keys that cannot be compared are sorted by their types.
fn by_key(mut entries: Vec<(Py, Py)>) -> Result<Vec<(Py, Py)>> {
    sort(&mut entries, false, |(left, _), (right, _)| match left.compare(Comparison::Lt, right) {
        Err(fault) if fault.kind() == FaultKind::TypeError => Ok(left.type_repr() < right.type_repr()),
        known => known,
    })?;
    Ok(entries)
}
