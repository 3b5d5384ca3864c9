//! The filters, tests and functions that packs may use beside Jinja2's own.

mod json;

mod network;

mod text;

use minijinja::{Environment, Error, ErrorKind, State, Value};

use crate::tree::SecretView;

/// Adds everything to an environment.
pub(crate) fn register(env: &mut Environment<'static>) {
    env.add_filter("nthhost", network::nth_host);
    env.add_filter("cidr_prefix", network::prefix);
    env.add_test("cidr_contains", network::contains);
    env.add_test("cidr_overlaps", network::overlaps);
    env.add_test("cidr_canonical", network::is_canonical);
    env.add_filter("yaml_str", text::yaml_str);
    env.add_filter("block", text::block);
    env.add_filter("basename", text::basename);
    env.add_filter("b64encode", text::b64encode);
    env.add_filter("tojson", json::tojson);
    env.set_unknown_method_callback(method);
}

/// Python's methods of text, lists and mappings. A secret is text here: using a method
/// on it reveals it.
fn method(state: &mut State, value: &Value, name: &str, args: &[Value]) -> Result<Value, Error> {
    if let Some(view) = value.downcast_object_ref::<SecretView>() {
        let text = Value::from(view.reveal());
        return minijinja_contrib::pycompat::unknown_method_callback(state, &text, name, args);
    }
    let result = minijinja_contrib::pycompat::unknown_method_callback(state, value, name, args);
    result.map_err(
        |error| if error.kind() == ErrorKind::UnknownMethod { Error::from(error.kind()) } else { error },
    )
}
