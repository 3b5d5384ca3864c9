//! JSON in the order in which it is made.

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    /// The text, each entry on a line of its own.
    pub(crate) fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(0, &mut out);
        out + "\n"
    }

    fn write(&self, depth: usize, out: &mut String) {
        match self {
            Json::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
            Json::Number(it) => out.push_str(it),
            Json::Text(it) => out.push_str(&serde_json::Value::from(it.as_str()).to_string()),
            Json::List(items) => {
                let inner = |item: &Json, out: &mut String| item.write(depth + 1, out);
                block(['[', ']'], items, depth, out, inner);
            }
            Json::Object(entries) => block(['{', '}'], entries, depth, out, |(key, value), out| {
                out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                out.push_str(": ");
                value.write(depth + 1, out);
            }),
        }
    }
}

fn block<T>(
    [open, close]: [char; 2],
    items: &[T],
    depth: usize,
    out: &mut String,
    write: impl Fn(&T, &mut String),
) {
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        write(item, out);
    }
    if !items.is_empty() {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(close);
}
