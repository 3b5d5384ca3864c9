//! `round`.

use std::cmp::Ordering;

use kiln_python::{Args, Comparison, Fault, FaultKind, Operator, Py, Result, int};

use crate::ambient::{Here, filter_argument_error};
use crate::parameters::integer;

/// `round(precision=0, method='common')`.
pub(super) fn round(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [precision, method] = args.bind("round", ["precision", "method"])?;
    let precision = precision.unwrap_or(Py::Int(0));
    let toward = match method.as_ref().map_or(Some("common"), Py::as_str) {
        Some("common") => return common(&value, &precision),
        Some("ceil") => f64::ceil,
        Some("floor") => f64::floor,
        _ => return Err(filter_argument_error("`round` rounds by `common`, `ceil` or `floor`")),
    };
    let scale = Py::Int(10).operate(Operator::Pow, &precision)?;
    let whole = match value.operate(Operator::Mul, &scale)? {
        Py::Float(number) => int(&Py::Float(toward(number)))?,
        whole @ (Py::Int(_) | Py::Big(_)) => whole,
        other => return Err(no_number(&other)),
    };
    whole.operate(Operator::Div, &scale)
}

fn no_number(value: &Py) -> Fault {
    Fault::type_error(format!("`round` takes a number, not a value of type `{}`", value.type_name()))
}

/// Python's `round(value, precision)`: to the nearest, and halves to the even neighbour.
fn common(value: &Py, precision: &Py) -> Result<Py> {
    match (value, precision) {
        (Py::Bool(set), _) => common(&Py::Int(i64::from(*set)), precision),
        (Py::Int(_) | Py::Big(_), Py::None) => Ok(value.clone()),
        (Py::Int(_) | Py::Big(_), _) => round_int(value, integer(precision)?),
        (Py::Float(number), Py::None) => int(&Py::Float(number.round_ties_even())),
        (Py::Float(number), _) => round_float(*number, integer(precision)?).map(Py::Float),
        _ => Err(no_number(value)),
    }
}

fn round_int(value: &Py, precision: i64) -> Result<Py> {
    /// No number that is not a [`Py::Big`] is half as large as ten to this power.
    const BEYOND: i64 = 20;
    match value {
        _ if precision >= 0 => return Ok(value.clone()),
        Py::Int(_) if precision <= -BEYOND => return Ok(Py::Int(0)),
        _ => {}
    }
    let step = Py::Int(10).operate(Operator::Pow, &Py::Int(precision.saturating_neg()))?;
    let below = value.operate(Operator::FloorDiv, &step)?;
    let twice_rest = value.operate(Operator::Mod, &step)?.operate(Operator::Mul, &Py::Int(2))?;
    let odd = below.operate(Operator::Mod, &Py::Int(2))?.truth()?;
    let up = twice_rest.compare(Comparison::Gt, &step)? || (odd && twice_rest.equals(&step)?);
    below.operate(Operator::Add, &Py::Int(up.into()))?.operate(Operator::Mul, &step)
}

/// Rounds the exact value of the number, not the shortest text for it.
fn round_float(number: f64, precision: i64) -> Result<f64> {
    /// More decimals than any number has.
    const FINEST: i64 = 323;
    /// Half of ten to this power is more than any number.
    const COARSEST: i64 = -309;
    if !number.is_finite() || precision > FINEST {
        return Ok(number);
    }
    if precision < COARSEST {
        return Ok(0.0 * number);
    }
    let places = usize::try_from(precision.unsigned_abs()).unwrap_or(0);
    let rounded = match precision {
        0.. => parse(&format!("{:.*}", places, number.abs())),
        _ => round_to_power(number.abs(), places),
    };
    if rounded.is_infinite() {
        return Err(Fault::new(FaultKind::OverflowError, "the rounded number is too large"));
    }
    Ok(rounded.copysign(number))
}

/// Rounds to a multiple of ten to the power of `places`, which is at least one.
fn round_to_power(number: f64, places: usize) -> f64 {
    let digits = format!("{:.0}", number.trunc());
    match digits.len().cmp(&places) {
        Ordering::Greater => parse(&format!("{:.*e}", digits.len() - 1 - places, number)),
        Ordering::Equal if above_half(&digits, number.fract()) => parse(&format!("1e{places}")),
        _ => 0.0,
    }
}

/// Whether a number of these digits is more than five followed by zeros.
fn above_half(digits: &str, fraction: f64) -> bool {
    match digits.as_bytes() {
        [b'5', rest @ ..] => fraction > 0.0 || rest.iter().any(|digit| *digit != b'0'),
        [first, ..] => *first > b'5',
        [] => false,
    }
}

fn parse(digits: &str) -> f64 {
    digits.parse().expect("Rust reads the numbers that it writes")
}
