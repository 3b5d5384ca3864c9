//! How a value is taken out of a key file.

use zeroize::Zeroizing;

/// How a value is taken out of a key file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Take {
    /// The whole text without white space at both ends.
    Text,
    /// The one line that starts with the prefix.
    Line(String),
    /// What follows the prefix on the one line that starts with it.
    After(String),
    /// A text field of the JSON object that the file is.
    Json(String),
}

/// Why a key file does not hold a value. Never carries a part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakeError {
    /// The file, or the value in it, is empty.
    Empty,
    /// The file is not UTF-8 text.
    NotText,
    /// No line starts with the prefix.
    NoLine,
    /// Several lines start with the prefix.
    SeveralLines,
    /// The file is not a JSON object.
    NotJson,
    /// The JSON object has no such text field.
    NoField,
}

impl Take {
    /// The value in these bytes.
    pub(crate) fn value_in(&self, bytes: &[u8]) -> Result<Zeroizing<String>, TakeError> {
        let text = std::str::from_utf8(bytes).map_err(|_| TakeError::NotText)?;
        let value = match self {
            Take::Text => Zeroizing::new(text.trim().to_owned()),
            Take::Line(prefix) => Zeroizing::new(line(text, prefix)?.trim_end().to_owned()),
            Take::After(prefix) => Zeroizing::new(line(text, prefix)?[prefix.len()..].trim().to_owned()),
            Take::Json(field) => json(text, field)?,
        };
        if value.is_empty() { Err(TakeError::Empty) } else { Ok(value) }
    }
}

fn line<'a>(text: &'a str, prefix: &str) -> Result<&'a str, TakeError> {
    let mut lines = text.lines().filter(|line| line.starts_with(prefix));
    match (lines.next(), lines.next()) {
        (Some(line), None) => Ok(line),
        (None, _) if text.trim().is_empty() => Err(TakeError::Empty),
        (None, _) => Err(TakeError::NoLine),
        _ => Err(TakeError::SeveralLines),
    }
}

fn json(text: &str, field: &str) -> Result<Zeroizing<String>, TakeError> {
    if text.trim().is_empty() {
        return Err(TakeError::Empty);
    }
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(text).map_err(|_| TakeError::NotJson)?;
    let value = object.get(field).and_then(serde_json::Value::as_str).ok_or(TakeError::NoField)?;
    Ok(Zeroizing::new(value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(take: Take, text: &str, expected: Result<&str, TakeError>) {
        let value = take.value_in(text.as_bytes());
        assert_eq!(value.as_ref().map(|value| value.as_str()), expected.as_ref().map(|it| *it));
    }

    #[test]
    fn an_age_key_file_gives_identity_and_recipient() {
        let file = "# created: 2026-01-01\n# public key: age1abc\nAGE-SECRET-KEY-1XYZ\n";
        check(Take::Line("AGE-SECRET-KEY-".into()), file, Ok("AGE-SECRET-KEY-1XYZ"));
        check(Take::After("# public key: ".into()), file, Ok("age1abc"));
        check(Take::After("# none: ".into()), file, Err(TakeError::NoLine));
        check(Take::Line("#".into()), file, Err(TakeError::SeveralLines));
    }

    #[test]
    fn whole_text_is_trimmed_and_not_empty() {
        check(Take::Text, " token\r\n", Ok("token"));
        check(Take::Text, " \n", Err(TakeError::Empty));
    }

    #[test]
    fn a_json_field_must_be_there_and_be_text() {
        check(Take::Json("t".into()), r#"{"t": "abc"}"#, Ok("abc"));
        check(Take::Json("t".into()), r#"{"t": 1}"#, Err(TakeError::NoField));
        check(Take::Json("t".into()), r#"{"t": ""}"#, Err(TakeError::Empty));
        check(Take::Json("t".into()), "abc", Err(TakeError::NotJson));
        check(Take::Json("t".into()), "", Err(TakeError::Empty));
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        assert_eq!(Take::Text.value_in(&[0xff]).unwrap_err(), TakeError::NotText);
    }
}
