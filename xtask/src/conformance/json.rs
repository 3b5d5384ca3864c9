//! JSON as Python reads it: keys stay in order, and integers have any size.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Map(Pairs<Json>),
}

/// The members of an object, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pairs<T>(pub(crate) Vec<(String, T)>);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        read(raw.get()).map_err(D::Error::custom)
    }
}

/// Reads a value by its first character, since only the text of a number has all its digits.
fn read(text: &str) -> serde_json::Result<Json> {
    Ok(match text.as_bytes().first() {
        Some(b'n') => Json::Null,
        Some(b't' | b'f') => Json::Bool(serde_json::from_str(text)?),
        Some(b'"') => Json::Text(serde_json::from_str(text)?),
        Some(b'[') => Json::List(serde_json::from_str(text)?),
        Some(b'{') => Json::Map(serde_json::from_str(text)?),
        _ => Json::Number(text.to_owned()),
    })
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs<T>, D::Error> {
        struct InOrder<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Pairs<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(InOrder(std::marker::PhantomData))
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(it) => serializer.serialize_bool(*it),
            Json::Number(it) => {
                RawValue::from_string(it.clone()).map_err(serde::ser::Error::custom)?.serialize(serializer)
            }
            Json::Text(it) => serializer.serialize_str(it),
            Json::List(items) => items.serialize(serializer),
            Json::Map(pairs) => pairs.serialize(serializer),
        }
    }
}

impl<T: Serialize> Serialize for Pairs<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_digits_survive() {
        let text =
            r#"{"b":[1.50,-2,123456789012345678901234567890,1e400],"a":{"z":null,"y":true},"a":"ü\n"}"#;
        let json: Json = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&json).unwrap(), text);
    }
}
