//! What the expressions of functions are made of.

use std::any::Any;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kiln_python::{Args, Fault, FaultKind, Object, Py, Result, json, required};

use super::address;
use crate::disk::{Disk, DiskError, Kind};

/// Every primitive by name.
pub(super) fn all(disk: &Arc<dyn Disk>) -> Vec<(&'static str, Py)> {
    let names: [(&'static str, Call); 9] = [
        ("read_text", read_text),
        ("read_json", read_json),
        ("list_files", list_files),
        ("find_word", find_word),
        ("json_text", json_text),
        ("base64", base64_text),
        ("stem", stem),
        ("nth_host", nth_host),
        ("fail", fail),
    ];
    names.map(|(name, call)| (name, Py::object(Primitive { name, call, disk: Arc::clone(disk) }))).into()
}

type Call = fn(&Arc<dyn Disk>, Args) -> Result<Py>;

struct Primitive {
    name: &'static str,
    call: Call,
    disk: Arc<dyn Disk>,
}

impl Object for Primitive {
    fn type_name(&self) -> &str {
        "function"
    }

    fn repr(&self) -> Result<String> {
        Ok(format!("<function {}>", self.name))
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, args: Args) -> Result<Py> {
        (self.call)(&self.disk, args)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn text(value: Option<Py>, function: &str, name: &str) -> Result<Arc<str>> {
    let value = required(value, function, name)?;
    match value.as_str() {
        Some(text) => Ok(text.into()),
        None => Err(Fault::type_error(format!("`{name}` is text, not `{}`", value.type_name()))),
    }
}

fn path(disk: &Arc<dyn Disk>, path: &str) -> PathBuf {
    disk.current_folder().join(Path::new(path))
}

fn read(disk: &Arc<dyn Disk>, name: &str) -> Result<Vec<u8>> {
    disk.read(&path(disk, name)).map_err(|error| {
        let why = match error {
            DiskError::Denied => "may not be read".to_owned(),
            DiskError::Failed(why) => format!("cannot be read: {why}"),
        };
        Fault::new(FaultKind::RuntimeError, format!("the file `{name}` {why}"))
    })
}

/// The text of a file, its line breaks as line feeds.
fn read_text(disk: &Arc<dyn Disk>, args: Args) -> Result<Py> {
    let [name] = args.bind("read_text", ["path"])?;
    let name = text(name, "read_text", "path")?;
    let read = String::from_utf8(read(disk, &name)?);
    let found =
        read.map_err(|_| Fault::new(FaultKind::UnicodeError, format!("the file `{name}` is not UTF-8")))?;
    Ok(Py::str(found.replace("\r\n", "\n").replace('\r', "\n")))
}

fn read_json(disk: &Arc<dyn Disk>, args: Args) -> Result<Py> {
    let [name] = args.bind("read_json", ["path"])?;
    let name = text(name, "read_json", "path")?;
    kiln_pydata::json(&read(disk, &name)?)
        .map_err(|error| Fault::value_error(format!("the file `{name}` is not JSON: {error}")))
}

/// The files of a folder whose names end so, as paths below where the folder was looked for.
fn list_files(disk: &Arc<dyn Disk>, args: Args) -> Result<Py> {
    let [folder, ending] = args.bind("list_files", ["folder", "ending"])?;
    let (folder, ending) = (text(folder, "list_files", "folder")?, text(ending, "list_files", "ending")?);
    let place = path(disk, &folder);
    if disk.kind(&place) != Some(Kind::Folder) {
        return Ok(Py::list(Vec::new()));
    }
    let entries = disk.list(&place).map_err(|error| {
        Fault::new(FaultKind::RuntimeError, format!("the folder `{folder}` cannot be read: {error}"))
    })?;
    let is_own =
        |entry: &crate::disk::Entry| entry.kind == Some(Kind::File) && entry.name.ends_with(&*ending);
    let mut names: Vec<String> = entries.into_iter().filter(is_own).map(|entry| entry.name).collect();
    names.sort_unstable();
    let folder = cleaned(&folder);
    Ok(Py::list(names.into_iter().map(|name| Py::str(format!("{folder}/{name}"))).collect()))
}

/// A path without empty parts and without `.`, as Python prints it.
fn cleaned(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

fn find_word(_: &Arc<dyn Disk>, args: Args) -> Result<Py> {
    let [found, before, start] = args.bind("find_word", ["text", "before", "start"])?;
    let found = text(found, "find_word", "text")?;
    let (before, start) = (text(before, "find_word", "before")?, text(start, "find_word", "start")?);
    let opening = format!("{before}{start}");
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    for (at, _) in found.match_indices(&opening) {
        let rest = found.get(at + opening.len()..).unwrap_or_default();
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if end > 0 {
            return Ok(Py::str(format!("{start}{}", rest.get(..end).unwrap_or_default())));
        }
    }
    Err(Fault::value_error(format!("there is no word behind `{opening}`")))
}

fn json_text(_: &Arc<dyn Disk>, args: Args) -> Result<Py> {
    let [value] = args.bind("json_text", ["value"])?;
    json::dumps(&required(value, "json_text", "value")?, &json::Style::default()).map(Py::str)
}

fn base64_text(_: &Arc<dyn Disk>, args: Args) -> Result<Py> {
    let [value] = args.bind("base64", ["text"])?;
    Ok(Py::str(STANDARD.encode(text(value, "base64", "text")?.as_bytes())))
}

/// The last part of a path without its last ending.
fn stem(_: &Arc<dyn Disk>, args: Args) -> Result<Py> {
    let [path] = args.bind("stem", ["path"])?;
    let path = cleaned(&text(path, "stem", "path")?);
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = match name.rfind('.') {
        Some(dot) if dot > 0 && dot + 1 < name.len() => name.get(..dot).unwrap_or(name),
        _ => name,
    };
    Ok(Py::str(stem))
}

fn nth_host(_: &Arc<dyn Disk>, args: Args) -> Result<Py> {
    let [network, number] = args.bind("nth_host", ["network", "number"])?;
    let (network, number) =
        (required(network, "nth_host", "network")?, required(number, "nth_host", "number")?);
    let number = number.as_index().ok_or_else(|| Fault::type_error("the number of a host is an integer"))?;
    let host = network.as_str().and_then(|network| address::nth_host(network, number));
    Ok(host.map_or(Py::Bool(false), Py::str))
}

fn fail(_: &Arc<dyn Disk>, args: Args) -> Result<Py> {
    let [message] = args.bind("fail", ["message"])?;
    Err(Fault::value_error(text(message, "fail", "message")?.to_string()))
}
