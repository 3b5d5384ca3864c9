//! The `sops` block of a file: who can open it, what is encrypted, and the proof.

use std::collections::BTreeSet;

use crate::VERSION;
use crate::cipher::DataKey;
use crate::document::{List, ListItem, Map, Node, Scalar};
use crate::recipient::Identity;
use crate::select::{OPTIONS, Selection};
use crate::time;

/// The key of the block, at the top of every document.
pub(crate) const KEY: &str = "sops";

/// Lists of keys other than age's.
const OTHER_KEYS: [&str; 6] = ["azure_kv", "gcp_kms", "hc_vault", "hckms", "kms", "pgp"];

/// What the block says.
pub(crate) struct Metadata {
    pub(crate) age: Vec<Wrapped>,
    /// RFC 3339 with seconds; the MAC is bound to it.
    pub(crate) last_modified: String,
    /// The encrypted MAC.
    pub(crate) mac: String,
    pub(crate) selection: Selection,
    pub(crate) mac_only_encrypted: bool,
    /// Whether keys of other kinds open the file too.
    pub(crate) other_keys: bool,
}

/// The data key for one recipient.
pub(crate) struct Wrapped {
    pub(crate) recipient: String,
    pub(crate) enc: String,
}

/// Why a block was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadMetadata {
    /// The data key is split over several groups of keys.
    SplitKey,
    /// Something is missing, or not of the shape it must have.
    Malformed,
}

impl Metadata {
    pub(crate) fn read(block: &Node) -> Result<Metadata, BadMetadata> {
        let Node::Map(block) = block else { return Err(BadMetadata::Malformed) };
        let keys = key_lists(block)?;
        let text = |key: &str| block.get(key).and_then(|entry| entry.value.as_text());
        let last_modified = match block.get("lastmodified").map(|entry| &entry.value) {
            Some(Node::Scalar(Scalar::Text(text))) => time::seconds(text),
            Some(Node::Scalar(Scalar::Time(text))) => time::seconds(text),
            _ => None,
        };
        Ok(Metadata {
            age: wrapped_keys(keys)?,
            last_modified: last_modified.ok_or(BadMetadata::Malformed)?,
            mac: text("mac").filter(|mac| !mac.is_empty()).ok_or(BadMetadata::Malformed)?.to_owned(),
            selection: selection(block)?,
            mac_only_encrypted: match block.get("mac_only_encrypted").map(|entry| &entry.value) {
                None | Some(Node::Scalar(Scalar::Null)) => false,
                Some(Node::Scalar(Scalar::Bool(it))) => *it,
                Some(_) => return Err(BadMetadata::Malformed),
            },
            other_keys: OTHER_KEYS.iter().any(|key| items(keys, key).next().is_some()),
        })
    }

    /// The block in the order of SOPS since 3.13: alphabetical.
    pub(crate) fn to_node(&self) -> Node {
        let age = self.age.iter().map(|wrapped| {
            let mut item = Map::default();
            item.push("enc", Node::text(&wrapped.enc));
            item.push("recipient", Node::text(&wrapped.recipient));
            ListItem::Node(Node::Map(item))
        });
        let (option, value) = self.selection.option();
        let mut fields = vec![
            ("age", Node::List(List { items: age.collect() })),
            ("lastmodified", Node::text(&self.last_modified)),
            ("mac", Node::text(&self.mac)),
            (option, Node::text(value)),
            ("version", Node::text(VERSION)),
        ];
        if self.mac_only_encrypted {
            fields.push(("mac_only_encrypted", Node::Scalar(Scalar::Bool(true))));
        }
        fields.sort_by_key(|(key, _)| *key);
        let mut block = Map::default();
        fields.into_iter().for_each(|(key, value)| block.push(key, value));
        Node::Map(block)
    }

    /// The data key, if this identity is one of the recipients.
    pub(crate) fn data_key(&self, identity: &Identity) -> Option<DataKey> {
        let own = identity.recipient();
        let (mine, others): (Vec<_>, Vec<_>) = self.age.iter().partition(|it| it.recipient == own);
        mine.into_iter().chain(others).find_map(|wrapped| identity.unwrap(&wrapped.enc))
    }

    /// The recipients, without order.
    pub(crate) fn recipients(&self) -> BTreeSet<&str> {
        self.age.iter().map(|wrapped| wrapped.recipient.as_str()).collect()
    }
}

/// The map that holds the lists of keys: the block, or its only group.
fn key_lists(block: &Map) -> Result<&Map, BadMetadata> {
    let at_the_top = OTHER_KEYS.iter().chain(&["age"]).any(|key| items(block, key).next().is_some());
    let mut groups = items(block, "key_groups");
    match (at_the_top, groups.next(), groups.next()) {
        (true, _, _) => Ok(block),
        (false, Some(Node::Map(group)), None) => Ok(group),
        (false, Some(_), Some(_)) => Err(BadMetadata::SplitKey),
        _ => Err(BadMetadata::Malformed),
    }
}

fn wrapped_keys(keys: &Map) -> Result<Vec<Wrapped>, BadMetadata> {
    let wrapped = items(keys, "age").map(|item| {
        let Node::Map(item) = item else { return None };
        let text = |key: &str| item.get(key).and_then(|entry| entry.value.as_text()).map(str::to_owned);
        Some(Wrapped { recipient: text("recipient")?, enc: text("enc")? })
    });
    wrapped.collect::<Option<Vec<_>>>().ok_or(BadMetadata::Malformed)
}

fn selection(block: &Map) -> Result<Selection, BadMetadata> {
    let mut set = OPTIONS.iter().filter_map(|option| {
        let value = block.get(option)?.value.as_text()?;
        (!value.is_empty()).then_some((option, value))
    });
    match (set.next(), set.next()) {
        (None, _) => Ok(Selection::default()),
        (Some((option, value)), None) => Selection::new(option, value).ok_or(BadMetadata::Malformed),
        _ => Err(BadMetadata::Malformed),
    }
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
