//! Tables that are put together from several places of a file.

use kiln_python::{Dict, Py};

/// Why something cannot be defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is a value of this name.
    Taken,
    /// The table is defined elsewhere, where all its keys have to stand.
    Closed,
}

impl Refusal {
    pub(super) fn message(self) -> &'static str {
        match self {
            Refusal::Taken => "there is a value of this name already",
            Refusal::Closed => "this table has been defined before",
        }
    }
}

/// A table, while it is put together.
#[derive(Default)]
pub(super) struct Table {
    entries: Vec<(String, Item)>,
    places: std::collections::HashMap<String, usize>,
    /// Where it was defined; none if only its name was used on the way to another.
    defined: Option<Defined>,
}

/// Where a table was defined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Defined {
    /// By its header.
    Header,
    /// By keys with dots, below the header of this number.
    Dotted(usize),
}

enum Item {
    Value(Py),
    Table(Table),
    /// `[[name]]`
    List(Vec<Table>),
}

impl Table {
    fn get(&mut self, name: &str) -> Option<&mut Item> {
        let place = *self.places.get(name)?;
        self.entries.get_mut(place).map(|(_, item)| item)
    }

    fn insert(&mut self, name: &str, item: Item) {
        self.places.insert(name.to_owned(), self.entries.len());
        self.entries.push((name.to_owned(), item));
    }

    /// The item of this name, a new table if there is none.
    fn get_or_table(&mut self, name: &str) -> &mut Item {
        let place = match self.places.get(name) {
            Some(place) => *place,
            None => {
                self.insert(name, Item::Table(Table::default()));
                self.entries.len() - 1
            }
        };
        &mut self.entries[place].1
    }

    /// The table of this name: of a list the last, and a new one if there is none.
    fn table(&mut self, name: &str) -> Result<&mut Table, Refusal> {
        match self.get_or_table(name) {
            Item::Table(table) => Ok(table),
            Item::List(tables) => tables.last_mut().ok_or(Refusal::Taken),
            Item::Value(_) => Err(Refusal::Taken),
        }
    }

    fn set_new(&mut self, name: &str, value: Py) -> Result<(), Refusal> {
        if self.places.contains_key(name) {
            return Err(Refusal::Taken);
        }
        self.insert(name, Item::Value(value));
        Ok(())
    }

    /// Sets a key, which may have dots, in a table between braces.
    pub(super) fn set_inline(&mut self, key: &[String], value: Py) -> Result<(), Refusal> {
        let Some((last, path)) = key.split_last() else { return Err(Refusal::Taken) };
        let table = path.iter().try_fold(self, |table, name| table.table(name))?;
        table.set_new(last, value)
    }

    pub(super) fn into_value(self) -> Py {
        let dict = Dict::default();
        for (name, item) in self.entries {
            let value = match item {
                Item::Value(value) => value,
                Item::Table(table) => table.into_value(),
                Item::List(tables) => Py::list(tables.into_iter().map(Table::into_value).collect()),
            };
            // Text is always a key.
            let _ = dict.insert(Py::str(name), value);
        }
        Py::Dict(dict)
    }
}

/// The table of a whole file.
#[derive(Default)]
pub(super) struct Root {
    table: Table,
    /// The name of the table whose header came last.
    header: Vec<String>,
    /// How many headers there were.
    headers: usize,
}

impl Root {
    /// How deep the values of the current table lie.
    pub(super) fn depth(&self) -> usize {
        self.header.len()
    }

    pub(super) fn into_value(self) -> Py {
        self.table.into_value()
    }

    /// `[key]`
    pub(super) fn open_table(&mut self, key: &[String]) -> Result<(), Refusal> {
        self.headers += 1;
        self.header = key.to_vec();
        let Some((last, path)) = key.split_last() else { return Err(Refusal::Taken) };
        let parent = path.iter().try_fold(&mut self.table, |table, name| table.table(name))?;
        match parent.get_or_table(last) {
            Item::Table(table) if table.defined.is_none() => {
                table.defined = Some(Defined::Header);
                Ok(())
            }
            Item::Value(_) => Err(Refusal::Taken),
            Item::Table(_) | Item::List(_) => Err(Refusal::Closed),
        }
    }

    /// `[[key]]`
    pub(super) fn open_list_item(&mut self, key: &[String]) -> Result<(), Refusal> {
        self.headers += 1;
        self.header = key.to_vec();
        let Some((last, path)) = key.split_last() else { return Err(Refusal::Taken) };
        let parent = path.iter().try_fold(&mut self.table, |table, name| table.table(name))?;
        match parent.get(last) {
            None => parent.insert(last, Item::List(vec![Table::default()])),
            Some(Item::List(tables)) => tables.push(Table::default()),
            Some(_) => return Err(Refusal::Taken),
        }
        Ok(())
    }

    /// Sets a key, which may have dots, in the current table.
    pub(super) fn set(&mut self, key: &[String], value: Py) -> Result<(), Refusal> {
        let Some((last, path)) = key.split_last() else { return Err(Refusal::Taken) };
        let here = Defined::Dotted(self.headers);
        let current = self.header.iter().try_fold(&mut self.table, |table, name| table.table(name))?;
        let table = path.iter().try_fold(current, |table, name| match table.get_or_table(name) {
            Item::Table(table) if table.defined.is_none_or(|defined| defined == here) => {
                table.defined = Some(here);
                Ok(table)
            }
            Item::Value(_) => Err(Refusal::Taken),
            Item::Table(_) | Item::List(_) => Err(Refusal::Closed),
        })?;
        table.set_new(last, value)
    }
}
