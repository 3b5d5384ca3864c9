//! `pack.toml`.

use kiln_model::{Map, Node};
use kiln_secrets::Take;

use super::tree::{expr, items, maps, text, when};
use crate::pack::{
    DataFile, Expr, Function, Generate, Generator, Pack, SecretFile, SecretValue, Sops, Syntax, Tool,
};

pub(super) fn read(map: &Map, pack: &mut Pack) {
    let empty = Map::new();
    let section = |key: &str| map.get(key).and_then(Node::as_map);
    let about = section("pack").unwrap_or(&empty);
    pack.name = text(about, "name");
    pack.version = text(about, "version");
    let syntax = section("syntax").unwrap_or(&empty);
    pack.syntax = Syntax {
        block: delimiters(syntax, "block"),
        variable: delimiters(syntax, "variable"),
        comment: delimiters(syntax, "comment"),
    };
    pack.data = items(map, "data")
        .iter()
        .filter_map(Node::as_map)
        .map(|item| DataFile { file: text(item, "file"), schema: text(item, "schema") })
        .collect();
    pack.secrets =
        maps(map, "secret").into_iter().map(|(id, item, _)| (id.to_owned(), secret(item))).collect();
    pack.sops = section("sops").map(|sops| Sops {
        config: text(sops, "config"),
        identity: expr(sops, "identity").unwrap_or_else(Expr::always),
    });
    pack.functions =
        maps(map, "functions").into_iter().map(|(id, item, _)| (id.to_owned(), function(item))).collect();
    pack.tools = maps(map, "tool").into_iter().map(|(id, item, _)| (id.to_owned(), tool(item))).collect();
    pack.generate =
        maps(map, "generate").into_iter().map(|(id, item, _)| (id.to_owned(), generate(item))).collect();
}

fn delimiters(syntax: &Map, key: &str) -> Option<(String, String)> {
    match items(syntax, key) {
        [start, end] => Some((start.as_str()?.to_owned(), end.as_str()?.to_owned())),
        _ => None,
    }
}

fn secret(map: &Map) -> SecretFile {
    let values = maps(map, "values").into_iter().map(|(name, value, _)| {
        let take = match value.get("take").and_then(Node::as_str) {
            Some("line") => Take::Line(text(value, "prefix")),
            Some("after") => Take::After(text(value, "prefix")),
            Some("json") => Take::Json(text(value, "field")),
            _ => Take::Text,
        };
        let public = value.get("public").and_then(Node::as_bool).unwrap_or(false);
        (name.to_owned(), SecretValue { take, public })
    });
    SecretFile {
        file: expr(map, "file").unwrap_or_else(Expr::always),
        when: when(map),
        generator: match map.get("generator").and_then(Node::as_str) {
            Some("age-x25519") => Some(Generator::AgeX25519),
            Some("ssh-ed25519") => Some(Generator::SshEd25519),
            Some("random-token") => Some(Generator::RandomToken),
            _ => None,
        },
        values: values.collect(),
    }
}

fn function(map: &Map) -> Function {
    Function {
        params: items(map, "params").iter().filter_map(Node::as_str).map(str::to_owned).collect(),
        value: expr(map, "value").unwrap_or_else(Expr::always),
    }
}

fn tool(map: &Map) -> Tool {
    Tool {
        why: text(map, "why"),
        when: when(map),
        version: items(map, "version").iter().filter_map(Node::as_str).map(str::to_owned).collect(),
        at_least: map.get("at_least").and_then(Node::as_str).map(str::to_owned),
    }
}

fn generate(map: &Map) -> Generate {
    let bind = map
        .get("bind")
        .and_then(Node::as_map)
        .map(|bind| bind.iter().filter_map(|(name, _)| Some((name.to_owned(), expr(bind, name)?))).collect());
    Generate {
        each: expr(map, "each").map(|each| (each, text(map, "as"))),
        when: when(map),
        bind: bind.unwrap_or_default(),
        template: expr(map, "template").unwrap_or_else(Expr::always),
        path: expr(map, "path").unwrap_or_else(Expr::always),
    }
}
