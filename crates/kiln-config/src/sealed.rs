//! Data files that SOPS encrypted.
//!
//! What a file says comes from its decrypted text, where it stands from the file as it is:
//! both texts are read, and the two trees, which have one form, become one.

use kiln_model::{
    Diagnostic, Diagnostics, Map, Node, PathStep, Reported, Secret, SourceId, Sources, Span, Value, path_text,
};
use kiln_yaml::Resolution;
use zeroize::Zeroizing;

use crate::findings;
use crate::load::parse;

/// How SOPS begins and ends what it encrypted, and how it ends a comment.
const BEGIN: &str = "ENC[AES256_GCM,data:";
const COMMENT_END: &str = ",type:comment]";

/// The key of what SOPS says of a file.
const BLOCK: &str = "sops";

/// Decrypts data files. It has the keys.
pub trait Opener {
    /// The decrypted text of a file, in the format that the name of the file says.
    ///
    /// # Errors
    /// If no key opens it, or it was changed since it was encrypted.
    fn open(&self, path: &str, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened>;
}

/// Why a data file was not decrypted.
pub struct Unopened {
    /// What is said of it, without a place.
    pub finding: Box<Diagnostic>,
    /// The place in the file.
    pub place: Place,
    /// Whether only a key is missing. What stands in clear is then used unverified, what is
    /// encrypted is passed over, and the finding may be less than an error.
    pub is_locked: bool,
}

/// A place in an encrypted file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where it begins.
    Start,
    /// A line, counted from 1.
    Line(usize),
    /// The value under these keys, with no word about the items of lists.
    Value(Vec<String>),
}

/// Reads an encrypted file. What was encrypted becomes secret if it is text, and is hidden in
/// `sources` in any case.
///
/// # Errors
/// If it is not what SOPS writes, or was changed since. It is reported.
pub(crate) fn read(
    path: &str,
    source: SourceId,
    opener: &dyn Opener,
    yaml: Resolution,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Node, Reported> {
    let mut found = Diagnostics::new();
    let parsed = parse(path, source, yaml, sources, &mut found).map(|parsed| parsed.node);
    let outcome = found.check();
    sink.append(found);
    let tree = outcome.and(parsed)?;
    let bytes = sources.get(source).map_or("", |source| source.text()).as_bytes();
    let plain = match opener.open(path, bytes) {
        Ok(plain) => {
            Some(plain_tree(path, &plain, yaml).map_err(|()| sink.error(findings::other_form(path)))?)
        }
        Err(unopened) => {
            let label = if unopened.is_locked { "for these keys" } else { "" };
            let span = place(&unopened.place, &tree, source, sources);
            let finding = unopened.finding.label(span, label);
            if !unopened.is_locked {
                return Err(sink.error(finding));
            }
            sink.push(finding);
            None
        }
    };
    let mut joining = Joining { sources, path: Vec::new(), differs: false };
    let joined = joining.top(tree, plain);
    if joining.differs { Err(sink.error(findings::other_form(path))) } else { Ok(joined) }
}

/// The tree of the decrypted text. Its places are nowhere, and what is wrong with it is not
/// said, for that would be about a text that nobody sees.
fn plain_tree(path: &str, bytes: &[u8], yaml: Resolution) -> Result<Node, ()> {
    let text = std::str::from_utf8(bytes).map_err(|_| ())?;
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let source = sources.add(path, text);
    let tree = parse(path, source, yaml, &sources, &mut sink).map_err(|_| ())?.node;
    if sink.has_errors() { Err(()) } else { Ok(tree) }
}

fn place(place: &Place, tree: &Node, source: SourceId, sources: &Sources) -> Span {
    let start = Span::new(source, 0, 0);
    match place {
        Place::Start => start,
        Place::Line(number) => {
            let text = sources.get(source).map_or("", |source| source.text());
            let mut lines = text.split_inclusive('\n');
            let before: usize = lines.by_ref().take(number.saturating_sub(1)).map(str::len).sum();
            let length = lines.next().map_or(0, |line| line.trim_end().len());
            Span::new(source, before, before + length)
        }
        Place::Value(keys) => match spans(tree, keys).as_slice() {
            [one] => *one,
            [first, ..] => Span { end: first.start, ..*first },
            [] => start,
        },
    }
}

/// The places of the keys at the end of a path that says nothing of lists.
fn spans(node: &Node, keys: &[String]) -> Vec<Span> {
    match (&node.value, keys) {
        (Value::Map(map), [key]) => map.entry(key).map(|entry| entry.key).into_iter().collect(),
        (Value::Map(map), [key, rest @ ..]) => map.get(key).map_or_else(Vec::new, |node| spans(node, rest)),
        (Value::List(items), keys) => items.iter().flat_map(|item| spans(item, keys)).collect(),
        _ => Vec::new(),
    }
}

/// Joins the tree of an encrypted file with that of its decrypted text.
struct Joining<'a> {
    sources: &'a mut Sources,
    path: Vec<PathStep>,
    /// Whether the trees are not of one form after all.
    differs: bool,
}

impl Joining<'_> {
    fn top(&mut self, mut sealed: Node, plain: Option<Node>) -> Node {
        if let Some(map) = sealed.as_map_mut() {
            map.remove(BLOCK);
        }
        self.node(sealed, plain)
    }

    /// `plain` is missing where the file could not be opened.
    fn node(&mut self, sealed: Node, plain: Option<Node>) -> Node {
        let Node { value, origin } = sealed;
        let value = match (value, plain.map(|plain| plain.value)) {
            (Value::String(text), plain) if text.starts_with(BEGIN) => {
                self.sources.mask(origin.span());
                plain.map_or(Value::Invalid, |plain| self.taint(plain))
            }
            (Value::Map(sealed), None) => Value::Map(self.map(sealed, None)),
            (Value::Map(sealed), Some(Value::Map(plain))) => Value::Map(self.map(sealed, Some(plain))),
            (Value::List(sealed), None) => Value::List(self.list(sealed, None)),
            (Value::List(sealed), Some(Value::List(plain))) => Value::List(self.list(sealed, Some(plain))),
            (Value::Map(_) | Value::List(_), Some(_)) => self.difference(),
            // What stands in clear is what it says.
            (value, _) => value,
        };
        Node { value, origin }
    }

    fn map(&mut self, sealed: Map, mut plain: Option<Map>) -> Map {
        let mut joined = sealed;
        for (key, entry) in joined.iter_mut() {
            let other = plain.as_mut().map(|plain| plain.get_mut(key).map(take));
            self.path.push(PathStep::Key(key.to_owned()));
            self.join(&mut entry.node, other);
            self.path.pop();
        }
        joined
    }

    /// SOPS writes an encrypted comment of a list as an item of it.
    fn list(&mut self, sealed: Vec<Node>, plain: Option<Vec<Node>>) -> Vec<Node> {
        let mut joined: Vec<Node> = sealed.into_iter().filter(|item| !is_comment(item)).collect();
        let mut plain = plain.map(Vec::into_iter);
        for (index, item) in joined.iter_mut().enumerate() {
            let other = plain.as_mut().map(Iterator::next);
            self.path.push(PathStep::Index(index));
            self.join(item, other);
            self.path.pop();
        }
        self.differs |= plain.is_some_and(|mut rest| rest.next().is_some());
        joined
    }

    /// `plain` is `Some(None)` where the decrypted text has nothing in this place.
    fn join(&mut self, node: &mut Node, plain: Option<Option<Node>>) {
        let sealed = take(node);
        *node = match plain {
            Some(None) => Node { value: self.difference(), origin: sealed.origin },
            Some(plain) => self.node(sealed, plain),
            None => self.node(sealed, None),
        };
    }

    /// Text that was encrypted is secret. Numbers and booleans stay what they are: nothing could
    /// reckon with them otherwise.
    fn taint(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::Secret(Secret::new(path_text(&self.path), text)),
            Value::Map(_) | Value::List(_) => self.difference(),
            other => other,
        }
    }

    fn difference(&mut self) -> Value {
        self.differs = true;
        Value::Invalid
    }
}

fn take(node: &mut Node) -> Node {
    std::mem::replace(node, Node::absent())
}

fn is_comment(item: &Node) -> bool {
    item.as_str().is_some_and(|text| text.starts_with(BEGIN) && text.ends_with(COMMENT_END))
}

/// One document of a file in clear and an encrypted one. Mappings are merged; a key that stands
/// in both is reported.
pub(crate) fn beside(clear: Node, sealed: Node, sink: &mut Diagnostics) -> Node {
    let mut path = Vec::new();
    merge(clear, sealed, &mut path, sink)
}

fn merge(clear: Node, sealed: Node, path: &mut Vec<PathStep>, sink: &mut Diagnostics) -> Node {
    let Node { value: Value::Map(mut merged), origin } = clear else { return clear };
    let Value::Map(more) = sealed.value else {
        return Node { value: Value::Invalid, origin };
    };
    for (key, entry) in more.iter() {
        let first = merged.entry(key).map(|first| first.key);
        path.push(PathStep::Key(key.to_owned()));
        match (first, merged.get_mut(key)) {
            (Some(_), Some(node)) if node.as_map().is_some() && entry.node.as_map().is_some() => {
                *node = merge(take(node), entry.node.clone(), path, sink);
            }
            (Some(first), Some(_)) => {
                sink.error(findings::key_in_two_files(&path_text(path), first, entry.key));
            }
            _ => {
                merged.insert(key, entry.clone());
            }
        }
        path.pop();
    }
    Node { value: Value::Map(merged), origin }
}

#[cfg(test)]
mod tests;
