//! Tuples with names for their items: `struct_time` and `IsoCalendarDate`.

use std::any::Any;
use std::sync::Arc;

use crate::fault::Result;
use crate::{Object, Py, Tuple};

use super::calendar;
use super::strftime::Moment;

/// A type derived from `tuple`.
struct Kind {
    module: &'static str,
    name: &'static str,
    fields: &'static [&'static str],
    /// Attributes that are no items; none for `None`.
    others: &'static [(&'static str, Option<i64>)],
}

static STRUCT_TIME: Kind = Kind {
    module: "time",
    name: "struct_time",
    fields: &[
        "tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst",
    ],
    others: &[
        ("tm_zone", None),
        ("tm_gmtoff", None),
        ("n_fields", Some(11)),
        ("n_sequence_fields", Some(9)),
        ("n_unnamed_fields", Some(0)),
    ],
};

static ISO_CALENDAR_DATE: Kind =
    Kind { module: "datetime", name: "IsoCalendarDate", fields: &["year", "week", "weekday"], others: &[] };

/// A tuple of such a type.
struct Record {
    kind: &'static Kind,
    items: Tuple,
}

/// The `struct_time` of a moment; `dst` says whether it is in summer time, -1 that nobody knows.
pub(super) fn struct_time(moment: &Moment, dst: i64) -> Py {
    let (year, month, day) = moment.day.to_calendar_date();
    let items = [
        year.into(),
        u8::from(month).into(),
        day.into(),
        moment.clock.hour(),
        moment.clock.minute(),
        moment.clock.second(),
        calendar::weekday(moment.day).into(),
        moment.day.ordinal().into(),
        dst,
    ];
    record(&STRUCT_TIME, &items)
}

/// The ISO year, week and day of the week of a day.
pub(super) fn iso_calendar(day: time::Date) -> Py {
    let (year, week, weekday) = day.to_iso_week_date();
    record(&ISO_CALENDAR_DATE, &[year.into(), week.into(), weekday.number_from_monday().into()])
}

fn record(kind: &'static Kind, items: &[i64]) -> Py {
    Py::object(Record { kind, items: items.iter().map(|item| Py::Int(*item)).collect() })
}

impl Object for Record {
    fn type_name(&self) -> &str {
        self.kind.name
    }

    fn module(&self) -> &str {
        self.kind.module
    }

    fn repr(&self) -> Result<String> {
        let mut fields = Vec::new();
        for (name, item) in self.kind.fields.iter().zip(self.items.iter()) {
            fields.push(format!("{name}={}", item.repr()?));
        }
        Ok(format!("{}.{}({})", self.kind.module, self.kind.name, fields.join(", ")))
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        if let Some(at) = self.kind.fields.iter().position(|it| *it == name) {
            return Ok(self.items.get(at).cloned());
        }
        if let Some((_, value)) = self.kind.others.iter().find(|(it, _)| *it == name) {
            return Ok(Some(value.map_or(Py::None, Py::Int)));
        }
        Ok(None)
    }

    fn as_tuple(&self) -> Option<&Tuple> {
        Some(&self.items)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
