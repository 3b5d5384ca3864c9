//! Every finding of this crate. No sentence repeats a scalar of the text: what is secret
//! is not known before the schema is applied. Keys are named.

use kiln_model::{Diagnostic, SourceId, Span};

use crate::resolve::Problem;

pub(crate) fn duplicate_key(key: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::error("load.duplicate-key", format!("the key `{key}` is given twice"))
        .label(again, "given again")
        .label(first, "first given")
        .help("remove one of the two")
}

/// `others` counts the keys that are given again besides.
pub(crate) fn two_items(key: &str, others: usize, again: Span, first: Span) -> Diagnostic {
    let others = if others == 1 { "1 other is".to_owned() } else { format!("{others} others are") };
    let message = format!("the key `{key}` is given twice in an item, and {others}, too");
    Diagnostic::error("load.duplicate-key", message)
        .label(again, "the next item seems to begin here")
        .label(first, "first given")
        .help("write `- ` before it, or remove what is given again")
}

pub(crate) fn overridden_key(key: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::warning("load.duplicate-key", format!("the key `{key}` is given twice, the last one counts"))
        .label(again, "this one counts")
        .label(first, "this one has no effect")
        .help("remove one of the two")
}

/// `table` is where a TOML key is the header of a table, `item` where it is that of an item of a list.
pub(crate) fn table_and_list(key: &str, table: Span, item: Span) -> Diagnostic {
    Diagnostic::error("load.duplicate-key", format!("`{key}` is both a table and a list of tables"))
        .label(table, "one table")
        .label(item, "an item of a list")
        .help(format!("write `[[{key}]]` above every item of the list"))
}

pub(crate) fn yaml_in_toml(at: Span) -> Diagnostic {
    Diagnostic::error("load.toml-syntax", "this is YAML, and the file is named as TOML")
        .label(at, "")
        .help("write `key = value`; a data file may be named `.yaml` instead")
}

/// `last` is where the marks end, if that is written.
pub(crate) fn conflict(first: Span, last: Span) -> Diagnostic {
    Diagnostic::error("load.merge-conflict", "marks of a merge that was not finished")
        .label(first, "two versions begin here")
        .label(last, "and end here")
        .help("keep what is right of the two, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`")
}

pub(crate) fn unknown_anchor(at: Span) -> Diagnostic {
    Diagnostic::error("load.unknown-anchor", "a reference to an anchor that nobody defined above")
        .label(at, "refers to nothing")
        .help("define it with `&name` further up, or quote the value if it begins with `*`")
}

pub(crate) fn anchor_in_itself(at: Span) -> Diagnostic {
    Diagnostic::error("load.unknown-anchor", "a reference to an anchor from inside the value it names")
        .label(at, "would contain itself")
        .help("move the reference out of the value that has the anchor")
}

pub(crate) fn too_deep(at: Span) -> Diagnostic {
    Diagnostic::error("load.too-deep", "collections nest more than 128 levels deep")
        .label(at, "too deep here")
        .help("flatten the structure")
}

pub(crate) fn alias_bomb(at: Span) -> Diagnostic {
    Diagnostic::error("load.alias-bomb", "references to anchors grow beyond 100000 values")
        .label(at, "too many values up to here")
        .help("write out what is needed instead of nesting references")
}

pub(crate) fn unreadable(problem: Problem, at: Span) -> Diagnostic {
    match problem {
        Problem::TooLarge => number_too_large(at),
        Problem::Not(what) => {
            Diagnostic::error("load.unreadable-value", format!("a value that looks like {what} and is none"))
                .label(at, format!("not {what}"))
                .help("quote it if it is text")
        }
        Problem::Tag => Diagnostic::error("load.unsupported-tag", "a tag that has no meaning here")
            .label(at, "the value has an unknown tag")
            .help("remove the tag, or quote the value if it begins with `!`"),
    }
}

pub(crate) fn number_too_large(at: Span) -> Diagnostic {
    Diagnostic::error("load.number-too-large", "a number that is too large")
        .label(at, "does not fit into 127 bits")
        .help("quote it if it is text")
}

pub(crate) fn bytes(at: Span) -> Diagnostic {
    Diagnostic::error("load.unreadable-value", "bytes, which are no value of kiln's data")
        .label(at, "`!!binary` gives bytes")
        .help("remove the tag, and let what uses the value decode it")
}

pub(crate) fn too_large(source: SourceId) -> Diagnostic {
    Diagnostic::error("load.too-large", "a text of more than 32 MiB")
        .label(Span::new(source, 0, 0), "too large from its first line on")
        .help("data and manifests are small; look whether this is the file that is meant")
}

pub(crate) fn non_string_key(found: &str, at: Span) -> Diagnostic {
    Diagnostic::error("load.non-string-key", format!("a key must be text, this is {found}"))
        .label(at, "not text")
        .help("put the key into quotes")
}

pub(crate) fn template(at: Span) -> Diagnostic {
    Diagnostic::error("load.template", crate::syntax::TEMPLATE)
        .label(at, "nothing is put in here")
        .help(crate::syntax::TEMPLATE_HELP)
}

pub(crate) fn bad_merge(at: Span) -> Diagnostic {
    Diagnostic::error("load.bad-merge", "only mappings can be merged with `<<`")
        .label(at, "neither a mapping nor a list of mappings")
        .help("refer to a mapping, or quote the key if `<<` is its name")
}

pub(crate) fn more_than_one_document(at: Span) -> Diagnostic {
    Diagnostic::error("load.more-than-one-document", "more than one document in a file that holds one")
        .label(at, "a second document begins")
        .help("remove the `---`, or move what follows to another file")
}
