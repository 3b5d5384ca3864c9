//! `pprint.pformat`.

use crate::fault::Result;
use crate::letters::is_space;
use crate::meter::{charge, charge_text};
use crate::{Args, Comparison, FaultKind, Py, nesting, sort};

/// How many characters fit on a line.
const WIDTH: usize = 80;

/// `pprint.pformat(value)`: its `repr` with sorted mappings, broken into lines of up to 80
/// characters where it is longer. A value that contains itself is cut off there without the
/// address that Python shows, which is another on each run.
///
/// # Errors
/// What `repr` and the comparison of keys raise; `RecursionError` if the value is too deep.
pub fn pformat(value: &Py) -> Result<String> {
    let mut printer = Printer { out: String::new(), above: Vec::new() };
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
}

impl Printer {
    fn value(&mut self, value: &Py, place: Place) -> Result<()> {
        let line = one_line(value, &mut self.above)?;
        if place.fits(&line, true) || self.above.iter().any(|it| it.is(value)) {
            return self.write(&line);
        }
        match value {
            Py::Str(_) | Py::Watched(_) if line.len() > "''".len() => self.lines(value, place),
            Py::Bytes(bytes) if bytes.len() > 4 => self.bytes(bytes, place),
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
            let key = one_line(key, &mut self.above)?;
            self.write(&key)?;
            self.out.push_str(": ");
            let place = before_comma(place, at + 1 == entries.len());
            self.value(item, place.inside(key.chars().count() + 2, 0))?;
        }
        Ok(())
    }

    /// Text as several literals: one per line of it, and more where a line is too long for one.
    fn lines(&mut self, text: &Py, place: Place) -> Result<()> {
        let text = Py::str(text.as_str().unwrap_or_default());
        let alone = self.above.is_empty();
        let place = if alone { place.inside(1, 1) } else { place };
        let lines = text.call_method("splitlines", Args::positional([Py::Bool(true)]))?.collect()?;
        let mut literals = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let last = at + 1 == lines.len();
            let whole = line.repr()?;
            if place.fits(&whole, last) {
                literals.push(whole);
            } else {
                words(line.as_str().unwrap_or_default(), place, last, &mut literals)?;
            }
        }
        // A single literal is never put into parentheses, though there would be room for them.
        self.literals(&literals, alone && literals.len() > 1, place.column)
    }

    /// Bytes as several literals, which break after a multiple of four.
    fn bytes(&mut self, bytes: &[u8], place: Place) -> Result<()> {
        let alone = self.above.is_empty();
        let place = if alone { place.inside(1, 1) } else { place };
        let mut literals = Vec::new();
        let mut current = Vec::new();
        for (at, part) in bytes.chunks(4).enumerate() {
            // What follows counts only for a last part that is not a full one; if the last is
            // full, Python looks in vain for the one behind it.
            let last = at == bytes.len() / 4;
            let longer = [&current[..], part].concat();
            if !place.fits(&literal(&longer)?, last) {
                if !current.is_empty() {
                    literals.push(literal(&current)?);
                }
                current = part.to_vec();
            } else {
                current = longer;
            }
        }
        if !current.is_empty() {
            literals.push(literal(&current)?);
        }
        self.literals(&literals, alone, place.column)
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

/// Fills literals with as many words of a line as fit, each with the white space behind it.
fn words(line: &str, place: Place, last_line: bool, literals: &mut Vec<String>) -> Result<()> {
    let mut rest = line;
    let mut current = String::new();
    while !rest.is_empty() {
        let space = rest.find(is_space).unwrap_or(rest.len());
        let next = rest[space..].find(|char| !is_space(char)).map_or(rest.len(), |at| space + at);
        let (word, behind) = rest.split_at(next);
        rest = behind;
        charge_text(current.len() + word.len())?;
        let longer = format!("{current}{word}");
        if place.fits(&quoted(&longer)?, last_line && rest.is_empty()) {
            current = longer;
        } else {
            if !current.is_empty() {
                literals.push(quoted(&current)?);
            }
            current = word.to_owned();
        }
    }
    literals.push(quoted(&current)?);
    Ok(())
}

fn quoted(text: &str) -> Result<String> {
    Py::str(text).repr()
}

fn literal(bytes: &[u8]) -> Result<String> {
    Py::Bytes(bytes.into()).repr()
}

/// The `repr` of a value with its mappings sorted. `above` are the containers around it.
fn one_line(value: &Py, above: &mut Vec<Py>) -> Result<String> {
    charge(1)?;
    let (open, close) = match value {
        Py::List(_) => ('[', "]"),
        Py::Tuple(items) if items.len() == 1 => ('(', ",)"),
        Py::Tuple(_) => ('(', ")"),
        Py::Dict(_) => ('{', "}"),
        _ => return value.repr(),
    };
    if above.iter().any(|it| it.is(value)) {
        return Ok(format!("<Recursion on {}>", value.type_name()));
    }
    nesting::check(above.len())?;
    above.push(value.clone());
    let inner = inner_line(value, above);
    above.pop();
    Ok(format!("{open}{}{close}", inner?))
}

fn inner_line(value: &Py, above: &mut Vec<Py>) -> Result<String> {
    let mut parts = Vec::new();
    match value {
        Py::Tuple(items) => {
            for item in items.iter() {
                parts.push(one_line(item, above)?);
            }
        }
        Py::List(list) => {
            for item in list.items() {
                parts.push(one_line(&item, above)?);
            }
        }
        Py::Dict(dict) => {
            for (key, item) in by_key(dict.entries())? {
                parts.push(format!("{}: {}", one_line(&key, above)?, one_line(&item, above)?));
            }
        }
        _ => {}
    }
    charge_text(parts.iter().map(String::len).sum())?;
    Ok(parts.join(", "))
}

/// Keys that cannot be compared are sorted by their types.
fn by_key(mut entries: Vec<(Py, Py)>) -> Result<Vec<(Py, Py)>> {
    sort(&mut entries, false, |(left, _), (right, _)| match left.compare(Comparison::Lt, right) {
        Err(fault) if fault.kind() == FaultKind::TypeError => Ok(left.type_repr() < right.type_repr()),
        known => known,
    })?;
    Ok(entries)
}
