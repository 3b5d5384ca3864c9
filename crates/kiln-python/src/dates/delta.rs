//! `datetime.timedelta`: a length of time.

use std::any::Any;
use std::cmp::Ordering;
use std::sync::Arc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Zero;

use crate::fault::Result;
use crate::{Args, Fault, FaultKind, Method, Object, Operator, Py, bound};

use super::arguments::{self, method, overflow, wrong};
use super::clock::{Clock, DAY, SECOND};

/// The microseconds of a length of time, which is less than a thousand million days.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Delta(i128);

const MOST_DAYS: i128 = 999_999_999;

const METHODS: &[(&str, Method)] = &[("total_seconds", total_seconds)];

impl Delta {
    /// The smallest difference that dates and times can have.
    pub(super) const RESOLUTION: Delta = Delta(1);

    /// The smallest difference of two days.
    pub(super) const ONE_DAY: Delta = Delta(DAY as i128);

    /// A length of time in microseconds.
    ///
    /// # Errors
    /// `OverflowError` if it is too long.
    pub(super) fn new(microseconds: i128) -> Result<Delta> {
        if microseconds.div_euclid(DAY.into()).abs() > MOST_DAYS {
            return Err(overflow("a length of time must be less than 1000000000 days"));
        }
        Ok(Delta(microseconds))
    }

    fn from_big(microseconds: &BigInt) -> Result<Py> {
        let delta = i128::try_from(microseconds).ok().and_then(|it| Delta::new(it).ok());
        delta.map(Py::object).ok_or_else(|| overflow("a length of time must be less than 1000000000 days"))
    }

    /// The whole days, rounded down.
    pub(super) fn days(self) -> i64 {
        // Fewer than a thousand million days.
        self.0.div_euclid(DAY.into()) as i64
    }

    /// What is left beside the days.
    fn clock(self) -> Clock {
        // Less than a day.
        Clock::of(self.0.rem_euclid(DAY.into()) as i64)
    }

    fn seconds(self) -> i64 {
        self.clock().since_midnight() / SECOND
    }

    /// All of it.
    pub(super) fn microseconds(self) -> i128 {
        self.0
    }
}

impl Object for Delta {
    fn type_name(&self) -> &str {
        "timedelta"
    }

    fn module(&self) -> &str {
        "datetime"
    }

    fn repr(&self) -> Result<String> {
        let parts = [
            ("days", self.days()),
            ("seconds", self.seconds()),
            ("microseconds", self.clock().microsecond()),
        ];
        let given: Vec<String> = parts
            .iter()
            .filter(|(_, value)| *value != 0)
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let arguments = if given.is_empty() { "0".to_owned() } else { given.join(", ") };
        Ok(format!("datetime.timedelta({arguments})"))
    }

    fn str(&self) -> Result<String> {
        let (days, clock) = (self.days(), self.clock());
        let mut out = match days {
            0 => String::new(),
            1 | -1 => format!("{days} day, "),
            _ => format!("{days} days, "),
        };
        out += &format!("{}:{:02}:{:02}", clock.hour(), clock.minute(), clock.second());
        if clock.microsecond() != 0 {
            out += &format!(".{:06}", clock.microsecond());
        }
        Ok(out)
    }

    fn truth(&self) -> Result<bool> {
        Ok(self.0 != 0)
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(Some(match name {
            "days" => Py::Int(self.days()),
            "seconds" => Py::Int(self.seconds()),
            "microseconds" => Py::Int(self.clock().microsecond()),
            "min" => Py::object(Delta(-MOST_DAYS * i128::from(DAY))),
            "max" => Py::object(Delta((MOST_DAYS + 1) * i128::from(DAY) - 1)),
            "resolution" => Py::object(Delta::RESOLUTION),
            _ => return Ok(method(METHODS, name).map(|(name, call)| bound(Py::Object(self), name, call))),
        }))
    }

    fn equals(&self, other: &Py) -> Option<bool> {
        other.downcast::<Delta>().map(|other| self == other)
    }

    fn order(&self, other: &Py) -> Option<Ordering> {
        other.downcast::<Delta>().map(|other| self.cmp(other))
    }

    fn hash(&self) -> Option<u64> {
        Some(arguments::hash(self.0))
    }

    fn operate(&self, operator: Operator, other: &Py, reflected: bool) -> Option<Result<Py>> {
        match other.downcast::<Delta>() {
            Some(other) => self.with_delta(operator, *other),
            None => self.with_number(operator, other, reflected),
        }
    }

    fn negate(&self) -> Option<Result<Py>> {
        Some(Delta::new(-self.0).map(Py::object))
    }

    fn plus(&self) -> Option<Result<Py>> {
        Some(Ok(Py::object(*self)))
    }

    fn abs(&self) -> Option<Result<Py>> {
        Some(Delta::new(self.0.abs()).map(Py::object))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Delta {
    fn with_delta(self, operator: Operator, other: Delta) -> Option<Result<Py>> {
        let (left, right) = (self.0, other.0);
        Some(match operator {
            Operator::Add => Delta::new(left + right).map(Py::object),
            Operator::Sub => Delta::new(left - right).map(Py::object),
            Operator::Div => quotient(left, right),
            Operator::FloorDiv if right == 0 => Err(division_by_zero()),
            Operator::FloorDiv => Ok(Py::big(Integer::div_floor(&left, &right).into())),
            Operator::Mod if right == 0 => Err(division_by_zero()),
            Operator::Mod => Delta::new(Integer::mod_floor(&left, &right)).map(Py::object),
            Operator::Mul | Operator::Pow => return None,
        })
    }

    fn with_number(self, operator: Operator, other: &Py, reflected: bool) -> Option<Result<Py>> {
        let float = matches!(other, Py::Float(_));
        match operator {
            Operator::Mul => {}
            Operator::Div if !reflected => {}
            Operator::FloorDiv if !reflected && !float => {}
            _ => return None,
        }
        let (above, below) = match ratio(other)? {
            Ok(ratio) => ratio,
            Err(fault) => return Some(Err(fault)),
        };
        let own = BigInt::from(self.0);
        Some(match operator {
            Operator::Mul => Delta::from_big(&nearest(own * above, below)),
            _ if above.is_zero() => Err(division_by_zero()),
            Operator::Div => Delta::from_big(&nearest(own * below, above)),
            _ => Delta::from_big(&own.div_floor(&above)),
        })
    }
}

/// A number as a fraction; none if it is no number.
fn ratio(value: &Py) -> Option<Result<(BigInt, BigInt)>> {
    let whole = match value {
        Py::Float(float) => return Some(float_ratio(*float)),
        Py::Int(number) => BigInt::from(*number),
        Py::Bool(flag) => BigInt::from(i64::from(*flag)),
        Py::Big(number) => (**number).clone(),
        _ => return None,
    };
    Some(Ok((whole, BigInt::from(1))))
}

/// A finite float as the fraction that it is.
fn float_ratio(float: f64) -> Result<(BigInt, BigInt)> {
    if float.is_nan() {
        return Err(Fault::value_error("a length of time cannot be multiplied or divided by NaN"));
    }
    if float.is_infinite() {
        return Err(overflow("a length of time cannot be multiplied or divided by infinity"));
    }
    let bits = float.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64;
    let fraction = (bits & ((1 << 52) - 1)) as i64;
    let (mantissa, exponent) =
        if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let mantissa = BigInt::from(if float < 0.0 { -mantissa } else { mantissa });
    let power = BigInt::from(1) << exponent.unsigned_abs();
    Ok(if exponent < 0 { (mantissa, power) } else { (mantissa * power, BigInt::from(1)) })
}

/// The integer nearest to a fraction, and the even one of two that are as near.
fn nearest(above: BigInt, below: BigInt) -> BigInt {
    let (above, below) = if below < BigInt::zero() { (-above, -below) } else { (above, below) };
    let (down, rest) = above.div_mod_floor(&below);
    let twice: BigInt = rest * 2;
    match twice.cmp(&below) {
        Ordering::Less => down,
        Ordering::Equal if down.is_even() => down,
        _ => down + 1,
    }
}

/// The float nearest to a fraction, as `/` of two integers gives it.
fn quotient(above: i128, below: i128) -> Result<Py> {
    Py::big(above.into()).operate(Operator::Div, &Py::big(below.into()))
}

fn division_by_zero() -> Fault {
    Fault::new(FaultKind::ZeroDivisionError, "a length of time cannot be divided by zero")
}

fn total_seconds(receiver: &Py, args: Args) -> Result<Py> {
    args.none("total_seconds")?;
    let delta = receiver.downcast::<Delta>().ok_or_else(|| wrong("self", "a length of time", receiver))?;
    quotient(delta.0, SECOND.into())
}
