//! The age recipients that creation rules name, wherever they do.

use kiln_model::{Diagnostics, Node, Reported, SourceId, Value};
use kiln_yaml::Resolution;

/// The age recipients that the creation rules in `text`, which stands in `source`, name
/// anywhere, sorted; also of kinds that kiln does not encrypt to.
///
/// # Errors
/// If the text is not YAML.
pub fn recipients_in(source: SourceId, text: &str, sink: &mut Diagnostics) -> Result<Vec<String>, Reported> {
    let mut found = Vec::new();
    for document in kiln_yaml::compose_all(source, text, Resolution::Core, sink)? {
        collect(&document, &mut found);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn collect(node: &Node, found: &mut Vec<String>) {
    match &node.value {
        Value::String(text) => {
            let words = text.split(|it: char| it == ',' || it.is_whitespace());
            found.extend(words.filter(|word| word.starts_with("age1")).map(str::to_owned));
        }
        Value::List(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Map(map) => map.iter().for_each(|(_, entry)| collect(&entry.node, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use kiln_model::Sources;

    use super::*;

    #[test]
    fn recipients_are_found_wherever_rules_name_them() {
        let rules = "creation_rules:\n\
            - age: age1b,age1a\n\
            - key_groups:\n  - age: [age1c]\n    pgp: [ABC]\n\
            - path_regex: secrets/age1\n  age: >-\n    age1a,\n    age1pq1d\n\
            # age1comment\n";
        let source = Sources::new().add(".sops.yaml", rules);
        let found = recipients_in(source, rules, &mut Diagnostics::new()).unwrap();
        assert_eq!(found, ["age1a", "age1b", "age1c", "age1pq1d"]);
    }

    #[test]
    fn rules_that_are_not_yaml_are_reported() {
        let source = Sources::new().add(".sops.yaml", "a: [");
        assert!(recipients_in(source, "a: [", &mut Diagnostics::new()).is_err());
    }
}
