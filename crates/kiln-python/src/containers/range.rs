//! `range`.

use std::any::Any;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::count;
use crate::fault::Result;
use crate::subscript::{Cut, resolve};
use crate::{Args, Fault, Object, Py, PyIter, bound, required};

/// A range of integers.
pub struct Range {
    /// The first.
    pub start: i64,
    /// Where it ends, itself not included.
    pub stop: i64,
    /// From one to the next; not zero.
    pub step: i64,
}

impl Range {
    /// A range, as Python's `range(start, stop, step)`.
    ///
    /// # Errors
    /// `ValueError` for a step of zero.
    pub fn new(start: i64, stop: i64, step: i64) -> Result<Py> {
        if step == 0 {
            return Err(Fault::value_error("the step of a `range` cannot be zero"));
        }
        Ok(Py::object(Range { start, stop, step }))
    }

    /// How many integers it has.
    pub fn length(&self) -> usize {
        let (start, stop, step) = (i128::from(self.start), i128::from(self.stop), i128::from(self.step));
        let distance = if step < 0 { start - stop } else { stop - start };
        if distance <= 0 {
            return 0;
        }
        usize::try_from((distance - 1) / step.abs() + 1).unwrap_or(usize::MAX)
    }

    /// The integer at a place that is inside, or just behind the end, where it need not fit.
    fn at(&self, place: usize) -> i64 {
        let value =
            i128::from(self.start) + i128::from(self.step) * i128::try_from(place).unwrap_or(i128::MAX);
        i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
    }

    pub(crate) fn slice(&self, cut: &Cut) -> Result<Py> {
        let step = self.step.saturating_mul(cut.step);
        let start = self.at(cut.start);
        let stop = i128::from(start) + i128::from(step) * i128::try_from(cut.count).unwrap_or(i128::MAX);
        Range::new(start, i64::try_from(stop).unwrap_or(if stop < 0 { i64::MIN } else { i64::MAX }), step)
    }

    fn place_of(&self, number: i64) -> Option<usize> {
        let distance = i128::from(number) - i128::from(self.start);
        let step = i128::from(self.step);
        let place = usize::try_from(distance / step).ok()?;
        (distance % step == 0 && place < self.length()).then_some(place)
    }

    fn identity(&self) -> (usize, i64, i64) {
        match self.length() {
            0 => (0, 0, 0),
            1 => (1, self.start, 0),
            length => (length, self.start, self.step),
        }
    }
}

impl Object for Range {
    fn type_name(&self) -> &str {
        "range"
    }

    fn repr(&self) -> Result<String> {
        let Range { start, stop, step } = self;
        Ok(if *step == 1 {
            format!("range({start}, {stop})")
        } else {
            format!("range({start}, {stop}, {step})")
        })
    }

    fn truth(&self) -> Result<bool> {
        Ok(self.length() > 0)
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(match name {
            "start" => Some(Py::Int(self.start)),
            "stop" => Some(Py::Int(self.stop)),
            "step" => Some(Py::Int(self.step)),
            "count" => Some(bound(Py::Object(self), "count", count_item)),
            "index" => Some(bound(Py::Object(self), "index", index)),
            _ => None,
        })
    }

    fn item(&self, key: &Py) -> Result<Option<Py>> {
        let place = key.as_index().and_then(|index| resolve(index, self.length()));
        Ok(place.map(|place| Py::Int(self.at(place))))
    }

    fn iter(self: Arc<Self>) -> Option<Result<PyIter>> {
        let length = self.length();
        Some(Ok(Box::new((0..length).map(move |place| Ok(Py::Int(self.at(place)))))))
    }

    fn len(&self) -> Option<Result<usize>> {
        Some(Ok(self.length()))
    }

    fn contains(&self, item: &Py) -> Option<Result<bool>> {
        match item {
            Py::Int(_) | Py::Bool(_) | Py::Big(_) => {
                Some(Ok(item.as_index().is_some_and(|number| self.place_of(number).is_some())))
            }
            _ => None,
        }
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
    let place = match &item {
        Py::Int(_) | Py::Bool(_) => item.as_index().and_then(|number| of(receiver).ok()?.place_of(number)),
        Py::Big(_) => None,
        _ => super::position(receiver, &item, None, None)?,
    };
    match place {
        Some(place) => Ok(Py::Int(i64::try_from(place).unwrap_or(i64::MAX))),
        None => Err(Fault::value_error("`index` did not find the value in the range")),
    }
}
