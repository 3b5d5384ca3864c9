//! TOML text to located trees.

mod comments;
mod syntax;

pub(crate) use comments::comments;

use ::toml::Spanned;
use ::toml::de::{DeFloat, DeInteger, DeTable, DeValue};
use kiln_model::{Diagnostics, Entry, Map, Node, Origin, Reported, SourceId, Span, Value};

use crate::compose::check_length;
use crate::events::MAX_DEPTH;
use crate::findings;

/// Reads a TOML text (<https://toml.io/en/v1.1.0>).
///
/// Spans and messages are as for YAML; a table has the place of its header. Keys come in
/// the order of the file. Dates and times are text, as written.
///
/// # Errors
/// If the text is not TOML, is larger than 32 MiB or nests too deep. Of a key given twice, which is reported, the
/// first counts; one that is a table and a list at once, and a number that is too large, is [`Value::Invalid`].
pub fn compose(source: SourceId, text: &str, sink: &mut Diagnostics) -> Result<Node, Reported> {
    check_length(source, text, sink)?;
    let (root, errors) = DeTable::parse_recoverable(text);
    let root = root.into_inner();
    let mixed = syntax::report(source, text, &root, &errors, sink)?;
    let mut composer = Composer { source, sink, mixed, failed: None };
    let value = composer.table(&root, 0, Span::new(source, 0, text.len()));
    composer.failed.map_or(Ok(Node::at(value, Span::new(source, 0, text.len()))), Err)
}

struct Composer<'a> {
    source: SourceId,
    sink: &'a mut Diagnostics,
    /// Where the keys stand that are a table and a list at once.
    mixed: Vec<usize>,
    failed: Option<Reported>,
}

impl Composer<'_> {
    fn table(&mut self, table: &DeTable<'_>, depth: usize, span: Span) -> Value {
        if depth > MAX_DEPTH {
            self.failed = Some(self.sink.error(findings::too_deep(span)));
            return Value::Invalid;
        }
        // The library sorts keys by name.
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let mut map = Map::new();
        for (key, value) in entries {
            let node = if self.mixed.contains(&key.span().start) {
                Node::invalid(Origin::At(self.span(key)))
            } else {
                self.value(value, depth + 1)
            };
            map.insert(key.get_ref().as_ref(), Entry { key: self.span(key), node });
        }
        Value::Map(map)
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, depth: usize) -> Node {
        let span = self.span(value);
        let found = match value.get_ref() {
            DeValue::String(text) => Some(Value::String(text.as_ref().to_owned())),
            DeValue::Integer(number) => integer(number),
            DeValue::Float(number) => float(number),
            DeValue::Boolean(it) => Some(Value::Bool(*it)),
            DeValue::Datetime(it) => Some(Value::String(it.to_string())),
            DeValue::Array(items) => {
                Some(Value::List(items.iter().map(|item| self.value(item, depth + 1)).collect()))
            }
            DeValue::Table(table) => Some(self.table(table, depth, span)),
        };
        let value = found.unwrap_or_else(|| {
            self.sink.push(findings::number_too_large(span));
            Value::Invalid
        });
        Node::at(value, span)
    }

    fn span<T>(&self, spanned: &Spanned<T>) -> Span {
        Span::new(self.source, spanned.span().start, spanned.span().end)
    }
}

fn integer(number: &DeInteger<'_>) -> Option<Value> {
    i128::from_str_radix(number.as_str(), number.radix()).ok().map(Value::Int)
}

fn float(number: &DeFloat<'_>) -> Option<Value> {
    let value: f64 = number.as_str().parse().ok()?;
    let written = value.is_finite() || number.as_str().contains("inf") || number.as_str().contains("nan");
    written.then_some(Value::Float(value))
}

#[cfg(test)]
mod tests;
