//! `range`.

use std::any::Any;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::{count, position};
use crate::fault::Result;
use crate::{Args, Fault, FaultKind, Object, Py, PyIter, bound, required};

/// A range of integers of any size.
pub struct Range {
    start: BigInt,
    stop: BigInt,
    step: BigInt,
    length: BigInt,
}

/// `range(stop)` and `range(start, stop, step)`.
///
/// # Errors
/// `TypeError` if the arguments are no integers, `ValueError` for a step of zero.
pub fn range(args: Args) -> Result<Py> {
    let [first, second, step] = args.bind_positional("range")?;
    let first = integer(&required(first, "range", "stop")?)?;
    let (start, stop) = match second {
        Some(stop) => (first, integer(&stop)?),
        None => (BigInt::zero(), first),
    };
    Range::new(start, stop, step.map_or_else(|| Ok(BigInt::one()), |step| integer(&step))?)
}

fn integer(value: &Py) -> Result<BigInt> {
    value.as_big().ok_or_else(|| {
        Fault::type_error(format!("a range is made of integers, not of `{}`", value.type_name()))
    })
}

impl Range {
    /// A range, as Python's `range(start, stop, step)`.
    ///
    /// # Errors
    /// `ValueError` for a step of zero.
    #[expect(clippy::new_ret_no_self, reason = "it is used as a value alone")]
    pub fn new(start: impl Into<BigInt>, stop: impl Into<BigInt>, step: impl Into<BigInt>) -> Result<Py> {
        let (start, stop, step) = (start.into(), stop.into(), step.into());
        if step.is_zero() {
            return Err(Fault::value_error("the step of a range cannot be zero"));
        }
        let length = (&stop - &start + &step - step.signum()).div_floor(&step).max(BigInt::zero());
        Ok(Py::object(Range { start, stop, step, length }))
    }

    pub(crate) fn slice(&self, start: &Py, stop: &Py, step: &Py) -> Result<Py> {
        let by = if matches!(step, Py::None) { BigInt::one() } else { integer(step)? };
        if by.is_zero() {
            return Err(Fault::value_error("the step of a slice cannot be zero"));
        }
        let (lowest, highest) = match by.is_negative() {
            true => (-BigInt::one(), &self.length - 1),
            false => (BigInt::zero(), self.length.clone()),
        };
        let place = |given: &Py, default: &BigInt| -> Result<BigInt> {
            if matches!(given, Py::None) {
                return Ok(default.clone());
            }
            let given = integer(given)?;
            let given = if given.is_negative() { given + &self.length } else { given };
            Ok(given.clamp(lowest.clone(), highest.clone()))
        };
        let (first, last) = if by.is_negative() { (&highest, &lowest) } else { (&lowest, &highest) };
        let (start, stop) = (place(start, first)?, place(stop, last)?);
        Range::new(self.at(&start), self.at(&stop), &self.step * by)
    }

    /// The integer at a place, which may be outside.
    fn at(&self, place: &BigInt) -> BigInt {
        &self.start + &self.step * place
    }

    fn place_of(&self, number: &BigInt) -> Option<BigInt> {
        let (place, rest) = (number - &self.start).div_rem(&self.step);
        (rest.is_zero() && !place.is_negative() && place < self.length).then_some(place)
    }

    /// What equal ranges have in common: their items.
    fn identity(&self) -> (&BigInt, Option<&BigInt>, Option<&BigInt>) {
        let start = self.length.is_positive().then_some(&self.start);
        (&self.length, start, start.filter(|_| !self.length.is_one()).map(|_| &self.step))
    }

    /// Start, step and length, if all items fit.
    fn small(&self) -> Option<(i64, i64, i64)> {
        self.at(&self.length).to_i64()?;
        Some((self.start.to_i64()?, self.step.to_i64()?, self.length.to_i64()?))
    }
}

impl Object for Range {
    fn type_name(&self) -> &str {
        "range"
    }

    fn repr(&self) -> Result<String> {
        let Range { start, stop, step, .. } = self;
        Ok(if step.is_one() {
            format!("range({start}, {stop})")
        } else {
            format!("range({start}, {stop}, {step})")
        })
    }

    fn truth(&self) -> Result<bool> {
        Ok(!self.length.is_zero())
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(match name {
            "start" => Some(Py::big(self.start.clone())),
            "stop" => Some(Py::big(self.stop.clone())),
            "step" => Some(Py::big(self.step.clone())),
            "count" => Some(bound(Py::Object(self), "count", count_item)),
            "index" => Some(bound(Py::Object(self), "index", index)),
            _ => None,
        })
    }

    fn item(&self, key: &Py) -> Result<Option<Py>> {
        let Some(place) = key.as_big() else { return Ok(None) };
        let place = if place.is_negative() { place + &self.length } else { place };
        Ok((!place.is_negative() && place < self.length).then(|| Py::big(self.at(&place))))
    }

    fn iter(self: Arc<Self>) -> Option<Result<PyIter>> {
        Some(Ok(match self.small() {
            Some((start, step, length)) => {
                Box::new((0..length).map(move |place| Ok(Py::Int(start + place * step))))
            }
            None => {
                let mut place = BigInt::zero();
                Box::new(std::iter::from_fn(move || {
                    let item = (place < self.length).then(|| Ok(Py::big(self.at(&place))));
                    place += 1;
                    item
                }))
            }
        }))
    }

    fn len(&self) -> Option<Result<usize>> {
        let length = self.length.to_i64().and_then(|length| usize::try_from(length).ok());
        Some(length.ok_or_else(|| Fault::new(FaultKind::OverflowError, "a range is too long to be counted")))
    }

    fn contains(&self, item: &Py) -> Option<Result<bool>> {
        Some(Ok(self.place_of(&item.as_big()?).is_some()))
    }

    fn equals(&self, other: &Py) -> Option<bool> {
        other.downcast::<Range>().map(|other| self.identity() == other.identity())
    }

    fn hash(&self) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        self.identity().hash(&mut hasher);
        Some(hasher.finish())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn of(receiver: &Py) -> Result<&Range> {
    receiver.downcast().ok_or_else(|| Fault::type_error("this is a method of ranges"))
}

fn count_item(receiver: &Py, args: Args) -> Result<Py> {
    let [item] = args.bind_positional("count")?;
    let item = required(item, "count", "value")?;
    match of(receiver)?.contains(&item) {
        Some(found) => Ok(Py::Int(i64::from(found?))),
        None => count(receiver, &item),
    }
}

fn index(receiver: &Py, args: Args) -> Result<Py> {
    let [item] = args.bind_positional("index")?;
    let item = required(item, "index", "value")?;
    let place = match item.as_big() {
        Some(number) => of(receiver)?.place_of(&number).map(Py::big),
        None => position(receiver, &item, None, None)?.map(Py::from),
    };
    place.ok_or_else(|| Fault::value_error("`index` did not find the value in the range"))
}
