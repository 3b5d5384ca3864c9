//! Methods of `int` and `bool`.

use num_bigint::{BigInt, Sign};
use num_traits::{Signed, Zero};

use super::subject::{charge, index, text_of, wrong};
use crate::args::required;
use crate::fault::{Fault, FaultKind, Result};
use crate::{Args, Py};

fn number(receiver: &Py) -> Result<BigInt> {
    receiver.as_big().ok_or_else(|| wrong(receiver, "the receiver", "an integer"))
}

/// `int.bit_length`.
pub(super) fn bit_length(receiver: &Py, args: Args) -> Result<Py> {
    args.none("bit_length")?;
    Ok(Py::big(BigInt::from(number(receiver)?.bits())))
}

/// `int.bit_count`.
pub(super) fn bit_count(receiver: &Py, args: Args) -> Result<Py> {
    args.none("bit_count")?;
    Ok(Py::big(BigInt::from(number(receiver)?.magnitude().count_ones())))
}

/// `int.conjugate`: the number itself.
pub(super) fn conjugate(receiver: &Py, args: Args) -> Result<Py> {
    args.none("conjugate")?;
    number(receiver).map(Py::big)
}

/// `int.as_integer_ratio`.
pub(super) fn as_integer_ratio(receiver: &Py, args: Args) -> Result<Py> {
    args.none("as_integer_ratio")?;
    Ok(Py::tuple([Py::big(number(receiver)?), Py::Int(1)]))
}

/// `int.to_bytes`.
pub(super) fn to_bytes(receiver: &Py, mut args: Args) -> Result<Py> {
    let signed = signed(&mut args)?;
    let [length, order] = args.bind("to_bytes", ["length", "byteorder"])?;
    let length = length.map_or(Ok(1), |length| index(&length, "length"))?;
    let length = usize::try_from(length).map_err(|_| Fault::value_error("length is not negative"))?;
    let order = Order::of(order.as_ref())?;
    let number = number(receiver)?;
    charge(Some(length))?;
    let mut bytes = match (signed, number.is_negative()) {
        (false, true) => return Err(overflow("a negative number needs `signed`")),
        (false, false) => number.magnitude().to_bytes_le(),
        (true, _) => number.to_signed_bytes_le(),
    };
    let fill = if number.is_negative() { 0xFF } else { 0 };
    // Zero and minus one need no byte: all of theirs are filled in.
    if bytes == [fill] {
        bytes.clear();
    }
    if bytes.len() > length {
        return Err(overflow("the number does not fit into so few bytes"));
    }
    bytes.resize(length, fill);
    Ok(Py::Bytes(order.arrange(bytes).into()))
}

fn overflow(message: &str) -> Fault {
    Fault::new(FaultKind::OverflowError, message)
}

/// `int.from_bytes`, which `bool` has too.
pub(super) fn from_bytes(receiver: &Py, mut args: Args) -> Result<Py> {
    let signed = signed(&mut args)?;
    let [bytes, order] = args.bind("from_bytes", ["bytes", "byteorder"])?;
    let bytes = required(bytes, "from_bytes", "bytes")?;
    let order = Order::of(order.as_ref())?;
    let bytes = order.arrange(bytes_of(&bytes)?);
    charge(Some(bytes.len()))?;
    let number = match signed {
        true => BigInt::from_signed_bytes_le(&bytes),
        false => BigInt::from_bytes_le(Sign::Plus, &bytes),
    };
    Ok(match receiver {
        Py::Bool(_) => Py::Bool(!number.is_zero()),
        _ => Py::big(number),
    })
}

/// What `bytes(value)` makes of bytes and of what numbers can be taken from.
fn bytes_of(value: &Py) -> Result<Vec<u8>> {
    let byte = |item: &Py| {
        let byte = u8::try_from(index(item, "each byte")?);
        byte.map_err(|_| Fault::value_error("a byte is a number from 0 to 255"))
    };
    match value {
        Py::Bytes(bytes) => Ok(bytes.to_vec()),
        _ if value.as_str().is_some() => Err(wrong(value, "bytes", "bytes")),
        _ => value.collect()?.iter().map(byte).collect(),
    }
}

fn signed(args: &mut Args) -> Result<bool> {
    args.take("signed").map_or(Ok(false), |signed| signed.truth())
}

/// In which order bytes are kept.
enum Order {
    Big,
    Little,
}

impl Order {
    fn of(name: Option<&Py>) -> Result<Order> {
        match name.map(|name| text_of(name, "byteorder")).transpose()? {
            None | Some("big") => Ok(Order::Big),
            Some("little") => Ok(Order::Little),
            Some(_) => Err(Fault::value_error("byteorder is `little` or `big`")),
        }
    }

    /// Bytes in little order in this one, or the other way round.
    fn arrange(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        if matches!(self, Order::Big) {
            bytes.reverse();
        }
        bytes
    }
}
