//! The methods behind operators and protocols: `value.__len__()` is `len(value)`.

use std::any::Any;

use crate::fault::Result;
use crate::numbers::Number;
use crate::subscript::resolve;
use crate::{Args, Comparison, Fault, FaultKind, Generator, Key, Method, Object, Operator, Py, required};

/// Which values have a method.
type Who = fn(&Py) -> bool;

const METHODS: &[(&str, Who, Method)] = &[
    ("__eq__", any, |it, args| compare(it, args, Comparison::Eq)),
    ("__ne__", any, |it, args| compare(it, args, Comparison::Ne)),
    ("__lt__", ordered, |it, args| compare(it, args, Comparison::Lt)),
    ("__le__", ordered, |it, args| compare(it, args, Comparison::Le)),
    ("__gt__", ordered, |it, args| compare(it, args, Comparison::Gt)),
    ("__ge__", ordered, |it, args| compare(it, args, Comparison::Ge)),
    ("__repr__", any, |it, args| none(args, || it.repr().map(Py::str))),
    ("__str__", any, |it, args| none(args, || it.to_str().map(Py::Str))),
    ("__bool__", number_or_none, |it, args| none(args, || it.truth().map(Py::Bool))),
    ("__len__", container, |it, args| none(args, || it.len().map(Py::from))),
    ("__iter__", container, |it, args| none(args, || it.iter().map(Generator::new))),
    ("__contains__", container, |it, args| it.contains(&one(args)?).map(Py::Bool)),
    ("__getitem__", container, get_item),
    ("__setitem__", changeable, set_item),
    ("__delitem__", changeable, delete_item),
    ("__neg__", number, |it, args| none(args, || it.negate())),
    ("__pos__", number, |it, args| none(args, || it.plus())),
    ("__abs__", number, |it, args| none(args, || it.abs())),
    ("__add__", addable, |it, args| operate(it, args, Operator::Add)),
    ("__radd__", number, |it, args| reflected(it, args, Operator::Add)),
    ("__sub__", number, |it, args| operate(it, args, Operator::Sub)),
    ("__rsub__", number, |it, args| reflected(it, args, Operator::Sub)),
    ("__mul__", addable, |it, args| operate(it, args, Operator::Mul)),
    ("__rmul__", addable, |it, args| reflected(it, args, Operator::Mul)),
    ("__truediv__", number, |it, args| operate(it, args, Operator::Div)),
    ("__rtruediv__", number, |it, args| reflected(it, args, Operator::Div)),
    ("__floordiv__", number, |it, args| operate(it, args, Operator::FloorDiv)),
    ("__rfloordiv__", number, |it, args| reflected(it, args, Operator::FloorDiv)),
    ("__mod__", number_or_text, |it, args| operate(it, args, Operator::Mod)),
    ("__rmod__", number_or_text, |it, args| reflected(it, args, Operator::Mod)),
    ("__pow__", number, |it, args| operate(it, args, Operator::Pow)),
    ("__rpow__", number, |it, args| reflected(it, args, Operator::Pow)),
];

/// The method of a built-in type that is behind an operator.
pub(crate) fn method(receiver: &Py, name: &str) -> Option<(&'static str, Method)> {
    if !name.starts_with("__") || matches!(receiver, Py::Undefined(_) | Py::Object(_)) {
        return None;
    }
    let (name, _, method) = METHODS.iter().find(|(it, who, _)| *it == name && who(receiver))?;
    Some((name, *method))
}

fn any(_: &Py) -> bool {
    true
}

fn number(value: &Py) -> bool {
    Number::of(value).is_some()
}

fn text(value: &Py) -> bool {
    matches!(value, Py::Str(_) | Py::Markup(_) | Py::Watched(_) | Py::Bytes(_))
}

fn sequence(value: &Py) -> bool {
    text(value) || matches!(value, Py::Tuple(_) | Py::List(_))
}

fn container(value: &Py) -> bool {
    sequence(value) || matches!(value, Py::Dict(_))
}

fn changeable(value: &Py) -> bool {
    matches!(value, Py::List(_) | Py::Dict(_))
}

fn number_or_none(value: &Py) -> bool {
    number(value) || matches!(value, Py::None)
}

fn number_or_text(value: &Py) -> bool {
    number(value) || text(value)
}

fn ordered(value: &Py) -> bool {
    number(value) || sequence(value)
}

fn addable(value: &Py) -> bool {
    number(value) || sequence(value)
}

fn none(args: Args, then: impl FnOnce() -> Result<Py>) -> Result<Py> {
    args.none("the method of an operator")?;
    then()
}

fn one(args: Args) -> Result<Py> {
    let function = "the method of an operator";
    let [other] = args.bind_positional(function)?;
    required(other, function, "value")
}

/// Whether a type's own method goes with another value. Else Python would ask the other value.
fn is_alike(own: &Py, other: &Py) -> bool {
    match (Number::of(own), Number::of(other)) {
        (Some(Number::Float(_)), Some(_)) => true,
        (Some(_), Some(other)) => !matches!(other, Number::Float(_)),
        (Some(_), None) | (None, Some(_)) => false,
        (None, None) => {
            own.as_str().is_some() && other.as_str().is_some()
                || std::mem::discriminant(own) == std::mem::discriminant(other)
        }
    }
}

fn compare(own: &Py, args: Args, comparison: Comparison) -> Result<Py> {
    let other = one(args)?;
    if is_alike(own, &other) { own.compare(comparison, &other).map(Py::Bool) } else { Ok(not_implemented()) }
}

fn operate(own: &Py, args: Args, operator: Operator) -> Result<Py> {
    let other = one(args)?;
    if number(own) && !is_alike(own, &other) {
        return Ok(not_implemented());
    }
    own.operate(operator, &other)
}

fn reflected(own: &Py, args: Args, operator: Operator) -> Result<Py> {
    let other = one(args)?;
    if !is_alike(own, &other) && (number(own) || operator == Operator::Mod) {
        return Ok(not_implemented());
    }
    other.operate(operator, own)
}

fn get_item(own: &Py, args: Args) -> Result<Py> {
    own.item(&one(args)?)?.ok_or_else(absent)
}

fn absent() -> Fault {
    Fault::new(FaultKind::LookupError, "there is no such item")
}

fn set_item(own: &Py, args: Args) -> Result<Py> {
    let [key, value] = args.bind_positional("__setitem__")?;
    let (key, value) = (required(key, "__setitem__", "key")?, required(value, "__setitem__", "value")?);
    match own {
        Py::Dict(dict) => dict.insert(key, value)?,
        Py::List(list) => {
            let place = place(&key, list.lock().len())?;
            let replaced = list.lock().get_mut(place).map(|slot| std::mem::replace(slot, value));
            drop(replaced);
        }
        _ => return Err(Fault::type_error("this value does not change")),
    }
    Ok(Py::None)
}

fn delete_item(own: &Py, args: Args) -> Result<Py> {
    let key = one(args)?;
    let removed = match own {
        Py::Dict(dict) => dict.lock().shift_remove(&Key::new(key)?),
        Py::List(list) => {
            let mut items = list.lock();
            let place = place(&key, items.len())?;
            Some(items.remove(place))
        }
        _ => None,
    };
    removed.map(|_| Py::None).ok_or_else(absent)
}

fn place(key: &Py, length: usize) -> Result<usize> {
    let not_an_index = || Fault::type_error(format!("a `{}` is no index of a list", key.type_name()));
    resolve(key.as_index().ok_or_else(not_an_index)?, length).ok_or_else(absent)
}

/// What the method of an operator gives if it leaves the matter to the other value.
struct NotImplemented;

fn not_implemented() -> Py {
    Py::object(NotImplemented)
}

impl Object for NotImplemented {
    fn type_name(&self) -> &str {
        "NotImplementedType"
    }

    fn repr(&self) -> Result<String> {
        Ok("NotImplemented".to_owned())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
