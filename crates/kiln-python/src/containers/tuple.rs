//! Methods of `tuple`.

use super::{count, position};
use crate::fault::Result;
use crate::{Args, Fault, Method, Py, required};

pub(super) const METHODS: &[(&str, Method)] = &[("count", count_item), ("index", index)];

fn count_item(receiver: &Py, args: Args) -> Result<Py> {
    let [item] = args.bind_positional("count")?;
    count(receiver, &required(item, "count", "value")?)
}

fn index(receiver: &Py, args: Args) -> Result<Py> {
    let [item, start, stop] = args.bind_positional("index")?;
    let item = required(item, "index", "value")?;
    let place = position(receiver, &item, start, stop)?.map(Py::from);
    place.ok_or_else(|| Fault::value_error("`index` did not find the value in the tuple"))
}
