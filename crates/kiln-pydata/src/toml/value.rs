//! Values of TOML.

use kiln_python::Py;

use super::cursor::Cursor;
use super::table::Table;
use crate::{DataError, MAX_DEPTH};

impl Cursor<'_> {
    pub(super) fn value(&mut self, depth: usize) -> Result<Py, DataError> {
        if depth > MAX_DEPTH {
            return Err(self.error("values are nested too deeply"));
        }
        match self.here() {
            Some('"') if self.starts_with("\"\"\"") => self.long_basic_string().map(Py::str),
            Some('"') => self.basic_string().map(Py::str),
            Some('\'') if self.starts_with("'''") => self.long_literal_string().map(Py::str),
            Some('\'') => self.literal_string().map(Py::str),
            Some('[') => self.array(depth),
            Some('{') => self.inline_table(depth),
            _ if self.take("true") => Ok(Py::Bool(true)),
            _ if self.take("false") => Ok(Py::Bool(false)),
            _ => self.date_or_number(),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Py, DataError> {
        self.advance(1);
        let mut items = Vec::new();
        self.skip_space()?;
        while !self.take("]") {
            items.push(self.value(depth + 1)?);
            self.skip_space()?;
            if self.take("]") {
                break;
            }
            if !self.take(",") {
                return Err(self.error("expected `,` or `]`"));
            }
            self.skip_space()?;
        }
        Ok(Py::list(items))
    }

    fn inline_table(&mut self, depth: usize) -> Result<Py, DataError> {
        self.advance(1);
        let mut table = Table::default();
        self.skip_blanks();
        if self.take("}") {
            return Ok(table.into_value());
        }
        loop {
            let (key, value) = self.pair(depth + 1)?;
            table.set_inline(&key, value).map_err(|refusal| self.error(refusal.message()))?;
            self.skip_blanks();
            if self.take("}") {
                return Ok(table.into_value());
            }
            if !self.take(",") {
                return Err(self.error("expected `,` or `}`"));
            }
            self.skip_blanks();
        }
    }
}
