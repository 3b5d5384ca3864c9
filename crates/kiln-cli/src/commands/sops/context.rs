//! What a command stands in: the options before it and its own, the configuration, the formats.

use std::cell::OnceCell;
use std::path::Path;

use kiln::sops::{Dialog, Format, MacCheck, Opened, Sealed, Stores};

use super::config::{self, Config};
use super::failure::{Failure, code};
use super::options::Options;
use super::wording;
use crate::{dialog, identities};

/// What a command works with.
pub(super) struct Context {
    /// The options before the command.
    pub(super) root: Options,
    config: OnceCell<Option<Config>>,
}

impl Context {
    pub(super) fn new(root: Options) -> Context {
        Context { root, config: OnceCell::new() }
    }

    /// The configuration, if there is one.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) fn config(&self) -> Result<Option<&Config>, Failure> {
        if self.config.get().is_none() {
            let found = config::load(self.root.text("config"))?;
            let _ = self.config.set(found);
        }
        Ok(self.config.get().and_then(Option::as_ref))
    }

    /// How a file of that name is read and written.
    ///
    /// # Errors
    /// If the configuration cannot be read.
    pub(super) fn shape(&self, options: &Options, name: &Path) -> Result<Shape, Failure> {
        let mut stores = self.config()?.map_or_else(Stores::default, Config::stores);
        let name = name.to_string_lossy();
        let format = |option| Format::named(options.text(option)).unwrap_or_else(|| Format::of_path(&name));
        let (input, output) = (format("input-type"), format("output-type"));
        if self.root.has("indent") {
            indent(&mut stores, self.root.number("indent"), output)?;
        }
        Ok(Shape { input, output, stores })
    }
}

/// How a file is read and written.
pub(super) struct Shape {
    pub(super) input: Format,
    pub(super) output: Format,
    pub(super) stores: Stores,
}

impl Shape {
    /// The bytes of a file that was encrypted.
    ///
    /// # Errors
    /// If the format cannot hold it.
    pub(super) fn write(&self, sealed: &Sealed) -> Result<Vec<u8>, Failure> {
        wording::warn_of_dropped_comments(sealed);
        sealed
            .write(self.output, &self.stores)
            .map_err(|error| Failure::new(code::NOT_DUMPED, format!("Could not marshal tree: {error}")))
    }
}

/// Sets all indentations: 0 is the default of YAML, -1 is a tab in JSON.
fn indent(stores: &mut Stores, columns: i64, output: Format) -> Result<(), Failure> {
    let refused = match output {
        Format::Yaml if columns < 0 => "YAML Negative indentation not accepted",
        Format::Json | Format::Binary if columns < -1 => {
            "Error marshaling to json: JSON Indentation parameter smaller than -1 is not accepted"
        }
        _ => "",
    };
    if !refused.is_empty() {
        return Err(Failure::new(code::NOT_DUMPED, format!("Could not marshal tree: {refused}")));
    }
    let spaces = usize::try_from(columns).ok();
    stores.yaml_indent = spaces.filter(|spaces| *spaces > 0).unwrap_or(Stores::default().yaml_indent);
    stores.json_indent = spaces;
    stores.binary_indent = spaces;
    Ok(())
}

/// Who answers what plugins and locked keys ask.
pub(super) fn dialog() -> &'static dyn Dialog {
    &dialog::Terminal
}

/// Opens a file with what the environment has.
///
/// # Errors
/// If that does not open it, or the file was changed.
pub(super) fn open(sealed: &Sealed, options: &Options) -> Result<Opened, Failure> {
    refuse_doubled_order(options)?;
    let check = if options.is("ignore-mac") { MacCheck::Ignore } else { MacCheck::Verify };
    identities::open(sealed, check, dialog()).map_err(|not| wording::not_opened(&not))
}

/// The order in which to try kinds of keys says nothing where there is one kind; but it may not
/// name one twice.
fn refuse_doubled_order(options: &Options) -> Result<(), Failure> {
    let order = options.text("decryption-order");
    let kinds: Vec<&str> = order.split(',').collect();
    let doubled = kinds.iter().enumerate().find(|(at, kind)| kinds[..*at].contains(kind));
    match doubled {
        Some((_, kind)) if !order.is_empty() => {
            Err(Failure::new(code::ORDER_TWICE, format!("Duplicate decryption key type: {kind}")))
        }
        _ => Ok(()),
    }
}
