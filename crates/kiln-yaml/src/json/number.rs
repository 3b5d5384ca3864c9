//! JSON numbers.

use kiln_model::Value;

use super::{Read, Reader};
use crate::findings;

impl Reader<'_> {
    /// Consumes a number, which begins here: an integer, unless it has a fraction or an
    /// exponent.
    pub(super) fn number(&mut self) -> Read<Value> {
        let start = self.at;
        self.take("-");
        if !self.take("0") {
            self.digits()?;
        } else if self.rest().starts_with(|next: char| next.is_ascii_digit()) {
            return Err(self.wrong("a number with a leading zero", "remove the zero, or quote the value"));
        }
        let mut whole = true;
        if self.take(".") {
            whole = false;
            self.digits()?;
        }
        if self.take("e") || self.take("E") {
            whole = false;
            let _sign = self.take("+") || self.take("-");
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        let value = if whole {
            text.parse().ok().map(Value::Int)
        } else {
            text.parse().ok().filter(|it: &f64| it.is_finite()).map(Value::Float)
        };
        value.ok_or_else(|| Box::new(findings::number_too_large(self.span(start))))
    }

    fn digits(&mut self) -> Read<()> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 {
            return Err(self.wrong("expected a digit", "write the number out, or quote the value"));
        }
        self.at += count;
        Ok(())
    }
}
