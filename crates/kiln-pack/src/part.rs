//! One file of a layer, read and parsed by itself.

use std::sync::OnceLock;

use kiln_model::{Diagnostics, Files, Node, Reported, Sources};
use kiln_yaml::Resolution;

use crate::findings;
use crate::kind::{Kind, kind};
use crate::pack::Template;

/// Does a piece of work for each number below a count, in any order and on any threads.
pub type Spread<'a> = &'a (dyn Fn(usize, &(dyn Fn(usize) + Sync)) + Sync);

/// One file of a layer.
pub(crate) struct Part {
    /// Its path below the layer.
    pub(crate) below: String,
    pub(crate) kind: Kind,
    text: Result<Template, Reported>,
    /// What is wrong with the text.
    found: Diagnostics,
    /// The tree as it was read when kiln was built.
    stored: Option<&'static [u8]>,
    tree: OnceLock<(Result<Node, Reported>, Diagnostics)>,
}

impl Part {
    /// Reads the file at `path`, which is `below` the layer; `None` for one that means nothing to it.
    pub(crate) fn read(files: &dyn Files, path: &str, below: &str, sources: &mut Sources) -> Option<Part> {
        let kind = kind(below)?;
        let mut found = Diagnostics::new();
        let text = text(files, path, sources, &mut found);
        Some(Part { below: below.to_owned(), kind, text, found, stored: None, tree: OnceLock::new() })
    }

    /// The file, with the tree that was read when kiln was built.
    pub(crate) fn with_stored(self, stored: Option<&'static [u8]>) -> Part {
        Part { stored, ..self }
    }

    /// Parses the file, unless that was done before.
    pub(crate) fn parse(&self) {
        if let (Ok(template), true) = (&self.text, self.kind != Kind::Text) {
            self.tree.get_or_init(|| parsed(self.kind, template, self.stored));
        }
    }

    /// The file as it stands there.
    pub(crate) fn into_text(self, sink: &mut Diagnostics) -> Result<Template, Reported> {
        sink.append(self.found);
        self.text
    }

    /// What the file says.
    pub(crate) fn into_tree(self, sink: &mut Diagnostics) -> Result<Node, Reported> {
        sink.append(self.found);
        let template = self.text?;
        let (tree, found) =
            self.tree.into_inner().unwrap_or_else(|| parsed(self.kind, &template, self.stored));
        sink.append(found);
        tree
    }
}

fn parsed(kind: Kind, template: &Template, stored: Option<&[u8]>) -> (Result<Node, Reported>, Diagnostics) {
    let mut found = Diagnostics::new();
    if let Some(tree) = stored.and_then(|bytes| kiln_yaml::from_stored(template.source, bytes)) {
        return (Ok(tree), found);
    }
    let tree = match kind {
        Kind::Pack => kiln_yaml::toml::compose(template.source, &template.text, &mut found),
        _ => kiln_yaml::compose(template.source, &template.text, Resolution::Core, &mut found),
    };
    (tree, found)
}

fn text(
    files: &dyn Files,
    path: &str,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Template, Reported> {
    let shown = files.display(path);
    let mut bytes = match files.read(path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err(sink.error(findings::unreadable(&shown, "it is gone"))),
        Err(error) => return Err(sink.error(findings::unreadable(&shown, &error.reason))),
    };
    let text =
        String::from_utf8(std::mem::take(&mut *bytes)).map_err(|_| sink.error(findings::not_text(&shown)))?;
    Ok(Template { source: sources.add(shown, text.as_str()), text })
}
