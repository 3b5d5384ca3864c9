//! Methods bound to their values.

use crate::fault::Result;
use crate::{Args, Py};

/// A method: it takes the value it belongs to and the arguments of the call.
pub type Method = fn(&Py, Args) -> Result<Py>;

/// The value of `receiver.name`, which can be called.
pub fn bound(receiver: Py, name: &'static str, method: Method) -> Py {
    let _ = (receiver, name, method);
    todo!()
}
