//! The filters and tests that packs may use beside Jinja2's own.

mod cron;

mod network;

mod text;

use std::sync::Arc;

use kiln_python::{Args, Fault, Py, Result, required};

use crate::ambient::{Filter, Here, Test};
use crate::shared::Shared;

/// Adds everything to an environment.
pub(crate) fn register(shared: &Shared) {
    shared.add_filter("nthhost", filter("nthhost", network::nth_host));
    shared.add_filter(
        "cidr_prefix",
        plain("cidr_prefix", |cidr| network::prefix(cidr).map(|it| Py::Int(it.into()))),
    );
    shared.add_test("cidr_contains", pair_test("cidr_contains", network::contains));
    shared.add_test("cidr_overlaps", pair_test("cidr_overlaps", network::overlaps));
    shared.add_test(
        "cidr_canonical",
        Arc::new(|_: &Here, value: Py, args: Args| {
            args.none("cidr_canonical")?;
            network::is_canonical(&value.to_str()?)
        }),
    );
    shared.add_test(
        "cron",
        Arc::new(|_: &Here, value: Py, args: Args| {
            let [cyclic] = args.bind("cron", ["cyclic"])?;
            Ok(cron::is_cron(&value.to_str()?, cyclic.map_or(Ok(false), |it| it.truth())?))
        }),
    );
    shared.add_filter("yaml_str", plain("yaml_str", |it| Ok(Py::str(text::yaml_str(it)))));
    shared.add_filter("basename", plain("basename", |it| Ok(Py::str(text::basename(it)))));
    shared.add_filter("b64encode", plain("b64encode", |it| Ok(Py::str(text::b64encode(it)))));
    shared.add_filter(
        "block",
        filter("block", |it, indent| {
            let indent = usize::try_from(indent).unwrap_or(0);
            kiln_python::meter::charge_text(it.lines().count().saturating_mul(indent))?;
            Ok(text::block(it, indent))
        }),
    );
}

/// A filter of text without arguments.
fn plain(name: &'static str, apply: fn(&str) -> Result<Py>) -> Filter {
    Arc::new(move |_: &Here, value: Py, args: Args| {
        args.none(name)?;
        apply(&text_of(name, &value)?)
    })
}

/// The text of a value that a filter works on.
fn text_of(name: &str, value: &Py) -> Result<Arc<str>> {
    if !matches!(value, Py::None) {
        return value.to_str();
    }
    Err(Fault::type_error(format!("`{name}` is given `none`, which would become the word `None`"))
        .coded("none-printed")
        .help("test the value with `is not none`, or write `default(…, true)` before"))
}

/// A filter of text with a number.
fn filter(name: &'static str, apply: fn(&str, i64) -> Result<String>) -> Filter {
    Arc::new(move |_: &Here, value: Py, args: Args| {
        let [number] = args.bind_positional(name)?;
        let number = required(number, name, "number")?;
        let Py::Int(number) = number else {
            let message = format!("`{name}` takes a number, not a value of type `{}`", number.type_name());
            return Err(Fault::type_error(message).help("write a number, or convert the value with `int`"));
        };
        apply(&text_of(name, &value)?, number).map(Py::str)
    })
}

/// A test of two texts.
fn pair_test(name: &'static str, apply: fn(&str, &str) -> Result<bool>) -> Test {
    Arc::new(move |_: &Here, value: Py, args: Args| {
        let [other] = args.bind_positional(name)?;
        let other = required(other, name, "other")?.to_str()?;
        apply(&value.to_str()?, &other)
    })
}
