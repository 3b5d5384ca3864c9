//! From names back to keys.

use std::collections::{BTreeMap, BTreeSet};

use kiln_config::Settings;
use kiln_jinja::{Engine, Scope};
use kiln_model::{Map, Sources};
use kiln_pack::Pack;

use super::parts::Taken;
use super::{Computed, KeyFile, shown};
use crate::pipeline::Prepared;

/// The names of the document that are no keys: what a pack and key files say.
const NO_KEYS: [&str; 2] = ["versions", "secrets"];

/// What the names of a document come from.
pub(super) struct Ancestors<'a> {
    pack: &'a Pack,
    /// The names that each computed value looked up, by the name of its entry.
    looked_up: BTreeMap<String, BTreeSet<String>>,
    /// The parts that each computed value depends on.
    parts: BTreeMap<String, BTreeSet<String>>,
    /// The names that decide whether a key file is needed, by id.
    key_files: BTreeMap<String, BTreeSet<String>>,
    /// The keys that hold secrets.
    secret_keys: BTreeSet<String>,
}

impl<'a> Ancestors<'a> {
    pub(super) fn new(prepared: &'a Prepared, taken: &[Taken]) -> Ancestors<'a> {
        let Prepared { pack, engine, data, .. } = prepared;
        let looked_up = kiln_config::ancestry(data, pack, engine);
        let parts_of = |name: &String| -> BTreeSet<String> {
            taken
                .iter()
                .filter(|part| part.name != *name && part.spoils(name))
                .map(|it| it.name.clone())
                .collect()
        };
        let parts = looked_up.keys().map(|name| (name.clone(), parts_of(name))).collect();
        let scope = Scope::new(data);
        let needed = |when: &kiln_pack::Expr| observed(engine, &when.text, &scope);
        let key_files = pack.secrets.iter().map(|(id, file)| (id.clone(), needed(&file.when))).collect();
        let is_secret = |name: &&str| prepared.secret_keys.contains(name) || shown::holds_secret(data, name);
        let secret_keys =
            data.iter().map(|(name, _)| name).filter(|name| !NO_KEYS.contains(name) && *name != GIVEN);
        let secret_keys = secret_keys.filter(is_secret).map(str::to_owned).collect();
        Ancestors { pack, looked_up, parts, key_files, secret_keys }
    }

    /// The keys behind names.
    pub(super) fn keys<'n>(&self, names: impl Iterator<Item = &'n str>) -> BTreeSet<String> {
        let (mut keys, mut seen) = (BTreeSet::new(), BTreeSet::new());
        names.for_each(|name| self.follow(name, &mut keys, &mut seen));
        keys
    }

    /// The keys behind a part.
    pub(super) fn keys_of_part(&self, part: &str) -> BTreeSet<String> {
        let id = part.strip_prefix("secrets.");
        let names = id.map_or_else(|| self.looked_up.get(part), |id| self.key_files.get(id));
        self.keys(names.into_iter().flatten().map(String::as_str))
    }

    fn follow(&self, name: &str, keys: &mut BTreeSet<String>, seen: &mut BTreeSet<String>) {
        if NO_KEYS.contains(&name) || !seen.insert(name.to_owned()) {
            return;
        }
        if name == GIVEN {
            keys.extend(self.secret_keys.iter().cloned());
            return;
        }
        let is_field = |id: &str| self.pack.derive.get(id).is_some_and(|it| it.each.is_some());
        match self.looked_up.get(name).filter(|_| !is_field(name)) {
            Some(names) => {
                names.iter().for_each(|name| self.follow(name, keys, seen));
                // What is computed unless somebody sets it can be set.
                if self.pack.derive.get(name).is_some_and(|it| it.only_absent) {
                    keys.insert(name.to_owned());
                }
            }
            None => {
                keys.insert(name.to_owned());
            }
        }
    }

    /// The computed values behind names and parts, and those they were computed from.
    pub(super) fn values_behind<'n>(&self, names: impl Iterator<Item = &'n str>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut left: Vec<String> = names.map(str::to_owned).collect();
        while let Some(name) = left.pop() {
            if let Some(from) = self.looked_up.get(&name)
                && found.insert(name)
            {
                left.extend(from.iter().cloned());
            }
        }
        found
    }

    /// Every computed value.
    pub(super) fn values(&self, data: &Map, sources: &Sources) -> BTreeMap<String, Computed> {
        let value = |(name, from): (&String, &BTreeSet<String>)| {
            let mut keys = self.keys(std::iter::once(name.as_str()).filter(|it| !it.contains("[]")));
            keys.extend(self.keys(from.iter().map(String::as_str)));
            for part in self.parts.get(name).into_iter().flatten() {
                keys.extend(self.keys_of_part(part));
            }
            let span = self.pack.derive.get(name).map_or(kiln_model::Span::NONE, |it| it.span);
            let value = data.get(name).and_then(|node| shown::value(node, sources));
            (name.clone(), Computed { span, value, from: from.clone(), keys })
        };
        self.looked_up.iter().map(value).collect()
    }

    /// Every key file.
    pub(super) fn key_files(&self, settings: &Settings) -> BTreeMap<String, KeyFile> {
        let file = |(id, names): (&String, &BTreeSet<String>)| {
            let file = settings.secrets.get(id).map(|(path, _)| path.clone());
            let file =
                file.or_else(|| Some(self.pack.secrets.get(id)?.file.text.clone())).unwrap_or_default();
            (id.clone(), KeyFile { file, keys: self.keys(names.iter().map(String::as_str)) })
        };
        self.key_files.iter().map(file).collect()
    }

    /// The fields of the items of a list that are computed.
    pub(super) fn fields<'s>(&'s self, list: &'s str) -> impl Iterator<Item = (&'s str, &'s str)> {
        let own =
            self.pack.derive.iter().filter(move |(_, it)| it.each.as_ref().is_some_and(|(of, _)| of == list));
        own.map(|(id, derive)| (id.as_str(), derive.key.as_str()))
    }
}

/// The list of the secrets that somebody wrote.
const GIVEN: &str = "given_secrets";

fn observed(engine: &Engine, expression: &str, scope: &Scope) -> BTreeSet<String> {
    engine.observe(expression, scope).1.names.iter().map(ToString::to_string).collect()
}
