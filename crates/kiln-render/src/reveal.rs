//! Where in a template a secret was asked for.

use kiln_model::{Reveal, Secret, SourceId, Sources, Span};
use kiln_pack::{Pack, Template};

use crate::outputs::Output;

/// Finds the expression that brought each secret in, in the output's template or in one
/// that it names; the start of the template where no expression names it.
pub(crate) fn locate(
    secrets: Vec<Secret>,
    output: &Output,
    template: &str,
    pack: &Pack,
    sources: &Sources,
) -> Vec<Reveal> {
    let main = sources.get(output.start.source).map_or("", |source| source.text());
    let named = pack.templates.iter().filter(|(name, _)| *name != template && main.contains(name.as_str()));
    let mut texts: Vec<(SourceId, &str)> = vec![(output.start.source, main)];
    texts.extend(named.map(|(_, Template { source, text })| (*source, text.as_str())));
    secrets
        .into_iter()
        .map(|secret| {
            let span = words(secret.label())
                .chain(aliases(secret.label(), pack))
                .find_map(|word| texts.iter().find_map(|(source, text)| find(*source, text, word)));
            Reveal { secret, span: span.unwrap_or(output.start) }
        })
        .collect()
}

/// What an expression may call a secret: its whole label, then its parts from the last to
/// the first, but for the `secrets` that all key files share.
fn words(label: &str) -> impl Iterator<Item = &str> {
    let parts = label.rsplit(['.', '[', ']', ',', ' ']);
    std::iter::once(label).chain(parts.filter(|part| !part.is_empty() && *part != "secrets"))
}

/// The functions of the pack whose expression names the secret or the file it is from.
fn aliases<'a>(label: &'a str, pack: &'a Pack) -> impl Iterator<Item = &'a str> {
    let file = label.rsplit_once('.').map_or(label, |(file, _)| file);
    let named = pack.functions.iter().filter(move |(_, function)| function.value.text.contains(file));
    named.map(|(name, _)| name.as_str())
}

fn find(source: SourceId, text: &str, word: &str) -> Option<Span> {
    let is_name = |char: char| char.is_alphanumeric() || char == '_';
    text.match_indices(word)
        .map(|(at, _)| (at, at + word.len()))
        .find(|(start, end)| !text[..*start].ends_with(is_name) && !text[*end..].starts_with(is_name))
        .map(|(start, end)| Span::new(source, start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_by_label_then_by_its_parts() {
        let mut sources = Sources::new();
        let text = "token_x: #{ token }#\nk: #{ age_key('private') }#";
        let id = sources.add("t", text);
        assert_eq!(find(id, text, "token"), Some(Span::new(id, 12, 17)));
        let found: Vec<&str> = words("secrets.age_key.private").collect();
        assert_eq!(found, ["secrets.age_key.private", "private", "age_key"]);
        assert_eq!(find(id, text, "secrets.age_key.private"), None);
        assert_eq!(find(id, text, "private").map(|span| sources.position(id, span.start).line), Some(2));
    }
}
