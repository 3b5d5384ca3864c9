//! `json.dumps`.

use crate::fault::Result;
use crate::meter::{charge, charge_text};
use crate::{Comparison, Fault, Operator, Py, nesting, sort};

/// How JSON is written: the arguments of `json.dumps` of the same names.
#[derive(Clone, Debug)]
pub struct Style {
    /// `None` for a single line, a number of blanks, or the text itself.
    pub indent: Py,
    /// Whether the keys of a mapping are sorted.
    pub sort_keys: bool,
    /// Whether characters beyond ASCII are escaped.
    pub ensure_ascii: bool,
}

impl Default for Style {
    fn default() -> Style {
        Style { indent: Py::None, sort_keys: false, ensure_ascii: true }
    }
}

/// `json.dumps(value, **style)`.
///
/// # Errors
/// `TypeError` for what JSON cannot say, for keys that cannot be sorted and for an indent that
/// is none; `ValueError` if a value contains itself; `RecursionError` if it is too deep.
pub fn dumps(value: &Py, style: &Style) -> Result<String> {
    let mut writer = Writer { out: String::new(), style, lines: None, above: Vec::new() };
    // Text alone is written before Python looks at the indent, so a wrong one goes unnoticed.
    if value.as_str().is_none() {
        writer.lines = indent(&style.indent)?;
    }
    writer.value(value)?;
    Ok(writer.out)
}

/// `jinja2.utils.htmlsafe_json_dumps`: JSON that also stands in a `<script>` or an attribute,
/// as safe text.
///
/// # Errors
/// As [`dumps`].
pub fn htmlsafe_dumps(value: &Py, style: &Style) -> Result<Py> {
    html_safe(&dumps(value, style)?)
}

/// JSON that was made elsewhere as it also stands in a `<script>` or an attribute.
///
/// # Errors
/// If the meter ends the run.
pub fn html_safe(plain: &str) -> Result<Py> {
    charge_text(plain.len())?;
    let mut safe = String::with_capacity(plain.len());
    for char in plain.chars() {
        match char {
            '<' | '>' | '&' | '\'' => escape(&mut safe, char as u16),
            _ => safe.push(char),
        }
    }
    Ok(Py::Markup(safe.into()))
}

/// What is written once per level at the start of a line, or none for a single line.
fn indent(indent: &Py) -> Result<Option<String>> {
    if matches!(indent, Py::None) {
        return Ok(None);
    }
    if let Some(text) = indent.as_str() {
        return Ok(Some(text.to_owned()));
    }
    let blanks = Py::str(" ").operate(Operator::Mul, indent)?;
    let text = blanks.as_str().ok_or_else(|| Fault::type_error("the indent must be a number or text"))?;
    Ok(Some(text.to_owned()))
}

struct Writer<'a> {
    out: String,
    style: &'a Style,
    lines: Option<String>,
    /// The containers that are being written, outermost first.
    above: Vec<Py>,
}

impl Writer<'_> {
    fn value(&mut self, value: &Py) -> Result<()> {
        charge(1)?;
        if let Some(text) = value.as_str() {
            return self.quote(text);
        }
        match value {
            Py::None => self.out.push_str("null"),
            Py::Bool(true) => self.out.push_str("true"),
            Py::Bool(false) => self.out.push_str("false"),
            Py::Int(_) | Py::Big(_) => self.out.push_str(&value.repr()?),
            Py::Float(float) => self.float(*float)?,
            Py::Tuple(items) => self.sequence(value, items)?,
            Py::List(list) => {
                charge(list.lock().len())?;
                self.sequence(value, &list.items())?;
            }
            Py::Dict(dict) => {
                charge(dict.lock().len())?;
                self.mapping(value, dict.entries())?;
            }
            Py::Object(object) => match object.as_tuple() {
                Some(items) => self.sequence(value, items)?,
                None => self.derived(value)?,
            },
            _ => return Err(not_json(value)),
        }
        Ok(())
    }

    /// A value of a type that is derived from a built-in one.
    fn derived(&mut self, value: &Py) -> Result<()> {
        match value.plain()? {
            Py::List(list) => self.sequence(value, &list.items()),
            Py::Dict(dict) => self.mapping(value, dict.entries()),
            _ => {
                // An object may refuse every use of it, and says so itself.
                value.truth()?;
                Err(not_json(value))
            }
        }
    }

    fn sequence(&mut self, value: &Py, items: &[Py]) -> Result<()> {
        if items.is_empty() {
            self.out.push_str("[]");
            return Ok(());
        }
        self.enter(value)?;
        self.out.push('[');
        for (at, item) in items.iter().enumerate() {
            self.separate(at)?;
            self.value(item)?;
        }
        self.leave()?;
        self.out.push(']');
        Ok(())
    }

    fn mapping(&mut self, value: &Py, mut entries: Vec<(Py, Py)>) -> Result<()> {
        if entries.is_empty() {
            self.out.push_str("{}");
            return Ok(());
        }
        self.enter(value)?;
        if self.style.sort_keys {
            sort(&mut entries, false, before)?;
        }
        self.out.push('{');
        for (at, (key, item)) in entries.iter().enumerate() {
            self.separate(at)?;
            self.key(key)?;
            self.out.push_str(": ");
            self.value(item)?;
        }
        self.leave()?;
        self.out.push('}');
        Ok(())
    }

    fn enter(&mut self, value: &Py) -> Result<()> {
        if self.above.iter().any(|it| it.is(value)) {
            return Err(Fault::value_error("a value that contains itself has no form in JSON"));
        }
        nesting::check(self.above.len())?;
        self.above.push(value.clone());
        Ok(())
    }

    fn leave(&mut self) -> Result<()> {
        self.above.pop();
        self.line()
    }

    fn separate(&mut self, at: usize) -> Result<()> {
        match (at, &self.lines) {
            (0, _) => {}
            (_, None) => self.out.push_str(", "),
            (_, Some(_)) => self.out.push(','),
        }
        self.line()
    }

    fn line(&mut self) -> Result<()> {
        if let Some(indent) = &self.lines {
            charge_text(indent.len().saturating_mul(self.above.len()))?;
            self.out.push('\n');
            self.above.iter().for_each(|_| self.out.push_str(indent));
        }
        Ok(())
    }

    fn key(&mut self, key: &Py) -> Result<()> {
        match key {
            Py::None | Py::Bool(_) | Py::Int(_) | Py::Big(_) | Py::Float(_) => {
                self.out.push('"');
                self.value(key)?;
                self.out.push('"');
                Ok(())
            }
            _ => match key.as_str() {
                Some(text) => self.quote(text),
                None => {
                    Err(Fault::type_error(format!("a key of type `{}` has no form in JSON", key.type_name())))
                }
            },
        }
    }

    fn float(&mut self, float: f64) -> Result<()> {
        if float.is_nan() {
            self.out.push_str("NaN");
        } else if float.is_infinite() {
            self.out.push_str(if float > 0.0 { "Infinity" } else { "-Infinity" });
        } else {
            self.out.push_str(&Py::Float(float).repr()?);
        }
        Ok(())
    }

    fn quote(&mut self, text: &str) -> Result<()> {
        charge_text(text.len())?;
        self.out.push('"');
        for char in text.chars() {
            match char {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                ' '..='~' => self.out.push(char),
                ' '.. if !self.style.ensure_ascii => self.out.push(char),
                _ => char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escape(&mut self.out, *unit)),
            }
        }
        self.out.push('"');
        Ok(())
    }
}

/// Python sorts the pairs, not the keys: the values are looked at where keys are equal, which
/// only a broken order can make them.
fn before(left: &(Py, Py), right: &(Py, Py)) -> Result<bool> {
    let [left, right] = [left, right].map(|(key, value)| Py::tuple([key.clone(), value.clone()]));
    left.compare(Comparison::Lt, &right)
}

fn escape(out: &mut String, unit: u16) {
    out.push_str("\\u");
    for shift in [12, 8, 4, 0] {
        out.extend(char::from_digit(u32::from(unit >> shift) & 0xf, 16));
    }
}

fn not_json(value: &Py) -> Fault {
    let fault = Fault::type_error(format!("a value of type `{}` has no form in JSON", value.type_name()));
    match value.type_name() {
        "generator" => fault.help("make a list of it before, with `list`"),
        _ => fault.help("JSON has texts, numbers, booleans, `none`, lists and mappings"),
    }
}
