//! The `sops` block: what is not secret of a file, and its wrapped data key.

use std::collections::BTreeSet;

use crate::VERSION;
use crate::document::{Entry, List, ListItem, Map, Node, Scalar};
use crate::select::{OPTIONS, Selection};
use crate::time;

/// Lists of keys other than age's.
const OTHER_KEYS: [&str; 6] = ["azure_kv", "gcp_kms", "hc_vault", "hckms", "kms", "pgp"];

/// Fields that have a place of their own in [`Metadata`]; all others are kept as they are.
const OWN_FIELDS: [&str; 6] =
    ["age", "key_groups", "lastmodified", "mac", "mac_only_encrypted", "shamir_threshold"];

/// What the block says.
#[derive(Clone)]
pub(crate) struct Metadata {
    /// One group, or several that each hold a share of the data key.
    pub(crate) groups: Vec<Group>,
    /// How many groups are needed; 0 where none is named.
    pub(crate) threshold: usize,
    /// RFC 3339 with seconds; the MAC is bound to it.
    pub(crate) last_modified: String,
    /// The encrypted MAC.
    pub(crate) mac: Option<String>,
    pub(crate) selection: Selection,
    pub(crate) mac_only_encrypted: bool,
    pub(crate) version: String,
    /// What SOPS does not know, or not yet.
    pub(crate) rest: Vec<(String, Node)>,
}

/// The keys that each open one share of the data key, or all of it.
#[derive(Clone, Default)]
pub(crate) struct Group {
    pub(crate) age: Vec<Wrapped>,
    /// Keys of other kinds, by the name of their list.
    pub(crate) others: Vec<(String, Node)>,
}

/// The data key, or a share of it, for one recipient.
#[derive(Clone)]
pub(crate) struct Wrapped {
    pub(crate) recipient: String,
    pub(crate) enc: String,
}

/// What is wrong with a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadMetadata {
    /// It is no mapping.
    NotAMapping,
    /// No key opens the file: there is no list of keys, or all of them are empty.
    NoKeys,
    /// An entry of `age` lacks its `recipient` or its `enc`.
    BadRecipient,
    /// `lastmodified` is missing, or no RFC 3339 time.
    BadTime,
    /// `version` is missing, or no version such as `3.13.3`.
    BadVersion,
    /// More than one of the six selection options is set.
    TwoSelections,
    /// The pattern of the selection option cannot be read.
    BadPattern,
    /// `mac_only_encrypted` is no boolean.
    BadFlag,
    /// `shamir_threshold` is no number that the groups can meet.
    BadThreshold,
}

impl Metadata {
    pub(crate) fn read(block: &Node) -> Result<Metadata, BadMetadata> {
        let Node::Map(block) = block else { return Err(BadMetadata::NotAMapping) };
        let groups = groups(block)?;
        let threshold = threshold(block).filter(|it| groups.len() < 2 || *it <= groups.len());
        Ok(Metadata {
            threshold: threshold.ok_or(BadMetadata::BadThreshold)?,
            groups,
            last_modified: last_modified(block).ok_or(BadMetadata::BadTime)?,
            mac: text(block, "mac").filter(|mac| !mac.is_empty()).map(str::to_owned),
            selection: selection(block)?,
            mac_only_encrypted: flag(block, "mac_only_encrypted").ok_or(BadMetadata::BadFlag)?,
            version: version(block).ok_or(BadMetadata::BadVersion)?,
            rest: block.entries().filter(|entry| is_unknown(&entry.key)).map(named).collect(),
        })
    }

    /// The block in the order of SOPS since 3.13: alphabetical.
    pub(crate) fn to_node(&self) -> Node {
        let mut fields = self.rest.clone();
        match self.groups.as_slice() {
            [group] => fields.extend(group.lists(false)),
            groups => {
                let items = groups.iter().map(|group| ListItem::Node(sorted(group.lists(true))));
                let list = Node::List(List { items: items.collect() });
                fields.push(("key_groups".to_owned(), list));
            }
        }
        let mut field = |key: &str, value: Node| fields.push((key.to_owned(), value));
        if self.threshold != 0 {
            field("shamir_threshold", Node::Scalar(Scalar::Int(self.threshold as i64)));
        }
        field("lastmodified", Node::text(&self.last_modified));
        field("mac", Node::text(self.mac.as_deref().unwrap_or_default()));
        if let Some((option, value)) = self.selection.option() {
            field(option, Node::text(value));
        }
        if self.mac_only_encrypted {
            field("mac_only_encrypted", Node::Scalar(Scalar::Bool(true)));
        }
        field("version", Node::text(&self.version));
        sorted(fields)
    }

    /// The names of the lists of other keys that open the file too.
    pub(crate) fn other_keys(&self) -> BTreeSet<&str> {
        self.groups.iter().flat_map(|group| &group.others).map(|(kind, _)| kind.as_str()).collect()
    }

    /// A field that SOPS does not know.
    pub(crate) fn extra(&self, key: &str) -> Option<&str> {
        self.rest.iter().find(|(name, _)| name == key).and_then(|(_, value)| value.as_text())
    }

    /// Sets or removes a field that SOPS does not know.
    pub(crate) fn set_extra(&mut self, key: &str, value: Option<&str>) {
        self.rest.retain(|(name, _)| name != key);
        self.rest.extend(value.map(|value| (key.to_owned(), Node::text(value))));
    }

    /// Says that this release wrote the file.
    pub(crate) fn raise_version(&mut self) {
        VERSION.clone_into(&mut self.version);
    }
}

impl Group {
    /// The lists of keys; inside of `key_groups` SOPS writes two of them even when empty.
    fn lists(&self, grouped: bool) -> Vec<(String, Node)> {
        let mut lists = self.others.clone();
        let age = self.age.iter().map(|wrapped| {
            let mut item = Map::default();
            item.push("enc", Node::text(&wrapped.enc));
            item.push("recipient", Node::text(&wrapped.recipient));
            ListItem::Node(Node::Map(item))
        });
        if grouped || !self.age.is_empty() {
            lists.push(("age".to_owned(), Node::List(List { items: age.collect() })));
        }
        if grouped && !lists.iter().any(|(kind, _)| kind == "hc_vault") {
            lists.push(("hc_vault".to_owned(), Node::List(List::default())));
        }
        lists
    }
}

fn sorted(mut fields: Vec<(String, Node)>) -> Node {
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut map = Map::default();
    fields.into_iter().for_each(|(key, value)| map.push(&key, value));
    Node::Map(map)
}

fn named(entry: &Entry) -> (String, Node) {
    (entry.key.clone(), entry.value.clone())
}

fn is_unknown(key: &str) -> bool {
    let known = [OWN_FIELDS.as_slice(), &OTHER_KEYS, &OPTIONS, &["version"]];
    !known.iter().any(|keys| keys.contains(&key))
}

/// The lists at the top are one group; only without any the groups of the block count.
fn groups(block: &Map) -> Result<Vec<Group>, BadMetadata> {
    let top = group(block)?;
    if !top.age.is_empty() || !top.others.is_empty() {
        return Ok(vec![top]);
    }
    let groups = items(block, "key_groups").map(|item| match item {
        Node::Map(map) => group(map),
        _ => Err(BadMetadata::NotAMapping),
    });
    let groups = groups.collect::<Result<Vec<_>, _>>()?;
    let is_empty = groups.iter().all(|group| group.age.is_empty() && group.others.is_empty());
    if is_empty { Err(BadMetadata::NoKeys) } else { Ok(groups) }
}

fn group(map: &Map) -> Result<Group, BadMetadata> {
    let age = items(map, "age").map(|item| {
        let Node::Map(item) = item else { return None };
        Some(Wrapped { recipient: text(item, "recipient")?.to_owned(), enc: text(item, "enc")?.to_owned() })
    });
    let is_other = |key: &str| OTHER_KEYS.contains(&key) && items(map, key).next().is_some();
    Ok(Group {
        age: age.collect::<Option<Vec<_>>>().ok_or(BadMetadata::BadRecipient)?,
        others: map.entries().filter(|entry| is_other(&entry.key)).map(named).collect(),
    })
}

fn last_modified(block: &Map) -> Option<String> {
    match &block.get("lastmodified")?.value {
        Node::Scalar(Scalar::Text(text)) => time::seconds(text),
        Node::Scalar(Scalar::Time(text)) => time::seconds(text),
        _ => None,
    }
}

/// Flat formats hold numbers as text, and old releases as `2.000000`.
fn threshold(block: &Map) -> Option<usize> {
    let number = match block.get("shamir_threshold").map(|entry| &entry.value) {
        None | Some(Node::Scalar(Scalar::Null)) => 0.0,
        Some(Node::Scalar(Scalar::Int(it))) => *it as f64,
        Some(Node::Scalar(Scalar::Float(it))) => *it,
        Some(Node::Scalar(Scalar::Text(text))) => text.parse().ok()?,
        Some(_) => return None,
    };
    let is_count = number.fract() == 0.0 && (0.0..=255.0).contains(&number);
    is_count.then_some(number as usize)
}

/// Flat formats hold booleans as text.
fn flag(block: &Map, key: &str) -> Option<bool> {
    match block.get(key).map(|entry| &entry.value) {
        None | Some(Node::Scalar(Scalar::Null)) => Some(false),
        Some(Node::Scalar(Scalar::Bool(it))) => Some(*it),
        Some(Node::Scalar(Scalar::Text(text))) => match text.as_str() {
            "" | "0" | "f" | "F" | "false" | "False" | "FALSE" => Some(false),
            "1" | "t" | "T" | "true" | "True" | "TRUE" => Some(true),
            _ => None,
        },
        Some(_) => None,
    }
}

/// Three numbers, and behind them what names a build or a release before the release.
fn version(block: &Map) -> Option<String> {
    let version = text(block, "version")?;
    let numbers = version.split(['-', '+']).next()?;
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    let is_version = numbers.split('.').count() == 3 && numbers.split('.').all(is_number);
    is_version.then(|| version.to_owned())
}

fn selection(block: &Map) -> Result<Selection, BadMetadata> {
    let mut set = OPTIONS.iter().filter_map(|option| {
        let value = text(block, option)?;
        (!value.is_empty()).then_some((option, value))
    });
    match (set.next(), set.next()) {
        (None, _) => Ok(Selection::default()),
        (Some((option, value)), None) => Selection::new(option, value).ok_or(BadMetadata::BadPattern),
        _ => Err(BadMetadata::TwoSelections),
    }
}

fn text<'a>(map: &'a Map, key: &str) -> Option<&'a str> {
    map.get(key).and_then(|entry| entry.value.as_text())
}

fn items<'a>(map: &'a Map, key: &str) -> impl Iterator<Item = &'a Node> {
    let list = match map.get(key).map(|entry| &entry.value) {
        Some(Node::List(list)) => list.items.as_slice(),
        _ => &[],
    };
    list.iter().filter_map(|item| match item {
        ListItem::Node(node) => Some(node),
        ListItem::Comment(_) => None,
    })
}
