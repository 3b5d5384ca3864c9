//! Which fixes of rules can be written.

use std::collections::BTreeMap;

use kiln_model::{Diagnostic, Diagnostics, Fix, Map, Node, Origin, Span, Value};

/// Drops the fix of every value that stands in several places of the document through an anchor,
/// unless the same rule asks for the same in all of them.
pub(super) fn keep_sure(data: &Map, found: &mut Diagnostics) {
    let mut asked: BTreeMap<(Span, String), Vec<(String, usize)>> = BTreeMap::new();
    for (finding, fix) in found.iter().filter_map(|it| Some((it, it.fix.as_ref()?))) {
        let of_code = asked.entry((fix.span, finding.code.to_string())).or_default();
        match of_code.iter_mut().find(|(text, _)| *text == fix.text) {
            Some((_, count)) => *count += 1,
            None => of_code.push((fix.text.clone(), 1)),
        }
    }
    if asked.is_empty() {
        return;
    }
    let mut uses: BTreeMap<Span, usize> = asked.keys().map(|(span, _)| (*span, 0)).collect();
    data.iter().for_each(|(_, entry)| count(&entry.node, &mut uses));
    let is_sure = |finding: &Diagnostic, fix: &Fix| {
        let of_code = asked.get(&(fix.span, finding.code.to_string()));
        matches!(of_code.map(Vec::as_slice), Some([(_, count)]) if Some(count) == uses.get(&fix.span))
    };
    for finding in found.iter_mut() {
        if finding.fix.as_ref().is_some_and(|fix| !is_sure(finding, fix)) {
            finding.fix = None;
        }
    }
}

fn count(node: &Node, uses: &mut BTreeMap<Span, usize>) {
    if let Origin::At(span) = &node.origin
        && let Some(count) = uses.get_mut(span)
    {
        *count += 1;
    }
    match &node.value {
        Value::Map(map) => map.iter().for_each(|(_, entry)| count(&entry.node, uses)),
        Value::List(items) => items.iter().for_each(|item| count(item, uses)),
        _ => {}
    }
}
